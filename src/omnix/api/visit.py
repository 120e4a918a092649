"""What a request of an account route says beside its body: where from, and its session's cookie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request, Response

from omnix.api.problems import of_error, problem
from omnix.app.accounts import Origin
from omnix.core.errors import OmnixError

if TYPE_CHECKING:
    from omnix.core.settings import Settings

COOKIE = "omnix_refresh"
COOKIE_PATH = "/api/v1/auth"
#: A page of another site cannot send this header, so a cookie alone does nothing.
CLIENT_HEADER = "x-omnix-client"


def origin_of(request: Request) -> Origin:
    """Where a request comes from, as the shell has found it out, for the audit log and throttling."""
    state = request.scope.get("state", {})
    return Origin(
        address=state.get("address") or None,
        agent=request.headers.get("user-agent"),
        request_id=state.get("request_id"),
    )


def no_store(response: Response) -> None:
    """Nobody on the way keeps an answer about a person."""
    response.headers["Cache-Control"] = "no-store"


From = Annotated[Origin, Depends(origin_of)]


def cookie_of(request: Request) -> str | None:
    """The refresh token in the cookie, if there is one."""
    return request.cookies.get(COOKIE) or None


def held_by(request: Request) -> str:
    """The refresh token in the cookie, from a page of our own.

    Raises:
        Problem: there is none, or the header that only our own pages send is missing.

    """
    found = cookie_of(request)
    if found is None:
        raise problem(401, "There is no refresh token.", "Sign in.")
    if CLIENT_HEADER not in request.headers:
        raise problem(
            400,
            "The header X-Omnix-Client is missing.",
            "Send it with any value, or the refresh token in the body.",
        )
    return found


def give_cookie(response: Response, settings: Settings, refresh_token: str) -> None:
    """Hand the refresh token over where no script can read it."""
    response.set_cookie(
        COOKIE,
        refresh_token,
        max_age=settings.auth.refresh_days * 86_400,
        path=COOKIE_PATH,
        secure=_is_secure(settings),
        httponly=True,
        samesite="strict",
    )


def take_cookie(response: Response, settings: Settings) -> None:
    """Make the browser forget the refresh token."""
    response.delete_cookie(
        COOKIE, path=COOKIE_PATH, secure=_is_secure(settings), httponly=True, samesite="strict"
    )


def refused(error: OmnixError, settings: Settings) -> Exception:
    """The problem that tells `error`, and takes the cookie away which was refused."""
    response = Response()
    take_cookie(response, settings)
    told = of_error(error)
    told.headers["Set-Cookie"] = response.headers["set-cookie"]
    return told


def _is_secure(settings: Settings) -> bool:
    return settings.service.address.startswith("https:")
