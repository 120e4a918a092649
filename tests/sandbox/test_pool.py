"""Processes: what they may do, how they end, and that none is left."""

from __future__ import annotations

import csv
import ctypes
import io
import json
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from omnix.core.table import Column
from omnix.sandbox import _frames, _nursery
from omnix.sandbox import pool as pools
from omnix.sandbox.errors import (
    BusyError,
    FailedError,
    RefusedError,
    StoppedError,
    UnsupportedError,
)
from omnix.sandbox.exposed import Exposed
from omnix.sandbox.pool import Answer, Limits, Pool, Query

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="queries need Linux")
ENDLESS = "select count(*) from range(9999999) a, range(9999999) b"


class Bench:
    """A pool over one table of 100,000 rows."""

    def __init__(self, folder: Path, **limits: Any) -> None:
        self.file = folder / "things.parquet"
        duckdb.sql(
            f"copy (select i as id, 'n' || i as name from range(100000) r(i)) to '{self.file}'"
        )
        columns = {"id": Column("int64", "Number."), "name": Column("string", "Name.")}
        self.tables = [Exposed("things", "curated", columns, files=(str(self.file),))]
        self.pool = Pool(Limits(**{"seconds": 20, "memory": 1 << 29, **limits}))
        self.spec = self.pool.spec(self.tables)

    def ask(
        self, sql: str, *, key: str = "a", guarded: bool = True, who: str = "", **more: Any
    ) -> Answer:
        query = Query(
            sql,
            more.pop("rows", 100),
            more.pop("bytes", 1 << 20),
            more.pop("seconds", 20.0),
            **more,
        )
        return self.pool._run(key, self.spec, query, who, guarded=guarded)


@contextmanager
def opened(folder: Path, **limits: Any) -> Iterator[Bench]:
    bench = Bench(folder, **limits)
    try:
        yield bench
    finally:
        bench.pool.close()


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with opened(tmp_path_factory.mktemp("pool")) as made:
        yield made


def test_an_answer(bench: Bench) -> None:
    found = bench.ask("select id, name from things order by id limit 2")
    assert found.data == b'[[0,"n0"],[1,"n1"]]'
    assert found.columns == (("id", "int64"), ("name", "string"))
    assert (found.tables, found.row_count, found.truncated) == (("things",), 2, False)


def test_rows_and_bytes_are_capped_while_they_stream(bench: Bench) -> None:
    found = bench.ask("select * from things", rows=7)
    assert (found.row_count, found.truncated) == (7, True)
    found = bench.ask("select * from things limit 7", rows=7)
    assert (found.row_count, found.truncated) == (7, False)
    for form in ("json", "csv", "arrow"):
        found = bench.ask(
            "select repeat(name, 100) from things", rows=100_000, bytes=50_000, format=form
        )
        assert found.truncated
        assert 0 < found.row_count < 1000
        assert len(found.data) < 60_000
    found = bench.ask("select repeat('x', 100000)", bytes=1000)
    assert (found.row_count, found.truncated, found.data) == (0, True, b"[]")


def test_every_kind_of_value_is_written(bench: Bench) -> None:
    sql = """select 1 a, 1.5 b, date '2020-01-01' c, timestamp '2020-01-01 01:02:03.5' d, 'nan'::double e,
        interval 36 hour f, 'a'::blob g, {'x': 1, 'y': [date '2020-01-01']} h, map {1: 'a'} i,
        170141183460469231731687303715884105727::hugeint j, time '10:00' k, null l, 'ü' m, true n,
        [1.5] o, 'infinity'::timestamp p, '290000-01-01'::date q, 1::ubigint r, '[1]'::json s,
        timestamptz '2020-01-01 00:00:00+02' t"""
    (row,) = json.loads(bench.ask(sql).data)
    assert row[:13] == [
        1, 1.5, "2020-01-01", "2020-01-01T01:02:03.500000Z", None, "PT36H", "61",
        {"x": 1, "y": ["2020-01-01"]}, {"1": "a"}, "170141183460469231731687303715884105727",
        "10:00:00", None, "ü",
    ]  # fmt: skip
    assert row[-1] == "2019-12-31T22:00:00Z"
    for form in ("csv", "arrow"):
        assert bench.ask(sql, format=form).row_count == 1


