"""One place that puts the account services together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omnix.app.accounts.results import Principal

if TYPE_CHECKING:
    from omnix.core.settings import Settings
    from omnix.store import Store


class Accounts:
    """Everything about people, their sessions and keys; see the package's overview."""

    @classmethod
    def of(cls, settings: Settings, store: Store) -> Accounts:
        """The accounts of a home, with the real parts."""
        raise NotImplementedError

    def principal_of(self, token: str) -> Principal | None:
        """Who holds this access token or API key; None where nobody does, or no longer."""
        raise NotImplementedError
