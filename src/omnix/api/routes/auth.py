"""Coming in and going out: registration, sign-in, sessions, passwords, set-up."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response

from omnix.api import visit
from omnix.api.account_models import (
    ChangingPassword,
    Judging,
    LoginAnswer,
    OneEmail,
    OneToken,
    ProfileAnswer,
    Refreshing,
    Registering,
    Resetting,
    SecondFactor,
    SessionAnswer,
    SettingUp,
    SetupAnswer,
    SigningIn,
    StrengthAnswer,
    TokensAnswer,
    VerifiedAnswer,
)
from omnix.api.models import Message
from omnix.api.rules import Caller, ServiceHere, public, rule, unknown_caller
from omnix.api.visit import From
from omnix.app.accounts import Challenge, SignedIn
from omnix.app.accounts.errors import InvalidRefresh
from omnix.core.settings import Settings

router = APIRouter(prefix="/auth", tags=["auth"], dependencies=[Depends(visit.no_store)])


@router.post("/register", status_code=201, **public(costs=30))
def register(body: Registering, service: ServiceHere, origin: From) -> Message:
    """Ask for an account. The answer is the same whether or not the address has one already."""
    service.accounts.registration.register(
        body.email, body.password, body.name, language=body.language, origin=origin
    )
    return Message(message="Open the link in the mail that we have sent to this address.")


@router.post("/verify-email", **public())
def verify_email(body: OneToken, service: ServiceHere, origin: From) -> Message:
    """Redeem the link of a registration or of a new e-mail address."""
    service.accounts.registration.verify_email(body.token, origin=origin)
    return Message(message="The address is confirmed. Sign in.")


@router.post("/resend-verification", **public(costs=30))
def resend_verification(body: OneEmail, service: ServiceHere, origin: From) -> Message:
    """Send the link of a registration again; the same answer for every address."""
    service.accounts.registration.resend(body.email, origin=origin)
    return Message(message="If this address waits to be confirmed, a mail is on its way.")


@router.post("/login", **public(costs=10))
def login(
    body: SigningIn, request: Request, response: Response, service: ServiceHere, origin: From
) -> LoginAnswer:
    """Sign in with a password; where two-factor is on, a challenge comes first."""
    found = service.accounts.sign_in.login(
        body.email, body.password, origin=origin, device=visit.cookie_of(request)
    )
    if isinstance(found, Challenge):
        return LoginAnswer(
            two_factor_required=True,
            challenge=found.challenge,
            expires_in=found.expires_in,
            message="Send the code of your authenticator app to /auth/two-factor.",
        )
    return _begun(found, response, service.settings, cookie=body.cookie)


@router.post("/two-factor", **public(costs=10))
def two_factor(
    body: SecondFactor, response: Response, service: ServiceHere, origin: From
) -> LoginAnswer:
    """Finish signing in with a code of the authenticator app, or a recovery code."""
    found = service.accounts.sign_in.second_factor(body.challenge, body.code, origin=origin)
    return _begun(found, response, service.settings, cookie=body.cookie)


@router.post("/refresh", **public())
def refresh(
    request: Request,
    response: Response,
    service: ServiceHere,
    origin: From,
    body: Refreshing | None = None,
) -> SessionAnswer:
    """Exchange a refresh token for the next one. One that comes twice ends its session."""
    given = body.refresh_token if body else None
    token = given or visit.held_by(request)
    try:
        found = service.accounts.sessions.refresh(token, origin=origin)
    except InvalidRefresh as error:
        if given:
            raise
        raise visit.refused(error, service.settings) from None
    return SessionAnswer(
        access_token=found.access_token,
        refresh_token=_handed(found, response, service.settings, cookie=not given),
        expires_in=found.expires_in,
        user=ProfileAnswer.model_validate(found.user),
    )


@router.post("/logout", **public())
def logout(
    request: Request,
    response: Response,
    service: ServiceHere,
    origin: From,
    body: Refreshing | None = None,
) -> Message:
    """End the session of the refresh token, the cookie, and the access token that are sent."""
    sessions = service.accounts.sessions
    given = {body.refresh_token if body else None, visit.cookie_of(request)}
    for token in filter(None, given):
        sessions.logout(token, origin=origin)
    caller = request.scope.get("omnix.principal")
    if caller is not None and caller.session_id and any(s.current for s in sessions.list(caller)):
        sessions.end(caller, caller.session_id, origin=origin)
    visit.take_cookie(response, service.settings)
    return Message(message="Signed out.")


@router.post("/logout-all", **rule("self"))
def logout_all(caller: Caller, response: Response, service: ServiceHere, origin: From) -> Message:
    """End every session of the own account, this one too."""
    count = service.accounts.sessions.logout_all(caller, origin=origin)
    visit.take_cookie(response, service.settings)
    return Message(message=f"Signed out everywhere: {count} sessions.")


@router.post("/forgot-password", **public(costs=30))
def forgot_password(body: OneEmail, service: ServiceHere, origin: From) -> Message:
    """Ask for a link to a new password; the same answer for every address."""
    service.accounts.passwords.forgot(body.email, origin=origin)
    return Message(message="If this address has an account, a mail is on its way.")


@router.post("/reset-password", **public(costs=10))
def reset_password(body: Resetting, service: ServiceHere, origin: From) -> Message:
    """Choose a new password by a link. All sessions end; sign in afterwards."""
    service.accounts.passwords.reset(body.token, body.new_password, origin=origin)
    return Message(message="The password is changed. Sign in.")


@router.post("/change-password", **rule("self"))
def change_password(
    body: ChangingPassword,
    caller: Caller,
    request: Request,
    response: Response,
    service: ServiceHere,
    origin: From,
) -> LoginAnswer:
    """Change the own password. All other sessions end; this one goes on with new tokens."""
    found = service.accounts.passwords.change(
        caller, body.current_password, body.new_password, origin=origin
    )
    has_cookie = visit.cookie_of(request) is not None
    return _begun(
        found, response, service.settings, cookie=has_cookie, message="The password is changed."
    )


@router.post("/verify", **public())
def verify(body: OneToken, service: ServiceHere) -> VerifiedAnswer:
    """Whose access token it is, if it is good at this moment."""
    found = service.accounts.principal_of(body.token)
    if found is None:
        raise unknown_caller()
    profile = service.accounts.profile.get(found)
    return VerifiedAnswer(
        valid=True, user_id=profile.id, email=profile.email, name=profile.name, role=found.role
    )


@router.get("/setup", **public())
def setup(service: ServiceHere) -> SetupAnswer:
    """Whether the first administrator is still missing."""
    return SetupAnswer(needed=service.accounts.setup.needed())


@router.post("/setup", **public())
def complete_setup(
    body: SettingUp, response: Response, service: ServiceHere, origin: From
) -> LoginAnswer:
    """Make the first administrator, by the link that the service printed when it started."""
    found = service.accounts.setup.complete(
        body.token, body.email, body.password, body.name, language=body.language, origin=origin
    )
    return _begun(found, response, service.settings, cookie=body.cookie)


@router.post("/password-strength", **public())
def password_strength(body: Judging) -> StrengthAnswer:
    """How hard a password is to guess. It is looked at and forgotten."""
    from omnix.auth.passwords import strength

    return StrengthAnswer.model_validate(strength(body.password, (body.email, body.name)))


def _begun(
    found: SignedIn,
    response: Response,
    settings: Settings,
    *,
    cookie: bool,
    message: str = "Signed in.",
) -> LoginAnswer:
    user = ProfileAnswer.model_validate(found.user)
    refresh_token = _handed(found, response, settings, cookie=cookie)
    return LoginAnswer(
        token=found.access_token,
        access_token=found.access_token,
        refresh_token=refresh_token,
        expires_in=found.expires_in,
        user_id=user.id,
        name=user.name,
        user=user,
        data=TokensAnswer(access_token=found.access_token, refresh_token=refresh_token, user=user),
        message=message,
    )


def _handed(found: SignedIn, response: Response, settings: Settings, *, cookie: bool) -> str | None:
    """The refresh token for the body; None where it goes as a cookie instead."""
    if not cookie:
        return found.refresh_token
    visit.give_cookie(response, settings, found.refresh_token)
    return None
