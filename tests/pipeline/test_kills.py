import json
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from omnix.app.app import App
from omnix.pipeline.graph import all_tables
from pipeline import kills

SEED = 20260701


def rows(home, name):
    """Every row of a table with all its columns, in the order of its key."""
    table = all_tables()[name]
    con = duckdb.connect()
    App.open(home).lake.view(con, table.path, as_name="t")
    return con.execute(f"select * from t order by {', '.join(table.key)}").fetchall()


@pytest.mark.slow
def test_a_hundred_kills_lose_nothing_and_double_nothing(tmp_path):
    script = Path(kills.__file__)
    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path), "100", str(SEED)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["killed"] == 100
    assert told["failures"] == 0

    calm = kills.home_of(tmp_path / "calm", tmp_path / "shop")
    assert kills.run(calm) == 0
    for name in kills.tables():
        assert rows(tmp_path / "home", name) == rows(calm, name), name
    assert len(rows(calm, "orders")) == told["files"] * 10
    assert len(rows(calm, "order_items")) == told["files"] * 19


def test_runs_in_a_row_give_what_one_run_gives(tmp_path):
    """The oracle itself: reading files as they arrive and reading them at once is the same."""
    source, piecewise = tmp_path / "shop", kills.home_of(tmp_path / "a", tmp_path / "shop")
    kills.shop(source, 1)
    for number in range(1, 4):
        assert kills.run(piecewise) == 0
        kills.shop_file(source, number)
    assert kills.run(piecewise) == 0
    at_once = kills.home_of(tmp_path / "b", source)
    assert kills.run(at_once) == 0
    assert rows(piecewise, "order_items") == rows(at_once, "order_items")
    assert rows(piecewise, "sales_daily") == rows(at_once, "sales_daily")
