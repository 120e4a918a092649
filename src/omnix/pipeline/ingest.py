"""From the source through the door into raw. What is committed carries the source's position."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from omnix.core.clock import utc_now
from omnix.core.errors import MappingError, OmnixError
from omnix.core.table import quoted
from omnix.curation import agreed_columns
from omnix.lake.lake import Lake
from omnix.privacy.door import Door, Finding

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from omnix.lake.snapshot import Snapshot
    from omnix.sources.base import Extract, Session, Source, SourceTable
    from omnix.sources.preset import Preset

#: Every so many reads of a keyed table its keys are compared with the source's, to find deletions.
KEYS_EVERY = 10


@dataclass
class Ingested:
    """What came in of one source table."""

    table: str
    mode: str
    rows: int = 0
    version: int | None = None
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    error: OmnixError | None = None
    cpu_seconds: float = 0.0
    wall_seconds: float = 0.0


def ingest(
    source: Source,
    lake: Lake,
    door: Callable[[], Door],
    choose: Callable[[Mapping[str, tuple[str, ...]]], Preset],
    *,
    full: bool = False,
    now: Callable[[], datetime] = utc_now,
    progress: Callable[[str, int], None] = lambda _table, _rows: None,
) -> list[Ingested]:
    """Read what is new of every table that the mapping needs, and commit it to raw.

    Args:
        source: the shop.
        lake: where raw lies.
        door: makes the guard through which every cell passes, one for each table.
        choose: picks the mapping, given each source table's columns.
        full: forget the positions and read everything again.
        now: the clock.
        progress: told the table and the rows so far.

    A table that fails is told in its `Ingested.error`; the others go on.

    Raises:
        SourceError: the source cannot be opened.
        MappingError: the mapping needs what the source does not have.

    """
    with source.open() as session:
        offered = {table.name: table for table in session.tables()}
        columns = {name: _columns(lake, table) for name, table in offered.items()}
        preset = choose(columns)
        done = list(_unknown(session, lake, preset, offered, columns))
        if missing := preset.missing(columns):
            if errors := [each.error for each in done if each.error]:
                raise errors[0]
            raise MappingError(
                " ".join(missing), "`omnix init --from …` proposes a mapping that fits."
            )
        for name in _needed(preset, offered):
            wall, cpu = time.monotonic(), time.process_time()
            try:
                ended = _ingest_table(
                    session, lake, door, preset, offered[name], full, now, progress
                )
            except Exception as error:
                ended = _failed(lake, name, error)
            ended.cpu_seconds = time.process_time() - cpu
            ended.wall_seconds = time.monotonic() - wall
            done.append(ended)
        return done


def _failed(lake: Lake, name: str, error: Exception) -> Ingested:
    """One table's failure, in words even where it is a bug: it must not take the others down."""
    if not isinstance(error, OmnixError):
        words = f"raw/{name}: {type(error).__name__}: {error}"
        error = lake.explain(error) or OmnixError(words, "Please report this.")
    return Ingested(name, "failed", error=error)


def _columns(lake: Lake, table: SourceTable) -> tuple[str, ...]:
    """The table's columns; those it had before, where the source cannot be read just now."""
    if table.columns:
        return tuple(table.columns)
    before = lake.snapshot(f"raw/{table.name}")
    return tuple(before.columns) if before else ()


def _unknown(
    session: Session,
    lake: Lake,
    preset: Preset,
    offered: Mapping[str, SourceTable],
    columns: Mapping[str, tuple[str, ...]],
) -> Iterator[Ingested]:
    """Tables that no mapping can be judged on: never read and unreadable now, or gone."""
    for name, table in offered.items():
        if not columns[name] and (name in preset.raw or name.lower() in agreed_columns()):
            try:
                session.read(table, None)
            except OmnixError as error:
                yield Ingested(name, "failed", error=error)
    for path in lake.names():
        name = path.removeprefix("raw/")
        if path.startswith("raw/") and name not in offered and not _sent(lake, path):
            gone = f"The source has no table {name!r} any more; what was read of it before stays."
            yield Ingested(name, "same", notes=[gone])


def _sent(lake: Lake, path: str) -> bool:
    """Whether a raw table holds what was sent by hand, which no source has."""
    snapshot = lake.snapshot(path)
    return snapshot is not None and snapshot.metadata.get("omnix.mode") == "upload"


def _needed(preset: Preset, offered: Mapping[str, Any]) -> list[str]:
    """The source tables that the mapping reads; nothing else of the shop is taken."""
    read = {name for agreed in preset.tables for name in preset.reads(agreed)} | preset.raw.keys()
    return sorted(name for name in read if name in offered)


