"""How good the data is, whether the books balance, and what was set aside."""

from __future__ import annotations

import csv
import io
import secrets
from typing import TYPE_CHECKING, Any

import orjson

from omnix.app.analytics.cursor import position, sealed
from omnix.app.analytics.errors import NotFoundError, QuestionError, VersionGoneError
from omnix.app.analytics.export import Export, csv_text
from omnix.app.analytics.provenance import provenance
from omnix.app.read import Rows
from omnix.app.replay import expanded
from omnix.core.errors import LakeError, MappingError, nearest
from omnix.core.private_files import write_new
from omnix.core.table import quoted
from omnix.curation import curated_tables
from omnix.pipeline.curating import quarantine_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from omnix.app.analytics.reader import Pins, Reader
    from omnix.lake.snapshot import Snapshot

SEVERITIES = ("error", "warning")
MOST_ROWS = 1_000
_SHOWN = ("row_id", "row_key", "severity", "rules", "money_cents", "source_row")
_MOST_EXPORTED = 100_000
#: Below what Python's reader takes at least; how much that is depends on who used it before.
_LONGEST_CELL = 100_000


def quality(reader: Reader) -> dict[str, Any]:
    """Every curated table's score with the rules that rows broke."""
    pins = reader.pins(("data_quality",))
    rules: dict[str, list[dict[str, Any]]] = {}
    for row in _counts(reader):
        rules.setdefault(row["table"], []).append(row)
    settings = reader.app.settings
    rows = reader.records("from data_quality", None, pins) if pins["data_quality"] else []
    tables = [_judged(row, rules.get(row["table_name"], []), settings.quality_line) for row in rows]
    blocks = settings.quality_blocks
    for each in tables:
        each["blocked"] = blocks and each["score"] is not None and each["score"] < each["line"]
    return {"tables": tables, "provenance": provenance(reader.tables, pins)}


def _judged(row: dict[str, Any], rules: list[dict[str, Any]], line: float) -> dict[str, Any]:
    name = row.pop("table_name")
    came = row["rows_mapped"] or 0
    told = [
        {
            "rule": each["rule"],
            "severity": each["severity"],
            "rows": each["rows"],
            "share": round(each["rows"] / came, 6) if came else None,
        }
        for each in rules
    ]
    return {"table": name, **row, "line": line, "rules": told}


def books(reader: Reader) -> dict[str, Any]:
    """Every step of the books; `balanced` is null where they were never written."""
    pins = reader.pins(("books_balance",))
    if pins["books_balance"] is None:
        return {"balanced": None, "rows": [], "provenance": provenance(reader.tables, pins)}
    rows = reader.records("from books_balance order by balanced, step, table_name", None, pins)
    return {
        "balanced": all(row["balanced"] for row in rows),
        "rows": rows,
        "provenance": provenance(reader.tables, pins),
    }


def quarantine_counts(reader: Reader) -> dict[str, Any]:
    """How many rows each rule set aside or warned of."""
    return {"data": _counts(reader)}


def _counts(reader: Reader) -> list[dict[str, Any]]:
    pins = {n: p for n, p in reader.pins(map(quarantine_path, curated_tables())).items() if p}
    if not pins:
        return []
    parts = " union all ".join(f"(from {quoted(name)})" for name in pins)
    return reader.records(
        f"""select table_name as "table", severity, rules as rule, count(*) as rows,
                   try_cast(sum(money_cents) as bigint) as money_cents
            from ({parts}) group by all order by 1, 2, rows desc, rule""",
        None,
        pins,
    )


def quarantine_rows(
    reader: Reader,
    table: str,
    *,
    severity: str | None = None,
    rule: str | None = None,
    upload: str | None = None,
    cursor: str = "",
    limit: int = 100,
    personal: bool = False,
) -> dict[str, Any]:
    """Rows that were set aside or warned of, page by page; as they came only with `personal`.

    Raises:
        NotFoundError: no such curated table, or no such upload.
        QuestionError: the severity, cursor or limit is wrong, or the table has no uploads.
        VersionGoneError: the cursor's version can be read no more.

    """
    _known(table)
    if not 1 <= limit <= MOST_ROWS:
        raise QuestionError("limit", f"limit is {limit}.", f"Give 1 to {MOST_ROWS:,}.")
    names = _places(table)
    question = ["quarantine", table, severity, rule, upload]
    span = _sent(reader, table, upload)
    versions, offset = position(cursor, question, len(names))
    pins = _pinned(reader, names, versions)
    found = _selected(reader, table, pins, severity, rule, (limit + 1, offset), span)
    rows = [dict(zip(found.columns, row, strict=True)) for row in found.rows]
    for row in rows:
        came = row.pop("source_row")
        row["source_row"] = orjson.loads(came) if came and personal else None
    more = len(rows) > limit
    at = [pin.version + 1 if pin else 0 for pin in pins.values()]
    return {
        "data": rows[:limit],
        "next_cursor": sealed(at, offset + limit, question) if more else None,
    }


def _places(table: str) -> list[str]:
    """The quarantines that hold rows of a table: its own, and those of rules over several tables."""
    crossing = [
        name
        for name, each in curated_tables().items()
        if name != table and any(rule.table == table for rule in each.cross_rules)
    ]
    return [quarantine_path(name) for name in (table, *crossing)]