DURATIONS = {
    "interval 14 months": "P14M",
    "date '2026-11-21' - date '2025-09-20'": 427,
    "age(timestamp '2026-11-21 03:00', timestamp '2025-09-20')": "P14M1DT3H",
    "timestamp '2026-01-02 00:00:01.5' - timestamp '2026-01-01'": "P1DT1.5S",
    "interval '-14 months 3 days -90 seconds'": "P-14M3DT-1M-30S",
    "to_microseconds(-1500)": "PT-0.0015S",
    "to_hours(100000)": "PT100000H",
    "to_years(5000000)": "P60000000M",
    "interval 0 days": "PT0S",
    "null::interval": None,
    "[interval 1 month, null]": ["P1M", None],
    "[interval 1 month]::interval[1]": ["P1M"],
    "{'interval': interval 1 month, 'a \"b': [1]}": {"interval": "P1M", 'a "b': [1]},
    "row(interval 1 month, 'x')": ["P1M", "x"],
    "map {interval 1 month: [interval 1 hour]}": {"P1M": ["PT1H"]},
    "map {[interval 1 month]: 1}": {"key": [["P1M"]], "value": [1]},
    "union_value(a := interval 1 month)": "1 month",
}


def test_durations_keep_their_months(bench: Bench) -> None:
    sql = f"select 1 as a, {', '.join(DURATIONS)}, 'x' as a -- the end\n;"
    found = bench.ask(sql)
    assert json.loads(found.data) == [[1, *DURATIONS.values(), "x"]]
    assert [each[1] for each in found.columns[1:4]] == ["interval", "int64", "interval"]
    header, row = csv.reader(io.StringIO(bench.ask(sql, format="csv").data.decode(), newline=""))
    assert (header[0], header[-1]) == ("a", "a")
    told = [each if isinstance(each, str) else None for each in DURATIONS.values()]
    assert all(cell == text for cell, text in zip(row[1:-1], told, strict=True) if text is not None)
    assert row[11] == '["P1M",null]'
    stream = bench.ask("select interval '14 months 3 days 4 hours' as d", format="arrow").data
    (value,) = pa.ipc.open_stream(stream).read_all()["d"].to_pylist()
    assert (value.months, value.days, value.nanoseconds) == (14, 3, 4 * 3600 * 10**9)


def test_durations_come_in_the_querys_order_and_within_its_limits(bench: Bench) -> None:
    sql = "select id, to_months(id::int) as m from things order by id desc"
    found = bench.ask(sql, rows=3)
    rows = json.loads(found.data)
    assert (found.truncated, len(rows)) == (True, 3)
    assert rows == [[id_, f"P{id_}M"] for id_ in range(rows[0][0], rows[0][0] - 3, -1)]


@pytest.mark.parametrize(
    ("sql", "cause"),
    [
        (ENDLESS, "time"),
        ("with recursive r(n) as (select 1 union all select n + 1 from r) select count(*) from r", "time"),
        ("select repeat('abcdefgh', 500000000)", "memory"),
        ("select list(a.range) from range(9999999) a, range(100) b", "memory"),
    ],
)  # fmt: skip
def test_what_takes_too_much_is_stopped(bench: Bench, sql: str, cause: str) -> None:
    with pytest.raises(StoppedError) as caught:
        bench.ask(sql, seconds=2.0 if cause == "time" else 20.0)
    assert caught.value.cause == cause


def test_an_error_of_values_is_told_and_a_path_is_not(bench: Bench) -> None:
    with pytest.raises(FailedError, match="Could not convert string 'n0'"):
        bench.ask("select cast(name as int) from things order by id")
    with pytest.raises((FailedError, StoppedError)) as caught:
        bench.ask(f"select * from read_text('{bench.file.parent}/nothing')", guarded=False)
    assert str(bench.file.parent) not in str(caught.value)


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_text('/etc/passwd')",
        "select * from read_text('/proc/self/environ')",
        "select * from glob('/etc/*')",
        "copy things to '{folder}/out.csv'",
        "copy (select 1) to '{file}' (format parquet)",
        "attach '{folder}/x.duckdb'",
        "export database '{folder}/out'",
        "install httpfs",
        "load '{folder}/x.so'",
        "set threads = 8",
        "set enable_external_access = true",
        "set allowed_directories = ['/']",
        "from 'http://127.0.0.1:9/x.parquet'",
        "pragma profiling_output = '{folder}/out'",
        "call enable_logging(storage = 'file', storage_path = '{folder}/out')",
    ],
)
def test_without_the_guard_nothing_is_reached(bench: Bench, sql: str) -> None:
    folder, content = bench.file.parent, bench.file.read_bytes()
    with pytest.raises((FailedError, RefusedError, StoppedError)):
        bench.ask(sql.format(folder=folder, file=bench.file), guarded=False)
    assert list(folder.iterdir()) == [bench.file]
    assert bench.file.read_bytes() == content


