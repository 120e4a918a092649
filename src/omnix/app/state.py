"""How things stand: every table's version and age, the source, what is wrong and how to mend it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omnix.core.errors import LakeError, OmnixError
from omnix.pipeline.runs import PATH as RUNS_PATH

if TYPE_CHECKING:
    from omnix.app.app import App

#: Below this much free space a publish is at risk.
_SPACE = 1 << 30


@dataclass(frozen=True)
class TableState:
    """One table as it lies in the lake; version None = never built."""

    table: str
    layer: str
    system: str
    about: str
    rows: int | None
    version: int | None
    built_at: datetime | None
    empty_because: str | None
    error: str | None


def table_states(app: App) -> list[TableState]:
    """Every table of the graph."""
    return [_state(app, name) for name in app.graph.tables]


def _state(app: App, name: str) -> TableState:
    table = app.graph.tables[name]
    try:
        found, error = app.lake.snapshot(table.path), None
    except LakeError as problem:
        found, error = None, str(problem)
    return TableState(
        table=name,
        layer=table.layer,
        system=table.system,
        about=table.about,
        rows=found.rows if found else None,
        version=found.version if found else None,
        built_at=found.at if found else None,
        empty_because=(found.metadata.get("omnix.empty_because") or None) if found else None,
        error=error,
    )


def status(app: App) -> dict[str, Any]:
    """Source, last run, tables, books and card data in one record."""
    from omnix.app.read import rows_of

    states = table_states(app)
    runs: list[dict[str, Any]] = []
    if app.lake.snapshot(RUNS_PATH):
        runs = rows_of(
            app,
            """select run_id, started_at, ended_at, table_name, outcome, message from runs
               where started_at = (select max(started_at) from runs) order by table_name""",
            RUNS_PATH,
        )
    books = (
        rows_of(
            app, "select step, table_name, balanced from books_balance", "analytics/books_balance"
        )
        if app.lake.snapshot("analytics/books_balance")
        else []
    )
    return {
        "home": str(app.settings.home),
        "source": {"kind": app.settings.source.kind, "location": app.settings.source.location, "mapping": app.preset().name},
        "last_run": {
            "run_id": runs[0]["run_id"], "started_at": runs[0]["started_at"], "ended_at": runs[0]["ended_at"],
            "failed": [{"table": r["table_name"], "outcome": r["outcome"], "message": r["message"]} for r in runs if r["outcome"] in ("failed", "blocked", "skipped")],
        } if runs else None,
        "tables": {"built": sum(s.version is not None for s in states), "all": len(states), "rows": sum(s.rows or 0 for s in states)},
        "books_balance": all(b["balanced"] for b in books) if books else None,
        "card_data": findings(app),
    }  # fmt: skip


def red_books(app: App) -> list[dict[str, Any]]:
    """Every balance that is red.

    Raises:
        LakeError: the books cannot be read.

    """
    from omnix.app.read import rows_of

    if app.lake.snapshot("analytics/books_balance") is None:
        return []
    return rows_of(
        app,
        """select step, table_name, rows_difference, money_difference_cents, differing_rows
           from books_balance where not balanced order by all""",
        "analytics/books_balance",
    )


def findings(app: App) -> list[dict[str, Any]]:
    """What the door found in the raw tables as they are now."""
    found: list[dict[str, Any]] = []
    for name in app.lake.names():
        if name.startswith("raw/") and (snapshot := app.lake.snapshot(name)):
            found += json.loads(snapshot.metadata.get("omnix.findings") or "[]")
    return found


@dataclass(frozen=True)
class Check:
    """One thing that doctor looked at; `fix` is empty when it is in order."""

    what: str
    found: str
    fix: str = ""


def doctor(app: App) -> Iterator[Check]:
    """Look at everything that a user may have wrong."""
    yield _check_home(app)
    yield _check_space(app)
    yield _check_key(app)
    yield from _check_source(app)
    yield _check_mapping(app)
    yield from _check_lake(app)
    yield _check_books(app)
    yield _check_audit(app)


def _check_home(app: App) -> Check:
    home = app.settings.home
    if not os.access(home, os.W_OK):
        return Check(
            "home folder", f"{home} cannot be written", f"Give yourself the right: chmod u+w {home}"
        )
    return Check("home folder", str(home))


def _check_space(app: App) -> Check:
    lake = Path(app.settings.lake)
    free = shutil.disk_usage(lake if lake.is_dir() else app.settings.home).free
    fix = "" if free > _SPACE else "Free some space, or set `lake` to another disk or to s3://…."
    return Check("disk", f"{free / 2**30:,.1f} GB free", fix)


def _check_key(app: App) -> Check:
    from omnix.core.settings import card_key

    try:
        card_key(app.settings)
    except OmnixError as error:
        return Check("card key", error.what, error.step)
    return Check("card key", f"{app.settings.key_file}, readable by you alone")


def _check_source(app: App) -> Iterator[Check]:
    try:
        source = app.source()
        problems = source.preflight()
    except OmnixError as error:
        yield Check("source", error.what, error.step or "Mend `[source]` in omnix.toml.")
        return
    if not problems:
        yield Check("source", source.description)
    for problem in problems:
        yield Check("source", source.description, problem)


def _check_mapping(app: App) -> Check:
    try:
        preset = app.preset()
        found = {
            n.removeprefix("raw/"): tuple(s.columns)
            for n in app.lake.names()
            if n.startswith("raw/") and (s := app.lake.snapshot(n))
        }
        missing = preset.missing(found) if found else []
    except OmnixError as error:
        return Check("mapping", error.what, error.step)
    if missing:
        return Check("mapping", preset.name, " ".join(missing))
    return Check("mapping", f"{preset.name}: {len(preset.tables)} tables")


def _check_lake(app: App) -> Iterator[Check]:
    names = app.lake.names()
    problems = {name: problem for name in names if (problem := app.lake.check(name))}
    for name, problem in problems.items():
        yield Check(f"lake {name}", problem.what, problem.step)
    if not problems:
        yield Check("lake", f"{len(names)} tables, all readable")


def _check_books(app: App) -> Check:
    from omnix.app.read import rows_of

    if app.lake.snapshot("analytics/books_balance") is None:
        return Check("books", "not written yet", "Run `omnix run`.")
    red = rows_of(
        app,
        "select step, table_name from books_balance where not balanced",
        "analytics/books_balance",
    )
    if red:
        named = ", ".join(f"{r['step']} {r['table_name']}" for r in red)
        return Check(
            "books",
            f"out of balance: {named}",
            "`omnix show books_balance` names the rows; please report this.",
        )
    return Check("books", "every row and cent accounted for")


def _check_audit(app: App) -> Check:
    """Whether the audit log is whole; nothing is made, brought up to date or written for it."""
    from omnix.app.accounts.audit_chain import AuditChain, key_file
    from omnix.store import Digests, Store

    key = key_file(app.settings)
    try:
        store = Store(app.settings.store.url.get_secret_value(), app.settings.home)
        if not store.is_there:
            return Check("audit log", "nobody has an account yet")
        with closing(store):
            store.check()
            if not key.exists():
                return Check(
                    "audit log", f"its key {key} is not there", "Restore it from your backup."
                )
            found = AuditChain(store, Digests(key)).check()
    except OmnixError as error:
        return Check("audit log", error.what, error.step or "`omnix serve` brings it up to date.")
    if found.is_whole:
        return Check("audit log", f"{found.length:,} rows, as they were written")
    return Check(
        "audit log",
        f"row {found.broken_at:,} was changed, left out or cut off",
        "Compare it with an export that is kept elsewhere; a backup holds it as it was.",
    )
