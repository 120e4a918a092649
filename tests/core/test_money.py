from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnix.core.money import show_cents, to_cents

ENGINE = duckdb.connect(config={"threads": 1})
AMOUNTS = st.decimals(-(10**9), 10**9, places=4)


@pytest.mark.parametrize(
    ("amount", "cents"),
    [("12.34", 1234), ("0.005", 1), ("-0.005", -1), ("1.004999", 100), (7, 700), ("-3", -300)],
)
def test_halves_go_away_from_zero(amount: str | int, cents: int) -> None:
    assert to_cents(amount) == cents


@given(st.lists(AMOUNTS, min_size=1, max_size=50))
def test_it_rounds_as_the_engine_does(amounts: list[Decimal]) -> None:
    found = ENGINE.execute(
        "select round(a * 100)::bigint from (select unnest(?::decimal(18, 4)[]) as a)", [amounts]
    )
    assert [to_cents(amount) for amount in amounts] == [cents for (cents,) in found.fetchall()]


@pytest.mark.parametrize(
    ("cents", "currency", "shown"),
    [
        (123456, "EUR", "1,234.56 EUR"),
        (-5, "EUR", "-0.05 EUR"),
        (0, "", "0.00"),
        (10_000, "JPY", "100.00 JPY"),
    ],
)
def test_money_for_people(cents: int, currency: str, shown: str) -> None:
    assert show_cents(cents, currency) == shown


@given(st.integers(-(10**15), 10**15))
def test_what_is_shown_is_what_was_meant(cents: int) -> None:
    assert to_cents(show_cents(cents).replace(",", "")) == cents
