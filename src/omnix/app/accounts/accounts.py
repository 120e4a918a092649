"""One place that puts the account services together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from omnix.app.accounts.api_keys import ApiKeys
from omnix.app.accounts.attempts import Attempts
from omnix.app.accounts.audit import Audit
from omnix.app.accounts.audit_chain import key_file
from omnix.app.accounts.links import Links
from omnix.app.accounts.liveness import Liveness
from omnix.app.accounts.parts import Parts
from omnix.app.accounts.passwords import PasswordChanges
from omnix.app.accounts.post import Post
from omnix.app.accounts.profile import Profiles
from omnix.app.accounts.registration import Registrations
from omnix.app.accounts.results import Principal
from omnix.app.accounts.second_step import SecondStep
from omnix.app.accounts.sessions import Sessions
from omnix.app.accounts.setup import Setup
from omnix.app.accounts.sign_in import SigningIn
from omnix.app.accounts.two_factor import TwoFactor
from omnix.app.accounts.upkeep import Upkeep
from omnix.app.accounts.users import Users
from omnix.core.clock import utc_now

if TYPE_CHECKING:
    from omnix.auth.mail import Mailer
    from omnix.auth.passwords import Passwords
    from omnix.core.settings import Settings
    from omnix.store import Store


class Accounts:
    """Everything about people, their sessions and keys; see the package's overview."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        *,
        passwords: Passwords,
        mailer: Mailer,
        clock: Callable[[], datetime] = utc_now,
        pause: Callable[[float], None] | None = None,
    ) -> None:
        self.parts = parts = _parts(settings, store, passwords, mailer, clock, pause)
        self.audit = audit = Audit(parts)
        self._liveness = live = Liveness(parts)
        attempts, links, step = Attempts(parts), Links(parts), SecondStep(parts)
        self._upkeep = upkeep = Upkeep(parts)
        self.sessions = sessions = Sessions(parts, audit, live, upkeep)
        self.sign_in = SigningIn(parts, audit, attempts, links, sessions, step)
        self.registration = Registrations(parts, audit, attempts, links, live)
        self.passwords = PasswordChanges(parts, audit, attempts, links, sessions, live)
        self.profile = Profiles(parts, audit, attempts, links, self.passwords)
        self.two_factor = TwoFactor(parts, audit, attempts, self.passwords, step)
        self.api_keys = ApiKeys(parts, audit, live)
        self.users = Users(parts, audit, links, sessions, live)
        self.setup = Setup(parts, audit, attempts, links, sessions)

    @classmethod
    def of(cls, settings: Settings, store: Store) -> Accounts:
        """The accounts of a home, with the real parts.

        Raises:
            KeyFileError, StoreError: a key in the home cannot be used.
            MailError: the mail settings cannot be used.

        """
        from omnix.auth.mail import mailer
        from omnix.auth.passwords import Passwords

        mail = settings.mail
        return cls(
            settings,
            store,
            passwords=Passwords(),
            mailer=mailer(mail.url.get_secret_value(), mail.sender, settings.home / "outbox"),
        )

    def principal_of(self, token: str) -> Principal | None:
        """Who holds this access token or API key; None where nobody does, or no longer.

        Cheap: most answers come from memory and are at most half a second old.

        Raises:
            StoreUnavailable: the store does not answer; nobody is let in then.

        """
        return self._liveness.principal_of(token) if token else None

    def remembered(self, token: str) -> Principal | None:
        """As `principal_of`, but only from memory: an event loop may ask; None tells nothing."""
        return self._liveness.remembered(token)

    def purge(self) -> int:
        """Delete what has ended (links, attempts, old sessions); says how many rows."""
        return self._upkeep.purge()

    def settle(self) -> None:
        """Wait until mails and other work in the background are done."""
        self.parts.post.settle()

    def close(self) -> None:
        """Finish the work in the background; call it before the store is closed."""
        self.parts.post.close()


def _parts(
    settings: Settings,
    store: Store,
    passwords: Passwords,
    mailer: Mailer,
    clock: Callable[[], datetime],
    pause: Callable[[float], None] | None,
) -> Parts:
    from omnix.auth.keys import KeyRing
    from omnix.auth.sealing import Seal
    from omnix.auth.tokens import Tokens
    from omnix.store import Digests

    keys = settings.home / "keys"
    waiting = {"pause": pause} if pause else {}
    return Parts(
        settings=settings,
        store=store,
        passwords=passwords,
        tokens=Tokens(KeyRing(keys / "tokens", now=clock), now=clock),
        seal=Seal(keys / "second_factor.key"),
        digests=Digests(key_file(settings)),
        post=Post(mailer, settings.service.address, **waiting),
        clock=clock,
    )
