"""The parts that every account service is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from omnix.app.accounts.post import Post
    from omnix.auth.passwords import Passwords
    from omnix.auth.sealing import Seal
    from omnix.auth.tokens import Tokens
    from omnix.core.settings import Settings
    from omnix.store import Digests, Store

#: How long things are good that no setting is about.
VERIFY_LIFETIME = timedelta(hours=24)
INVITE_LIFETIME = timedelta(hours=24)
SETUP_LIFETIME = timedelta(hours=24)
CHALLENGE_LIFETIME = timedelta(minutes=5)
SESSION_LIFETIME = timedelta(days=30)
"""A session ends after this, however often it is used (OWASP ASVS 5.0 §7.3.2)."""


@dataclass(frozen=True)
class Parts:
    """What the services share; `clock` gives this moment in UTC."""

    settings: Settings
    store: Store
    passwords: Passwords
    tokens: Tokens
    seal: Seal
    digests: Digests
    post: Post
    clock: Callable[[], datetime]

    @property
    def access_lifetime(self) -> timedelta:
        """How long an access token is good."""
        return timedelta(minutes=self.settings.auth.access_minutes)

    @property
    def refresh_lifetime(self) -> timedelta:
        """How long a session lives without being used."""
        return timedelta(days=self.settings.auth.refresh_days)

    @property
    def reset_lifetime(self) -> timedelta:
        """How long a link to a new password is good."""
        return timedelta(minutes=self.settings.auth.reset_minutes)
