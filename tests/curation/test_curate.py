from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.curating import curate
from omnix.core.errors import MappingError
from omnix.curation import curated_tables

ORDER = {
    "order_id": "o1",
    "customer_id": "c1",
    "order_date": "2026-05-01 10:00",
    "total_amount": "12.50",
}


def test_a_good_row_is_typed_with_defaults_and_derived_columns():
    done = curate("orders", [ORDER], customers=["c1"])
    (row,) = done.good
    assert done.bad == []
    assert (row["ordered_at"], row["total_cents"], row["tax_cents"]) == (
        datetime(2026, 5, 1, 10),
        1250,
        0,
    )
    assert (row["currency"], row["status"], str(row["ordered_on"])) == (
        "EUR",
        "delivered",
        "2026-05-01",
    )


def test_every_broken_rule_is_told_in_words_with_the_row_as_it_came():
    done = curate(
        "orders", [{**ORDER, "order_date": "31/31/2026", "total_amount": "lots"}], customers=["c1"]
    )
    assert done.good == []
    assert done.words(1) == [
        "order_date cannot be read as a date and time; total_amount cannot be read as an amount of money"
    ]
    assert '"total_amount":"lots"' in done.bad[0]["source_row"]


def test_missing_is_told_apart_from_unreadable():
    done = curate("orders", [{**ORDER, "total_amount": ""}], customers=["c1"])
    assert done.words(1) == ["total_amount is missing"]


def test_the_newest_valid_row_of_a_key_wins():
    rows = [
        {**ORDER, "total_amount": "1", "updated_at": "2026-05-02"},
        {**ORDER, "total_amount": "2", "updated_at": "2026-05-04"},
        {**ORDER, "total_amount": "3", "updated_at": "2026-05-03"},
        {**ORDER, "total_amount": "-9", "updated_at": "2026-05-09"},  # newest, but broken
    ]
    done = curate("orders", rows, customers=["c1"])
    assert [row["total_cents"] for row in done.good] == [200]
    assert done.words(1) == done.words(3) == ["a newer row has the same key"]
    assert done.words(4) == ["the total is not negative"]


def test_of_equally_new_rows_the_later_read_wins():
    done = curate(
        "orders", [{**ORDER, "total_amount": "1"}, {**ORDER, "total_amount": "2"}], customers=["c1"]
    )
    assert [row["total_cents"] for row in done.good] == [200]


def test_a_reference_to_nothing_is_an_error_or_a_warning_as_declared():
    item = {
        "order_item_id": "i1",
        "order_id": "gone",
        "product_id": "p1",
        "quantity": "1",
        "unit_price": "2",
    }
    done = curate("order_items", [item], orders=["o1"], products=["p1"])
    assert done.words(1) == ["order_id is in orders"]
    kept = curate("orders", [{**ORDER, "customer_id": "gone"}], customers=["c1"])
    assert len(kept.good) == 1
    assert [(row["severity"], row["rules"]) for row in kept.bad] == [
        ("warning", "customer_id is in customers")
    ]


def test_rows_that_the_mapping_leaves_out_are_quarantined_by_name_and_are_no_fault():
    rows = [
        {**ORDER, "_excluded": None},
        {"order_id": "x", "_excluded": "service code POST: postage"},
    ]
    done = curate("orders", rows, customers=["c1"])
    assert done.words(2) == ["service code POST: postage"]
    assert done.facts["rows_excluded"] == 1
    assert done.facts["cells"] == done.facts["cells_filled"] == 4


def test_the_future_is_told_by_when_the_rows_came_in():
    done = curate("orders", [{**ORDER, "order_date": "2031-01-01"}], customers=["c1"])
    assert done.words(1) == ["the order was not placed in the future"]


def test_a_column_that_nobody_knows_is_refused_by_name():
    with pytest.raises(MappingError, match=r"'colour'.*orders does not have"):
        curate("orders", [{**ORDER, "colour": "red"}])


def test_a_mapping_without_the_key_is_refused():
    with pytest.raises(MappingError, match="lacks 'order_id'"):
        curate("orders", [{"order_date": "2026-01-01"}])


cells = st.one_of(
    st.none(),
    st.sampled_from(
        ["", "o1", "o2", "c1", "1", "-1", "12.5", "2026-05-01", "2035-01-01", "x", "1e400", "{}"]
    ),
)


@given(
    st.lists(
        st.fixed_dictionaries(dict.fromkeys(curated_tables()["orders"].sources.values(), cells)),
        max_size=6,
    )
)
def test_whatever_comes_each_row_is_kept_or_set_aside_and_money_adds_up(rows):
    names = list(curated_tables()["orders"].sources.values())
    done = curate("orders", rows or [dict.fromkeys(names)], customers=["c1"])
    aside = [row for row in done.bad if row["severity"] == "error"]
    assert sorted([r["_row"] for r in done.good] + [r["row_id"] for r in aside]) == list(
        range(1, max(len(rows), 1) + 1)
    )
    assert done.facts["rows_mapped"] == len(done.good) + len(aside)
    kept_money = sum(row["total_cents"] for row in done.good)
    assert (done.facts["money_mapped"] or 0) == kept_money + done.facts["money_quarantined"]
    assert all(row["rules"] for row in done.bad)
    assert len({row["order_id"] for row in done.good}) == len(done.good)
