"""Newest-wins reads agree with a slow, obvious twin."""

import tempfile

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omnix.core.errors import LakeError
from omnix.lake import Lake

COLUMNS = {"region": "VARCHAR", "id": "INTEGER", "value": "INTEGER"}
KEY = ["region", "id"]

regions = st.sampled_from(["a", "b", None])
keys = st.tuples(regions, st.integers(0, 4) | st.none())
change = st.tuples(keys, st.integers(0, 99) | st.none(), st.booleans() | st.none())
steps = st.lists(st.just("compact") | st.lists(change, max_size=6), max_size=5)


def _rows(values: list[tuple], names: str) -> str:
    if not values:
        return f"select {names} from (values (null, null, null, null, null)) v({names}) where false"
    shown = ", ".join("(" + ", ".join(_sql(v) for v in row) + ")" for row in values)
    return f"select {names} from (values {shown}) v({names})"


def _sql(value: object) -> str:
    return (
        "null" if value is None else f"'{value}'" if isinstance(value, str) else str(value).lower()
    )


def _typed(sql: str) -> str:
    return f"""select region::varchar as region, id::integer as id, value::integer as value,
        _row::bigint as _row, _deleted::boolean as _deleted from ({sql})"""


@settings(deadline=None, max_examples=30)
@given(
    base=st.dictionaries(keys, st.integers(0, 99), max_size=6), steps=steps, with_row=st.booleans()
)
def test_newest_wins_as_the_slow_twin_says(base, steps, with_row):
    twin = dict(base)
    names = "region, id, value, _row, _deleted"
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as con:
        lake = Lake(folder, durable=False)
        start = _typed(_rows([(*key, value, 0, False) for key, value in base.items()], names))
        hidden = "" if with_row else "exclude (_row, _deleted)"
        lake.publish("t", con, f"select * {hidden} from ({start})", COLUMNS, key=KEY)
        number = 0
        for step in steps:
            if step == "compact":
                lake.compact("t")
                continue
            changes = []
            for key, value, deleted in step:
                number += 1
                changes.append((*key, value, number, deleted))
                twin[key] = value
                if deleted:
                    del twin[key]
            # the order of rows inside a file means nothing
            lake.append("t", con, _typed(_rows(changes[::-1], names)), COLUMNS, changes=True)
        lake.view(con, "t")
        found = con.execute("select region, id, value from t").fetchall()
        lake.compact("t")
        lake.view(con, "t")
        folded = con.execute("select region, id, value from t").fetchall()
    assert sorted(found, key=str) == sorted(((*key, value) for key, value in twin.items()), key=str)
    assert sorted(folded, key=str) == sorted(found, key=str)


def _keyed(lake, con):
    sql = "select 'a' as region, i::integer as id, 0 as value from range(3) r(i)"
    lake.publish("t", con, sql, COLUMNS, key=KEY)


def test_the_same_change_twice_counts_once_and_the_later_copy_wins(lake, con):
    _keyed(lake, con)
    for value in (5, 6):
        sql = f"select 'a' as region, 1::integer as id, {value} as value, 7::bigint as _row"
        lake.append("t", con, sql, COLUMNS, changes=True)
    lake.view(con, "t")
    assert con.execute("select id, value from t order by id").fetchall() == [(0, 0), (1, 6), (2, 0)]


def test_since_gives_the_newest_of_what_was_added(lake, con):
    _keyed(lake, con)
    lake.append(
        "t",
        con,
        "select 'a' as region, 1::integer as id, 5 as value, 1::bigint as _row",
        COLUMNS,
        changes=True,
    )
    both = """select 'a' as region, 1::integer as id, 6 as value, 2::bigint as _row, false as _deleted
        union all select 'a', 2, null, 3, true"""
    lake.append("t", con, both, COLUMNS, changes=True)
    version = lake.snapshot("t").version
    lake.view(con, "t", since=0)
    assert con.execute("select id, value from t").fetchall() == [(1, 6)]
    lake.view(con, "t", since=0, physical=True)
    assert con.execute("select id, value, _row, _deleted from t order by _row").fetchall() == [
        (1, 5, 1, None), (1, 6, 2, False), (2, None, 3, True),
    ]  # fmt: skip
    lake.view(con, "t", since=version)
    assert con.execute("from t").fetchall() == []
    lake.compact("t")
    with pytest.raises(LakeError, match="rewritten"):
        lake.view(con, "t", since=0)


def test_changes_need_a_key_and_a_row_number(lake, con):
    sql = "select 'a' as region, 1::integer as id, 5 as value"
    lake.publish("plain", con, sql, COLUMNS)
    with pytest.raises(LakeError, match="plain has no key"):
        lake.append("plain", con, f"{sql}, 1::bigint as _row", COLUMNS, changes=True)
    _keyed(lake, con)
    with pytest.raises(LakeError, match="the rows lack _row"):
        lake.append("t", con, sql, COLUMNS, changes=True)
    with pytest.raises(LakeError, match=r"has the key \('region', 'id'\), not \('id',\)"):
        lake.append("t", con, f"{sql}, 1::bigint as _row", COLUMNS, changes=True, key=["id"])
    with pytest.raises(LakeError, match="the rows lack nothing"):
        lake.publish("t", con, sql, COLUMNS, key=["nothing"])


def test_changes_create_a_keyed_table(lake, con):
    sql = "select 'a' as region, 1::integer as id, 5 as value, 1::bigint as _row"
    assert lake.append("new", con, sql, COLUMNS, changes=True, key=KEY).key == tuple(KEY)
    lake.view(con, "new")
    assert con.execute("from new").fetchall() == [("a", 1, 5)]


def test_two_tables_of_one_name_in_one_connection(lake, con):
    lake.publish("raw/orders", con, "select 1 as a", {"a": "INTEGER"})
    lake.publish("curated/orders", con, "select 2 as a", {"a": "INTEGER"})
    lake.view(con, "raw/orders", as_name="raw_orders")
    lake.view(con, "curated/orders")
    assert con.execute("from raw_orders, orders").fetchall() == [(1, 2)]


def test_other_engines_read_the_same(tmp_path, con):
    from deltalake import DeltaTable

    lake = Lake(tmp_path)
    lake.publish(
        "t",
        con,
        "select 1.25::decimal(9,2) as money, timestamp '2026-01-01 10:00' as at",
        {"money": "DECIMAL(9,2)", "at": "TIMESTAMP"},
    )
    table = DeltaTable(tmp_path / "t").to_pyarrow_table()
    assert str(table.schema.field("money").type) == "decimal128(9, 2)"
    assert str(table.schema.field("at").type) == "timestamp[us, tz=UTC]"
    assert str(table["at"][0].as_py()) == "2026-01-01 10:00:00+00:00"
