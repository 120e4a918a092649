"""What the service measures of itself, and the line that it writes for each request."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True)
class Seen:
    """One request as it is told: never its query, its body, nor who asked but by surrogate."""

    method: str
    route: str
    status: int
    seconds: float
    request_id: str
    principal: str = ""
    kept: bool = False


class Observer:
    """Counts requests for /metrics and writes one JSON line for each."""

    def __init__(self, *, log: bool = True) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "omnix_http_requests_total", "Requests answered.", ("method", "route", "status"),
            registry=self.registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "omnix_http_request_seconds", "Seconds until the whole answer was sent.", ("route",),
            buckets=_BUCKETS, registry=self.registry,
        )  # fmt: skip
        self._kept = Counter(
            "omnix_http_kept_answers_total",
            "Requests answered from memory.",
            registry=self.registry,
        )
        self.going_on = Gauge(
            "omnix_http_requests_going_on", "Requests being answered.", registry=self.registry
        )
        self._children: dict[tuple[str, str, int], Any] = {}
        self._log = _logger() if log else None

    def saw(self, seen: Seen) -> None:
        """Count and tell one request."""
        key = (seen.method, seen.route, seen.status)
        children = self._children.get(key)
        if children is None:
            children = (
                self._requests.labels(seen.method, seen.route, str(seen.status)),
                self._seconds.labels(seen.route),
            )
            self._children[key] = children
        children[0].inc()
        children[1].observe(seen.seconds)
        if seen.kept:
            self._kept.inc()
        elif self._log:
            self._log.info(
                "request", method=seen.method, route=seen.route, status=seen.status,
                ms=round(seen.seconds * 1000, 2), request_id=seen.request_id,
                principal=seen.principal or None,
            )  # fmt: skip

    def failed(self, request_id: str, route: str, error: BaseException) -> None:
        """Tell an error that nobody foresaw: its kind and place, not its words, which may hold data."""
        from traceback import extract_tb

        frames = [
            f for f in extract_tb(error.__traceback__) if "omnix" in f.filename
        ] or extract_tb(error.__traceback__)
        place = f"{frames[-1].name}:{frames[-1].lineno}" if frames else ""
        if self._log:
            self._log.error(
                "unforeseen", kind=type(error).__name__, place=place, route=route,
                request_id=request_id,
            )  # fmt: skip

    def text(self) -> bytes:
        """The measurements in Prometheus' text format."""
        return generate_latest(self.registry)


def _logger() -> Any:
    return structlog.wrap_logger(
        structlog.PrintLogger(sys.stderr),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
    )
