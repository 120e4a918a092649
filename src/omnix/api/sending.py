"""Answers that are bytes already: sent as they are, with an ETag where they have one."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2s
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from fastapi import Response
from fastapi.responses import StreamingResponse

if TYPE_CHECKING:
    from omnix.app.analytics.service import Export


def json_bytes(content: bytes) -> Response:
    """JSON that a service has made."""
    return Response(content, media_type="application/json")


def tagged(content: bytes) -> Response:
    """JSON with an ETag of itself, for what is made anew each time; the shell answers 304."""
    tag = f'W/"{blake2s(content, digest_size=12).hexdigest()}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    return Response(content, headers=headers, media_type="application/json")


def file(export: Export) -> Response:
    """A file to keep, streamed."""
    headers = {
        **export.headers,
        "Content-Disposition": f'attachment; filename="{quote(export.file_name)}"',
    }
    return StreamingResponse(export.chunks, headers=headers, media_type=export.media_type)


def forms(declared: Mapping[str, Any], *kinds: str) -> dict[str, Any]:
    """What `rule` gives for a route whose answer also comes as these media types."""
    content = {
        kind: {"schema": {"type": "string"} if kind.startswith("text/") else _BINARY}
        for kind in kinds
    }
    return {**declared, "responses": {**declared["responses"], 200: {"content": content}}}


_BINARY = {"type": "string", "format": "binary"}
