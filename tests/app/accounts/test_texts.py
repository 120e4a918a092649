"""What people type, made fit to be kept."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnix.app.accounts.cursors import cursor_of, position_of
from omnix.app.accounts.errors import InvalidField
from omnix.app.accounts.texts import email_as_typed, email_of, name_of, network_of, plain


@given(st.text())
def test_any_text_becomes_one_that_every_store_takes(text: str) -> None:
    kept = plain(text, 50)
    assert len(kept) <= 50
    assert "\0" not in kept
    kept.encode()
    assert plain(kept, 50) == kept


@given(st.text() | st.emails())
def test_an_address_has_one_form(text: str) -> None:
    try:
        found = email_of(text)
    except InvalidField:
        email_as_typed(text).encode()
    else:
        assert (
            email_of(found)
            == found
            == email_as_typed(text)
            == email_of(f" {text.upper()} ".lower())
        )


@given(st.text())
def test_a_name_is_whole_or_refused(text: str) -> None:
    with suppress(InvalidField):
        found = name_of(text)
        assert name_of(found) == found
        assert 0 < len(found) <= 100


@pytest.mark.parametrize("address", ["ａdmin@shop.example", "ﬁrst@shop.example", "x²@shop.example"])
def test_an_address_that_only_looks_like_another_is_refused(address: str) -> None:
    with pytest.raises(InvalidField, match="look like"):
        email_of(address)
    assert email_of("מנהל@shop.example")


@pytest.mark.parametrize("sign", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
def test_a_name_does_not_turn_text_around(sign: str) -> None:
    with pytest.raises(InvalidField, match="turn text around"):
        name_of(f"Ada {sign}nimda")
    assert name_of("נועה\u200f Levi")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        (None, "nowhere"),
        ("", "nowhere"),
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
        ("fe80::1%eth0", "fe80::%eth0/64"),
    ],
)
def test_attempts_are_counted_by_network(address: str | None, network: str) -> None:
    assert network_of(address).replace("%eth0", "") == network.replace("%eth0", "")


@given(st.lists(st.text() | st.integers(), min_size=1, max_size=3))
def test_a_cursor_gives_its_position_back(position: list[str | int]) -> None:
    kinds = [type(each) for each in position]
    assert position_of(cursor_of(*position), *kinds) == tuple(position)


@given(st.text() | st.binary().map(lambda raw: raw.decode("latin-1")))
def test_any_other_text_is_no_cursor(text: str) -> None:
    with suppress(InvalidField):
        assert isinstance(position_of(text, int)[0], int)
