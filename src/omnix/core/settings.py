"""Every setting of omnix: one frozen value, read from the environment and `<home>/omnix.toml`.

What is given in code wins over `OMNIX_*` in the environment, that over the file, that over the
defaults. All that omnix keeps lies under one folder, the home.
"""

from __future__ import annotations

import os
import re
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from pydantic_settings import SettingsError as UnreadableEnvironment

from omnix.core import private_files
from omnix.core._sections import S3Settings, SourceSettings
from omnix.core._service_sections import (
    AuthSettings,
    ForecastingSettings,
    MailSettings,
    ModelsSettings,
    ServiceSettings,
    SqlSettings,
    StoreSettings,
)
from omnix.core._settings_words import explain, origins, refuse_unknown_environment, toml_text
from omnix.core.errors import SettingsError, nearest

__all__ = [
    "AuthSettings",
    "ForecastingSettings",
    "MailSettings",
    "ModelsSettings",
    "S3Settings",
    "ServiceSettings",
    "Settings",
    "SourceSettings",
    "SqlSettings",
    "StoreSettings",
    "card_key",
    "save",
]

FILE_NAME = "omnix.toml"


def _cores() -> int:
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


class Settings(BaseSettings):
    """Everything that can be set, with its default. Use `Settings.load`, which explains errors."""

    model_config = SettingsConfigDict(
        env_prefix="OMNIX_",
        env_nested_delimiter="_",
        env_nested_max_split=1,
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        validate_default=True,
    )

    home: Path = Field(
        default=Path("omnix-home"), description="The folder that holds all omnix keeps."
    )
    lake: str = Field(
        default_factory=lambda data: str(data["home"] / "lake"),
        description="Folder or URL (s3://bucket/path) of the lake. Default: lake/ in the home.",
    )
    key_file: Path = Field(
        default_factory=lambda data: data["home"] / "keys" / "card_token.key",
        description="The key of the card tokens. Default: keys/card_token.key in the home.",
    )
    timezone: str = Field(
        default="UTC",
        description="Time zone (IANA name) of times that the source gives without one.",
    )
    currency: str = Field(
        default="EUR",
        pattern="^[A-Z]{3}$",
        description="Currency (ISO 4217) of amounts that the source gives without one.",
    )
    threads: int = Field(
        default_factory=_cores, ge=1, description="DuckDB's threads. Default: the cores we may use."
    )
    memory_limit: str = Field(
        default="60%",
        pattern=r"^\d+(\.\d+)? ?([KMGT]i?B|%)$",
        description="Memory that DuckDB may take, as a size (4GB) or a share of the machine (60%).",
    )
    workers: int = Field(default=2, ge=1, description="Tables that are built at the same time.")
    quality_line: float = Field(
        default=0.7,
        ge=0,
        le=1,
        description="The quality score (0 to 1) below which a table is bad.",
    )
    quality_blocks: bool = Field(
        default=True,
        description="Whether a bad table is held back, so that its last good version stays.",
    )
    keep_versions: int = Field(
        default=20, ge=1, description="Versions of each table that stay readable."
    )
    lock_wait: float = Field(
        default=60,
        ge=0,
        description="Seconds to wait for another run in the same home before giving up.",
    )
    source: SourceSettings = Field(
        default=SourceSettings(), description="Where the data comes from."
    )
    s3: S3Settings = Field(default=S3Settings(), description="How an S3 lake is reached.")
    store: StoreSettings = Field(
        default=StoreSettings(), description="Where users, sessions and the audit log are kept."
    )
    service: ServiceSettings = Field(
        default=ServiceSettings(), description="How the API and the dashboard are reached."
    )
    auth: AuthSettings = Field(default=AuthSettings(), description="How long sessions last.")
    mail: MailSettings = Field(default=MailSettings(), description="How mail is sent.")
    sql: SqlSettings = Field(default=SqlSettings(), description="What one query may take.")
    forecasting: ForecastingSettings = Field(
        default=ForecastingSettings(), description="How much work choosing models may be."
    )
    models: ModelsSettings = Field(
        default=ModelsSettings(), description="Where trained models are registered."
    )

    @field_validator("home", "key_file")
    @classmethod
    def _absolute(cls, path: Path) -> Path:
        return path.expanduser().absolute()

    @field_validator("lake")
    @classmethod
    def _absolute_unless_url(cls, lake: str) -> str:
        return lake if "://" in lake else str(Path(lake).expanduser().absolute())

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        if zone == "UTC":
            return zone
        import pytz

        if zone not in pytz.all_timezones_set:
            hint = nearest(zone, pytz.all_timezones)
            raise ValueError(f"no time zone of that name is known. {hint}".strip())
        return zone

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is pydantic's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is given in code, then the environment, then the file in the home."""
        home = init_settings().get("home") or env_settings().get("home") or "omnix-home"
        file = Path(home).expanduser() / FILE_NAME
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, file)

    @classmethod
    def load(cls, home: Path | None = None, **given: Any) -> Settings:
        """The settings of `home` (else of `OMNIX_HOME`, else of `./omnix-home`).

        `given` overrides single settings, as a command's options do.

        Raises:
            SettingsError: a name is unknown, a value is wrong, or the file cannot be read; names
                the setting, the value, where it stands and what was expected.

        """
        refuse_unknown_environment(cls)
        if home is not None:
            given = {"home": home, **given}
        folder = Path(home or os.environ.get("OMNIX_HOME") or "omnix-home").expanduser()
        file = folder / FILE_NAME
        try:
            settings = cls(**given)
        except ValidationError as error:
            what, step = explain(error, cls, origins(given, file))
            raise SettingsError(what, step) from None
        except tomllib.TOMLDecodeError as error:
            raise SettingsError(f"{file} is not TOML: {error}.", "Correct that line.") from None
        except UnreadableEnvironment as error:
            raise SettingsError(f"{error}.", "Give that variable as JSON.") from None
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{file} cannot be read: {error}.", "Make it readable.") from None
        _refuse_readable_password(file)
        return settings

    @property
    def file(self) -> Path:
        """The file of this home's settings; `omnix init` writes it."""
        return self.home / FILE_NAME