def test_a_worker_that_is_killed_midway_is_told(bench: Bench) -> None:
    killer = threading.Timer(0.5, lambda: [os.kill(pid, signal.SIGKILL) for pid in workers(bench)])
    killer.start()
    try:
        with pytest.raises(StoppedError) as caught:
            bench.ask(ENDLESS)
    finally:
        killer.join()
    assert caught.value.cause == "killed"
    assert bench.ask("select 1").data == b"[[1]]"


def children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(each) for each in listed.read_text().split()] if listed.exists() else []


def workers(bench: Bench) -> list[int]:
    nursery = bench.pool._nursery
    assert nursery
    return [worker for template in children(nursery.pid) for worker in children(template)]


def test_a_zygote_that_ends_is_replaced(tmp_path: Path) -> None:
    with opened(tmp_path) as bench:
        assert bench.ask("select 1").data == b"[[1]]"
        assert bench.pool._nursery
        os.kill(bench.pool._nursery.pid, signal.SIGKILL)
        bench.pool._nursery._process.wait()
        for _ in range(20):  # idle workers and templates die with it, a moment later
            try:
                assert bench.ask("select 2").data == b"[[2]]"
                break
            except StoppedError:
                continue
        else:
            pytest.fail("no query was answered any more")


def test_a_file_that_vanished_is_told_as_that(tmp_path: Path) -> None:
    with opened(tmp_path) as bench:
        bench.ask("select 1")
        bench.file.unlink()
        with pytest.raises(StoppedError) as caught:
            bench.ask("select * from things")
        assert caught.value.cause == "vanished"
        assert str(tmp_path) not in str(caught.value)


def test_a_file_that_vanished_before_there_was_a_process_is_told_as_that(tmp_path: Path) -> None:
    with opened(tmp_path) as bench:
        bench.file.unlink()
        with pytest.raises(StoppedError) as caught:
            bench.ask("select * from things")
        assert caught.value.cause == "vanished"


@pytest.mark.slow
def test_nothing_is_left_behind(tmp_path: Path) -> None:
    descriptors = len(list(Path("/proc/self/fd").iterdir()))
    running = set(threading.enumerate())
    with opened(tmp_path) as bench:
        for sql in [
            "select 1",
            "selec",
            "select * from read_text('/etc/passwd')",
            "drop table things",
        ] * 10:
            for guarded in (True, False):
                with suppress(FailedError, RefusedError, StoppedError):
                    bench.ask(sql, guarded=guarded)
        nursery = bench.pool._nursery
        assert nursery
        zygote = nursery.pid
        templates = children(zygote)
        assert len(templates) == 1
        # Eighty were asked; those that end and those that take their place may be there side by side.
        assert len(workers(bench)) <= 2 * bench.pool.limits.workers + 1
    assert not any(Path(f"/proc/{pid}").exists() for pid in [zygote])
    assert set(threading.enumerate()) == running
    assert len(list(Path("/proc/self/fd").iterdir())) == descriptors
    assert sorted(tmp_path.iterdir()) == [tmp_path / "things.parquet"]


def test_too_many_are_turned_away_at_once(tmp_path: Path) -> None:
    with opened(tmp_path, workers=1, seconds=3) as bench:
        bench.ask("select 1")
        outcomes: list[str] = []

        def one(who: str) -> None:
            try:
                bench.ask(ENDLESS, who=who, seconds=3.0)
            except (StoppedError, BusyError) as error:
                outcomes.append(type(error).__name__)

        threads = [threading.Thread(target=one, args=("same",)) for _ in range(8)]
        for each in threads:
            each.start()
        for each in threads:
            each.join(60)
        assert outcomes.count("BusyError") >= 5
        assert outcomes.count("StoppedError") >= 1