def _ingest_table(
    session: Session,
    lake: Lake,
    door: Callable[[], Door],
    preset: Preset,
    table: SourceTable,
    full: bool,
    now: Callable[[], datetime],
    progress: Callable[[str, int], None],
) -> Ingested:
    name = f"raw/{table.name}"
    before = None if full else lake.snapshot(name)
    position = before.metadata.get("omnix.position") if before else None
    money = preset.raw[table.name].money if table.name in preset.raw else None
    guard, places = door(), set[tuple[str, str]]()
    for _ in range(len(table.columns) + 2):
        extract = session.read(table, position, money=money)
        if extract.mode == "same":
            return Ingested(
                table.name, "same", version=before.version if before else None, notes=extract.notes
            )
        load = _Load(session, lake, guard, table, extract, before, now())
        load.places = places
        done = load.run(progress)
        if done is not None:
            return done
        # Nothing was committed, and the table is read again: by a door that now knows what it
        # learnt late (rows already staged may hold card numbers), or from the beginning when the
        # source counts rows that no change has told of.
        if load.missed:
            position = None
    raise OmnixError(f"{table.name}: the door did not come to a decision.", "Please report this.")


class _Load:
    """One attempt to bring one extract into raw."""

    def __init__(
        self,
        session: Session,
        lake: Lake,
        door: Door,
        table: SourceTable,
        extract: Extract,
        before: Snapshot | None,
        moment: datetime,
    ) -> None:
        self.session, self.lake, self.door, self.table = session, lake, door, table
        self.extract, self.before, self.moment = extract, before, moment
        self.replaces = extract.mode == "replace" or before is None
        self.changes = extract.mode == "changes" and not self.replaces
        self.key = tuple(extract.key or table.key)
        self.read_keys: list[pa.Table] = []
        self.next_row = (
            1 if self.replaces else int(before.metadata.get("omnix.next_row", "1")) if before else 1
        )
        self.findings: dict[tuple[str, str, str], Finding] = {}
        self.places: set[tuple[str, str]] = set()
        self.rows, self.late, self.missed = 0, False, False

    def run(self, progress: Callable[[str, int], None]) -> Ingested | None:
        """Read, guard, write, commit. None when the table must be read again (`late`, `missed`)."""
        batches = self._guarded()
        first = next(batches, None)
        if first is None:
            first = self._empty()
        columns = {column.name: column.type for column in first.schema}
        mode: Literal["overwrite", "append", "changes"] = (
            "overwrite" if self.replaces else "changes" if self.changes else "append"
        )
        with self.lake.writer(f"raw/{self.table.name}", columns, mode=mode, key=self.key) as writer:
            for batch in _chain(first, batches):
                if self.late or set(batch.column_names) != set(columns):
                    return None
                writer.write(batch)
                self.rows += batch.num_rows
                progress(self.table.name, self.rows)
            if self.changes and self._counted() < (self.extract.source_rows or 0):
                self.missed = True
                return None
            if self.changes and (gone := self._deleted(first.schema)) is not None:
                writer.write(gone)
                self.rows += gone.num_rows
            if not self.rows and not self.replaces and self.before:
                return Ingested(
                    self.table.name, "same", version=self.before.version, notes=self.extract.notes
                )
            snapshot = writer.commit(metadata=self._metadata())
        return Ingested(
            self.table.name,
            self.extract.mode,
            self.rows,
            snapshot.version,
            list(self.findings.values()),
            self.extract.notes,
        )

    def _guarded(self) -> Iterator[pa.Table]:
        """The batches behind the door, each row with its number."""
        for number, batch in enumerate(self.extract.batches):
            admitted, findings = self.door.admit(self.table.name, batch)
            found = {(finding.column, finding.kind) for finding in findings}
            self.late |= number > 0 and not found <= self.places
            self.places |= found
            if self.changes:
                self.read_keys.append(admitted.select(list(self.key)))
                admitted = self._news(admitted)
            if admitted.num_rows or not self.changes:  # what was read before has been told before
                for finding in findings:
                    self._note(finding)
            yield self._numbered(admitted, deleted=False)

    def _news(self, batch: pa.Table) -> pa.Table:
        """The rows that raw does not hold just so: a read overlaps the one before it."""
        con = self._raw()
        con.register("batch", batch)
        same = " and ".join(
            f"raw.{quoted(n)} is not distinct from batch.{quoted(n)}" for n in batch.column_names
        )
        return con.sql(
            f"select * from batch where not exists (from raw where {same})"
        ).to_arrow_table()

    def _raw(self) -> duckdb.DuckDBPyConnection:
        import duckdb

        con = duckdb.connect(config={"autoinstall_known_extensions": False})
        con.execute("set TimeZone = 'UTC'")
        self.lake.view(con, f"raw/{self.table.name}", as_name="raw")
        return con

    def _note(self, finding: Finding) -> None:
        known = self.findings.get((finding.table, finding.column, finding.kind))
        rows = finding.rows + (known.rows if known else 0)
        self.findings[finding.table, finding.column, finding.kind] = Finding(
            **{**asdict(finding), "rows": rows}
        )

    def _numbered(self, batch: pa.Table, *, deleted: bool) -> pa.Table:
        import numpy as np
        import pyarrow as pa

        count = batch.num_rows
        rows = pa.array(np.arange(self.next_row, self.next_row + count, dtype=np.int64))
        self.next_row += count
        flags = pa.array(np.full(count, deleted))
        return batch.append_column("_row", rows).append_column("_deleted", flags)

    def _empty(self) -> pa.Table:
        """A table without rows: of the columns that are there, or as the source names them."""
        import pyarrow as pa

        schema = pa.schema([(name, pa.string()) for name in self.table.columns])
        admitted, _ = self.door.admit(self.table.name, schema.empty_table())
        return self._numbered(admitted, deleted=False)

    def _deleted(self, schema: pa.Schema) -> pa.Table | None:
        """A row that deletes each key that the source no longer has."""
        gone = self.extract.deleted if self.extract.deleted is not None else self._missing_keys()
        if gone is None or not gone.num_rows:
            return None
        import pyarrow as pa

        columns = [
            gone[f.name].cast(f.type)
            if f.name in gone.column_names
            else pa.nulls(gone.num_rows, f.type)
            for f in schema
            if not f.name.startswith("_")
        ]
        names = [f.name for f in schema if not f.name.startswith("_")]
        return self._numbered(pa.table(columns, names=names), deleted=True)

    def _missing_keys(self) -> pa.Table | None:
        """Ask the source which keys are gone, when its row count says so or the time has come."""
        compare = getattr(self.session, "missing_keys", None)
        if compare is None or self.before is None:
            return None
        con, keys = self._raw(), ", ".join(map(quoted, self.key))
        known = con.sql(f"select {keys} from raw").to_arrow_table()
        reads = int(self.before.metadata.get("omnix.reads", "0")) + 1
        fits = self.extract.source_rows == self._counted()
        return None if fits and reads % KEYS_EVERY else compare(self.table, known)

    def _counted(self) -> int:
        """How many keys raw holds with what was just read."""
        con, keys = self._raw(), ", ".join(map(quoted, self.key))
        together = f"select {keys} from raw"
        if self.read_keys:
            import pyarrow as pa

            con.register("read", pa.concat_tables(self.read_keys))
            together += f" union select {keys} from read"
        (rows,) = con.execute(f"select count(*) from ({together})").fetchone() or (0,)
        return int(rows)

    def _all_findings(self) -> list[dict[str, Any]]:
        """What the door found in all that raw holds: now, and before where this comes on top."""
        kept = (
            json.loads(self.before.metadata.get("omnix.findings") or "[]")
            if self.before and not self.replaces
            else []
        )
        found = {(each["table"], each["column"], each["kind"]): each for each in kept}
        for place, finding in self.findings.items():
            rows = found[place]["rows"] if place in found else 0
            found[place] = {**asdict(finding), "rows": finding.rows + rows}
        return list(found.values())

    def _metadata(self) -> dict[str, str]:
        before = self.before.metadata if self.before else {}
        money = self.extract.source_money
        return {
            "omnix.position": self.extract.position,
            "omnix.next_row": str(self.next_row),
            "omnix.reads": str(int(before.get("omnix.reads", "0")) + 1),
            "omnix.ingested_at": f"{self.moment:%Y-%m-%d %H:%M:%S}",
            "omnix.source_rows": ""
            if self.extract.source_rows is None
            else str(self.extract.source_rows),
            "omnix.source_money": "" if money is None else str(money),
            "omnix.findings": json.dumps(self._all_findings()),
            "omnix.mode": self.extract.mode,
        }


def _chain(first: pa.Table, rest: Iterable[pa.Table]) -> Iterator[pa.Table]:
    yield first
    yield from rest
