"""SQL of people and of language models: guarded, run apart, over what the role may see.

A query never runs in this process. What holds it, wall by wall, is told in `omnix.sandbox`.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from omnix.app.analytics.provenance import provenance
from omnix.app.exposures import Exposures
from omnix.sandbox._text import MAX_BYTES, functions
from omnix.sandbox.errors import BusyError, RefusedError, StoppedError
from omnix.sandbox.guard import Checked
from omnix.sandbox.pool import Answer, Format, Limits, Pool, Query

if TYPE_CHECKING:
    from omnix.app.app import App
    from omnix.app.exposures import Exposure
    from omnix.core.settings import Settings
    from omnix.sandbox.exposed import Exposed


@dataclass(frozen=True)
class Result:
    """The answer to a query.

    `columns` are pairs of a name and a type; `data` holds the rows in the form that was asked for:
    a JSON array of arrays, CSV with a head line, or an Arrow IPC stream. It was written by the
    process that ran the query and is passed on as it came.
    """

    columns: tuple[tuple[str, str], ...]
    data: bytes
    row_count: int
    truncated: bool
    elapsed_ms: float
    tables: tuple[str, ...]
    provenance: list[dict[str, Any]]

    @property
    def rows(self) -> list[list[Any]]:
        """The rows, of a result asked for as JSON."""
        import orjson

        rows: list[list[Any]] = orjson.loads(self.data)
        return rows


class UntrustedSql:
    """Queries over one app's lake; safe in many threads. `close` ends its processes."""

    def __init__(self, app: App, settings: Settings | None = None) -> None:
        self._app = app
        self._settings = settings or app.settings
        self._pool: Pool | None = None
        self._exposures = Exposures(app)
        self._lock = threading.Lock()
        self._specs: dict[bool, tuple[str, bytes]] = {}

    def run(
        self,
        sql: str,
        permissions: Collection[str],
        *,
        who: str = "",
        limit: int | None = None,
        format: Format = "json",  # noqa: A002 - the API's word
    ) -> Result:
        """Answer one SELECT over the tables that a role with these permissions sees.

        `limit`: rows, up to the setting; `who`: among whom turns are shared fairly.

        Raises:
            RefusedError: the query is not allowed; says where and what to do.
            FailedError: the engine could not compute it.
            StoppedError: it ran into its limit of time or memory.
            BusyError: too many queries are waiting, or a table is being rewritten; ask again.
            UnsupportedError: this machine cannot hold a query safely.

        """
        _measure(sql)
        query = self._query(sql, limit, format)
        exposure, answer = self._answered(query, permissions, who)
        pins = {n: exposure.snapshots[n] for n in answer.tables if n in exposure.snapshots}
        return Result(
            answer.columns, answer.data, answer.row_count, answer.truncated, answer.elapsed_ms,
            tuple(pins), provenance(self._app.graph.tables, pins),
        )  # fmt: skip

    def check(self, sql: str, tables: Iterable[Exposed], *, who: str = "") -> Checked:
        """`guard.check` in a process that can be stopped: for texts that come from outside.

        Raises:
            RefusedError: the query is not allowed.
            StoppedError: reading it took too long.

        """
        _measure(sql)
        spec = self._the_pool().spec(tables)
        query = self._query(sql, None, "check")
        answer = self._the_pool().run(_digest(spec), spec, query, who=who)
        return Checked(answer.tables, answer.columns)

    def schema(self, permissions: Collection[str]) -> dict[str, Any]:
        """Tables with their columns, limits and functions, for people who write a query."""
        exposure = self._exposures.of(permissions)
        limits = self._settings.sql
        return {
            "tables": [self._described(each) for each in exposure.tables],
            "limits": {
                "seconds": limits.seconds, "rows": limits.rows, "bytes": limits.bytes,
                "memory_mb": limits.memory_mb, "text_bytes": MAX_BYTES,
            },
            "functions": sorted(name for name in functions() if name[0].isalpha()),
        }  # fmt: skip

    def prepare(self) -> None:
        """Make copies and workers ahead, for roles with and without personal details."""
        for permissions in ((), ("tables:personal",)):
            exposure = self._exposures.of(permissions)
            self._the_pool().prepare(exposure.key, self._spec(exposure, bool(permissions)))

    def forget(self, table: str | None = None) -> None:
        """Delete the copies of a table, or all: erasing a person calls this.

        Processes that wait with the tables open end as well: they could still read what is gone.
        """
        self._exposures.forget(table)
        with self._lock:
            opened, pool = [key for key, _ in self._specs.values()], self._pool
            self._specs.clear()
        if pool:
            for key in opened:
                pool.forget(key)

    def close(self) -> None:
        """End every process."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool:
            pool.close()

    def _answered(
        self, query: Query, permissions: Collection[str], who: str
    ) -> tuple[Exposure, Answer]:
        """Once more where a file was gone: a table was published, and its old files removed."""
        personal = "tables:personal" in permissions
        for _ in range(2):
            exposure = self._exposures.of(permissions)
            try:
                spec = self._spec(exposure, personal)
                return exposure, self._the_pool().run(exposure.key, spec, query, who=who)
            except StoppedError as error:
                if error.cause != "vanished":
                    raise
                self._exposures.refresh()
                self._the_pool().forget(exposure.key)
        raise BusyError("A table is being rewritten just now.", "Ask again in a few seconds.")

    def _spec(self, exposure: Exposure, personal: bool) -> bytes:
        with self._lock:
            known = self._specs.get(personal)
        if known and known[0] == exposure.key:
            return known[1]
        if known:
            self._the_pool().forget(known[0])
        spec = self._the_pool().spec(exposure.tables)
        with self._lock:
            self._specs[personal] = (exposure.key, spec)
        return spec

    def _query(self, sql: str, limit: int | None, form: Format) -> Query:
        most = self._settings.sql
        rows = min(limit or most.rows, most.rows)
        return Query(sql, rows, most.bytes, most.seconds, form)

    def _the_pool(self) -> Pool:
        with self._lock:
            if self._pool is None:
                self._pool = Pool(_limits(self._settings))
            return self._pool

    def _described(self, table: Exposed) -> dict[str, Any]:
        declared = self._app.graph.tables[table.name]
        return {
            "name": table.name, "schema": table.schema, "system": declared.system,
            "about": table.about, "built": table.built,
            "columns": [
                {"name": name, "type": column.dtype, "about": column.about}
                for name, column in table.columns.items()
            ],
        }  # fmt: skip


def _limits(settings: Settings) -> Limits:
    sql = settings.sql
    return Limits(
        workers=sql.workers, seconds=sql.seconds, rows=sql.rows, bytes=sql.bytes,
        memory=sql.memory_mb << 20, threads=max(1, settings.threads // sql.workers),
    )  # fmt: skip


def _measure(sql: str) -> None:
    if len(sql) > MAX_BYTES:
        raise RefusedError(
            f"The query has {len(sql):,} signs; {MAX_BYTES:,} are allowed.", "Make it shorter."
        )


def _digest(spec: bytes) -> str:
    return hashlib.sha256(spec).hexdigest()


def text_hash(sql: str) -> str:
    """What the audit log keeps of a query: two that are the same can be told, values cannot."""
    return hashlib.sha256(json.dumps(" ".join(sql.split())).encode()).hexdigest()[:32]
