"""What a call can end with."""

from __future__ import annotations

from typing import Any


class ClientError(Exception):
    """Any failure of a call."""


class NotReachableError(ClientError):
    """The service did not answer, also when asked again."""


class ApiError(ClientError):
    """The service answered with a problem (RFC 9457).

    `errors` names each wrong field: {field, message}. Name `request_id` when you report it.
    """

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        self.status = status
        self.title = str(problem.get("title") or "")
        self.detail = str(problem.get("detail") or f"HTTP {status}")
        self.step = str(problem.get("step") or "")
        self.errors: list[dict[str, Any]] = list(problem.get("errors") or [])
        self.request_id = str(problem.get("request_id") or "")
        super().__init__(f"{status} {self.detail} {self.step}".strip())
