from __future__ import annotations

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omnix.core.errors import MappingError
from omnix.curation import agreed_columns, curated_tables
from omnix.sources.preset import (
    RawTable,
    agreed_shape,
    detect_preset,
    load_preset,
    shipped_presets,
)

ORDERS = "select no as order_id, day as order_date, sum as total_amount, _row from bestellungen\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "orders.sql").write_text(ORDERS)
    (tmp_path / "mapping.toml").write_text(
        """
        name = "mine"
        about = "My shop."
        timezone = "Europe/Berlin"
        currency = "EUR"

        [requires]
        bestellungen = ["no", "day", "sum"]

        [raw.bestellungen]
        home = ["orders"]
        money = "sum"
        key = ["no"]
        watermark = "changed"

        [raw.kunden]
        home = []
        """
    )
    return tmp_path


def test_a_folder_is_read(folder):
    preset = load_preset(folder)
    assert (preset.name, preset.about) == ("mine", "My shop.")
    assert (preset.timezone, preset.currency, preset.folder) == ("Europe/Berlin", "EUR", folder)
    assert preset.tables == {"orders": ORDERS.strip()}
    assert preset.raw["bestellungen"] == RawTable(
        "bestellungen", ("no", "day", "sum"), ("orders",), "sum", ("no",), "changed"
    )
    assert preset.raw["kunden"] == RawTable("kunden")
    assert preset.reads("orders") == ("bestellungen",)
    assert preset.is_plain("orders")


def test_sql_files_alone_make_a_mapping(tmp_path):
    (tmp_path / "orders.sql").write_text(f"-- mine\n{ORDERS};\n")
    preset = load_preset(str(tmp_path))
    assert (preset.name, preset.timezone, preset.currency) == (tmp_path.name, "", "")
    assert preset.raw == {}
    assert duckdb.sql("select 1 as no, 2 as day, 3 as sum, 4 as _row").query(
        "bestellungen", preset.tables["orders"]
    ).fetchall() == [(1, 2, 3, 4)]


def fails(name_or_folder) -> MappingError:
    with pytest.raises(MappingError) as told:
        load_preset(name_or_folder)
    assert told.value.step, "an error says what to do next"
    return told.value


def test_an_unknown_name_names_the_nearest():
    told = fails("online_retail")
    assert "There is no preset 'online_retail'" in told.what
    assert "Did you mean 'online_retail_ii'?" in told.step
    assert "olist" in told.step


def test_an_empty_folder_is_no_mapping(tmp_path):
    assert "there is no .sql file" in fails(tmp_path).what


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("orders.sql", "select\n  a,\n  b c d\nfrom t", "orders.sql, line 3"),
        ("orders.sql", "select 1; select 2", "orders.sql holds 2 statements"),
        ("orders.sql", "delete from t", "orders.sql holds DELETE, not a SELECT"),
        ("order.sql", "select 1", "Did you mean 'orders'?"),
        ("mapping.toml", "name = ", "mapping.toml cannot be read"),
        ("mapping.toml", "nmae = 'x'", "Did you mean 'name'?"),
        ("mapping.toml", "name = 3", "name is 3. Write text."),
        ("mapping.toml", "timezone = 'Europe/Londn'", "Did you mean 'Europe/London'?"),
        ("mapping.toml", "currency = 'pounds'", "'pounds' is no currency"),
        ("mapping.toml", "requires = ['t']", "requires is ['t']. Write a section."),
        ("mapping.toml", "[requires]\nt = 'a'", "[requires] t is 'a'. Write a list of names."),
        ("mapping.toml", "[raw.t]\nhom = ['orders']", "Did you mean 'home'?"),
        ("mapping.toml", "[raw.t]\nhome = 'orders'", "home is 'orders'. Write a list of names."),
        ("mapping.toml", "[raw.t]\nkey = [1]", "key is [1]. Write a list of names."),
        ("mapping.toml", "[raw.t]\nhome = ['order']", "home in 'order', which has no SQL file"),
        ("mapping.toml", "[raw]\nt = 3", "[raw.t] is 3. It is a section"),
    ],
)
def test_what_is_wrong_in_a_folder_is_named(folder, name, text, words):
    (folder / name).write_text(text)
    assert words in str(fails(folder))
    assert str(folder / name) in str(fails(folder))


@pytest.mark.parametrize("name", ["orders.sql", "mapping.toml"])
def test_bytes_that_are_no_text_are_named(folder, name):
    (folder / name).write_bytes(b"select '\xff\xfe'")
    assert f"{folder / name} cannot be read" in str(fails(folder))


def test_what_a_source_lacks_is_told_in_its_own_names(folder):
    preset = load_preset(folder)
    whole = {"bestellungen": ["NO", "Day", "sum", "more"], "kunden": []}
    assert preset.missing(whole) == []
    assert preset.missing({**whole, "bestellungen": ["no", "days", "sum"]}) == [
        "bestellungen has no column 'day'. Did you mean 'days'? It has: no, days, sum."
    ]
    assert preset.missing({"Bestellungen": ["no", "day", "sum"], "kunden": []}) == [
        "The source has no table 'bestellungen'. Did you mean 'Bestellungen'? Rename it. "
        "It has: Bestellungen, kunden."
    ]
    assert preset.missing({}) == [
        "The source has no table 'bestellungen'. It has: none.",
        "The source has no table 'kunden'. It has: none.",
    ]


def offered_to(preset):
    return {raw.name: list(raw.requires) for raw in preset.raw.values()}


