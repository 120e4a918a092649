"""The long-lived parts behind the API, chosen from one Settings; each is made when first used."""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from omnix.app.app import App
from omnix.core.errors import OmnixError

if TYPE_CHECKING:
    from omnix.app.accounts import Accounts
    from omnix.app.analytics.service import Analytics
    from omnix.app.forecasting.service import Forecasting
    from omnix.app.runs import RunService
    from omnix.app.untrusted_sql import UntrustedSql
    from omnix.core.settings import Settings
    from omnix.store import Store


class Service:
    """Everything that the routes delegate to."""

    def __init__(self, app: App) -> None:
        self.app = app

    @classmethod
    def open(cls, home: Path | None) -> Service:
        """The service of a home folder that `omnix init` has set up.

        Raises:
            SettingsError: the folder is not set up, or a setting is wrong.

        """
        return cls(App.open(home))

    @property
    def settings(self) -> Settings:
        """The settings in use."""
        return self.app.settings

    @cached_property
    def store(self) -> Store:
        """The operational store, brought to its newest shape."""
        from omnix.store import Store

        store = Store(self.settings.store.url.get_secret_value(), self.settings.home)
        store.migrate()
        return store

    @cached_property
    def accounts(self) -> Accounts:
        """People, their sessions and keys."""
        from omnix.app.accounts import Accounts

        return Accounts.of(self.settings, self.store)

    @cached_property
    def analytics(self) -> Analytics:
        """Tables, metrics and the catalogue, read many times over."""
        from omnix.app.analytics.service import Analytics

        return Analytics(self.app)

    @cached_property
    def forecasting(self) -> Forecasting:
        """Forecasts, trends, competitors' prices and the models behind them."""
        from omnix.app.forecasting.service import Forecasting

        return Forecasting(self.app, self.analytics.reader)

    @cached_property
    def sql(self) -> UntrustedSql:
        """Queries of people, run apart."""
        from omnix.app.untrusted_sql import UntrustedSql

        return UntrustedSql(self.app)

    @cached_property
    def runs(self) -> RunService:
        """Runs of the pipeline, started and watched."""
        from omnix.app.runs import RunService

        return RunService(self.app, self.store)

    def warm(self) -> None:
        """Make ready what the first to ask would wait for; called whenever the data has changed."""
        with suppress(OmnixError):  # whoever asks is told
            self.sql.prepare()

    def close(self) -> None:
        """Stop what was started; the rest was never there."""
        for name in ("runs", "sql", "forecasting", "analytics", "accounts", "store"):
            if part := self.__dict__.pop(name, None):
                part.close()
