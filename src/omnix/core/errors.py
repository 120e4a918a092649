"""The error tree. Every message names the thing, the value, what was expected and the next step.

OmnixError
├── SettingsError      a setting is missing or wrong
├── ContractError      a table's declaration or its SQL is wrong
├── SourceError        the shop's own data cannot be read
│   └── SourceUnavailable   … now; trying again may help
├── MappingError       a preset or mapping file does not fit the data
├── LakeError          a lake table cannot be read or written
│   └── LakeUnavailable     … now; trying again may help
├── QualityError       a table is too bad to publish
├── LockedError        another run holds the home folder
├── StoreError         the operational store cannot be used
│   ├── StoreUnavailable    … now: locked, gone or too busy; trying again may help
│   └── StoreConflict       … for this row: it is there already, or a rule of its table refuses it
└── UnknownTableError  nobody has declared such a table
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class OmnixError(Exception):
    """Anything omnix can explain. `step` is what the user does next.

    `transient`: it can pass by itself, so a run tries again before it gives up.
    """

    exit_code = 1
    transient = False

    def __init__(self, what: str, step: str = "") -> None:
        self.what = what
        self.step = step
        super().__init__(f"{what} {step}".strip())


class SettingsError(OmnixError):
    """A setting is missing or wrong."""

    exit_code = 2


class ContractError(OmnixError):
    """A table's declaration or its SQL does not hold together."""


class SourceError(OmnixError):
    """The shop's own data cannot be read."""

    exit_code = 3


class SourceUnavailable(SourceError):  # noqa: N818 - the state of the source, and a well-known name
    """The source does not answer now; the same call may pass later."""

    transient = True


class MappingError(OmnixError):
    """A preset or a mapping file does not fit the data."""

    exit_code = 3


class LakeError(OmnixError):
    """A lake table cannot be read or written."""

    exit_code = 4


class LakeUnavailable(LakeError):  # noqa: N818 - as its twin of the source
    """The lake does not answer now, or another writer was faster; the same call may pass later."""

    transient = True


class QualityError(OmnixError):
    """A table is too bad to publish; its last good version stays."""


class LockedError(OmnixError):
    """Another run is working in the same home folder."""

    exit_code = 5


class StoreError(OmnixError):
    """The operational store (users, sessions, audit log) cannot be used."""

    exit_code = 7


class StoreUnavailable(StoreError):  # noqa: N818 - as its twins of the source and the lake
    """The store does not answer now: locked, gone or too busy; the same call may pass later."""

    transient = True


class StoreConflict(StoreError):  # noqa: N818 - the standard's name for it (HTTP 409)
    """A row of that key is there already, or a rule of its table refuses it."""


class UnknownTableError(OmnixError):
    """Nobody has declared such a table; or such a system of tables."""

    exit_code = 2

    def __init__(self, name: str, known: Iterable[str], what: str = "table") -> None:
        super().__init__(
            f"There is no {what} {name!r}.",
            f"{nearest(name, known)}`omnix tables` lists them all.",
        )


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint that names the closest known word, or nothing."""
    close = get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f"Did you mean {close[0]!r}? " if close else ""