class Hostile:
    """A worker taken over by its query: it sends whatever it likes."""

    def __init__(self, *frames: bytes) -> None:
        import socket

        mine, theirs = socket.socketpair()
        self._theirs = theirs
        self._sender = threading.Thread(target=self._send, args=(frames,))
        self._sender.start()
        pid = os.posix_spawn("/bin/sleep", ["sleep", "1000"], {})
        self.child = _nursery.Child(pid, os.pidfd_open(pid))
        self.child.gone.set()  # no zygote tells of its end
        self.worker = _nursery.Worker(self.child, mine)

    def _send(self, frames: tuple[bytes, ...]) -> None:
        with suppress(OSError):  # whoever was to read may be gone
            for frame in frames:
                self._theirs.sendall(frame)
        self._theirs.close()

    def close(self) -> None:
        pid = self.child.pid
        self.worker.close()
        os.waitpid(pid, 0)
        self._sender.join()


@pytest.mark.parametrize(
    "frames",
    [
        [_frames.HEADER.pack(b"D", 1 << 31)],
        [_frames.HEADER.pack(b"D", 1 << 16) + bytes(1 << 16)] * 100,
        [_frames.HEADER.pack(b"?", 1) + b"x"],
        [_frames.HEADER.pack(b"C", 3) + b"{]}"],
        [_frames.HEADER.pack(b"C", 2) + b"[]"],
        [_frames.HEADER.pack(b"E", 2) + b"{}"],
        [_frames.HEADER.pack(b"X", 2) + b"[]"],
        [_frames.HEADER.pack(b"X", 4) + b"\xff\xfe\x00\x01"],
        [_frames.HEADER.pack(b"C", 10) + b"[" * 10],
        [_frames.HEADER.pack(b"C", 100_000) + b"[" * 100_000],
        [b"\x00" * 3],
        [],
    ],
)
def test_a_hostile_worker_is_killed_and_costs_no_memory(frames: list[bytes]) -> None:
    hostile = Hostile(*frames)
    try:
        with pytest.raises(StoppedError):
            pools._asked(hostile.worker, Query("select 1", 10, 1000, 20.0), True)
    finally:
        hostile.close()


def test_a_machine_without_the_walls_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from omnix.sandbox import _kernel

    monkeypatch.setattr(_kernel, "landlock_version", lambda: 0)
    with opened(tmp_path) as bench, pytest.raises(UnsupportedError, match="lacks Landlock"):
        bench.ask("select 1")
    monkeypatch.setattr(sys, "platform", "darwin")
    assert _kernel.missing() == ["Linux (this is darwin)"]


def test_a_set_that_is_out_of_date_is_closed(bench: Bench) -> None:
    for key in "bcdefg":
        assert bench.ask("select 1", key=key).data == b"[[1]]"
    assert len(bench.pool._sets) <= pools._KEPT_SETS
    bench.pool.forget("g")
    assert "g" not in bench.pool._sets


def test_the_walls_by_themselves(tmp_path: Path) -> None:
    """In a fork of its own: after the walls are up, system calls fail as they should."""
    from omnix.sandbox import _kernel, _seccomp

    allowed = tmp_path / "allowed"
    allowed.write_text("yes")
    (tmp_path / "other").write_text("no")
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.dup2(writing, 3)
            _kernel.no_new_privileges()
            _kernel.only_read([str(allowed)])
            _seccomp.filter_all_threads()
            os.write(3, _tried(tmp_path).encode())
            ctypes.CDLL(None).syscall(41, 2, 1, 0) if os.uname().machine == "x86_64" else None
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        assert told.read() == "allowed:yes other:13 made:1 fork:1 listed:13 kill:1"
    _, status = os.waitpid(pid, 0)
    if os.uname().machine == "x86_64":
        assert os.waitstatus_to_exitcode(status) == -signal.SIGSYS


def _tried(folder: Path) -> str:
    def outcome(action: Any) -> str:
        try:
            return str(action())
        except OSError as error:
            return str(error.errno)

    return " ".join(
        f"{name}:{outcome(action)}"
        for name, action in {
            "allowed": lambda: os.read(os.open(folder / "allowed", os.O_RDONLY), 9).decode(),
            "other": lambda: os.open(folder / "other", os.O_RDONLY),
            "made": lambda: os.open(folder / "new", os.O_WRONLY | os.O_CREAT),
            "fork": os.fork,
            "listed": lambda: list(folder.iterdir()),
            "kill": lambda: os.kill(os.getppid(), 0),
        }.items()
    )
