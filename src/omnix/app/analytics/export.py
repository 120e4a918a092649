"""Rows as files: CSV, Arrow and Parquet, streamed at one version in flat memory."""

from __future__ import annotations

import csv
import io
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING, Any

from omnix.app.analytics.errors import QuestionError
from omnix.app.analytics.query import MOST_EXPORTED, Asked, Plan, dumps, planned
from omnix.core.private_files import make_empty
from omnix.core.spreadsheets import FORMULA, safe
from omnix.core.table import quoted

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb
    import pyarrow as pa

    from omnix.app.analytics.reader import Reader

MEDIA_TYPES: Mapping[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "arrow": "application/vnd.apache.arrow.stream",
    "parquet": "application/vnd.apache.parquet",
}
_BATCH = 10_000


@dataclass(frozen=True)
class Export:
    """A file as it is made: its kind and name, its bytes piece by piece, what to say beside it."""

    media_type: str
    file_name: str
    chunks: Iterator[bytes]
    headers: Mapping[str, str]
    rows: int


def export(reader: Reader, asked: Asked, form: str) -> Export:
    """The rows of a question as a file; `headers` tell version, rows and where they go on.

    Raises:
        QuestionError: there is no such format; else as `query.page`.

    """
    if form not in MEDIA_TYPES:
        raise QuestionError("format", f"format is {form[:40]!r}.", f"Give json, {', '.join(MEDIA_TYPES)}.")  # fmt: skip
    plan = planned(reader, asked, most=MOST_EXPORTED)
    con = reader.separate()
    pins = {plan.table.name: plan.snapshot}
    try:
        reader.show(con, plan.table.name, plan.snapshot, "shown")
        rows = _count(con, plan)
        limited = replace(plan, limit=min(plan.limit, rows))
        chunks = _started(_closing(_MADE[form](con, limited, reader), con))
    except Exception as error:
        con.close()
        told = reader.explained(error, pins)
        if told is None:
            raise
        raise told from error
    more = rows > plan.limit
    headers = {
        "X-Omnix-Table-Version": str(plan.snapshot.version),
        "X-Omnix-Rows": str(limited.limit),
        **({"X-Omnix-Next-Cursor": plan.next_cursor()} if more else {}),
    }
    name = f"{plan.table.name}-v{plan.snapshot.version}.{form}"
    return Export(MEDIA_TYPES[form], name, chunks, headers, limited.limit)


def _count(con: duckdb.DuckDBPyConnection, plan: Plan) -> int:
    """Rows from the plan's offset on."""
    ((rows,),) = con.execute(f"select count(*) from ({plan.sql})", plan.params).fetchall()
    return max(int(rows) - plan.offset, 0)


def _started(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Make the first piece now: what fails at once can still be told as an error."""
    return chain([next(chunks, b"")], chunks)


def _closing(chunks: Iterator[bytes], con: duckdb.DuckDBPyConnection) -> Iterator[bytes]:
    try:
        yield from chunks
    finally:
        con.close()


def _sql(plan: Plan) -> str:
    return f"{plan.sql} limit {plan.limit:d} offset {plan.offset:d}"


def _csv(con: duckdb.DuckDBPyConnection, plan: Plan, _reader: Reader) -> Iterator[bytes]:
    """Made safe in SQL and written by Arrow: ten times as fast as cell by cell."""
    from pyarrow import csv as arrow_csv

    cells = ", ".join(f"{_safe(n, c.dtype)} as {quoted(n)}" for n, c in plan.columns.items())
    batches = _batches(con, plan, f"select {cells} from ({_sql(plan)})")
    sink = io.BytesIO()
    with arrow_csv.CSVWriter(sink, batches.schema) as writer:
        for batch in batches:
            writer.write_batch(batch)
            yield _taken(sink)
    yield _taken(sink)


def _safe(name: str, dtype: str) -> str:
    """A column's cells as a spreadsheet may see them; moments are UTC and say so."""
    cell = quoted(name)
    if dtype == "string":
        begins = ", ".join(f"chr({ord(sign)})" for sign in FORMULA)
        return f"case when left({cell}, 1) in ({begins}) then chr(39) || {cell} else {cell} end"
    if dtype == "timestamp":
        return f"replace(cast({cell} as varchar), ' ', 'T') || 'Z'"
    return cell


def csv_text(rows: Iterable[Sequence[Any]]) -> bytes:
    """Rows as CSV, safe to open in a spreadsheet: no cell begins a formula."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows([_cell(v) for v in row] for row in rows)
    return out.getvalue().encode("utf-8", "replace")


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return safe(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return f"{value.isoformat()}Z"  # every moment of ours is UTC
    return value


def _arrow(con: duckdb.DuckDBPyConnection, plan: Plan, _reader: Reader) -> Iterator[bytes]:
    import pyarrow as pa

    batches = _batches(con, plan)
    schema = batches.schema.with_metadata(_told(plan))
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, schema) as writer:
        for batch in batches:
            writer.write_batch(batch)
            yield _taken(sink)
    yield _taken(sink)


def _batches(con: duckdb.DuckDBPyConnection, plan: Plan, sql: str = "") -> pa.RecordBatchReader:
    return con.sql(sql or _sql(plan), params=plan.params).to_arrow_reader(_BATCH)


def _taken(sink: io.BytesIO) -> bytes:
    content = sink.getvalue()
    sink.seek(0)
    sink.truncate()
    return content


def _parquet(con: duckdb.DuckDBPyConnection, plan: Plan, reader: Reader) -> Iterator[bytes]:
    """Parquet ends with its index, so the file is made first; it may hold people's rows: mode 600."""
    import pyarrow.parquet as pq

    draft = reader.app.settings.home / "cache" / f"export-{secrets.token_hex(8)}.parquet"
    make_empty(draft)
    try:
        batches = _batches(con, plan)
        with pq.ParquetWriter(draft, batches.schema.with_metadata(_told(plan))) as writer:
            for batch in batches:
                writer.write_batch(batch)
        yield from _pieces(draft)
    finally:
        draft.unlink(missing_ok=True)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            yield piece


def _told(plan: Plan) -> dict[str, str]:
    return {"omnix.provenance": dumps(plan.provenance).decode()}


_MADE = {"csv": _csv, "arrow": _arrow, "parquet": _parquet}
