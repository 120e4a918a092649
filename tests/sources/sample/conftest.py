from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from omnix.sources.sample import SampleShop, make_sample_shop
from omnix.sources.sample.dirt import KEYS

#: What remains when bad rows are taken out and of several versions the newest is kept.
CLEAN = """
    create table main.{name} as select * from raw.{name}
    where {key} not in (select key from truth.dirt where "table" = '{name}'
                        and kind not in ('card_in_text', 'duplicate', 'superseded'))
    qualify row_number() over (partition by {key} order by {newest} desc) = 1
"""


def opened(shop: SampleShop) -> duckdb.DuckDBPyConnection:
    """Schema raw: as written; truth: what was planted; main: the rows that nobody spoilt."""
    con = duckdb.connect()
    con.execute("create schema raw; create schema truth")
    for schema, folder in (("raw", shop.shop), ("truth", shop.truth)):
        for path in folder.glob("*.parquet"):
            con.execute(f"create table {schema}.{path.stem} as from '{path}'")
    for name in shop.rows:
        if name in KEYS:
            newest = "recorded_at" if name == "consents" else "updated_at"
            con.execute(CLEAN.format(name=name, key=KEYS[name], newest=newest))
        else:
            con.execute(f"create table main.{name} as select * from raw.{name}")
    return con


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> SampleShop:
    return make_sample_shop(tmp_path_factory.mktemp("sample"), size="small")


@pytest.fixture(scope="session")
def db(shop: SampleShop) -> Iterator[duckdb.DuckDBPyConnection]:
    con = opened(shop)
    yield con
    con.close()


@pytest.fixture(scope="session")
def medium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    con = opened(make_sample_shop(tmp_path_factory.mktemp("medium")))
    yield con
    con.close()
