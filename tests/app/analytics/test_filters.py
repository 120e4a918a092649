"""Filters read against contracts; whatever comes, it is rows or a clear refusal."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnix.app.analytics.errors import QuestionError
from omnix.app.analytics.filters import OPERATORS, conditions, parsed
from omnix.core.table import DUCKDB_TYPES, Column

COLUMNS = {
    "name": Column("string", "A text.", nullable=True),
    "count": Column("int64", "A whole number.", nullable=True),
    "small": Column("int32", "A small one.", nullable=True),
    "share": Column("float64", "A number.", nullable=True),
    "open": Column("bool", "Yes or no.", nullable=True),
    "day": Column("date", "A day.", nullable=True),
    "at": Column("timestamp", "A moment.", nullable=True),
}
ROWS: list[tuple[Any, ...]] = [
    ("Ann", 1, 1, 0.5, True, date(2026, 1, 1), datetime(2026, 1, 1, 12)),
    ("bob", 2, -1, -1.5, False, date(2026, 2, 1), datetime(2026, 2, 1)),
    ("it's", 2**63 - 1, 2**31 - 1, 1e300, True, date(1999, 12, 31), datetime(1999, 12, 31)),
    (None, None, None, None, None, None, None),
]


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    found = duckdb.connect(config={"threads": 1})
    typed = ", ".join(f'"{n}" {DUCKDB_TYPES[c.dtype]}' for n, c in COLUMNS.items())
    found.execute(f"create table t (n integer, {typed})")
    found.executemany("insert into t values (?, ?, ?, ?, ?, ?, ?, ?)", [[n, *row] for n, row in enumerate(ROWS)])  # fmt: skip
    return found


def chosen(con: duckdb.DuckDBPyConnection, filters: Any) -> list[int]:
    params: dict[str, Any] = {}
    where = conditions(parsed(json.dumps(filters)), COLUMNS, params)
    sql = f"select n from t where {' and '.join(where) or 'true'} order by n"
    return [n for (n,) in con.execute(sql, params).fetchall()]


@pytest.mark.parametrize(
    ("filters", "rows"),
    [
        ({}, [0, 1, 2, 3]),
        ({"name": "Ann"}, [0]),
        ({"name": "it's"}, [2]),
        ({"name": None}, [3]),
        ({"name": {"eq": None}}, [3]),
        ({"name": {"ne": None}}, [0, 1, 2]),
        ({"name": {"ne": "Ann"}}, [1, 2, 3]),
        ({"name": {"in": ["Ann", "bob", "none"]}}, [0, 1]),
        ({"name": {"in": []}}, []),
        ({"name": {"like": "%O%"}}, [1]),
        ({"name": {"is_null": True}}, [3]),
        ({"name": {"is_null": False}}, [0, 1, 2]),
        ({"count": {"gt": 1}}, [1, 2]),
        ({"count": 2**63 - 1}, [2]),
        ({"small": {"le": 0}}, [1]),
        ({"small": {"in": [1, -1]}}, [0, 1]),
        ({"share": {"ge": 0.5}}, [0, 2]),
        ({"share": 1}, []),
        ({"open": True}, [0, 2]),
        ({"open": {"in": [False]}}, [1]),
        ({"day": "2026-01-01"}, [0]),
        ({"day": {"ge": "2026-01-01", "lt": "2026-02-01"}}, [0]),
        ({"day": {"in": ["1999-12-31"]}}, [2]),
        ({"at": {"gt": "2026-01-01T12:00:00"}}, [1]),
        ({"at": "2026-01-01T12:00:00Z"}, [0]),
        ({"at": "2026-01-01T14:00:00+02:00"}, [0]),
        ({"at": {"lt": "2000-01-01"}}, [2]),
        ({"name": "Ann", "count": 2}, []),
    ],
)
def test_by_example(con, filters, rows) -> None:
    assert chosen(con, filters) == rows


@pytest.mark.parametrize(
    ("filters", "field", "words"),
    [
        ({"nam": 1}, "filters", "Did you mean 'name'"),
        ({"name": 1}, "filters.name.eq", "a text was expected"),
        ({"name": ["a"]}, "filters.name.eq", "a text was expected"),
        ({"name": {"eqq": 1}}, "filters.name.eqq", "Did you mean 'eq'"),
        ({"name": {}}, "filters.name", "asks for nothing"),
        ({"name": {"in": "a"}}, "filters.name.in", "list of at most 1,000"),
        ({"name": {"in": ["a"] * 1_001}}, "filters.name.in", "list of at most 1,000"),
        ({"name": {"in": [None]}}, "filters.name.in", "a text was expected"),
        ({"name": {"lt": None}}, "filters.name.lt", "a text was expected"),
        ({"name": {"is_null": "yes"}}, "filters.name.is_null", "true or false"),
        ({"name": "a\0b"}, "filters.name.eq", "a text was expected"),
        ({"name": {"eq": {"eq": {}}}}, "filters.name.eq", "a text was expected"),
        ({"count": 1.5}, "filters.count.eq", "a whole number was expected"),
        ({"count": True}, "filters.count.eq", "a whole number was expected"),
        ({"count": 2**63}, "filters.count.eq", "a whole number was expected"),
        ({"small": 2**31}, "filters.small.eq", "a whole number was expected"),
        ({"count": {"like": "1%"}}, "filters.count.like", "only texts"),
        ({"share": "1"}, "filters.share.eq", "a finite number was expected"),
        ({"open": 1}, "filters.open.eq", "true or false was expected"),
        ({"day": "2026-13-01"}, "filters.day.eq", "a day such as"),
        ({"day": "20260101"}, "filters.day.eq", "a day such as"),
        ({"at": "soon"}, "filters.at.eq", "a moment such as"),
        ({"at": "0001-01-01T00:00:00+14:00"}, "filters.at.eq", "a moment such as"),
    ],
)
def test_what_is_refused_is_named(con, filters, field, words) -> None:
    with pytest.raises(QuestionError) as told:
        chosen(con, filters)
    assert told.value.errors[0]["field"] == field
    assert words in str(told.value)


@pytest.mark.parametrize(
    "text",
    ["[]", "1", '"name"', "null", "{", "{'name': 1}", '{"share": NaN}', '{"share": Infinity}',
     '{"share": 1e999}', '{"name": "\\ud800"}', "{" * 2_000, '{"a":' * 2_000, "[" * 100_000,
     '{"name": "' + "x" * 30_000 + '"}', "\ufeff{}", "{}{}"],
)  # fmt: skip
def test_what_is_no_filter_is_refused(con, text) -> None:
    with pytest.raises(QuestionError) as told:
        conditions(parsed(text), COLUMNS, {})
    assert told.value.errors[0]["field"].startswith("filters")
    assert len(str(told.value)) < 500


def test_too_many_conditions_are_refused(con) -> None:
    many = {"count": dict.fromkeys(("eq", "ne", "lt", "le", "gt", "ge"), 1)}
    assert chosen(con, many) == []
    columns = {f"c{n}": COLUMNS["count"] for n in range(60)}
    with pytest.raises(QuestionError, match="60 conditions"):
        conditions(dict.fromkeys(columns, 1), columns, {})


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
    | st.sampled_from(["'; drop table t; --", '" or 1=1', "$f0", "2026-01-01", "%", "1"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from([*OPERATORS, "x"]) | st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from([*COLUMNS]) | st.text(max_size=6), anything, max_size=3))
def test_whatever_comes_is_rows_or_a_refusal(con, filters) -> None:
    try:
        text = json.dumps(filters)
        rows = chosen(con, filters)
    except QuestionError:
        return
    assert set(rows) <= {0, 1, 2, 3}
    assert len(text) < 20_000
    assert con.execute("select count(*) from t").fetchall() == [(4,)]
