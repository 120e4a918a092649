from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omnix.privacy.evidence import TRUSTABLE, Shape, Trust
from omnix.privacy.scan import Match, apply, scan
from privacy.plant import RENDERINGS, digits_of, pans

NOTHING = Trust()
LAYOUT = Trust(frozenset({Shape.LAYOUT}))
ALL = Trust(TRUSTABLE)


def clean(text: str, trust: Trust = NOTHING) -> str:
    return apply(text, scan(text, trust))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("my visa 4111111111111111 ok", "my visa 411111******1111 ok"),
        ("Kreditkarte: 4111 1111 1111 1111", "Kreditkarte: 411111******1111"),
        ('{"cardNumber":"4111111111111111"}', '{"cardNumber":"411111******1111"}'),
        ("cc=4111+1111+1111+1111&x=1", "cc=411111******1111&x=1"),
        ("card%3A%204111%201111%201111%201111", "card%3A%20411111******1111"),
        ("4111-1111-1111-1111 exp 12/27", "411111******1111 exp 12/27"),
        ("Visa4111111111111111", "Visa411111******1111"),
        ("visa 4222222222222", "visa 422222***2222"),
        ("4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 is my card", "411111******1111 is my card"),
        ("Order 17 paid with card 4111111111111111", "Order 17 paid with card 411111******1111"),
    ],
)
def test_a_card_word_is_enough(text: str, shown: str) -> None:
    assert clean(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "order 4111111111111111 paid by card",
        "Order no.: 4111111111111111",
        "tracking number 4111111111111111",
        "IMEI 4111111111111111",
        "ORD-4111111111111111",
        "0.4111111111111111",
        "4111111111111111.55",
        "+4111111111111111",
        "a4111111111111111b",
        "EAN 4222222222222 exp 12/27",
        "4222222222222",
        "AT61 1904 3002 3457 3201",
        "GB33 BUKB 2020 1555 5555 55",
        "4111111111111111-02",
        "550e8400-e29b-41d4-a716-446655440000",
        "2024-01-05 12:30:00.123456",
    ],
)
def test_other_things_stay_although_the_shape_is_trusted(text: str) -> None:
    assert clean(text, ALL) == text


def test_a_layout_is_enough_where_the_column_trusts_it() -> None:
    assert clean("call me 4111 1111 1111 1111", LAYOUT) == "call me 411111******1111"
    assert clean("call me 4111111111111111", LAYOUT) == "call me 4111111111111111"
    assert clean("call me 4111 1111 1111 1111") == "call me 4111 1111 1111 1111"


def test_an_iban_is_never_a_card() -> None:
    """ISO 13616 check digits made to fit, so that a valid IBAN holds a whole card number."""
    for digits in ("5555555555554444", "4111111111111111"):
        check = 98 - int(f"{digits}102900") % 97  # A = 10, T = 29
        iban = f"AT{check:02d} {digits[:4]} {digits[4:8]} {digits[8:12]} {digits[12:]}"
        assert clean(f"card refund to {iban}", ALL) == f"card refund to {iban}"
        wrong = iban.replace(f"AT{check:02d}", f"AT{(check + 1) % 97:02d}")
        assert "*" in clean(f"card refund to {wrong}", ALL)


def test_four_groups_out_of_a_longer_row_are_no_layout() -> None:
    for series in ("1234 4111 1111 1111 1111", "4111 1111 1111 1111 1234 5678"):
        assert clean(series, ALL) == series
        assert "*" in clean(f"card {series}", ALL)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("CVV 123", "CVV [removed]"),
        ("cvc: 1234", "cvc: [removed]"),
        ("cvv2=123", "cvv2=[removed]"),
        ("the cvv is 123.", "the cvv is [removed]."),
        ("security code 123", "security code [removed]"),
        ('{"cvv":"123"}', '{"cvv":"[removed]"}'),
        ("Prüfziffer: 123", "Prüfziffer: [removed]"),
        ("PIN 1234", "PIN [removed]"),
        ("my pin: 1234", "my pin: [removed]"),
        ("cvv 12345", "cvv 12345"),
        ("pin 1000 pcs", "pin 1000 pcs"),
        ("PIN 110001", "PIN 110001"),
        ("spin 1234", "spin 1234"),
        ("cid 123", "cid 123"),
        ("visa 4111111111111111 cid 1234", "visa 411111******1111 cid [removed]"),
        ("visa 4111111111111111 12/27 123", "visa 411111******1111 12/27 [removed]"),
        ("visa 4111111111111111|12|27|123", "visa 411111******1111|12|27|[removed]"),
    ],
)
def test_codes_and_pins_in_text(text: str, shown: str) -> None:
    assert clean(text) == shown


@pytest.mark.parametrize(
    "track",
    [
        "%B4111111111111111^DOE/JOHN^25121010000000000000?",
        "%B4111111111111111^DOE/JOHN Q.^2512101?",
        "B4111111111111111^DOE/JOHN^2512101000",
        ";4111111111111111=25121011234567890?",
        ";4111111111111111=2512101?0",
        "4111111111111111=2512101123400001",
        "4111111111111111D25121011234",
        "%B378282246310005^AMEX/TEST^2512101?;378282246310005=2512101?",
        "%B4111111111111112^LUHN/FAILS^2512101?",
    ],
)
def test_stripes_go_entirely(track: str) -> None:
    shown = clean(f"swipe {track} done")
    assert shown.replace("[removed]", "") == "swipe  done"


def test_a_match_shows_no_digits() -> None:
    match = Match(0, 16, "card_number", "411111******1111", "4111111111111111")
    assert "4111111111111111" not in repr(match)


@pytest.mark.parametrize("rendering", RENDERINGS)
def test_every_rendering_beside_a_card_word(rendering: str) -> None:
    for digits in pans(300, seed=5):
        shown = clean(f"my card is {RENDERINGS[rendering](digits)} bye")
        assert digits not in digits_of(shown), shown
        assert f"{digits[:6]}{'*' * (len(digits) - 10)}{digits[-4:]}" in shown


@given(
    st.sampled_from(pans(200)),
    st.sampled_from(sorted(RENDERINGS)),
    st.text(alphabet=st.characters(exclude_categories=["Nd", "Cs"]), max_size=20),
)
@settings(deadline=None, max_examples=200)
def test_what_is_cleaned_stays_clean(digits: str, rendering: str, noise: str) -> None:
    once = clean(f"{noise} visa {RENDERINGS[rendering](digits)} {noise}")
    assert clean(once) == once


@given(st.text(max_size=200))
@settings(deadline=None, max_examples=300)
def test_no_text_is_too_strange(text: str) -> None:
    matches = scan(text, ALL)
    assert all(0 <= match.start < match.end <= len(text) for match in matches)
    assert all(before.end <= after.start for before, after in pairwise(matches))
