"""The process that answers one query: it sees the files it was given, and the kernel holds it.

A template opens DuckDB with one thread, makes the views and warms itself (`opened`). Each fork of it
gives up everything (`serve`): Landlock closes the file system, threads start under it, settings are
locked, memory and system calls are limited. Only then is the query read.
"""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omnix.core.table import DUCKDB_TYPES, Column, literal, quoted
from omnix.sandbox import _durations, _frames, _kernel, _rows, _seccomp, guard
from omnix.sandbox._explain import explained, is_gone, vanished
from omnix.sandbox.errors import SandboxError, StoppedError
from omnix.sandbox.exposed import Exposed

if TYPE_CHECKING:
    import duckdb

#: The worker's only way out; 0 to 2 are /dev/null.
CHANNEL = 3
#: Of the memory that a query may have, the part that DuckDB plans with; the rest is for what it
#: holds outside its buffers (lists, strings, results).
_PLANNED = 0.6


#: Bytes of a table that is read by way of rehearsal.
_SMALL = 1 << 18
#: What a template runs first: a little of everything that queries do.
_FIRST = """
    with a as (select i, i % 3 as g, 'x' || i as s, date '2024-01-01' as d from range(9) r(i))
    select g, count(*), sum(i), max(s), round(avg(i), 2), date_trunc('month', max(d))
    from a join (select i as k from a) b on i = k
    group by g having count(*) > 0 order by 2 desc, 1 limit 5"""


@dataclass(frozen=True)
class Spec:
    """What a worker is made for: the tables it shows, and its limits."""

    tables: tuple[Exposed, ...]
    threads: int
    memory: int
    cpu_seconds: int

    def to_json(self) -> bytes:
        """The spec for its way to the worker."""
        tables = [{**vars(each), "columns": _plain(each.columns)} for each in self.tables]
        return json.dumps({**vars(self), "tables": tables}, default=dict).encode()

    @classmethod
    def from_json(cls, text: bytes) -> Spec:
        """What `to_json` wrote."""
        given = json.loads(text)
        tables = tuple(_exposed(each) for each in given.pop("tables"))
        return cls(tables=tables, **given)


def _plain(columns: Mapping[str, Column]) -> dict[str, dict[str, Any]]:
    return {name: vars(column) for name, column in columns.items()}


def _exposed(given: dict[str, Any]) -> Exposed:
    columns = {name: Column(**each) for name, each in given.pop("columns").items()}
    return Exposed(columns=columns, files=tuple(given.pop("files")), **given)


def serve(con: duckdb.DuckDBPyConnection, spec: Spec, queries: Sequence[str]) -> None:
    """Be held by the kernel, answer the one query that comes, and end."""
    try:
        _confine(con, spec)
        _rehearse(con, spec.tables, queries, ("json",))
    except Exception as error:  # whatever failed, this process holds nobody
        _frames.send(CHANNEL, _frames.ERROR, told(failed_start(error)).encode())
        return
    _frames.send(CHANNEL, _frames.READY)
    kind, content = _frames.receive(CHANNEL)
    if kind == _frames.QUERY:
        _answer(con, spec, json.loads(content))


def _confine(con: duckdb.DuckDBPyConnection, spec: Spec) -> None:
    files = _files(spec)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_NOFILE, 64 + 2 * len(files))
    _limit(resource.RLIMIT_CPU, spec.cpu_seconds)
    with Path("/proc/self/statm").open("rb", buffering=0) as pages:
        _kernel.only_read(files)
        if spec.threads > 1:
            con.execute(f"set threads = {spec.threads}")
        con.execute("set lock_configuration = true")
        held = int(pages.read().split()[0]) * resource.getpagesize()
    _limit(resource.RLIMIT_AS, held + spec.memory)
    _limit(resource.RLIMIT_NPROC, 0)
    _seccomp.filter_all_threads()


def _files(spec: Spec) -> list[str]:
    return [file for table in spec.tables for file in table.files]


def _limit(what: int, value: int) -> None:
    resource.setrlimit(what, (value, value))


def opened(spec: Spec) -> duckdb.DuckDBPyConnection:
    """An engine in memory with a view for each table, and no thread of its own.

    Raises:
        Exception: a file is not there or not readable.

    """
    import duckdb

    config: dict[str, Any] = {
        "threads": 1,
        "async_threads": 0,
        "memory_limit": f"{int(spec.memory * _PLANNED)}B",
        "autoload_known_extensions": False,
        "autoinstall_known_extensions": False,
        "allow_community_extensions": False,
        "python_enable_replacements": False,
    }
    con = duckdb.connect(":memory:", config=config)
    for setting in _settings(_files(spec)):
        con.execute(setting)
    _make_views(con, spec.tables)
    _warm(con, spec.tables)
    return con


def _warm(con: duckdb.DuckDBPyConnection, tables: Sequence[Exposed]) -> None:
    """Do once what a first query would pay for: open the files, run through the code."""
    for each in tables:
        if each.files:
            con.execute(
                f"select * from {quoted(each.schema)}.{quoted(each.name)} limit 1"
            ).fetchall()
    _rehearse(con, tables, rehearsal(tables), ("json", "csv", "arrow"))


