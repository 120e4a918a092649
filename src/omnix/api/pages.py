"""The dashboard's files: hashed ones for ever, the page itself for every other address."""

from __future__ import annotations

import mimetypes
from functools import cached_property
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from omnix.api.answers import SMALLEST, compressed, encoding_for
from omnix.api.problems import answer, problem

#: Where `npm run build` puts what it makes.
FOLDER = Path(__file__).with_name("dashboard")

_UNBUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>omnix</title>
<h1>The API runs; the dashboard is not built</h1>
<p>Node.js 20 or newer builds it: <code>make dashboard</code>, then load this page again.</p>
<p>Every answer is also to be had from the API: <a href="/api/v1/openapi.json">its description</a>.</p>
"""


class Dashboard:
    """Serves the built dashboard from memory; any page address gets index.html."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder

    @cached_property
    def _files(self) -> dict[str, bytes]:
        """Every file by its address. Reading them once leaves no way to ask for another."""
        found = (path for path in self._folder.rglob("*") if path.is_file())
        return {"/" + p.relative_to(self._folder).as_posix(): p.read_bytes() for p in found}

    @cached_property
    def _encoded(self) -> dict[tuple[str, str], bytes]:
        return {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope)
        await self._respond(request, scope["path"])(scope, receive, send)

    def _respond(self, request: Request, path: str) -> Response:
        if path.startswith("/api/"):
            step = "GET /api/v1/openapi.json lists every address."
            return answer(request, problem(404, f"Nothing is served at {path[:200]}.", step))
        if request.method not in {"GET", "HEAD"}:
            found = problem(405, "Pages are only read.", headers={"Allow": "GET, HEAD"})
            return answer(request, found)
        if not self._built:
            return Response(_UNBUILT, 503, media_type="text/html")
        if path in self._files and path != "/index.html":
            return self._file(request, path)
        if "." in path.rpartition("/")[2] or path.startswith("/assets/"):
            return answer(request, problem(404, f"There is no file {path[:200]}."))
        return self._file(request, "/index.html")

    @property
    def _built(self) -> bool:
        if "/index.html" not in self._files and (self._folder / "index.html").exists():
            self.__dict__.pop("_files")  # it was built while we were running
        return "/index.html" in self._files

    def _file(self, request: Request, path: str) -> Response:
        body = self._files[path]
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        hashed = path.startswith("/assets/")
        headers = {
            "Cache-Control": "public, max-age=31536000, immutable" if hashed else "no-cache",
            "Vary": "Accept-Encoding",
        }
        encoding = encoding_for(request.headers.get("accept-encoding", "").encode("latin-1"))
        if encoding and len(body) >= SMALLEST and not kind.startswith(("image/png", "font/")):
            headers["Content-Encoding"] = encoding
            body = self._compressed(path, encoding)
        return Response(body, headers=headers, media_type=kind)

    def _compressed(self, path: str, encoding: str) -> bytes:
        known = self._encoded
        if (path, encoding) not in known:
            known[path, encoding] = compressed(self._files[path], encoding)
        return known[path, encoding]
