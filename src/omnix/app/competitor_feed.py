"""Competitors' prices sent as a file: into raw, through curation, beside the shop's own feed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from omnix.app.competitor_file import COLUMNS, FeedError, Known, Row, read_feed, told
from omnix.app.competitor_uploads import RAW, TABLE, UPLOADED, Upload, id_of
from omnix.core.clock import utc_now
from omnix.core.table import quoted

if TYPE_CHECKING:
    import duckdb

    from omnix.app.app import App, Report
    from omnix.privacy.door import Finding
    from omnix.sources.preset import Preset

__all__ = ["TABLE", "UPLOADED", "FeedError", "Taken", "outcome", "take_in", "with_uploads"]

#: Rows that were sent are numbered from here on, apart from those of the shop's own feed.
_FIRST_ROW = 1_000_000_000_000


@dataclass(frozen=True)
class Taken:
    """What became of a file's rows.

    upload_id:   the file's, by which its rows are found in quarantine.
    accepted:    stand in competitor_prices. quarantined: set aside, with the rule that they break.
    repeated:    the same product, competitor and moment stands there already.
    known:       the same file was taken in before; nothing was done now.
    run_id:      the run that curated them; None where nothing was done.
    """

    upload_id: str
    rows: int
    accepted: int
    quarantined: int
    repeated: int
    known: bool
    run_id: str | None


def take_in(app: App, content: bytes, *, day_first: bool | None = None) -> Taken:
    """Take in a CSV of competitors' prices, and build all that hangs on it; holds the home itself.

    Columns product_id, competitor_name, competitor_price, observed_at and perhaps currency, in any
    order. The same file sent again changes nothing. `day_first` says how 01/05/2017 is meant.

    Raises:
        FeedError: the file as a whole is of no use; nothing of it was kept.
        LockedError: another run holds the home.

    """
    mark = sha256(content).hexdigest()
    with app.locked("competitor prices"):
        with app.workspace() as work:
            con = work.connection(threads=1)
            try:
                first, count = _place_of(app, con, mark)
                if count:
                    known = _outcome(app, con, Upload(id_of(mark), first, count), run_id=None)
                    if known.accepted or known.quarantined:
                        return known  # else it was killed before its rows were curated
                else:
                    rows = read_feed(content, _known(app, con), day_first=day_first)
                    first, count = _append(app, con, rows, mark), len(rows)
            finally:
                con.close()
        return _curated(app, Upload(id_of(mark), first, count), mark)


def _curated(app: App, sent: Upload, mark: str) -> Taken:
    """What has become of rows in raw, once all that hangs on them is built."""
    report = _build(app)
    failed = [each for each in report.failures if each.table == TABLE]
    with app.workspace() as work:
        con = work.connection(threads=1)
        try:
            if failed:
                _take_back(app, con, mark)
                raise FeedError(
                    f"With this file competitor_prices could not be curated: {failed[0].error or failed[0].note}",
                    "Correct the file and send it again; nothing of it was kept.",
                )
            return _outcome(app, con, sent, run_id=report.run_id)
        finally:
            con.close()


def with_uploads(preset: Preset) -> Preset:
    """The mapping with competitor_prices read from what was sent as well."""
    from omnix.sources.preset import RawTable

    picked = ", ".join(COLUMNS)
    sql = f"select {picked}, _row from {UPLOADED}"
    raw = dict(preset.raw)
    home: tuple[str, ...] = (TABLE,)
    if own := preset.tables.get(TABLE):
        sql = f"select * from ({_numbered(own)}) union all by name {sql}"
        home = ()  # of two raw tables, neither alone adds up to the curated one
        for name, each in preset.raw.items():
            raw[name] = replace(each, home=()) if each.home == (TABLE,) else each
    return replace(
        preset, tables={**preset.tables, TABLE: sql}, raw={**raw, UPLOADED: RawTable(UPLOADED, home=home)}
    )  # fmt: skip


def _numbered(sql: str) -> str:
    """The mapping's SELECT with `_row`, as it comes to be where it has none."""
    import sqlglot
    from sqlglot import exp

    bare = sql.strip().rstrip(";")
    tree = sqlglot.parse_one(bare, read="duckdb")
    names = tree.named_selects if isinstance(tree, exp.Query) else []
    if "_row" in names or "*" in names:
        return bare
    return f"select *, row_number() over () as _row from ({bare})"


def _known(app: App, con: duckdb.DuckDBPyConnection) -> Known:
    """What the shop's own tables say."""
    if app.lake.snapshot("curated/products") is None:
        raise FeedError("The shop's products were never read.", "`omnix run` reads them; then send the file again.")  # fmt: skip
    app.lake.view(con, "curated/products", as_name="products")
    currencies = "select currency from products where price_cents is not null"
    if app.lake.snapshot("curated/price_history"):
        app.lake.view(con, "curated/price_history", as_name="price_history")
        currencies += " union select currency from price_history"
    products = {name for (name,) in con.execute("select product_id from products").fetchall()}
    codes = {code for (code,) in con.execute(f"select distinct currency from ({currencies})").fetchall()}  # fmt: skip
    return Known(products, codes, utc_now().date())


