"""The address of a shop's database: read from a URL, shown without its password."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit

from omnix.core.errors import SettingsError, nearest

Dialect = Literal["mysql", "postgresql"]

#: Where the password may stand instead of in the URL.
PASSWORD_VARIABLE = "OMNIX_SOURCE_PASSWORD"  # noqa: S105 - a name, not a password
EXAMPLE = "mysql://user@host:3306/database or postgresql://user@host:5432/database"

_DIALECTS: Mapping[str, Dialect] = {
    "mysql": "mysql",
    "mariadb": "mysql",
    "postgresql": "postgresql",
    "postgres": "postgresql",
}
_PORTS: Mapping[Dialect, int] = {"mysql": 3306, "postgresql": 5432}
SSL_MODES = ("disable", "prefer", "require", "verify-ca", "verify-full")
_TRUE = ("1", "true", "yes", "on")
_OPTIONS = ("connect_timeout", "read_timeout", "schema", "ssl", "sslmode", "ssl_ca")


@dataclass(frozen=True)
class DatabaseUrl:
    """Who asks which server for which database. Timeouts are seconds."""

    scheme: str
    dialect: Dialect
    user: str
    host: str
    port: int
    database: str
    password: str = field(default="", repr=False)
    sslmode: str = "prefer"
    ssl_ca: str | None = None
    schema: str | None = None
    connect_timeout: float = 10.0
    read_timeout: float = 300.0

    @property
    def address(self) -> str:
        """`host:port`, as errors name it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    @property
    def description(self) -> str:
        """The URL for people: no password, no options."""
        user = f"{quote(self.user, safe='')}@" if self.user else ""
        return f"{self.scheme}://{user}{self.address}/{quote(self.database, safe='')}"

    @classmethod
    def parse(cls, url: str) -> DatabaseUrl:
        """Read a URL; an absent password is taken from `OMNIX_SOURCE_PASSWORD`.

        No message repeats a piece of a URL that does not parse, since any piece may be the password.

        Raises:
            SettingsError: it is not an address of a MySQL, MariaDB or PostgreSQL database.

        """
        parts = _split(url)
        scheme = parts.scheme.lower()
        dialect = _DIALECTS[scheme]
        options = _options(parts.query)
        return cls(
            scheme=scheme,
            dialect=dialect,
            user=unquote(parts.username or ""),
            host=parts.hostname or "",
            port=parts.port or _PORTS[dialect],
            database=unquote(parts.path[1:]),
            password=unquote(parts.password or "") or os.environ.get(PASSWORD_VARIABLE, ""),
            sslmode=_sslmode(options),
            ssl_ca=options.get("ssl_ca"),
            schema=options.get("schema"),
            connect_timeout=_seconds(options, "connect_timeout", cls.connect_timeout),
            read_timeout=_seconds(options, "read_timeout", cls.read_timeout),
        )


def _split(url: str) -> SplitResult:
    scheme, found, rest = url.partition("://")
    if not found or scheme.lower() not in _DIALECTS:
        known = ", ".join(f"{name}://" for name in _DIALECTS)
        raise SettingsError(
            f"A database URL begins with one of {known}; this one does not.",
            f"Write it as {EXAMPLE}.",
        )
    netloc_end = min((rest.find(mark) for mark in "/?#" if mark in rest), default=len(rest))
    if "@" in rest[netloc_end:].partition("?")[0] or "#" in rest:
        raise SettingsError(
            "The user name or password in the database URL holds '/', '?' or '#', "
            "which end that part of a URL.",
            f"Write them as %2F, %3F and %23, or put the password into {PASSWORD_VARIABLE}.",
        )
    return _checked(urlsplit(url))


def _checked(parts: SplitResult) -> SplitResult:
    try:
        port = parts.port
    except ValueError:
        port = -1
    if port is not None and not 0 < port < 65536:
        raise SettingsError(
            "The port in the database URL is not a number from 1 to 65535.",
            f"Write it as {EXAMPLE}; '/', '?', '#', ':' and '@' in a password are written "
            f"%2F, %3F, %23, %3A and %40, or put the password into {PASSWORD_VARIABLE}.",
        )
    if not parts.hostname:
        raise SettingsError("The database URL names no host.", f"Write it as {EXAMPLE}.")
    if len(parts.path) < 2 or "/" in parts.path[1:]:
        raise SettingsError(
            f"The URL for {parts.hostname} names no database, or more than one.",
            f"Write it as {EXAMPLE}.",
        )
    return parts


def _options(query: str) -> dict[str, str]:
    options = dict(parse_qsl(query, keep_blank_values=True))
    for name in options:
        if name not in _OPTIONS:
            raise SettingsError(
                f"The database URL has the unknown option {name!r}.",
                f"{nearest(name, _OPTIONS)}Known are: {', '.join(_OPTIONS)}.",
            )
    return options


def _sslmode(options: Mapping[str, str]) -> str:
    default = "verify-full" if "ssl_ca" in options else "prefer"
    if "ssl" in options:
        default = "require" if options["ssl"].lower() in _TRUE else "disable"
    mode = options.get("sslmode", default)
    if mode not in SSL_MODES:
        raise SettingsError(
            f"The database URL says sslmode={mode}.", f"Choose one of {', '.join(SSL_MODES)}."
        )
    return mode


def _seconds(options: Mapping[str, str], name: str, default: float) -> float:
    try:
        value = float(options.get(name, default))
    except ValueError:
        value = -1.0
    if not 0 < value < 1e6:
        raise SettingsError(
            f"The database URL says {name}={options[name]}.", "Write a number of seconds over 0."
        )
    return value
