"""The engine for SQL of people, with nothing before it: what the guard would let pass by mistake."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from omnix.app.app import App
from omnix.core.errors import ContractError, LakeError
from omnix.core.sql_table import SqlTable
from omnix.core.table import Column
from omnix.pipeline.apart import build_apart
from omnix.pipeline.workspace import Workspace


@pytest.fixture
def work(built: Path) -> Iterator[Workspace]:
    """A workspace on the small shop."""
    with App.open(built).workspace() as space:
        yield space


def table(sql: str, *reads: str, **checks: str) -> SqlTable:
    """A table with one column `x`, whatever its SQL."""
    return SqlTable(
        "probe", "analytics", ("x",), {"x": Column("string", "X.", nullable=True)}, checks, list,
        of="probes", description="One row per x.", reads=reads, text=sql,
    )  # fmt: skip


def built_of(work: Workspace, made: SqlTable, **more: float):
    def fill(con):
        con.execute(f"create or replace temp table built as {made.sql()}")

    return build_apart(work, made, fill, threads=1, **more)


def test_it_reads_its_inputs_and_nothing_of_the_lake_beside(work: Workspace):
    rows = built_of(work, table("select customer_id as x from customers", "customers"))
    assert rows.num_rows == len(set(rows["x"].to_pylist())) > 100
    with pytest.raises(ContractError, match="orders does not exist"):
        built_of(work, table("select order_id as x from orders", "customers"))


def test_no_file_is_read_or_written_but_those_of_its_inputs(work: Workspace, tmp_path: Path):
    secret = tmp_path / "secret.csv"
    secret.write_text("x\ncanary\n")
    snapshot = work.lake.snapshot("curated/orders")
    other = snapshot.locate(snapshot.data_files[0])
    for sql in (
        f"select x from read_csv('{secret}')", f"select content as x from read_text('{secret}')",
        f"select x from '{secret}'", f"select file as x from glob('{tmp_path}/*')",
        f"select order_id as x from read_parquet('{other}')", "select x from 'https://example.com/a.csv'",
        "select content as x from read_text('/etc/passwd')",
    ):  # fmt: skip
        with pytest.raises((ContractError, LakeError)) as caught:
            built_of(work, table(sql, "customers"))
        assert "canary" not in str(caught.value)


def test_no_setting_is_loosened_and_nothing_is_attached(work: Workspace, tmp_path: Path):
    made = table("select 'x' as x")
    for sql in (
        "set enable_external_access = true", "reset enable_external_access", "set threads = 64",
        f"set allowed_paths = ['{tmp_path}/x']", f"attach '{tmp_path}/x.db'", "install httpfs",
        "load httpfs", f"copy (select 1) to '{tmp_path}/x.csv'",
    ):  # fmt: skip
        with pytest.raises(ContractError):
            build_apart(work, made, lambda con, sql=sql: con.execute(sql), threads=1)
    assert list(tmp_path.iterdir()) == []


def test_what_takes_too_long_is_ended_in_words(work: Workspace):
    endless = "select count(*)::varchar as x from range(1000000000) a, range(1000000000) b"
    with pytest.raises(ContractError, match=r"probe took more than 0 seconds.*last good version"):
        built_of(work, table(endless), longest=0.2)


def test_values_of_cells_are_in_no_message(work: Workspace):
    with pytest.raises(ContractError, match="Conversion Error") as caught:
        built_of(work, table("select cast(customer_id as date)::varchar as x from customers", "customers"))  # fmt: skip
    some = work.lake.snapshot("curated/customers")
    assert some is not None
    con = work.connection()
    work.lake.view(con, "curated/customers", as_name="customers")
    ids = [row[0] for row in con.execute("select customer_id from customers").fetchall()]
    assert not [each for each in ids if f"'{each}'" in str(caught.value) or f'"{each}"' in str(caught.value)]  # fmt: skip


def test_rows_that_break_the_contract_are_not_given(work: Workspace):
    with pytest.raises(ContractError, match="break the rule 'never'"):
        built_of(work, table("select 'a' as x", never="x = 'b'"))
