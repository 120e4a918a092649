"""What is known of a registered version, and how versions are numbered."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from omnix.ml.model import Driver

State = Literal["champion", "challenger", "refused", "former champion", "rolled back", "registered"]


@dataclass(frozen=True)
class Notes:
    """What a model card says beyond the figures.

    purpose:    what the answers are for. trained_on: rows, series and period, in words.
    baseline:   the same metrics of the honest baseline on the same folds.
    limits:     where the answers should not be trusted.
    drivers:    what they rest on, the most important first.
    """

    purpose: str = ""
    trained_on: str = ""
    baseline: Mapping[str, float] = field(default_factory=dict)
    limits: Sequence[str] = ()
    drivers: Sequence[Driver] = ()


@dataclass(frozen=True)
class Record:
    """What is told when a version is registered; it never changes.

    inputs: the columns that the model reads. checksum, folder: of its files (see `artefacts`).
    """

    data_version: str
    code_version: str
    metrics: Mapping[str, float]
    params: Mapping[str, Any]
    inputs: Sequence[str]
    checksum: str
    folder: str
    notes: Notes = Notes()

    def to_json(self) -> str:
        """All of it as text."""
        return json.dumps(self, default=_plain, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Record:
        """What `to_json` told."""
        told = json.loads(text)
        notes = told.pop("notes")
        drivers = tuple(Driver(**each) for each in notes.pop("drivers"))
        limits = tuple(notes.pop("limits"))
        told["inputs"] = tuple(told["inputs"])
        return cls(**told, notes=Notes(**notes, limits=limits, drivers=drivers))


@dataclass(frozen=True)
class Version:
    """One registered version. `number` is MLflow's own, `reason` why it is in its `state`."""

    name: str
    number: int
    semantic: str
    record: Record
    created_at: datetime
    state: State
    reason: str = ""


def following(semantic: str | None, before: Record | None, now: Record) -> str:
    """The semantic version of `now` after `before`, which is `semantic`.

    Major: it reads other columns, so that who asks it must change. Minor: other code or parameters,
    so that it was made otherwise. Patch: the same, trained on other data. The first is 1.0.0.
    """
    if semantic is None or before is None:
        return "1.0.0"
    major, minor, patch = (int(part) for part in semantic.split("."))
    if sorted(now.inputs) != sorted(before.inputs):
        return f"{major + 1}.0.0"
    if (now.code_version, _told(now.params)) != (before.code_version, _told(before.params)):
        return f"{major}.{minor + 1}.0"
    return f"{major}.{minor}.{patch + 1}"


def _told(params: Mapping[str, Any]) -> str:
    return json.dumps(params, default=_plain, sort_keys=True)


def _plain(value: Any) -> Any:
    """What JSON has no word for: our frozen values as mappings, mappings as dictionaries, else text."""
    if isinstance(value, (Record, Notes, Driver)):
        return vars(value)
    return dict(value) if isinstance(value, Mapping) else str(value)
