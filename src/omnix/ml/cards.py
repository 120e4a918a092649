"""Model cards: what a version is, how good it is, and where it should not be trusted.

(Mitchell et al. 2019, "Model Cards for Model Reporting".)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from omnix.ml.versions import Version

_ACRONYMS = frozenset({"mase", "rmsse", "wape", "mape", "rmse", "mae", "auc"})
_MEASURE = re.compile(r"([a-z0-9_]+)_(day|week|month)_([a-z]+)")


def card(version: Version, all_versions: Sequence[Version] = ()) -> str:
    """The model card as Markdown; `all_versions`: of the same model, for its history."""
    record, notes = version.record, version.record.notes
    parts = [
        f"# {version.name} {version.semantic}",
        notes.purpose,
        _table(("", ""), [(key, _words(value)) for key, value in _facts(version).items()]),
        "## How good it is",
        _scores(record.metrics, notes.baseline),
        *_section(
            "## What its answers rest on", _bullets(d.words or d.name for d in notes.drivers)
        ),
        *_section("## Where not to trust it", _bullets(notes.limits)),
        *_section("## Parameters", _parameters(record.params)),
        *_section("## Versions", _history(all_versions)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


@dataclass(frozen=True)
class Measure:
    """What a metric's name says: "mase_day_shop" is MASE by day, of the shop; empty where it says nothing."""

    score: str
    grain: str = ""
    level: str = ""

    @classmethod
    def of(cls, name: str) -> Measure:
        """The parts of a name; of another form it is all score."""
        match = _MEASURE.fullmatch(name)
        return cls(*match.groups()) if match else cls(name)

    @property
    def words(self) -> str:
        """ "MASE by day, shop"."""
        score = self.score.upper() if self.score in _ACRONYMS else self.score.replace("_", " ")
        grain = f" by {self.grain}" if self.grain else ""
        return f"{score}{grain}{f', {self.level}' if self.level else ''}"


def _facts(version: Version) -> dict[str, Any]:
    record = version.record
    facts = {
        "State": version.state,
        "Because": version.reason,
        "Registered": f"{version.created_at:%Y-%m-%d %H:%M} UTC",
        "Trained on": record.notes.trained_on,
        "Data version": record.data_version,
        "Code version": record.code_version,
        "Reads": ", ".join(record.inputs),
        "Checksum": record.checksum,
    }
    return {key: value for key, value in facts.items() if value}


def _scores(metrics: Mapping[str, float], baseline: Mapping[str, float]) -> str:
    if not metrics:
        return "It was not measured."
    rows = [
        (Measure.of(name).words, _words(value), _words(baseline[name]) if name in baseline else "–")
        for name, value in sorted(metrics.items())
    ]
    return _table(("Metric", "This version", "Baseline"), rows)


def _parameters(params: Mapping[str, Any]) -> str:
    rows = [(name, _words(value)) for name, value in sorted(params.items())]
    return _table(("Parameter", "Value"), rows) if rows else ""


def _history(versions: Sequence[Version]) -> str:
    rows = [
        (v.semantic, f"{v.created_at:%Y-%m-%d}", v.state, v.reason)
        for v in sorted(versions, key=lambda v: -v.number)
    ]
    return _table(("Version", "Registered", "State", "Because"), rows) if len(rows) > 1 else ""


def _section(title: str, body: str) -> tuple[str, ...]:
    return (title, body) if body else ()


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {_one_line(line)}" for line in lines)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(_cell(each) for each in line)} |" for line in lines)


def _cell(text: str) -> str:
    return _one_line(text).replace("|", "\\|")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _words(value: Any) -> str:
    return f"{value:,.4g}" if isinstance(value, float) else str(value)
