from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omnix.privacy import cards
from privacy.plant import BRANDS, pans

# The networks' own published test numbers.
KNOWN = {
    "4111111111111111": "Visa",
    "4222222222222": "Visa",
    "5555555555554444": "Mastercard",
    "2223003122003222": "Mastercard",
    "378282246310005": "American Express",
    "6011111111111117": "Discover",
    "30569309025904": "Diners Club",
    "3530111333300000": "JCB",
    "6200000000000005": "UnionPay",
    "6304000000000000": "Maestro",
}


@pytest.mark.parametrize(("digits", "brand"), KNOWN.items())
def test_published_test_numbers(digits: str, brand: str) -> None:
    assert cards.brand(digits) == brand
    assert cards.is_card_number(digits)


@pytest.mark.parametrize(
    "digits",
    [
        "4111111111111112",
        "0000000000000000",
        "9999999999999995",
        "2220990000000007",
        "411111111111",
    ],
)
def test_not_card_numbers(digits: str) -> None:
    assert not cards.is_card_number(digits)


def test_mastercard_second_range_ends_where_it_should() -> None:
    assert cards.brand("2221" + "0" * 12) == cards.brand("2720" + "0" * 12) == "Mastercard"
    assert cards.brand("2220" + "0" * 12) is None
    assert cards.brand("2721" + "0" * 12) is None


def test_generated_numbers_are_of_their_brand() -> None:
    assert {cards.brand(digits) for digits in pans(2000)} == set(BRANDS)


@given(st.from_regex(r"[1-9][0-9]{0,18}", fullmatch=True))
@settings(deadline=None)
def test_vectors_agree_with_the_plain_functions(digits: str) -> None:
    numbers = np.array([int(digits)], dtype=np.uint64)
    assert cards.luhn_of(numbers)[0] == cards.luhn(digits)
    issued = len(digits) >= cards.SHORTEST and cards.brand(digits) is not None
    assert cards.issued(numbers)[0] == issued


@pytest.mark.parametrize(
    ("digits", "shown"),
    [
        ("4111111111111111", "411111******1111"),
        ("378282246310005", "378282*****0005"),
        ("6304000000000000000", "630400*********0000"),
        ("411111111111", "********1111"),
    ],
)
def test_masked_keeps_first_six_and_last_four(digits: str, shown: str) -> None:
    assert cards.masked(digits) == shown
    assert len(shown) == len(digits)
