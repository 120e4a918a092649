"""The client: one method for each thing that a program asks of a shop."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self, cast
from urllib.parse import quote

import httpx

from omnix.client._http import Http
from omnix.client.answers import (
    Catalog,
    Customer,
    Forecast,
    Home,
    Insights,
    Kpi,
    Page,
    SqlRows,
)
from omnix.client.runs import Runs

if TYPE_CHECKING:
    import pyarrow as pa


class Client:
    """A shop's service at `url`; asks with an API key, or as whoever signs in.

    timeout: seconds for one answer. tries: how often a request is sent when the service is busy or
    does not answer. sleep: what waits between two tries.

    Every method raises `ApiError` where the service refuses, `NotReachableError` where it does not
    answer.
    """

    def __init__(
        self,
        url: str,
        *,
        api_key: str = "",
        timeout: float = 60.0,
        tries: int = 4,
        sleep: Callable[[float], None] | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        inner = httpx.Client(base_url=url.rstrip("/"), headers=headers, timeout=timeout, transport=transport)  # fmt: skip
        self._http = Http(inner, tries=tries, **({"sleep": sleep} if sleep else {}))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

    def sign_in(self, email: str, password: str) -> Self:
        """Ask from now on as this person; the session is renewed by itself."""
        self._http.sign_in(email, password)
        return self

    @cached_property
    def runs(self) -> Runs:
        """The runs of the pipeline."""
        return Runs(self._http)

    def home(self) -> Home:
        """A card for each system."""
        return cast("Home", self._http.json("GET", "/home"))

    def catalog(self) -> Catalog:
        """Every system and table."""
        return cast("Catalog", self._http.json("GET", "/catalog"))

    def table(self, name: str) -> dict[str, Any]:
        """One table in full: columns, lineage, checks, versions."""
        return cast("dict[str, Any]", self._http.json("GET", f"/catalog/{_part(name)}"))

    def page(
        self,
        system: str,
        table: str,
        *,
        columns: Sequence[str] = (),
        filters: Mapping[str, Any] | None = None,
        order: Sequence[str] = (),
        limit: int = 100,
        cursor: str = "",
        version: int | None = None,
    ) -> Page:
        """One page of a table's rows, at most 1,000.

        filters: column → value, or column → {"ge": value, …}. order: names, "-" before one for
        descending.
        """
        params = _asked(table, columns, filters, order, version) | {"limit": str(limit)}
        if cursor:
            params["cursor"] = cursor
        return cast("Page", self._http.json("GET", _query(system), params=params))

    def rows(self, system: str, table: str, **asked: Any) -> Iterator[dict[str, Any]]:
        """Every row, page by page, all of one version; arguments as of `page`."""
        cursor: str | None = ""
        asked = {"limit": 1_000, **asked}
        while cursor is not None:
            found = self.page(system, table, cursor=cursor, **asked)
            yield from found["data"]
            cursor = found["next_cursor"]

    def arrow(
        self,
        system: str,
        table: str,
        *,
        columns: Sequence[str] = (),
        filters: Mapping[str, Any] | None = None,
        order: Sequence[str] = (),
        version: int | None = None,
    ) -> pa.Table:
        """A whole table, or a choice of it, as Arrow (needs pyarrow and the right to export)."""
        import pyarrow as pa

        params = _asked(table, columns, filters, order, version) | {"format": "arrow"}
        parts, cursor = [], ""
        while True:
            given = {**params, **({"cursor": cursor} if cursor else {})}
            answer = self._http.send("GET", _query(system), params=given)
            parts.append(pa.ipc.open_stream(answer.content).read_all())
            if not (cursor := answer.headers.get("x-omnix-next-cursor", "")):
                return pa.concat_tables(parts)

    def download(
        self, system: str, table: str, form: Literal["csv", "arrow", "parquet"], **asked: Any
    ) -> Iterator[bytes]:
        """A table as a file, piece by piece; `asked` as of `arrow`."""
        named = {"columns": (), "filters": None, "order": (), "version": None} | asked
        params = _asked(table, **named) | {"format": form}
        with self._http.stream("GET", _query(system), params=params) as response:
            yield from response.iter_bytes()

    def metrics(self) -> list[dict[str, Any]]:
        """Every metric with its definition."""
        return cast("list[dict[str, Any]]", self._http.json("GET", "/metrics-catalog")["metrics"])

    def kpi(self, metric: str, period: str = "28d") -> Kpi:
        """One metric for its last whole period, against one that it is compared with."""
        return cast("Kpi", self._http.json("GET", "/kpi", params={"metric": metric, "period": period}))  # fmt: skip

    def insights(
        self,
        system: str,
        type: Literal["summary", "trends", "anomalies"] = "summary",  # noqa: A002 - the API's word
        period: Literal["day", "week", "month", "year"] = "month",
    ) -> Insights:
        """The last period in numbers, the course over time, or unusual days with reasons."""
        params = {"type": type, "period": period}
        path = f"/analytics/{_part(system)}/insights"
        return cast("Insights", self._http.json("GET", path, params=params))

    def forecast(
        self,
        system: str,
        metric: str,
        *,
        horizon: int = 30,
        granularity: Literal["day", "week", "month"] = "day",
        filters: Mapping[str, Any] | None = None,
    ) -> Forecast:
        """A metric's next days, weeks or months with intervals, and how good such forecasts were."""
        body = {"metric": metric, "horizon": horizon, "granularity": granularity, "filters": dict(filters or {})}  # fmt: skip
        path = f"/analytics/{_part(system)}/forecast"
        return cast("Forecast", self._http.json("POST", path, body=body))

    def customer(self, customer_id: str) -> Customer:
        """What is known of one customer from what they bought."""
        return cast("Customer", self._http.json("GET", f"/customers/{_part(customer_id)}/features"))

    def sql(self, sql: str, *, limit: int | None = None) -> SqlRows:
        """The rows of one SELECT over what the caller may see."""
        body = {"sql": sql, **({"limit": limit} if limit else {})}
        return cast("SqlRows", self._http.json("POST", "/sql", body=body))


def _part(name: str) -> str:
    """A name inside an address, whatever it holds."""
    return quote(name, safe="")


def _query(system: str) -> str:
    return f"/analytics/{_part(system)}/query"


def _asked(
    table: str,
    columns: Sequence[str],
    filters: Mapping[str, Any] | None,
    order: Sequence[str],
    version: int | None,
) -> dict[str, str]:
    told = {
        "table": table,
        "columns": ",".join(columns),
        "filters": json.dumps(filters) if filters else "",
        "order": ",".join(order),
        "version": "" if version is None else str(version),
    }
    return {name: value for name, value in told.items() if value}