def _rehearse(
    con: duckdb.DuckDBPyConnection,
    tables: Sequence[Exposed],
    queries: Sequence[str],
    forms: Sequence[str],
) -> None:
    """Answer our own queries: a fork that has used its memory once is three times faster."""
    for sql in queries:
        guard.examine(sql, tables)
        for form in forms:
            for _ in _result(con, sql, form, _rows.Room(9, 1 << 20), ()):
                pass


def rehearsal(tables: Sequence[Exposed]) -> tuple[str, ...]:
    """Our own queries that make a process warm; one reads the largest of the small tables."""
    sized = [
        (sum(Path(f).stat().st_size for f in t.files), n) for n, t in enumerate(tables) if t.files
    ]
    small = [each for each in sized if each[0] <= _SMALL] or sized[:1]
    if not small:
        return (_FIRST,)
    chosen = tables[max(small)[1]]
    name, column = quoted(chosen.name), quoted(next(iter(chosen.columns)))
    return _FIRST, f"select {column}, count(*) from {name} group by all order by 2 limit 3"


def _settings(files: Sequence[str]) -> Iterator[str]:
    yield "set temp_directory = ''"
    yield f"set allowed_paths = [{', '.join(map(literal, files))}]"
    yield "set enable_external_access = false"
    yield f"set TimeZone = {literal('UTC')}"
    yield "set global errors_as_json = true"
    yield "set enable_progress_bar = false"
    yield "set parquet_metadata_cache = true"


def _make_views(con: duckdb.DuckDBPyConnection, tables: Sequence[Exposed]) -> None:
    for schema in sorted({each.schema for each in tables}):
        con.execute(f"create schema if not exists {quoted(schema)}")
    for each in tables:
        con.execute(f"create view {quoted(each.schema)}.{quoted(each.name)} as {_select(each)}")
    con.execute(f"set search_path = {guard.search_path(tables)}")


def _select(table: Exposed) -> str:
    columns = [
        table.read.get(name, quoted(name))
        if table.files
        else f"cast(null as {DUCKDB_TYPES[column.dtype]}) as {quoted(name)}"
        for name, column in table.columns.items()
    ]
    if not table.files:
        return f"select {', '.join(columns)} where false"
    union = ", union_by_name = true" if len(table.files) > 1 else ""
    scan = f"read_parquet([{', '.join(map(literal, table.files))}]{union})"
    return f"select {', '.join(columns)} from {scan}"


def _answer(con: duckdb.DuckDBPyConnection, spec: Spec, query: Mapping[str, Any]) -> None:
    started = time.perf_counter()
    sql = str(query["sql"])
    room = _rows.Room(query["rows"], query["bytes"])
    out = _frames.Outgoing(CHANNEL)
    read: Sequence[str] = ()
    try:
        if query["guarded"]:
            read = guard.examine(sql, spec.tables)
        for kind, content in _result(con, sql, query["format"], room, read):
            out.add(kind, content)
        out.add(_frames.END, _ending(room, started))
    except SandboxError as error:
        out.add(_frames.ERROR, told(error).encode())
    except MemoryError as error:
        out.add(_frames.ERROR, told(explained(error, sql, ())).encode())
    except Exception as error:  # of DuckDB: Python's own mean the same to the person who asked
        tables = [t for t in spec.tables if t.name in read] or spec.tables
        out.add(_frames.ERROR, told(explained(error, sql, tables)).encode())
    out.flush()


def _ending(room: _rows.Room, started: float) -> bytes:
    return json.dumps({
        "row_count": room.given,
        "truncated": room.truncated,
        "elapsed_ms": round((time.perf_counter() - started) * 1000, 3),
    }).encode()  # fmt: skip


def _result(
    con: duckdb.DuckDBPyConnection, sql: str, form: str, room: _rows.Room, read: Sequence[str]
) -> Iterator[tuple[bytes, bytes]]:
    """The frames of a result, computed while they are taken."""
    pieces: Iterator[bytes] = iter(())
    if form == "check":
        described = con.execute(guard.DESCRIBE + sql).fetchall()
        found = [(str(row[0]), str(row[1])) for row in described]
    elif form == "arrow":
        relation = con.sql(sql)
        names = zip(relation.columns, relation.types, strict=True)
        found = [(name, _rows.type_name(str(kind))) for name, kind in names]
        pieces = _rows.as_arrow(relation, room)
    else:
        result = _durations.spelled(con, sql)
        found = _rows.columns(result)
        write: Callable[..., Iterator[bytes]] = _rows.as_csv if form == "csv" else _rows.as_json
        pieces = write(result, room)
    yield _frames.COLUMNS, json.dumps({"columns": found, "tables": list(read)}).encode()
    for piece in pieces:
        for start in range(0, len(piece), _frames.CHUNK):
            yield _frames.DATA, piece[start : start + _frames.CHUNK]


def told(error: SandboxError) -> str:
    """An error for its way to the service."""
    cause = error.cause if isinstance(error, StoppedError) else ""
    return json.dumps(
        {"kind": type(error).__name__, "cause": cause, "what": error.what, "step": error.step}
    )


def failed_start(error: Exception) -> SandboxError:
    """What it means that a process could not be set up."""
    if isinstance(error, FileNotFoundError) or is_gone(str(error)):
        return vanished()
    number = f" (errno {error.errno})" if isinstance(error, OSError) else ""
    return StoppedError(
        "start",
        f"A process for queries could not be set up: {type(error).__name__}{number}.",
        "`omnix doctor` looks at the lake; the kernel's limits may be too tight.",
    )
