"""The sections of the settings that the service reads: store, address, accounts, mail, SQL, models."""

from __future__ import annotations

import ipaddress
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator


class StoreSettings(BaseModel):
    """Where users, sessions and the audit log are kept."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: SecretStr = Field(
        default=SecretStr(""),
        description="postgresql://… of the operational store; empty: SQLite in the home folder.",
    )

    @field_validator("url")
    @classmethod
    def _known_kind(cls, url: SecretStr) -> SecretStr:
        scheme = urlsplit(url.get_secret_value()).scheme
        if scheme not in {"", "postgresql", "postgres"}:
            raise ValueError(f"the store is SQLite (empty) or postgresql://…, not {scheme}://…")
        return url


class ServiceSettings(BaseModel):
    """How the API and the dashboard are reached."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = Field(
        default="127.0.0.1", description="Address to listen on; 0.0.0.0 for the whole network."
    )
    port: int = Field(default=8000, ge=0, le=65535, description="Port; 0 takes a free one.")
    public_url: str = Field(
        default="",
        description="The address people type, for links in mails; empty: http://host:port.",
    )
    cors_origins: str = Field(
        default="",
        description="Origins, separated by commas, whose pages may call the API; empty: none.",
    )
    trusted_proxies: str = Field(
        default="",
        description="Addresses or networks, separated by commas, whose X-Forwarded-For is believed.",
    )
    registration: Literal["open", "closed"] = Field(
        default="open",
        description="Whether people may register; who does sees nothing until an admin gives a role.",
    )
    requests_per_minute: int = Field(
        default=600, ge=1, description="Requests a minute of one account or, signed out, address."
    )
    body_bytes: int = Field(
        default=1 << 20, ge=1 << 10, description="Bytes that the body of a request may have."
    )
    log: bool = Field(default=True, description="Whether a line is written for each request.")
    open_metrics: bool = Field(
        default=False, description="Whether /metrics answers this machine without a key."
    )

    @field_validator("public_url")
    @classmethod
    def _an_address(cls, url: str) -> str:
        parts = urlsplit(url)
        if url and (parts.scheme not in {"http", "https"} or not parts.hostname):
            raise ValueError(f"an address such as https://omnix.example is wanted, not {url!r}")
        return url.rstrip("/")

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, listed: str) -> str:
        for each in listed.split(",") if listed else ():
            try:
                ipaddress.ip_network(each.strip())
            except ValueError:
                raise ValueError(f"{each.strip()!r} is no address or network") from None
        return listed

    @field_validator("cors_origins")
    @classmethod
    def _origins(cls, listed: str) -> str:
        for each in listed.split(",") if listed else ():
            parts = urlsplit(each.strip())
            if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path:
                raise ValueError(f"{each.strip()!r} is no origin such as https://shop.example")
        return listed

    @property
    def address(self) -> str:
        """The address people type, without a slash at its end."""
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104
        return self.public_url or f"http://{host}:{self.port}"


class AuthSettings(BaseModel):
    """How long what a person is given stays good."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    access_minutes: int = Field(
        default=15, ge=1, le=60, description="Minutes that an access token is good."
    )
    refresh_days: int = Field(
        default=7, ge=1, le=90, description="Days that a session lives without being used."
    )
    reset_minutes: int = Field(
        default=10, ge=1, le=10, description="Minutes that a link to reset a password is good."
    )


class MailSettings(BaseModel):
    """How mail is sent."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: SecretStr = Field(
        default=SecretStr(""),
        description="smtp://user:password@host:port or smtps://…; empty: files in outbox/ in the home.",
    )
    sender: str = Field(default="omnix <omnix@localhost>", description="Whom the mails come from.")

    @field_validator("url")
    @classmethod
    def _known_kind(cls, url: SecretStr) -> SecretStr:
        scheme = urlsplit(url.get_secret_value()).scheme
        if scheme not in {"", "smtp", "smtps"}:
            raise ValueError(f"mail goes by smtp://… or smtps://…, not {scheme}://…")
        return url


class SqlSettings(BaseModel):
    """What one query of a person may take."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    workers: int = Field(default=2, ge=1, le=64, description="Queries that run at the same time.")
    seconds: float = Field(default=10, gt=0, le=300, description="Seconds a query may take.")
    rows: int = Field(default=10_000, ge=1, description="Rows an answer may have.")
    bytes: int = Field(default=8 << 20, ge=1 << 10, description="Bytes an answer may have.")
    memory_mb: int = Field(
        default=1024, ge=256, description="Megabytes of memory that a query may take."
    )


class ForecastingSettings(BaseModel):
    """How much work goes into choosing forecasting models."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    budget_seconds: float = Field(
        default=180,
        ge=0,
        le=86_400,
        description="CPU seconds, by what models declare, to try them on the past, once a week; "
        "0: baselines only, and nothing is trained.",
    )


class ModelsSettings(BaseModel):
    """Where trained models are registered."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: SecretStr = Field(
        default=SecretStr(""),
        description="An MLflow server (https://…) or its database; empty: models/ in the home folder.",
    )

    @field_validator("url")
    @classmethod
    def _known_kind(cls, url: SecretStr) -> SecretStr:
        scheme = urlsplit(url.get_secret_value()).scheme.partition("+")[0]
        if scheme not in {"", "http", "https", "sqlite", "postgresql", "mysql"}:
            raise ValueError(
                f"models are registered at https://…, postgresql://…, mysql://… or sqlite:///…, not {scheme}://…"
            )
        if not scheme and url.get_secret_value():
            raise ValueError("an address such as https://mlflow.example is wanted")
        return url
