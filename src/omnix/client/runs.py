"""Runs: start one, listen to it, wait for its end."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

import httpx

from omnix.client._http import Http
from omnix.client.answers import RunStarted


@dataclass(frozen=True)
class Event:
    """One event of a run: "progress" {table, state, rows, done, total}, "log" or "end" {status}."""

    kind: str
    data: dict[str, Any]
    id: str = ""


class Runs:
    """The runs of the pipeline."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def start(
        self,
        tables: Sequence[str] = (),
        *,
        system: str | None = None,
        full: bool = False,
        ingest: bool = True,
    ) -> RunStarted:
        """Start a run of the named tables, a system's, or all."""
        body = {"tables": list(tables), "system": system, "full": full, "ingest": ingest}
        return cast("RunStarted", self._http.json("POST", "/runs", body=body))

    def get(self, run_id: str) -> dict[str, Any]:
        """One run with what it did to each table."""
        return cast("dict[str, Any]", self._http.json("GET", f"/runs/{run_id}"))

    def list(self) -> Iterator[dict[str, Any]]:
        """Every run, the newest first."""
        cursor = None
        while True:
            params = {"cursor": cursor} if cursor else None
            told = self._http.json("GET", "/runs", params=params)
            yield from told["data"]
            if not (cursor := told["next_cursor"]):
                return

    def events(self, run_id: str) -> Iterator[Event]:
        """What a run does, as it does it, to its end; goes on where a connection broke off."""
        last = ""
        while True:
            try:
                for event in self._listen(run_id, last):
                    last = event.id or last
                    yield event
                    if event.kind == "end":
                        return
            except (httpx.ReadError, httpx.RemoteProtocolError, httpx.ReadTimeout):
                continue

    def wait(self, run_id: str) -> dict[str, Any]:
        """Wait for a run's end; give what it did."""
        for _ in self.events(run_id):
            pass
        return self.get(run_id)

    def _listen(self, run_id: str, last: str) -> Iterator[Event]:
        headers = {"Accept": "text/event-stream", **({"Last-Event-ID": last} if last else {})}
        with self._http.stream("GET", f"/runs/{run_id}/events", headers=headers) as response:
            yield from parsed(response.iter_lines())


def parsed(lines: Iterator[str]) -> Iterator[Event]:
    """Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html)."""
    kind, number, data = "message", "", list[str]()
    for line in lines:
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if not line:
            if data:
                yield Event(kind, json.loads("\n".join(data)), number)
            kind, data = "message", []
        elif name == "event":
            kind = value
        elif name == "id":
            number = value
        elif name == "data":
            data.append(value)
