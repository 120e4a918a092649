"""Accounts: who may come in, and what follows from it.

    accounts = Accounts.of(settings, store)
    accounts.principal_of(token)                       -> Principal | None  (JWT or omx_ key)

    registration  register(email, password, name, language=, origin=)       -> None
                  verify_email(token, origin=)                              -> Profile
                  resend(email, origin=)                                    -> None
    sign_in       login(email, password, origin=, device=)                  -> SignedIn | Challenge
                  second_factor(challenge, code, origin=)                   -> SignedIn
    sessions      refresh(refresh_token, origin=)                           -> SignedIn
                  logout(refresh_token, origin=)                            -> None
                  logout_all(principal, origin=)                            -> int
                  list(principal)                                           -> tuple[SessionView, …]
                  end(principal, session_id, origin=)                       -> None
    passwords     forgot(email, origin=)                                    -> None
                  reset(token, new_password, origin=)                       -> None
                  change(principal, current, new, origin=)                  -> SignedIn
    profile       get(principal)                                            -> Profile
                  update(principal, name=, email=, current_password=, language=, theme=, origin=)
    two_factor    begin(principal)                                          -> TwoFactorSetup
                  confirm(principal, code, origin=)                         -> tuple[str, …]
                  disable(principal, password, code, origin=)               -> None
                  recovery_codes(principal, password, origin=)              -> tuple[str, …]
    api_keys      list(principal)                                           -> tuple[ApiKeyView, …]
                  create(principal, name, scopes, expires_at=, origin=)     -> NewApiKey
                  revoke(principal, key_id, origin=)                        -> None
    users         list(search=, role=, cursor=, limit=)                     -> Page[Profile]
                  get(user_id)                                              -> Profile
                  invite(email, name, role, by=, origin=)                   -> Invitation
                  change(user_id, role=, is_active=, customer_id=, by=, origin=) -> Profile
    setup         needed()                                                  -> bool
                  link()                                                    -> str
                  complete(token, email, password, name, language=, origin=) -> SignedIn
    audit         record(action, actor_id=, object=, outcome=, origin=, detail=) -> None
                  list(action=, actor=, since=, until=, cursor=, limit=)    -> Page[AuditRow]
                  export(action=, actor=, since=, until=)                   -> Iterator[AuditRow]
                  chain.check()                                             -> AuditCheck

`origin` is an `Origin(address, agent, request_id)`; `by` is the acting `Principal`, or None for one
who sits at the machine. Errors: `omnix.app.accounts.errors`, `omnix.auth.errors`.
"""

from omnix.app.accounts.accounts import Accounts
from omnix.app.accounts.results import (
    ApiKeyView,
    AuditCheck,
    AuditRow,
    Challenge,
    Invitation,
    NewApiKey,
    Origin,
    Page,
    Principal,
    Profile,
    SessionView,
    SignedIn,
    TwoFactorSetup,
)

__all__ = [
    "Accounts",
    "ApiKeyView",
    "AuditCheck",
    "AuditRow",
    "Challenge",
    "Invitation",
    "NewApiKey",
    "Origin",
    "Page",
    "Principal",
    "Profile",
    "SessionView",
    "SignedIn",
    "TwoFactorSetup",
]