def _place_of(app: App, con: duckdb.DuckDBPyConnection, mark: str) -> tuple[int, int]:
    """Number of the first row that a file's rows have in raw, and how many they are."""
    if app.lake.snapshot(RAW) is None:
        return _FIRST_ROW, 0
    app.lake.view(con, RAW, as_name="sent", hidden=True)
    found = con.execute("select min(_row), count(*) from sent where _file = ?", [mark]).fetchone()
    return (int(found[0]), int(found[1])) if found and found[1] else (_FIRST_ROW, 0)


def _append(app: App, con: duckdb.DuckDBPyConnection, rows: list[Row], mark: str) -> int:
    """Write the rows into raw, behind the door like all else; the number of the first."""
    import pyarrow as pa

    before = app.lake.snapshot(RAW)
    first = _FIRST_ROW
    if before:
        app.lake.view(con, RAW, as_name="sent", hidden=True)
        (last,) = con.execute("select max(_row) from sent").fetchone() or (None,)
        first = last + 1 if last is not None else first
    table = pa.table(told(rows), schema=pa.schema([(name, pa.string()) for name in COLUMNS]))
    guarded, findings = app.door().admit(TABLE, table)
    fresh = (
        guarded.select(list(COLUMNS))
        .append_column("_row", pa.array(range(first, first + len(rows)), pa.int64()))
        .append_column("_deleted", pa.array([False] * len(rows)))
        .append_column("_file", pa.array([mark] * len(rows), pa.string()))
    )
    columns = {each.name: each.type for each in fresh.schema}
    with app.lake.writer(RAW, columns, mode="append" if before else "overwrite") as writer:
        writer.write(fresh)
        writer.commit(metadata=_metadata(first + len(rows), findings))
    return first


def _metadata(next_row: int, findings: Sequence[Finding]) -> dict[str, str]:
    """What ingest tells of a raw table; `upload` tells it from those that the source has."""
    return {
        "omnix.mode": "upload",
        "omnix.position": "{}",
        "omnix.next_row": str(next_row),
        "omnix.ingested_at": f"{utc_now():%Y-%m-%d %H:%M:%S}",
        "omnix.source_rows": "",
        "omnix.source_money": "",
        "omnix.findings": json.dumps([asdict(each) for each in findings]),
    }


def _take_back(app: App, con: duckdb.DuckDBPyConnection, mark: str) -> None:
    """Raw as it was before the file."""
    app.lake.view(con, RAW, as_name="sent", hidden=True)
    con.execute(f"create or replace temp table kept as select *, false as _deleted from sent where _file <> '{mark}'")  # fmt: skip
    (left,) = con.execute("select count(*) from kept").fetchone() or (0,)
    if not left:
        app.lake.delete(RAW)
        return
    described = con.execute("describe kept").fetchall()
    columns = {row[0]: row[1] for row in described}
    (last,) = con.execute("select max(_row) from kept").fetchone() or (0,)
    listed = ", ".join(map(quoted, columns))
    app.lake.publish(RAW, con, f"select {listed} from kept", columns, metadata=_metadata(last + 1, ()))  # fmt: skip


def _build(app: App) -> Report:
    names = [TABLE, *app.graph.downstream(TABLE), "data_quality", "books_balance"]
    return app.run(names, ingest_first=False)


def outcome(app: App, upload: Upload) -> Taken:
    """What has become of an upload's rows by now."""
    with app.workspace() as work:
        con = work.connection(threads=1)
        try:
            return _outcome(app, con, upload, run_id=None)
        finally:
            con.close()


def _outcome(
    app: App, con: duckdb.DuckDBPyConnection, upload: Upload, *, run_id: str | None
) -> Taken:
    """How many of these rows stand in the table, and how many were set aside."""
    accepted, aside = _counts(app, con, upload.first, upload.rows)
    repeated = max(upload.rows - accepted - aside, 0)
    return Taken(upload.upload_id, upload.rows, accepted, aside, repeated, run_id is None, run_id)


def _counts(app: App, con: duckdb.DuckDBPyConnection, first: int, count: int) -> Iterator[int]:
    places = {
        f"curated/{TABLE}": "select count(*) from found where _row >= ? and _row < ?",
        f"quarantine/{TABLE}": "select count(distinct row_id) from found where severity = 'error' and row_id >= ? and row_id < ?",
    }
    for path, sql in places.items():
        if app.lake.snapshot(path) is None:
            yield 0
            continue
        app.lake.view(con, path, as_name="found", physical=path.startswith("curated/"))
        (rows,) = con.execute(sql, [first, first + count]).fetchone() or (0,)
        yield int(rows)
