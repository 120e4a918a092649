"""The sections of the settings: the source and the object store."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator


class SourceSettings(BaseModel):
    """Where the shop's own data comes from."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["sample", "files", "database"] = Field(
        default="sample",
        description="What the data comes from: the sample shop, a folder, a database.",
    )
    location: str = Field(
        default="medium",
        description="The sample's size (small, medium, large), the folder, or the database's URL.",
    )
    preset: str = Field(
        default="",
        description="Name of a preset, or a mapping folder; empty: omnix finds one by itself.",
    )
    password: SecretStr | None = Field(
        default=None,
        description="The database's password, if not part of the URL; best given by environment.",
    )

    @model_validator(mode="before")
    @classmethod
    def _password_out_of_the_url(cls, given: Any) -> Any:
        """A password in the URL moves to `password`, so that no location ever shows one."""
        location = given.get("location") if isinstance(given, Mapping) else None
        if not isinstance(location, str) or "://" not in location:
            return given
        parts = urlsplit(location)
        if parts.password is None:
            return given
        user_and_host = f"{parts.username or ''}@{parts.netloc.rpartition('@')[2]}"
        shown = urlunsplit(parts._replace(netloc=user_and_host))
        return {"password": unquote(parts.password), **given, "location": shown}

    @model_validator(mode="after")
    def _location_fits_kind(self) -> SourceSettings:
        if self.kind == "sample" and self.location not in {"small", "medium", "large"}:
            raise ValueError(f"location: a sample is small, medium or large, not {self.location!r}")
        if self.kind == "database" and "://" not in self.location:
            raise ValueError(
                f"location: a database is given as mysql://… or postgresql://…, not {self.location!r}"
            )
        return self

    @property
    def url(self) -> SecretStr:
        """The location with the password in its place; never print what it holds."""
        if self.password is None or "://" not in self.location:
            return SecretStr(self.location)
        parts = urlsplit(self.location)
        password = quote(self.password.get_secret_value(), safe="")
        netloc = f"{parts.username or ''}:{password}@{parts.netloc.rpartition('@')[2]}"
        return SecretStr(urlunsplit(parts._replace(netloc=netloc)))


class S3Settings(BaseModel):
    """How an S3 lake is reached. Its secrets come from the usual `AWS_*` variables only."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    endpoint: str = Field(
        default="", description="URL of an S3-compatible server; empty: Amazon's own."
    )
    allow_http: bool = Field(
        default=False, description="Talk plain HTTP to the endpoint (tests only)."
    )
    region: str = Field(default="us-east-1", description="The bucket's region.")
