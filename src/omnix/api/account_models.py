"""Bodies and answers of the account routes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from omnix.api.models import Answer, CamelAnswer, CamelBody

Email = Annotated[str, Field(max_length=320, description="An e-mail address.")]
Name = Annotated[str, Field(max_length=200, description="A person's name.")]
Secret = Annotated[str, Field(max_length=4096, description="What the link or token holds.")]
Password = Annotated[str, Field(description="At least 8 characters, at most 1,000 bytes.")]
Language = Literal["en", "he"]
Theme = Literal["light", "dark", "auto"]
Role = Literal["admin", "manager", "analyst", "customer"]
Cookie = Annotated[
    bool, Field(description="Give the refresh token as a cookie that no script can read.")
]


class Registering(CamelBody):
    """A person who wants an account."""

    email: Email
    password: Password
    name: Name
    language: Language = "en"


class SigningIn(CamelBody):
    """Who wants to sign in."""

    email: Email
    password: Password
    cookie: Cookie = False


class SecondFactor(CamelBody):
    """The second step of a sign-in."""

    challenge: Secret
    code: Annotated[str, Field(max_length=64, description="Six digits, or a recovery code.")]
    cookie: Cookie = False


class Refreshing(CamelBody):
    """A refresh token; left out where it comes as a cookie."""

    refresh_token: Secret | None = None


class OneEmail(CamelBody):
    """Whose account it is about."""

    email: Email


class OneToken(CamelBody):
    """A token to look at or to redeem."""

    token: Secret


class Resetting(CamelBody):
    """A new password, by a link."""

    token: Secret
    new_password: Password


class ChangingPassword(CamelBody):
    """A new password, by the old one."""

    current_password: Password
    new_password: Password


class SettingUp(CamelBody):
    """The first administrator, by the link that the service printed."""

    token: Secret
    email: Email
    password: Password
    name: Name
    language: Language = "en"
    cookie: Cookie = False


class Judging(CamelBody):
    """A password to judge, and what others may know of the person."""

    password: Password
    email: Email = ""
    name: Name = ""


class ChangingProfile(CamelBody):
    """What to change of the own account; what is left out stays."""

    name: Name | None = None
    email: Email | None = None
    current_password: Password | None = Field(default=None, description="Needed for a new e-mail.")
    language: Language | None = None
    theme: Theme | None = None


class OneCode(CamelBody):
    """A code of the authenticator app."""

    code: Annotated[str, Field(max_length=64)]


class OnePassword(CamelBody):
    """The own password, once more."""

    password: Password


class PasswordAndCode(CamelBody):
    """The own password and a code."""

    password: Password
    code: Annotated[str, Field(max_length=64)]


class MakingKey(CamelBody):
    """An API key to make."""

    name: Name
    scopes: Annotated[list[str], Field(max_length=50, description="Permissions; no more than own.")]
    expires_at: datetime | None = Field(default=None, description="In UTC; null: never.")


class Inviting(CamelBody):
    """A person to invite."""

    email: Email
    name: Name
    role: Role


class ChangingUser(CamelBody):
    """What to change of somebody's account; what is left out stays."""

    role: Role | None = None
    is_active: bool | None = None
    customer_id: Annotated[str, Field(max_length=200)] | None = Field(
        default=None, description="The shop's customer who this is; empty: none."
    )


class ProfileAnswer(CamelAnswer):
    """An account, as its owner and administrators see it."""

    id: str
    email: str
    name: str
    role: Role
    is_active: bool
    email_verified: bool
    two_factor_enabled: bool
    language: Language
    theme: Theme
    customer_id: str | None
    created_at: datetime
    last_login_at: datetime | None
    permissions: list[str]


class TokensAnswer(CamelAnswer):
    """The tokens once more, where other clients look for them."""

    access_token: str
    refresh_token: str | None
    user: ProfileAnswer


class SessionAnswer(CamelAnswer):
    """A session that goes on."""

    access_token: str
    refresh_token: str | None = Field(description="null where it is a cookie.")
    expires_in: int = Field(description="Seconds that the access token is good.")
    user: ProfileAnswer


class LoginAnswer(CamelAnswer):
    """A session has begun; or, with `twoFactorRequired`, a challenge to answer first."""

    token: str | None = Field(default=None, description="The access token.")
    access_token: str | None = None
    refresh_token: str | None = None
    expires_in: int = Field(description="Seconds that the access token or the challenge is good.")
    user_id: str | None = None
    name: str | None = None
    user: ProfileAnswer | None = None
    data: TokensAnswer | None = None
    two_factor_required: bool = False
    challenge: str | None = None
    message: str


class VerifiedAnswer(CamelAnswer):
    """Whose token it is."""

    valid: bool
    user_id: str
    email: str
    name: str
    role: Role


class SetupAnswer(Answer):
    """Whether the first administrator is still missing."""

    needed: bool


class StrengthAnswer(Answer):
    """How hard a password is to guess."""

    score: int = Field(ge=0, le=4)
    ok: bool
    warning: str
    suggestions: list[str]


class TwoFactorAnswer(CamelAnswer):
    """What an authenticator app reads."""

    secret: str
    uri: str
    qr_svg: str


class RecoveryAnswer(CamelAnswer):
    """Codes for when the phone is gone; they are shown this once."""

    recovery_codes: list[str]


class OwnSession(CamelAnswer):
    """A place where one is signed in."""

    id: str
    created_at: datetime
    last_used_at: datetime
    address: str | None
    agent: str | None
    current: bool


class SessionsAnswer(Answer):
    """Where one is signed in."""

    data: list[OwnSession]


class KeyAnswer(CamelAnswer):
    """An API key; `key` only where it was just made."""

    id: str
    name: str
    prefix: str
    scopes: list[str]
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None
    key: str | None = None


class KeysAnswer(Answer):
    """One's API keys."""

    data: list[KeyAnswer]


class UsersAnswer(Answer):
    """A page of accounts."""

    data: list[ProfileAnswer]
    next_cursor: str | None


class AuditEntry(CamelAnswer):
    """One thing that somebody did."""

    id: int
    at: datetime
    actor_id: str | None
    actor_email: str | None
    action: str
    object: str | None
    outcome: str
    address: str | None
    request_id: str | None
    detail: dict[str, Any]


class AuditAnswer(Answer):
    """A page of the audit log, the newest first."""

    data: list[AuditEntry]
    next_cursor: str | None
