"""Deleted keys are found for keys of any type."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pytest

from omnix.sources.database import DatabaseSource, keys
from servers import Server, load_tables


@pytest.mark.parametrize(
    "key",
    [
        {"id": pa.array([-5, 0, 7, 9, 2**62], pa.int64())},
        {"sku": pa.array(["a", "A'", 'b"\\', "ü", ""])},
        {"id": pa.array([Decimal("1.10"), 2, 3, 4, 5], pa.decimal128(9, 2))},
        {"day": pa.array([dt.date(2024, 1, n) for n in range(1, 6)])},
        {
            "at": pa.array(
                [dt.datetime.fromisoformat(f"2024-01-0{n} 10:00:00.5") for n in range(1, 6)],
                pa.timestamp("us"),
            ),
        },
        {
            "order_id": pa.array([1, 1, 2, 2, 3], pa.int32()),
            "line": pa.array(["a", "b", "a", "b", "a"]),
        },
    ],
    ids=["integers", "texts", "decimals", "days", "times", "composite"],
)
def test_keys_that_are_gone_are_found(
    server: Server, key: dict[str, pa.Array], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "RANGE", 2)
    monkeypatch.setattr(keys, "LISTED", 2)
    known = pa.table(key)
    there = known.take([0, 3])
    load_tables(server, {"t": there}, keys={"t": list(key)})
    with DatabaseSource(server.reader()).open() as session:
        (table,) = session.tables()
        gone = session.missing_keys(table, known)
        assert session.missing_keys(table, there).num_rows == 0
        assert session.missing_keys(table, known.slice(0, 0)).num_rows == 0
    order = [(name, "ascending") for name in key]
    assert gone.sort_by(order).equals(known.take([1, 2, 4]).sort_by(order))


def test_rows_that_were_never_known_are_passed_over(server: Server) -> None:
    many = pa.table({"id": pa.array(range(1000), pa.int64())})
    load_tables(server, {"t": many}, keys={"t": ["id"]})
    with DatabaseSource(server.reader()).open() as session:
        (table,) = session.tables()
        known = pa.table({"id": pa.array([3, 5000, 999], pa.int64())})
        assert session.missing_keys(table, known)["id"].to_pylist() == [5000]
