"""Bodies that are CSV."""

from __future__ import annotations

from typing import Any

from fastapi import Request

from omnix.api.problems import problem


async def csv_body(request: Request) -> bytes:
    """The body, which must be CSV and not be empty."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    content = await request.body()
    if kind != "text/csv":
        raise problem(415, f"The body is {kind[:60] or 'of no kind'}.", "Send it as text/csv.")
    if not content.strip():
        raise problem(422, "The body is empty.", "Send the file's content.")
    return content


def takes_csv(declared: dict[str, Any], about: str) -> dict[str, Any]:
    """What `rule` gives for a route whose body is CSV."""
    body = {
        "description": about,
        "required": True,
        "content": {"text/csv": {"schema": {"type": "string"}}},
    }
    return {**declared, "openapi_extra": {**declared["openapi_extra"], "requestBody": body}}
