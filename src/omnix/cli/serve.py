"""`omnix serve`: the API and the dashboard on one port."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING, Annotated

import typer

from omnix.core.errors import SettingsError

if TYPE_CHECKING:
    from omnix.core.settings import Settings

#: The API is named, not imported: the two faces do not know each other.
_FACTORY = "omnix.api.app:create_app"
#: Connections that may wait to be taken, and seconds that an idle one is kept.
_BACKLOG, _KEEP_ALIVE = 2048, 75


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("serve")(serve)


def serve(
    context: typer.Context,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port; 0 takes a free one.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Write no line for each request.")] = False,
) -> None:
    """Serve the API and the dashboard until interrupted; print a set-up link while nobody is admin."""
    import uvicorn

    from omnix.app.app import App
    from omnix.app.service import Service
    from omnix.cli.output import console

    os.environ["OMNIX_HOME"] = str(context.obj or os.environ.get("OMNIX_HOME") or "omnix-home")
    settings = App.open(context.obj).settings
    listening = _listen(settings, host, port)
    address = settings.service.public_url or f"http://{_shown(listening)}"
    os.environ["OMNIX_SERVICE_PUBLIC_URL"] = address
    service = Service.open(context.obj)
    if link := service.accounts.setup.needed() and service.accounts.setup.link():
        console.print(f"Nobody is an administrator yet. Set up the first account here:\n{link}")
    service.close()
    console.print(f"omnix is served at {address} (Ctrl-C ends it).")
    config = uvicorn.Config(
        _FACTORY, factory=True, log_level="warning", access_log=False, server_header=False,
        proxy_headers=False, timeout_keep_alive=_KEEP_ALIVE, backlog=_BACKLOG,
        timeout_graceful_shutdown=10, http="omnix.api.protocol:GuardedProtocol",
    )  # fmt: skip
    if quiet:
        os.environ["OMNIX_SERVICE_LOG"] = "false"
    uvicorn.Server(config).run(sockets=[listening])


def _listen(settings: Settings, host: str | None, port: int | None) -> socket.socket:
    """A socket that listens, so that the printed address is the true one."""
    wanted = (host or settings.service.host, settings.service.port if port is None else port)
    family = socket.AF_INET6 if ":" in wanted[0] else socket.AF_INET
    # Named TCP, so that asyncio sends each write at once: else the second one of an answer waits 40 ms.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(wanted)
    except (OSError, OverflowError) as error:
        listening.close()
        raise SettingsError(
            f"Nothing can listen on {wanted[0]}:{wanted[1]}: {error}.",
            "Choose another with --host and --port, or `--port 0` for a free one.",
        ) from None
    return listening


def _shown(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    host = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
