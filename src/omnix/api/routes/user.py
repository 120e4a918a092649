"""The own account: profile, second factor, sessions, API keys."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path

from omnix.api import visit
from omnix.api.account_models import (
    ChangingProfile,
    KeyAnswer,
    KeysAnswer,
    MakingKey,
    OneCode,
    OnePassword,
    OwnSession,
    PasswordAndCode,
    ProfileAnswer,
    RecoveryAnswer,
    SessionsAnswer,
    TwoFactorAnswer,
)
from omnix.api.models import Message
from omnix.api.rules import Caller, ServiceHere, rule
from omnix.api.visit import From

router = APIRouter(prefix="/user", tags=["user"], dependencies=[Depends(visit.no_store)])

Id = Annotated[str, Path(alias="id", max_length=64)]


@router.get("/profile", **rule("self"))
def profile(caller: Caller, service: ServiceHere) -> ProfileAnswer:
    """The own account, and what it may do."""
    return ProfileAnswer.model_validate(service.accounts.profile.get(caller))


@router.patch("/profile", **rule("self"))
def change_profile(
    body: ChangingProfile, caller: Caller, service: ServiceHere, origin: From
) -> ProfileAnswer:
    """Change the own account. A new e-mail needs the password, and counts once its link is open."""
    changed = service.accounts.profile.update(
        caller,
        name=body.name,
        email=body.email,
        current_password=body.current_password,
        language=body.language,
        theme=body.theme,
        origin=origin,
    )
    return ProfileAnswer.model_validate(changed)


@router.post("/two-factor", **rule("self"))
def begin_two_factor(caller: Caller, service: ServiceHere) -> TwoFactorAnswer:
    """A new secret for an authenticator app; in force once a code of it is confirmed."""
    return TwoFactorAnswer.model_validate(service.accounts.two_factor.begin(caller))


@router.post("/two-factor/confirm", **rule("self"))
def confirm_two_factor(
    body: OneCode, caller: Caller, service: ServiceHere, origin: From
) -> RecoveryAnswer:
    """Switch two-factor on with the app's first code. The recovery codes are shown this once."""
    codes = service.accounts.two_factor.confirm(caller, body.code, origin=origin)
    return RecoveryAnswer(recovery_codes=list(codes))


@router.post("/two-factor/disable", **rule("self"))
def disable_two_factor(
    body: PasswordAndCode, caller: Caller, service: ServiceHere, origin: From
) -> Message:
    """Switch two-factor off."""
    service.accounts.two_factor.disable(caller, body.password, body.code, origin=origin)
    return Message(message="Two-factor sign-in is off.")


@router.post("/two-factor/recovery-codes", **rule("self"))
def new_recovery_codes(
    body: OnePassword, caller: Caller, service: ServiceHere, origin: From
) -> RecoveryAnswer:
    """New recovery codes; the old ones are dead."""
    codes = service.accounts.two_factor.recovery_codes(caller, body.password, origin=origin)
    return RecoveryAnswer(recovery_codes=list(codes))


@router.get("/sessions", **rule("self"))
def sessions(caller: Caller, service: ServiceHere) -> SessionsAnswer:
    """Where one is signed in, the last used first."""
    found = service.accounts.sessions.list(caller)
    return SessionsAnswer(data=[OwnSession.model_validate(each) for each in found])


@router.delete("/sessions/{id}", **rule("self"))
def end_session(session_id: Id, caller: Caller, service: ServiceHere, origin: From) -> Message:
    """End one of the own sessions."""
    service.accounts.sessions.end(caller, session_id, origin=origin)
    return Message(message="The session has ended.")


@router.get("/api-keys", **rule("self"))
def api_keys(caller: Caller, service: ServiceHere) -> KeysAnswer:
    """One's API keys, without their secrets."""
    found = service.accounts.api_keys.list(caller)
    return KeysAnswer(data=[KeyAnswer.model_validate(each) for each in found])


@router.post("/api-keys", status_code=201, **rule("self"))
def make_api_key(body: MakingKey, caller: Caller, service: ServiceHere, origin: From) -> KeyAnswer:
    """Make an API key. It may do no more than its owner, and is shown this once."""
    made = service.accounts.api_keys.create(
        caller, body.name, body.scopes, expires_at=body.expires_at, origin=origin
    )
    return KeyAnswer.model_validate(made.view).model_copy(update={"key": made.key})


@router.delete("/api-keys/{id}", **rule("self"))
def revoke_api_key(key_id: Id, caller: Caller, service: ServiceHere, origin: From) -> Message:
    """Revoke one of the own API keys, at once."""
    service.accounts.api_keys.revoke(caller, key_id, origin=origin)
    return Message(message="The key is revoked.")
