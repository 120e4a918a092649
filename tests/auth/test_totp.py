"""The second factor: RFC 6238's own examples, once only, and recovery codes however typed."""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnix.auth.totp import (
    matching_step,
    new_recovery_codes,
    new_secret,
    qr_svg,
    recovery_digest,
    uri,
)

#: RFC 6238 appendix B, SHA-1; the last six of its eight digits.
RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()
RFC_CODES = [
    (59, "287082"),
    (1111111109, "081804"),
    (1234567890, "005924"),
    (20000000000, "353130"),
]

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.mark.parametrize(("second", "code"), RFC_CODES)
def test_the_standards_examples(second: int, code: str) -> None:
    moment = datetime.fromtimestamp(second, UTC)
    assert matching_step(RFC_SECRET, code, moment) == second // 30


@given(st.integers(-4, 4))
def test_a_code_is_good_one_step_around_now(steps: int) -> None:
    code = pyotp.TOTP(SECRET).at(NOW + timedelta(seconds=30 * steps))
    found = matching_step(SECRET, code, NOW)
    assert (found is not None) is (abs(steps) <= 1)


def test_a_code_is_good_once() -> None:
    code = pyotp.TOTP(SECRET).at(NOW)
    step = matching_step(SECRET, code, NOW)
    assert step
    assert matching_step(SECRET, code, NOW, last_step=step) is None
    assert matching_step(SECRET, code, NOW, last_step=step - 1) == step


def test_an_earlier_code_is_dead_once_a_later_one_was_used() -> None:
    earlier = pyotp.TOTP(SECRET).at(NOW - timedelta(seconds=30))
    assert matching_step(SECRET, earlier, NOW)
    now = int(NOW.timestamp()) // 30
    assert matching_step(SECRET, earlier, NOW, last_step=now) is None


def test_spaces_in_a_code_are_forgiven() -> None:
    code = pyotp.TOTP(SECRET).at(NOW)
    assert matching_step(SECRET, f" {code[:3]} {code[3:]} ", NOW)


@given(st.text(max_size=12))
def test_any_text_is_a_code_or_none(text: str) -> None:
    valid = {pyotp.TOTP(SECRET).at(NOW + timedelta(seconds=s)) for s in (-30, 0, 30)}
    assert (matching_step(SECRET, text, NOW) is not None) is ("".join(text.split()) in valid)


@pytest.mark.parametrize("code", ["٢٨٧٠٨٢", "28708", "2870820", "+28708", "287082\n287082"])
def test_what_only_looks_like_a_code(code: str) -> None:
    assert matching_step(RFC_SECRET, code, datetime.fromtimestamp(59, UTC)) is None


def test_secrets_have_160_bits() -> None:
    assert len(base64.b32decode(new_secret())) == 20
    assert new_secret() != new_secret()


def test_the_app_is_told_whose_code_it_is() -> None:
    parts = urlsplit(uri(SECRET, "dana+1@shop.example"))
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    assert parse_qs(parts.query) == {"secret": [SECRET], "issuer": ["omnix"]}
    assert "dana%2B1%40shop.example" in parts.path


def test_the_picture_is_svg_that_scales() -> None:
    root = ElementTree.fromstring(qr_svg(uri(SECRET, "dana@shop.example")))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "viewBox" in root.attrib
    assert "width" not in root.attrib


def test_recovery_codes_are_ten_of_80_bits() -> None:
    codes = new_recovery_codes()
    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"([0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}", c) for c in codes)


def test_a_recovery_code_is_known_however_it_is_typed() -> None:
    kept = recovery_digest("01ab-cdef-ghjk-mnpq")
    for typed in (
        "01AB CDEF GHJK MNPQ",
        "o1abcdefghjkmnpq",
        " OIab–cdef.ghjk_mnpq ",
        "0lab-cdefghjkmnpq",
    ):
        assert recovery_digest(typed) == kept
    assert recovery_digest("01ab-cdef-ghjk-mnpr") != kept


@given(st.text(alphabet=st.characters(), max_size=30))
def test_any_text_has_a_digest(text: str) -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", recovery_digest(text))
