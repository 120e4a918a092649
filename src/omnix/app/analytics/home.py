"""The first page: a card for each system with its number, freshness and health."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from omnix.app.analytics.kpi import change, kpi
from omnix.app.analytics.provenance import as_of, provenance
from omnix.app.analytics.series import shop_of, tables_for
from omnix.app.catalog.health import Health, HealthCheck, TableHealth, worst
from omnix.app.catalog.listing import Catalog
from omnix.core.clock import utc_now
from omnix.core.errors import OmnixError
from omnix.metrics.catalogue import metrics_of
from omnix.metrics.periods import Kind, day_name, latest

if TYPE_CHECKING:
    from omnix.app.analytics.reader import Pins, Reader
    from omnix.lake.snapshot import Commit

#: What a card's number covers: whole weeks, so that weekdays weigh alike on both sides.
PERIOD: Kind = "28d"
#: Versions in the small line of a system without a metric.
_VERSIONS = 28


def home(reader: Reader) -> dict[str, Any]:
    """Every enabled system with a table, those that omnix brings first."""
    check = HealthCheck(reader)
    tables: dict[str, list[TableHealth]] = {}
    for table in reader.tables.values():
        tables.setdefault(table.system, []).append(check.table(table))
    systems = [s for s in Catalog(reader).systems() if s["enabled"] and s["name"] != "curation"]
    read: Pins = {}
    cards = []
    for system in systems:
        card, pins = _card(reader, system, tables.get(system["name"], []))
        cards.append(card)
        read = {**read, **pins}
    return {
        "generated_at": utc_now().replace(microsecond=0),
        "cards": cards,
        "provenance": provenance(reader.tables, read),
    }


def _card(
    reader: Reader, system: dict[str, Any], found: list[TableHealth]
) -> tuple[dict[str, Any], Pins]:
    headline, reason, pins = _headline(reader, system["name"], found)
    health = worst(
        [
            *(each.health for each in found),
            *_broken(reader, system["name"]),
            *(_silent(reader) if metrics_of(system["name"]) else []),
        ]
    )
    built = [each.snapshot.at for each in found if each.snapshot]
    cuts = [cut for each in found if (cut := as_of(each.snapshot))]
    freshness = {
        "as_of": max(cuts, default=None),
        "built_at": min(built, default=None),
        "stale": any(each.stale for each in found),
    }
    return {
        "system": system["name"],
        "title": system["title"],
        "about": system["about"],
        "headline": headline,
        "empty_reason": reason,
        "freshness": freshness,
        "health": health.told(),
        "tables": len(found),
        "registered": system["registered"],
    }, pins


def _broken(reader: Reader, system: str) -> list[Health]:
    broken = reader.app.graph.broken.values()
    return [Health("failed", (str(each.error),)) for each in broken if each.system == system]


def _silent(reader: Reader) -> list[Health]:
    """A warning where nothing was sold in all of the period that the cards tell."""
    try:
        shop = reader.answer(("shop",), tables_for([]), lambda pins: shop_of(reader, pins))
    except OmnixError:
        return []  # the table's own health tells it
    if isinstance(shop, str) or shop.last_sale is None:
        return []
    if shop.last_sale >= latest(PERIOD, shop.until).start:
        return []
    ended, told = day_name(shop.last_sale), day_name(shop.until - timedelta(days=1))
    return [
        Health("warning", (f"Nothing was sold after {ended}, and the data goes on to {told}.",))
    ]


def _headline(
    reader: Reader, system: str, found: list[TableHealth]
) -> tuple[dict[str, Any] | None, str | None, Pins]:
    """The system's number, or why there is none; and the versions that it was read from."""
    metrics = metrics_of(system)
    try:
        if not metrics:
            return _rows_of_largest(reader, found)
        names = tables_for(metrics[:1])
        told = reader.answer(
            ("headline", system), names, lambda p: kpi(reader, p, metrics[0], PERIOD)
        )
        pins = reader.pins(names)
    except OmnixError as error:
        return None, error.what, {}
    if told["empty_because"]:
        return None, told["empty_because"], pins
    if told["value"] is None:
        return None, f"{told['title']}: nothing to count in the {told['period']['label']}.", pins
    shown = {
        "metric": told["metric"],
        "label": told["title"],
        "value": told["value"],
        "unit": told["unit"],
        "currency": told["currency"],
        "good": told["good"],
        "period": told["period"],
        "comparison": told["comparison"],
        "sparkline": told["sparkline"],
    }
    return shown, None, pins


def _rows_of_largest(
    reader: Reader, found: list[TableHealth]
) -> tuple[dict[str, Any] | None, str | None, Pins]:
    """A system without a metric is headed by the rows of its largest table, version by version."""
    there = [each for each in found if each.snapshot is not None]
    if not there:
        return None, "None of its tables was built yet: a run builds them.", {}
    largest = max(there, key=lambda each: each.snapshot.rows if each.snapshot else 0)
    name, snapshot = largest.table.name, largest.snapshot
    assert snapshot is not None  # noqa: S101 - chosen among those
    commits = [c for c in reader.app.lake.history(largest.table.path) if c.operation == "publish"]
    before = commits[1] if len(commits) > 1 else None
    return {
        "metric": f"rows:{name}",
        "label": f"Rows of {name}",
        "value": snapshot.rows,
        "unit": "count",
        "currency": None,
        "good": "up",
        "period": _version(snapshot.at.date(), f"version {snapshot.version}"),
        "comparison": _compared(snapshot.rows, before),
        "sparkline": [{"date": c.at.date(), "value": c.rows} for c in reversed(commits[:_VERSIONS])],
    }, None, {name: snapshot}  # fmt: skip


def _compared(rows: int, before: Commit | None) -> dict[str, Any] | None:
    if before is None:
        return None
    told = _version(before.at.date(), f"version {before.version}")
    return {**told, "value": before.rows, "change": change(rows, before.rows)}


def _version(day: Any, label: str) -> dict[str, Any]:
    return {"from": day, "to": day, "label": label}
