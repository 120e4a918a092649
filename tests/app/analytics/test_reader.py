"""One reader in many threads: answers remembered until the data changes, errors in words."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.analytics.changing import forget, publish
from omnix.app.analytics.errors import VersionGoneError
from omnix.app.analytics.reader import Reader, _Answers, stamp_of
from omnix.app.app import App
from omnix.core.errors import LakeError


@pytest.fixture
def reader(copied: Path) -> Iterator[Reader]:
    found = Reader(App.open(copied))
    yield found
    found.close()


def count(reader: Reader, name: str = "sales_daily") -> int:
    ((rows,),) = reader.rows(f"select count(*) from {name}", None, reader.pins([name])).rows
    return int(rows)


def test_a_new_version_is_seen_at_once(reader: Reader) -> None:
    before, stamp = count(reader), reader.data_version(["sales_daily", "orders"])
    publish(reader.app, "sales_daily", "from shown limit 7")
    assert before > 7
    assert count(reader) == 7
    assert reader.data_version(["sales_daily", "orders"]) != stamp
    assert reader.data_version(["orders"]) == reader.data_version(["orders"])


def test_a_table_made_anew_under_the_same_version_is_seen(reader: Reader) -> None:
    stamp = reader.data_version(["sales_daily"])
    rows = reader.records("from sales_daily limit 1", None, reader.pins(["sales_daily"]))
    table = reader.tables["sales_daily"]
    reader.app.lake.delete(table.path)
    with reader.app.workspace() as work:
        con = work.connection(threads=1)
        con.execute("create table one as select date '2026-01-01' as sold_on, 'FR' as country, 'k' as category_id, null::varchar as category_name, 'EUR' as currency, 1::bigint as gross_cents, 0::bigint as discount_cents, 0::bigint as refund_cents, 1::bigint as net_cents, 0::bigint as tax_cents, 1::bigint as quantity, 1::bigint as orders, 1::bigint as customers, 1::bigint as aov_cents")  # fmt: skip
        reader.app.lake.publish(table.path, con, "from one", dict(table.columns))
    assert reader.snapshot("sales_daily").version == 0  # type: ignore[union-attr]
    assert reader.data_version(["sales_daily"]) != stamp
    assert count(reader) == 1
    assert rows


def test_an_answer_is_made_once_for_each_state_of_the_data(reader: Reader) -> None:
    made: list[int] = []

    def answer() -> int:
        return reader.answer("rows", ["sales_daily"], lambda _pins: made.append(1) or len(made))  # type: ignore[func-returns-value]

    assert [answer(), answer(), answer()] == [1, 1, 1]
    publish(reader.app, "sales_daily")
    assert [answer(), answer()] == [2, 2]
    publish(reader.app, "categories")
    assert answer() == 2


def test_a_failure_is_not_remembered(reader: Reader) -> None:
    def failing(_pins: object) -> int:
        raise LakeError("no")

    with pytest.raises(LakeError):
        reader.answer("what", ["orders"], failing)
    assert reader.answer("what", ["orders"], lambda _pins: 5) == 5


def test_a_version_that_goes_meanwhile_is_read_anew(reader: Reader) -> None:
    old = reader.pins(["sales_daily"])
    seen = []

    def make(pins: object) -> int:
        seen.append(pins)
        if len(seen) == 1:
            raise VersionGoneError("gone")
        return 3

    publish(reader.app, "sales_daily")
    assert reader.answer("what", ["sales_daily"], make) == 3
    assert len(seen) == 2
    forget(reader.app, "sales_daily")
    with pytest.raises(VersionGoneError, match="removed while"):
        reader.rows("from sales_daily", None, old)
    assert count(reader) > 0  # the thread's connection is as good as before


def test_many_threads_read_while_versions_come_and_go(reader: Reader) -> None:
    """Every count is that of some version, and no error reaches anybody."""
    stop, counts = threading.Event(), set()

    def read() -> None:
        while not stop.is_set():
            counts.add(
                reader.answer(
                    ("n", threading.get_ident()),
                    ["sales_daily"],
                    lambda p: reader.rows("select count(*) from sales_daily", None, p).rows[0][0],
                )
            )

    with ThreadPoolExecutor(4) as pool:
        reading = [pool.submit(read) for _ in range(3)]
        for rows in range(12, 2, -1):
            publish(reader.app, "sales_daily", f"from shown limit {rows}")
            forget(reader.app, "sales_daily", 2)
        stop.set()
        for each in reading:
            each.result()
    assert counts & set(range(3, 13))
    assert all(each in range(3, 13) or each > 100 for each in counts)


def test_of_many_that_ask_at_once_one_computes() -> None:
    answers, started, made = _Answers(), threading.Barrier(8), []

    def ask() -> str:
        started.wait()
        return answers.get("what", "stamp", lambda: made.append(1) or "told")  # type: ignore[func-returns-value]

    with ThreadPoolExecutor(8) as pool:
        assert {each.result() for each in [pool.submit(ask) for _ in range(8)]} == {"told"}
    assert made == [1]


def test_memory_is_bounded() -> None:
    answers = _Answers()
    for number in range(100):
        answers.get(number, "s", lambda: bytes(1 << 20))
    assert answers._size <= 64 << 20
    assert 50 < len(answers._kept) <= 64
    for number in range(5_000):
        answers.get(("small", number), "s", lambda: b"")
    assert len(answers._kept) <= 2_000


def test_what_was_never_built_is_told(reader: Reader) -> None:
    reader.app.lake.delete("analytics/sales_daily")
    assert reader.snapshot("sales_daily") is None
    assert stamp_of(reader.pins(["sales_daily"])) == stamp_of({"sales_daily": None})
    with pytest.raises(LakeError, match="never built"):
        count(reader)
    assert count(reader, "orders") > 0
