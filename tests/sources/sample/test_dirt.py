"""Every planted bad row is bad, in the way that was written down."""

from __future__ import annotations

import json

import duckdb
import pytest

from omnix.sources.sample import SampleShop
from omnix.sources.sample.cards import BRANDS, RENDERINGS, check_digit
from omnix.sources.sample.dirt import KEYS, RULES

Db = duckdb.DuckDBPyConnection

ORDER_SUMS = """(select order_id, sum(total_amount) as items from order_items group by order_id)"""
# What must be true of a row that is bad in this way.
BAD = {
    "bad_email": "not regexp_full_match(r.email, '[^@ ]+@[^@ ]+\\.[^@ ]+') or r.email like '@%'"
    " or r.email not like '%@%.%'",
    "reserved_above_available": "r.quantity_reserved > r.quantity_available",
    "negative_quantity": "least(r.quantity_available, 0) < 0",
    "wrong_total": f"""r.total_amount <> r.tax_amount + r.shipping_amount - r.discount_amount
        + (select items from {ORDER_SUMS} s where s.order_id = r.order_id)""",
    "negative_total": "r.total_amount < 0",
    "wrong_line_total": "r.total_amount <> r.quantity * r.unit_price - r.discount_amount",
    "orphan_customer": "r.customer_id not in (select customer_id from customers)",
    "orphan_order": "r.order_id not in (select order_id from raw.orders)",
    "orphan_product": "r.product_id not in (select product_id from raw.products)",
    "orphan_category": "r.category_id not in (select category_id from raw.categories)",
    "shipped_before_ordered": """r.shipped_date <
        (select min(order_date) from raw.orders o where o.order_id = r.order_id)""",
    "rating_out_of_range": "r.rating = 9",
    "negative_amount": "r.amount < 0",
}


def condition(table: str, kind: str, column: str) -> str:
    if kind == "null_required":
        return f"r.{column} is null"
    if kind == "future_date":
        return f"r.{column} >= timestamp '2031-01-01'"
    if (table, kind) == ("order_items", "negative_quantity"):
        return "r.quantity < 0"
    if kind == "negative_price":
        return f"r.{column} < 0"
    return BAD[kind]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.table}-{rule.column}-{rule.kind}")
def test_a_planted_row_breaks_its_rule(db: Db, rule) -> None:  # type: ignore[no-untyped-def]
    key, bad = KEYS[rule.table], condition(rule.table, rule.kind, rule.column)
    row = db.execute(f"""select count(*), count(*) filter ({bad}) from raw.{rule.table} r
        join truth.dirt d on d.key = r.{key}
        where d."table" = '{rule.table}' and d.kind = '{rule.kind}' and d."column" = '{rule.column}'
        """).fetchone()
    assert row is not None
    assert row[0] == row[1] > 0


def test_no_row_is_spoilt_twice(db: Db) -> None:
    assert db.execute("""select count(*) from (
        select "table", key from truth.dirt group by all having count(*) > 1)""").fetchone() == (0,)


def test_duplicates_are_exact(db: Db) -> None:
    for (table,) in db.execute(
        "select distinct \"table\" from truth.dirt where kind = 'duplicate'"
    ).fetchall():
        pairs = db.execute(f"""
            select count(*), count(distinct r) from raw.{table} r
            join truth.dirt d on d.key = r.{KEYS[table]}
            where d.kind = 'duplicate' and d."table" = '{table}'""").fetchone()
        assert pairs is not None
        assert pairs[0] == 2 * pairs[1] > 0, table


def test_superseded_rows_are_older_and_differ(db: Db) -> None:
    for (table,) in db.execute(
        "select distinct \"table\" from truth.dirt where kind = 'superseded'"
    ).fetchall():
        rows = db.execute(f"""
            select count(*), count(distinct updated_at) from raw.{table} r
            join truth.dirt d on d.key = r.{KEYS[table]}
            where d.kind = 'superseded' and d."table" = '{table}'
            group by d.key""").fetchall()
        assert rows, table
        assert set(rows) == {(2, 2)}, table


def test_every_duplicated_key_was_planted(db: Db, shop: SampleShop) -> None:
    for table, key in KEYS.items():
        surplus = db.execute(f"""select count(*) from (
            select {key} from raw.{table} where {key} is not null group by 1 having count(*) > 1)
            where {key} not in (select key from truth.dirt where "table" = '{table}'
                                and kind in ('duplicate', 'superseded'))""").fetchone()
        assert surplus == (0,), table


def test_dirt_stays_below_two_per_cent(medium: Db) -> None:
    for table in KEYS:
        row = medium.execute(f"""
            select (select count(*) from truth.dirt where "table" = '{table}') / count(*)
            from raw.{table}""").fetchone()
        assert row is not None
        assert row[0] < 0.02, table


def cards(shop: SampleShop) -> list[dict[str, str]]:
    loaded: list[dict[str, str]] = json.loads((shop.truth / "cards.json").read_text("utf-8"))
    return loaded


def test_planted_cards_stand_in_the_text(db: Db, shop: SampleShop) -> None:
    for card in cards(shop):
        found = db.execute(
            f"select {card['column']} from raw.{card['table']} where {KEYS[card['table']]} = ?",
            [card["key"]],
        ).fetchall()
        assert found == [(card["text"],)]
        assert card["written"] in card["text"]
        assert card["cvv"] in card["text"]


def test_planted_cards_pass_luhn_and_are_of_all_kinds(shop: SampleShop) -> None:
    planted = cards(shop)
    assert all(check_digit(card["pan"][:-1]) == card["pan"][-1] for card in planted)
    assert {card["brand"] for card in planted} == {brand for brand, _, _ in BRANDS}
    assert {card["rendering"] for card in planted} == set(RENDERINGS)
    assert len({card["pan"] for card in planted}) == len(planted)
    assert {card["table"] for card in planted} == {"orders", "reviews"}


@pytest.mark.parametrize("pan", ["4111111111111111", "378282246310005", "2223003122003222"])
def test_check_digit_of_known_test_cards(pan: str) -> None:
    assert check_digit(pan[:-1]) == pan[-1]


def test_digits_are_those_of_the_card_in_every_rendering(shop: SampleShop) -> None:
    for card in cards(shop):
        digits = "".join(str(int(sign)) for sign in card["written"] if sign.isdigit())
        assert digits.startswith(card["pan"]), card["rendering"]
