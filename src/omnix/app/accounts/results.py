"""What the account services hand out: frozen values, times in UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

from omnix.auth.roles import Permission

T = TypeVar("T")


@dataclass(frozen=True)
class Origin:
    """Where a request comes from: the peer's address, its user agent, our id for the request."""

    address: str | None = None
    agent: str | None = None
    request_id: str | None = None


NOWHERE = Origin()


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is asking, and what they may do at this moment."""

    user_id: str
    role: str
    permissions: frozenset[Permission]
    kind: Literal["user", "key"]
    session_id: str | None
    customer_id: str | None
    email: str
    key_id: str | None = None


@dataclass(frozen=True)
class Profile:
    """An account as its owner and administrators see it."""

    id: str
    email: str
    name: str
    role: str
    is_active: bool
    email_verified: bool
    two_factor_enabled: bool
    language: str
    theme: str
    customer_id: str | None
    created_at: datetime
    last_login_at: datetime | None
    permissions: tuple[Permission, ...]


@dataclass(frozen=True)
class SignedIn:
    """A session has begun or goes on. `expires_in`: seconds that the access token is good."""

    access_token: str
    refresh_token: str
    expires_in: int
    session_id: str
    user: Profile


@dataclass(frozen=True)
class Challenge:
    """The password was right; now the second factor. `expires_in`: seconds."""

    challenge: str
    expires_in: int


@dataclass(frozen=True)
class SessionView:
    """A live session; `current`: the one that asks."""

    id: str
    created_at: datetime
    last_used_at: datetime
    address: str | None
    agent: str | None
    current: bool


@dataclass(frozen=True)
class TwoFactorSetup:
    """What an authenticator app reads; in force once a code of it was confirmed."""

    secret: str
    uri: str
    qr_svg: str


@dataclass(frozen=True)
class ApiKeyView:
    """An API key without its secret; `prefix` is its readable beginning."""

    id: str
    name: str
    prefix: str
    scopes: tuple[str, ...]
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None


@dataclass(frozen=True)
class NewApiKey:
    """A key just made; `key` is shown this once."""

    view: ApiKeyView
    key: str


@dataclass(frozen=True)
class Invitation:
    """A person was invited; `link` is what their mail holds, for whoever invites on the machine."""

    user: Profile
    link: str


@dataclass(frozen=True)
class AuditRow:
    """One line of the audit log."""

    id: int
    at: datetime
    actor_id: str | None
    actor_email: str | None
    action: str
    object: str | None
    outcome: str
    address: str | None
    request_id: str | None
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class AuditCheck:
    """Whether the log is whole: how many rows were read, and the first that does not fit."""

    length: int
    broken_at: int | None

    @property
    def is_whole(self) -> bool:
        """Whether nothing was changed, left out or cut off."""
        return self.broken_at is None


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some rows, and where the next ones begin; None: these were the last."""

    data: tuple[T, ...]
    next_cursor: str | None
