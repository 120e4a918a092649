"""The small parts by themselves."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from omnix.sources.sample import columns
from omnix.sources.sample.catalogue import charming
from omnix.sources.sample.countries import COUNTRIES, PLACES, plain, postcodes
from omnix.sources.sample.demand import season, trend
from omnix.sources.sample.holidays import easter, holiday_effect, public_holidays
from omnix.sources.sample.period import DAYS, day_number, days_of_year, stream, weekdays
from omnix.sources.sample.promotions import PROMOTIONS, WELCOME, coupon_discount, sale_percent


@pytest.mark.parametrize(
    "day", [date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5), date(2019, 4, 21)]
)
def test_easter(day: date) -> None:
    assert easter(day.year) == day


@pytest.mark.parametrize(
    ("day", "country", "name"),
    [
        (date(2025, 11, 27), "US", "Thanksgiving"),
        (date(2024, 5, 27), "US", "Memorial Day"),
        (date(2026, 8, 31), "GB", "Summer Bank Holiday"),
        (date(2024, 5, 30), "PL", "Boże Ciało"),
        (date(2025, 5, 29), "DE", "Christi Himmelfahrt"),
    ],
)
def test_moving_holidays(day: date, country: str, name: str) -> None:
    assert (day, country, name) in public_holidays()


def test_a_holiday_keeps_its_own_effect_when_the_next_one_follows() -> None:
    christmas = day_number(date(2025, 12, 25))
    effect = holiday_effect()[0]
    assert effect[christmas] == effect[christmas + 1] == 0.55
    assert effect[christmas - 1] > 1


def test_days() -> None:
    assert DAYS == 912
    assert weekdays()[0] == 0
    assert date(2026, 6, 30).weekday() == weekdays()[-1]
    assert days_of_year()[365] == 366
    assert days_of_year()[366] == 1


def test_money_is_exact_for_large_and_negative_amounts() -> None:
    cents = np.array([1, -1, 0, 123_456_789_012, -99_999])
    assert columns.money(cents).to_pylist() == [
        Decimal("0.01"), Decimal("-0.01"), Decimal("0.00"), Decimal("1234567890.12"),
        Decimal("-999.99"),
    ]  # fmt: skip


def test_missing_values() -> None:
    missing = np.array([False, True])
    numbers = np.array([7, 8])
    assert columns.ids("C", numbers, missing=missing).to_pylist() == ["C000007", None]
    assert columns.money(numbers, missing=missing).to_pylist() == [Decimal("0.07"), None]
    assert columns.times(numbers, missing=missing).to_pylist()[1] is None
    assert columns.words(np.array([0, -1]), ["a"], missing=missing).to_pylist() == ["a", None]


def test_codes_have_no_digits() -> None:
    made = columns.codes(stream(1, "test"), "tok_", 500, 16).to_pylist()
    assert len(set(made)) == 500
    assert all(code[:4] == "tok_" and code[4:].isalpha() and len(code) == 20 for code in made)


def test_streams_are_independent_of_each_other() -> None:
    first, again, other = (stream(5, name).random(3) for name in ("a", "a", "b"))
    assert (first == again).all()
    assert (first != other).any()


def test_prices_end_in_nine_from_ten_upwards() -> None:
    assert charming(np.array([5, 250, 1_000, 1_999, 12_345])).tolist() == [
        19,
        250,
        1009,
        1999,
        12349,
    ]


def test_coupons_have_a_minimum_and_a_maximum() -> None:
    welcome = np.array([PROMOTIONS.index(WELCOME)] * 4 + [-1])
    subtotal = np.array([1_499, 1_500, 12_345, 90_000, 90_000])
    assert coupon_discount(welcome, subtotal).tolist() == [0, 150, 1_234, 2_000, 0]


def test_a_sale_is_of_its_category_only() -> None:
    day = day_number(date(2025, 4, 20))
    assert sale_percent()[day].tolist() == [0, 0, 0, 0, 0, 0, 15, 0]


def test_planted_seasons_and_breaks() -> None:
    electronics, day = 4, day_number(date(2025, 3, 10))
    assert trend()[day, electronics] / trend()[day - 1, electronics] == pytest.approx(1.5, rel=0.01)
    toys = 7
    assert season()[day_number(date(2025, 12, 15)), toys] > 2
    assert season()[day_number(date(2025, 12, 28)), toys] < 1.3


def test_names_in_addresses() -> None:
    assert plain("Müller") == "muller"
    assert plain("Łukasz") == "lukasz"
    assert plain("O'Brien") == "obrien"
    assert plain("Weiß") == "weiss"


def test_every_place_has_distinct_postcodes() -> None:
    codes = postcodes()
    assert len(set(codes)) > 0.9 * len(codes)
    assert {len(code) for code, place in zip(codes[::20], PLACES, strict=True)
            if COUNTRIES[place[0]].code == "DE"} == {5}  # fmt: skip