@pytest.mark.parametrize("name", shipped_presets())
def test_a_shipped_preset_is_whole(name):
    preset = shipped_presets()[name]
    assert load_preset(name) is preset
    assert preset.about
    assert preset.timezone
    assert preset.currency
    read = {raw for table in preset.tables for raw in preset.reads(table)}
    assert read == set(preset.raw), "every raw table that is read is required, and no other"
    assert all(raw.requires for raw in preset.raw.values())


@pytest.mark.parametrize("name", shipped_presets())
def test_a_shipped_preset_gives_only_agreed_columns_of_what_it_requires(name):
    preset = shipped_presets()[name]
    con = duckdb.connect()
    for raw in preset.raw.values():
        columns = ", ".join(f'"{column}" varchar' for column in raw.requires)
        con.execute(f"create table {raw.name} ({columns}, _row bigint)")
    for agreed, sql in preset.tables.items():
        given = {row[0] for row in con.execute(f"describe {sql}").fetchall()}
        assert given <= {*agreed_columns()[agreed], "_row", "_excluded"}, agreed
        assert "_row" in given, agreed
        assert set(curated_tables()[agreed].key) <= given, agreed


@pytest.mark.parametrize("name", shipped_presets())
def test_a_shipped_preset_is_detected(name):
    offered = offered_to(shipped_presets()[name])
    found = detect_preset({**offered, "something_else": ["a"]})
    assert found is not None
    assert found.name == name
    table = next(iter(offered))
    assert detect_preset({**offered, table: offered[table][1:]}) is None


def test_nothing_is_detected_in_nothing():
    assert detect_preset({}) is None


def test_the_agreed_shape_is_taken_as_it_is():
    preset = agreed_shape(
        {
            "Orders": ["Order_ID", "order_date", "TOTAL_amount", "colour"],
            "order_items": ["order_item_id", "order_id", "product_id", "quantity", "unit_price"],
            "warehouses": ["id"],
        }
    )
    assert preset.tables["orders"] == (
        'select "Order_ID" as order_id, "order_date" as order_date, "TOTAL_amount" as total_amount,'
        ' _row from "Orders"'
    )
    assert set(preset.tables) == {"orders", "order_items"}
    assert preset.raw["Orders"] == RawTable("Orders", home=("orders",), money="total_amount")
    assert preset.raw["order_items"].money == "quantity * unit_price"
    assert preset.reads("orders") == ("Orders",)
    assert preset.is_plain("orders")


@pytest.mark.parametrize(
    ("columns", "taken"),
    [
        (["order_id", "order_date", "total_amount", "x", "y", "z", "a", "b"], True),
        (["id", "customer_id", "status", "total", "created_at"], False),
        (["order_id", "customer_id", "total", "created_at"], True),  # three of four: a slip
        (["order_id", "when", "total"], False),
        ([], False),
    ],
)
def test_a_table_that_only_has_an_agreed_name_needs_a_mapping(columns, taken):
    assert ("orders" in agreed_shape({"orders": columns}).tables) is taken


def test_two_tables_with_one_name_are_not_mixed():
    columns = ["order_id", "order_date", "total_amount"]
    preset = agreed_shape({"orders": columns, "Orders": columns})
    assert list(preset.raw) == ["Orders"]


def payments(columns: dict[str, str | None]) -> tuple:
    """What the agreed shape makes of one payment."""
    given = {"payment_id": "p", "order_id": "o", "amount": "1", **columns}
    preset = agreed_shape({"payments": list(given)})
    con = duckdb.connect()
    cells = ", ".join(f"cast(${name} as varchar) as {name}" for name in given)
    con.execute(f"create table payments as select {cells}, 1 as _row", given)
    made = con.sql(preset.tables["payments"])
    row = dict(zip(made.columns, made.fetchall()[0], strict=True))
    return row.get("card_bin"), row.get("card_last_four"), row.get("card_token")


MASKED = "411111******1234"


@pytest.mark.parametrize(
    ("columns", "card"),
    [
        ({}, (None, None, None)),
        ({"card_number": MASKED}, ("411111", "1234", None)),
        ({"card_number": MASKED, "card_number_token": "t"}, ("411111", "1234", "t")),
        ({"card_number": "unreadable", "card_number_token": None}, (None, None, None)),
        ({"card_number": None}, (None, None, None)),
        ({"card_bin": "555555", "card_number": MASKED}, ("555555", "1234", None)),
        ({"card_bin": None, "card_number": MASKED}, ("411111", "1234", None)),
        ({"card_token": "own", "card_number_token": "t"}, (None, None, "own")),
        ({"card_bin": "4", "card_last_four": "1", "card_token": "x"}, ("4", "1", "x")),
    ],
)
def test_cards_are_told_by_what_the_door_left_of_them(columns, card):
    assert payments(columns) == card


@settings(deadline=None, max_examples=50)
@given(st.sampled_from(sorted(agreed_columns())), st.data())
def test_any_part_of_the_agreed_shape_runs_and_keeps_every_row(agreed, data):
    fields = curated_tables()[agreed].fields
    needed = [f.source or n for n, f in fields.items() if f.required and f.default is None]
    extra = data.draw(st.lists(st.sampled_from([*agreed_columns()[agreed], "own column"])))
    columns = list(dict.fromkeys([*needed, *extra]))
    preset = agreed_shape({agreed.upper(): columns})
    con = duckdb.connect()
    cells = ", ".join(f"'x' as \"{column}\"" for column in columns)
    con.execute(f"create table {agreed.upper()} as select {cells}, n as _row from range(3) t(n)")
    made = con.sql(preset.tables[agreed])
    assert set(made.columns) == {*columns, "_row"} - {"own column"}
    assert sorted(row[-1] for row in made.fetchall()) == [0, 1, 2]