def quarantine_csv(
    reader: Reader, table: str, severity: str | None, rule: str | None, upload: str | None = None
) -> Export:
    """The rows with the source's own columns, ready to be corrected and sent back.

    Raises:
        NotFoundError: no such curated table, or no such upload.
        QuestionError: the severity is wrong, or the table has no uploads.

    """
    _known(table)
    pins = reader.pins([quarantine_path(table)])
    span = _sent(reader, table, upload)
    found = _selected(reader, table, pins, severity, rule, (_MOST_EXPORTED, 0), span)
    names, rows = expanded(found)

    def chunks() -> Iterator[bytes]:
        yield csv_text([names, *rows])

    return Export("text/csv; charset=utf-8", f"quarantine-{table}.csv", chunks(), {}, len(rows))


def _sent(reader: Reader, table: str, upload: str | None) -> tuple[int, int] | None:
    """Numbers of the first and last raw row of an upload; None for rows of any."""
    if upload is None:
        return None
    from omnix.app.competitor_uploads import rows_of

    return rows_of(reader.app, table, upload)


def _known(table: str) -> None:
    names = curated_tables()
    if table not in names:
        raise NotFoundError(
            f"There is no curated table {table[:80]!r}.",
            f"{nearest(table[:80], names)}GET /api/v1/quarantine lists what was set aside.",
        )


def _pinned(reader: Reader, names: list[str], versions: list[int] | None) -> Pins:
    """The quarantines at the cursor's versions (each plus one; 0: there was none), or the newest."""
    if versions is None:
        return reader.pins(names)
    wanted = zip(names, versions, strict=True)
    return {name: _at(reader, name, number - 1) if number else None for name, number in wanted}


def _at(reader: Reader, path: str, version: int) -> Snapshot:
    newest = reader.snapshot(path)
    if newest and newest.version == version:
        return newest
    try:
        found = reader.app.lake.snapshot(path, version)
    except LakeError as error:
        if error.transient:
            raise
        found = None
    if found is None:
        raise VersionGoneError(f"These rows of {path.partition('/')[2]} were set aside in a version that is gone.", "Begin again without a cursor.")  # fmt: skip
    return found


def _selected(
    reader: Reader,
    table: str,
    pins: Pins,
    severity: str | None,
    rule: str | None,
    window: tuple[int, int],
    span: tuple[int, int] | None = None,
) -> Rows:
    if severity is not None and severity not in SEVERITIES:
        raise QuestionError("severity", f"severity is {severity[:40]!r}.", f"Give {' or '.join(SEVERITIES)}.")  # fmt: skip
    there = {name: pin for name, pin in pins.items() if pin}
    if not there:
        return Rows(_SHOWN, [])
    parts = " union all ".join(f"(from {quoted(name)})" for name in there)
    return reader.rows(
        f"""select {", ".join(_SHOWN)} from ({parts})
            where table_name = $table
              and ($severity is null or severity = $severity)
              and ($rule is null or contains(rules, $rule))
              and ($first is null or row_id between $first and $last)
            order by severity, row_id nulls last, row_key, rules
            limit {window[0]:d} offset {window[1]:d}""",
        {
            "table": table, "severity": severity, "rule": rule,
            "first": span and span[0], "last": span and span[1],
        },
        there,
    )  # fmt: skip


def replay(reader: Reader, table: str, corrected: bytes) -> dict[str, Any]:
    """Curate a table again with corrected rows (CSV, as `quarantine_csv` gives them), or as it is.

    Raises:
        NotFoundError: no such curated table.
        QuestionError: the rows are no CSV in UTF-8.
        MappingError: they are no rows of this table.
        LockedError: a run is going on.

    """
    from omnix.app.replay import replay as run_again

    _known(table)
    _check_csv(corrected)
    app = reader.app
    draft = app.settings.home / "cache" / f"replay-{secrets.token_hex(8)}.csv"
    with app.locked("quarantine replay", wait_seconds=0):
        try:
            if corrected.strip():
                write_new(draft, corrected)
            done = run_again(app, table, draft if corrected.strip() else None)
        except MappingError as error:
            raise MappingError(error.what.replace(str(draft), "The file"), error.step) from None
        finally:
            draft.unlink(missing_ok=True)
    return {
        "run_id": done.report.run_id,
        "corrected": done.corrected,
        "replayed": max(done.before - done.after, 0),
        "still_quarantined": done.after,
        "failed": [
            {"table": each.table, "outcome": each.result, "message": str(each.error or each.note)}
            for each in done.report.failures
        ],
    }


def _check_csv(corrected: bytes) -> None:
    try:
        text = corrected.decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise QuestionError("body", f"The body is no CSV in UTF-8: {error}.", "Send the corrected rows as text/csv.") from None  # fmt: skip
    longest = max((len(cell) for row in rows for cell in row), default=0)
    if longest > _LONGEST_CELL:
        raise QuestionError("body", f"A cell of the CSV has {longest:,} characters; at most {_LONGEST_CELL:,} are read.", "Shorten it, or leave the row out.")  # fmt: skip
    widths = {len(row) for row in rows if row}
    if "\0" in text or len(widths) > 1:
        raise QuestionError("body", "The lines of the CSV do not have the same number of cells.", "Keep the columns as they were listed.")  # fmt: skip
