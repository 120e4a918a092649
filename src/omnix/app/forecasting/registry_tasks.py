"""What the model registry is asked, in a process that may import MLflow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from omnix.app.analytics.errors import NotFoundError
from omnix.app.forecasting.sentences import told
from omnix.core.errors import nearest

if TYPE_CHECKING:
    from omnix.app.app import App
    from omnix.ml.versions import Version


def answer(app: App, task: str, asked: Mapping[str, Any]) -> Any:
    """The answer to a task: models, model, card, promote, rollback.

    Raises:
        NotFoundError: there is no such model or version.
        RegistryError: there is no earlier champion to go back to.

    """
    registry = app.models().registry
    if task == "models":
        found = {each: registry.versions(each) for each in registry.names()}
        return [_summary(each, versions) for each, versions in found.items() if versions]
    name = str(asked["name"])
    versions = registry.versions(name)
    if not versions:
        raise NotFoundError(
            f"There is no model {name[:80]!r}.",
            f"{nearest(name[:80], registry.names())}GET /api/v1/models lists them.",
        )
    if task == "card":
        return registry.card(name, _which(versions, asked))
    if task == "promote":
        return _version(app.models().promote(name, _which(versions, asked, "challenger")))
    if task == "rollback":
        return _version(app.models().rollback(name, str(asked["reason"])))
    return {**_summary(name, versions), "all": [_version(each) for each in versions[::-1]]}


def _which(versions: Sequence[Version], asked: Mapping[str, Any], state: str = "champion") -> int:
    """The number of the version that is asked for; unless one is named the one in a `state`, or the newest."""
    wanted = str(asked.get("version") or state)
    for each in versions:
        if wanted in (each.semantic, each.state):
            return each.number
    if not asked.get("version"):
        return versions[-1].number
    names = [each.semantic for each in versions]
    raise NotFoundError(
        f"The model {versions[0].name!r} has no version {wanted[:80]!r}.",
        f"{nearest(wanted[:80], names)}It has {', '.join(names[-5:])}.",
    )


def _summary(name: str, versions: Sequence[Version]) -> dict[str, Any]:
    by_state = {each.state: _version(each) for each in versions}
    return {
        "name": name,
        "title": _title(name),
        "champion": by_state.get("champion"),
        "challenger": by_state.get("challenger"),
        "versions": len(versions),
    }


def _title(name: str) -> str:
    """ "forecast-net_sales" → "Forecast of net sales"."""
    kind, _, of = name.partition("-")
    return f"{kind.capitalize()} of {of.replace('_', ' ')}" if of else name.replace("_", " ")


def _version(version: Version) -> dict[str, Any]:
    from omnix.ml.cards import Measure

    record = version.record
    return {
        "version": version.semantic,
        "state": version.state,
        "reason": version.reason,
        "reason_said": told(version.reason),
        "made_at": version.created_at.isoformat(),
        "metrics": dict(record.metrics),
        "baseline": dict(record.notes.baseline),
        "measures": [
            {
                "name": name,
                **asdict(measure),
                "words": measure.words,
                "value": value,
                "baseline": record.notes.baseline.get(name),
            }
            for name, value in sorted(record.metrics.items())
            if (measure := Measure.of(name))
        ],
        "data_version": record.data_version,
        "code_version": record.code_version,
        "inputs": list(record.inputs),
        "checksum": record.checksum,
        "purpose": record.notes.purpose,
        "purpose_said": told(record.notes.purpose),
        "trained_on": record.notes.trained_on,
        "trained_on_said": told(record.notes.trained_on),
        "limits": list(record.notes.limits),
        "limits_said": [told(each) for each in record.notes.limits],
        "drivers": [{**asdict(each), "said": told(each.words)} for each in record.notes.drivers],
    }
