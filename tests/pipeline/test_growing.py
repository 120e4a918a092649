"""Curating only what came on top gives what curating everything gives, or is not done."""

import duckdb
import pytest

from omnix.app.app import App
from omnix.core.table import quoted
from omnix.curation import curated_tables
from pipeline import kills

ORDERS = "order_id,customer_id,order_date,total_amount,currency,updated_at"
ITEMS = "order_item_id,order_id,product_id,quantity,unit_price,total_amount"


def add(shop, table, name, header, *lines):
    (shop / table).mkdir(parents=True, exist_ok=True)
    (shop / table / name).write_text("\n".join([header, *lines]) + "\n")


@pytest.fixture
def shop(tmp_path):
    kills.shop(tmp_path / "shop", 1)
    return tmp_path / "shop"


def everything(home):
    """Rows, quarantine and facts of every curated table."""
    app, con = App.open(home), duckdb.connect()
    told = {}
    for name, table in curated_tables().items():
        app.lake.view(con, table.path, as_name="t", hidden=True)
        app.lake.view(con, f"quarantine/{name}", as_name="q")
        key = ", ".join(map(quoted, table.key))
        told[name] = (
            con.execute(f"select * from t order by {key}").fetchall(),
            con.execute("select * from q order by all").fetchall(),
        )
    app.lake.view(con, "analytics/data_quality", as_name="d")
    told["data_quality"] = con.execute("from d order by table_name").fetchall()
    con.close()
    return told


def how(home, table):
    """How the newest version of a curated table was written: "append" or "publish"."""
    return App.open(home).lake.history(f"curated/{table}")[0].operation


def grown_and_whole(tmp_path, shop, *additions):
    """Run before and after the additions in one home, and once after them in another."""
    grown = kills.home_of(tmp_path / "grown", shop)
    assert kills.run(grown) == 0
    for addition in additions:
        add(shop, *addition)
    assert kills.run(grown) == 0
    whole = kills.home_of(tmp_path / "whole", shop)
    assert kills.run(whole) == 0
    assert everything(grown) == everything(whole)
    return grown


def test_new_orders_are_added_and_judged_alone(tmp_path, shop):
    home = grown_and_whole(
        tmp_path, shop,
        ("orders", "0001.csv", ORDERS, "n1,c1,2026-02-01 09:00:00,10.00,EUR,2026-02-01", "n2,gone,2026-02-01,7.00,EUR,2026-02-01", "n3,c2,never,1,EUR,"),
        ("order_items", "0001.csv", ITEMS, "m1,n1,p1,1,10.00,10.00", "m2,nowhere,p1,1,1.00,1.00", "m3,n2,p1,0,1,0"),
    )  # fmt: skip
    assert how(home, "orders") == how(home, "order_items") == "append"


def test_several_additions_one_after_the_other(tmp_path, shop):
    home = kills.home_of(tmp_path / "steps", shop)
    for number in range(1, 5):
        assert kills.run(home) == 0
        kills.shop_file(shop, number)
    assert kills.run(home) == 0
    whole = kills.home_of(tmp_path / "whole", shop)
    assert kills.run(whole) == 0
    assert everything(home) == everything(whole)
    assert how(home, "order_items") == "append"


def test_a_line_for_an_old_order_is_held_against_its_total_again(tmp_path, shop):
    home = grown_and_whole(
        tmp_path, shop, ("order_items", "0001.csv", ITEMS, "late,o1,p1,1,5.00,5.00")
    )
    assert how(home, "order_items") == "append"
    con = duckdb.connect()
    App.open(home).lake.view(con, "quarantine/order_items", as_name="q")
    assert ("o1",) in con.execute("select row_key from q where severity = 'warning'").fetchall()


@pytest.mark.parametrize(
    "addition",
    [
        pytest.param(("orders", "0001.csv", ORDERS, "o1,c1,2026-01-02 10:00:00,99.00,EUR,2026-03-01"), id="a newer version of an old row"),
        pytest.param(("orders", "0001.csv", ORDERS, "o1,c1,2026-01-02 10:00:00,99.00,EUR,2025-03-01"), id="an older version of an old row"),
        pytest.param(("orders", "0001.csv", ORDERS, 'n1,c1,31/12/2026,"1,5",EUR,'), id="cells in another hand"),
        pytest.param(("orders", "0001.csv", ORDERS, "gone,c1,2026-01-02 10:00:00,5.00,EUR,2026-01-02"), id="a parent that rows were waiting for"),
        pytest.param(("orders", "0001.csv", ORDERS + ",notes", "n1,c1,2026-02-01,10.00,EUR,2026-02-01,hello"), id="a new column"),
    ],
)  # fmt: skip
def test_what_touches_old_rows_is_curated_whole(tmp_path, shop, addition):
    grown_and_whole(tmp_path, shop, addition)


def test_a_later_row_revives_what_was_set_aside_for_lack_of_it(tmp_path, shop):
    home = grown_and_whole(
        tmp_path,
        shop,
        ("orders", "0001.csv", ORDERS, "gone,c1,2026-01-02 10:00:00,5.00,EUR,2026-01-02"),
    )
    con = duckdb.connect()
    App.open(home).lake.view(con, "curated/order_items", as_name="i")
    assert con.execute("select count(*) from i where order_id = 'gone'").fetchone() == (1,)
    assert how(home, "orders") == "append"
    assert how(home, "order_items") == "publish"