def save(home: Path, values: Mapping[str, Any]) -> Settings:
    """Write `values` (as nested as the settings) over those in `home`'s file, and load it all.

    The file names every setting with its meaning; what is left at its default is commented out.
    It is replaced in one step, and only its owner may read it.

    Raises:
        SettingsError: a name is unknown, a value wrong, or the folder cannot be written; the file
            is then as it was.

    """
    settings = Settings.load(home, **dict(values))
    kept = tomllib.loads(settings.file.read_text("utf-8")) if settings.file.exists() else {}
    text = toml_text(Settings, {**kept, **_plain(settings, values)})
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        private_files.write_over(settings.file, text.encode())
    except OSError as error:
        raise SettingsError(
            f"The home folder {settings.home} cannot be written: {error.strerror}.",
            "Give yourself the right to write there, or choose another with `--home`.",
        ) from None
    return Settings.load(home)


def card_key(settings: Settings) -> bytes:
    """The 32 bytes that key the card tokens; made on first use, readable by its owner only.

    Whoever loses it can still read every table, but new tokens no longer match the old ones.

    Raises:
        SettingsError: others can read the file, it cannot be read, or it is no key.

    """
    return private_files.key_of(
        settings.key_file,
        SettingsError,
        unusable="Set key_file to one that can.",
        cut="Restore it from your backup, or delete it: new card tokens then differ from old ones.",
    )


def _plain(settings: Settings, values: Mapping[str, Any]) -> dict[str, Any]:
    """What `values` became once validated, as TOML can hold it: absolute paths, a split URL."""
    plain: dict[str, Any] = {}
    for name in values:
        value = getattr(settings, name)
        if isinstance(value, BaseModel):
            own = type(value).model_validate(values[name])
            value = {
                key: part.get_secret_value() if isinstance(part, SecretStr) else part
                for key, part in own
                if key in own.model_fields_set and part is not None
            }
        plain[name] = str(value) if isinstance(value, Path) else value
    return plain


def _refuse_readable_password(file: Path) -> None:
    if not file.exists() or not stat.S_IMODE(file.stat().st_mode) & 0o077:
        return
    if re.search(r"^\s*password\s*=|://[^/\s]*:[^/\s]*@", file.read_text("utf-8"), re.MULTILINE):
        raise SettingsError(
            f"{file} holds a password that others than its owner can read.",
            f"Run `chmod 600 {file}`, or give it as OMNIX_SOURCE_PASSWORD instead.",
        )
