"""What a query of a person may see of the lake: files that hold the columns of the role, no others.

Where a version of a table is nothing but files with exactly these columns, they are the lake's own.
Else (columns that the role may not see, changed rows) the visible rows and columns are copied
once for each version into `cache/exposed/` of the home, readable by its owner only.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import threading
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from omnix.core.errors import LakeError, OmnixError
from omnix.core.private_files import make_empty
from omnix.core.table import Column, literal, quoted
from omnix.lake.files import LOG
from omnix.lake.types import read_expression
from omnix.pipeline.engine import connect
from omnix.sandbox.exposed import Exposed

if TYPE_CHECKING:
    import duckdb

    from omnix.app.app import App
    from omnix.core.table import Table
    from omnix.lake.snapshot import Snapshot

PERSONAL = "tables:personal"
#: How long an object store's versions are taken as known: asking costs a round trip.
_FAR_SECONDS = 1.0
#: Nanoseconds within which two changes of a folder can have the same time.
_TICK = 50_000_000
#: Hidden columns that tell nothing of anybody: the number of the raw row, and whether it is gone.
_NUMBERS = frozenset({"_row", "_deleted"})


@dataclass(frozen=True)
class Exposure:
    """All that one kind of role sees now; `key` changes whenever any of it does."""

    key: str
    tables: tuple[Exposed, ...]
    snapshots: Mapping[str, Snapshot | None]


#: Versions that may go under our eyes before a table is told as being rewritten.
_TRIES = 5


class Exposures:
    """The exposures of one app, made when first asked for and whenever a table changes."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._far = app.settings.lake.startswith("s3://")
        self._making = threading.RLock()
        self._known: dict[tuple[str, bool], tuple[object, Exposed]] = {}
        self._current: dict[bool, tuple[object, Exposure]] = {}

    @property
    def folder(self) -> Path:
        """Where the copies lie."""
        return self._app.settings.home / "cache" / "exposed"

    def of(self, permissions: Collection[str]) -> Exposure:
        """What a role with these permissions sees in the newest versions.

        Raises:
            LakeError: the lake cannot be read, or a copy cannot be written.

        """
        personal = PERSONAL in permissions
        current = self._current.get(personal)
        tables = self._app.graph.tables
        mark = self._mark(tables)
        if current and mark is not None and current[0] == mark:
            return current[1]
        with self._making:
            snapshots = {name: self._snapshot(table) for name, table in tables.items()}
            exposure = self._made(tables, snapshots, personal)
            self._current[personal] = (mark, exposure)
        return exposure

    def _mark(self, tables: Mapping[str, Table]) -> object:
        """Changes with every commit to any table; None: something was committed just now."""
        if self._far:
            return int(time.monotonic() / _FAR_SECONDS), tuple(tables)
        lake = self._app.settings.lake.removeprefix("file://")
        times = [_changed(f"{lake}/{table.path}/{LOG}") for table in tables.values()]
        if max(times, default=0) > time.time_ns() - _TICK:
            return None
        return tuple(times), tuple(tables)

    def refresh(self) -> None:
        """Look at the lake anew: a file that was known is gone."""
        with self._making:
            self._current.clear()
            self._known.clear()

    def forget(self, table: str | None = None) -> None:
        """Delete the copies of a table, or all; what is erased must not live on in them."""
        with self._making:
            self.refresh()
            if table is None:
                shutil.rmtree(self.folder, ignore_errors=True)
                return
            for copy in self.folder.glob(f"{table}.*"):
                copy.unlink(missing_ok=True)

    def _snapshot(self, table: Table) -> Snapshot | None:
        try:
            return self._app.lake.snapshot(table.path)
        except LakeError:  # one damaged table must not keep the others from being read
            return None

    def _made(
        self, tables: Mapping[str, Table], snapshots: Mapping[str, Snapshot | None], personal: bool
    ) -> Exposure:
        pins = dict(snapshots)
        made = []
        for name, table in tables.items():
            exposed, pins[name] = self._lasting(table, pins[name], personal)
            made.append(exposed)
        told = [(t.name, t.version, list(t.columns), t.files, dict(t.read)) for t in made]
        key = hashlib.sha256(json.dumps(told).encode()).hexdigest()
        return Exposure(key, tuple(made), pins)

    def _lasting(
        self, table: Table, snapshot: Snapshot | None, personal: bool
    ) -> tuple[Exposed, Snapshot | None]:
        """What a version shows, or a newer one where that went while it was looked at."""
        for _ in range(_TRIES):
            exposed = self._exposed(table, snapshot, personal)
            newest = self._snapshot(table) if exposed.reason else snapshot
            if newest is None or snapshot is None or newest.version == snapshot.version:
                break
            snapshot = newest
        return exposed, snapshot

    def _exposed(self, table: Table, snapshot: Snapshot | None, personal: bool) -> Exposed:
        columns = visible(table, personal)
        bare = Exposed(table.name, table.layer, columns, table.about, built=False)
        if snapshot is None:
            return bare
        mark = (snapshot.version, snapshot.at, tuple(columns))
        known = self._known.get((table.name, personal))
        if known and known[0] == mark:
            return known[1]
        plain = replace(
            bare,
            columns={name: each for name, each in columns.items() if name in snapshot.columns},
            version=snapshot.version,
            built_at=snapshot.at.isoformat(),
            built=True,
        )
        try:
            made = self._with_files(plain, snapshot)
        except OmnixError as error:  # one damaged table must not keep the others from being read
            return replace(bare, reason=error.what)
        self._known[table.name, personal] = (mark, made)
        return made

    def _with_files(self, plain: Exposed, snapshot: Snapshot) -> Exposed:
        if not snapshot.data_files:
            return plain
        if not snapshot.has_changes:
            found = _columns_of(snapshot)
            if found.keys() - _NUMBERS == plain.columns.keys():
                read = {n: read_expression(n, found[n], snapshot.columns[n]) for n in plain.columns}
                return replace(plain, files=tuple(snapshot.files), read=read)
        return replace(plain, files=(str(self._copy(plain, snapshot)),))

    def _copy(self, plain: Exposed, snapshot: Snapshot) -> Path:
        """The visible columns and rows of a version in a file of their own."""
        import duckdb

        shown = hashlib.sha256(json.dumps([str(snapshot.at), *plain.columns]).encode()).hexdigest()
        path = self.folder / f"{plain.name}.{snapshot.version}.{shown[:16]}.parquet"
        if not path.exists():
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            draft = path.with_suffix(f".{os.getpid()}-{secrets.token_hex(4)}.draft")
            try:
                self._write(draft, plain, snapshot)
                draft.replace(path)
            except duckdb.IOException:  # its words name files
                raise LakeError(
                    f"The files of {plain.name} went while they were read.", "Ask again."
                ) from None
            except OSError as error:
                raise LakeError(
                    f"A copy of {plain.name} for queries cannot be written: {error.strerror}.",
                    "Free some space in the home folder, or make it writable.",
                ) from None
            finally:
                draft.unlink(missing_ok=True)
        self._drop_older(plain.name, snapshot.version)
        return path

    def _write(self, draft: Path, plain: Exposed, snapshot: Snapshot) -> None:
        make_empty(draft)
        columns = ", ".join(map(quoted, plain.columns))
        with self._connection() as con:
            self._app.lake.view(con, snapshot.name, as_name="shown", version=snapshot.version)
            con.execute(
                f"copy (select {columns} from shown) to {literal(str(draft))} "
                "(format parquet, compression zstd, use_tmp_file false)"
            )
        draft.chmod(0o600)

    def _connection(self) -> duckdb.DuckDBPyConnection:
        settings = self._app.settings
        return connect(
            threads=settings.threads,
            memory_limit=settings.memory_limit,
            spill=settings.home / "cache" / "spill",
        )

    def _drop_older(self, name: str, version: int) -> None:
        """Copies of earlier versions, and drafts that a killed process left behind."""
        for copy in self.folder.glob(f"{name}.*"):
            number = copy.name.split(".")[1]
            old = number.isdigit() and int(number) < version
            left = copy.suffix == ".draft" and time.time() - copy.stat().st_mtime > 3600
            if old or left:
                copy.unlink(missing_ok=True)


def visible(table: Table, personal: bool) -> dict[str, Column]:
    """The columns that a role sees: with personal details, or without."""
    return {
        name: column
        for name, column in table.columns.items()
        if personal or column.person != "detail"
    }


def _changed(folder: str) -> int:
    """When something was last added to a folder, in nanoseconds; 0: there is none."""
    try:
        return os.stat(folder).st_mtime_ns  # noqa: PTH116 - a Path costs more than the call
    except OSError:
        return 0


def _columns_of(snapshot: Snapshot) -> dict[str, str]:
    """The columns that the files hold, with their types.

    Raises:
        LakeError: a file is gone or damaged.

    """
    import duckdb

    listed = ", ".join(map(literal, snapshot.files))
    sql = f"describe from read_parquet([{listed}], union_by_name = true)"
    try:
        with duckdb.connect(config={"threads": 1}) as con:
            rows = con.execute(sql).fetchall()
    except duckdb.Error:
        raise LakeError(
            f"{snapshot.name} cannot be read: a file of it is damaged or gone.",
            f"`omnix run {snapshot.name.rpartition('/')[2]}` builds it anew.",
        ) from None
    return {str(row[0]): str(row[1]) for row in rows}
