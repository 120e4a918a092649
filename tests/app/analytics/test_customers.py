"""One customer at a time: the index answers as the table does, privately, and goes with its version."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.analytics.changing import publish
from omnix.app.analytics.customers import CustomerFeatures
from omnix.app.analytics.errors import NotFoundError
from omnix.app.analytics.reader import Reader
from omnix.app.app import App
from shop import query


@pytest.fixture
def reader(copied: Path) -> Iterator[Reader]:
    found = Reader(App.open(copied))
    yield found
    found.close()


@pytest.fixture
def customers(reader: Reader) -> Iterator[CustomerFeatures]:
    found = CustomerFeatures(reader)
    yield found
    found.close()


def files(reader: Reader) -> list[Path]:
    return sorted((reader.app.settings.home / "cache" / "points").iterdir())


def ids(reader: Reader) -> list[str]:
    rows = query(reader.app.settings.home, "select distinct customer_id as id from customer_features order by id", "customer_features")  # fmt: skip
    return [row["id"] for row in rows]


def test_the_index_answers_as_the_table_does(customers: CustomerFeatures, reader: Reader) -> None:
    someone = ids(reader)[:40]
    snapshot = reader.snapshot("customer_features")
    assert snapshot
    straight = [customers._read(snapshot, each) for each in someone]
    customers.get(someone[0])
    customers.settle()
    indexed = [customers.get(each) for each in someone]
    for before, after in zip(straight, indexed, strict=True):
        told = json.loads(after)
        assert told["data"] == json.loads(before or b"")
        assert told["provenance"][0]["table"] == "customer_features"
    assert json.loads(indexed[0])["customer_id"] == someone[0]


def test_who_pays_in_two_currencies_has_two_rows(customers: CustomerFeatures, reader: Reader) -> None:  # fmt: skip
    publish(reader.app, "customer_features", "from shown union all select * replace ('XXX' as currency, 0 as frequency) from shown")  # fmt: skip
    someone = ids(reader)[0]
    for _ in range(2):
        rows = json.loads(customers.get(someone))["data"]
        assert rows[-1]["currency"] == "XXX"
        assert rows[0]["frequency"] > 0
        customers.settle()


@pytest.mark.parametrize("name", ["", "nobody", "' or 1=1 --", "x" * 10_000, "\0", "C000001\n", "../x"])  # fmt: skip
def test_nobody_is_told_as_not_there(customers: CustomerFeatures, reader: Reader, name: str) -> None:  # fmt: skip
    for _ in range(2):
        with pytest.raises(NotFoundError) as told:
            customers.get(name)
        assert len(str(told.value)) < 200
        customers.settle()


def test_a_new_version_is_answered_at_once_and_the_old_index_goes(
    customers: CustomerFeatures, reader: Reader
) -> None:
    first, second = ids(reader)[:2]
    customers.get(first)
    customers.settle()
    (old,) = files(reader)
    assert old.stat().st_mode & 0o777 == 0o600
    assert old.parent.stat().st_mode & 0o777 == 0o700
    assert customers.get(second)
    publish(reader.app, "customer_features", f"from shown where customer_id <> '{first}'")
    with pytest.raises(NotFoundError):
        customers.get(first)
    customers.settle()
    with pytest.raises(NotFoundError):
        customers.get(first)
    assert customers.get(second)
    (new,) = files(reader)
    assert new != old
    assert first.encode() not in new.read_bytes()


def test_what_another_process_left_is_swept_at_the_start(reader: Reader) -> None:
    folder = reader.app.settings.home / "cache" / "points"
    folder.mkdir(parents=True)
    (folder / "customer_features-old.sqlite").write_bytes(b"somebody")
    (folder / ".draft-x").write_bytes(b"somebody")
    CustomerFeatures(reader)
    assert files(reader) == []


def test_an_index_that_was_swept_away_is_made_again(
    customers: CustomerFeatures, reader: Reader
) -> None:
    someone = ids(reader)[0]
    customers.get(someone)
    customers.settle()
    for path in files(reader):
        path.unlink()
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(lambda _: customers.get(someone), range(12)))
    assert len(set(found)) == 1
    customers.settle()
    assert customers.get(someone) == found[0]
    assert files(reader)


def test_where_no_index_can_be_made_the_table_answers(reader: Reader) -> None:
    (reader.app.settings.home / "cache").mkdir(exist_ok=True)
    blocked = reader.app.settings.home / "cache" / "points"
    blocked.write_bytes(b"a file where a folder should be")
    customers = CustomerFeatures(reader)
    someone = ids(reader)[0]
    for _ in range(2):
        assert customers.get(someone)
        customers.settle()
    blocked.unlink()
    customers.close()


def test_the_index_holds_what_the_table_holds(customers: CustomerFeatures, reader: Reader) -> None:
    customers.get(ids(reader)[0])
    customers.settle()
    (path,) = files(reader)
    con = sqlite3.connect(path)
    assert [row[0] for row in con.execute("select customer_id from points")] == ids(reader)
    con.close()
