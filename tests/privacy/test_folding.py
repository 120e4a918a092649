from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omnix.privacy.folding import fold


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("4111%201111", "4111 1111"),
        ("4111&nbsp;1111&#45;1111", "4111\u00a01111-1111"),
        (r"4111\u00a01111\n1", "4111\u00a01111\n1"),
        ("４１１１", "4111"),
        ("٤١١١", "4111"),
        ("%C2%A0x", "\u00a0x"),
        ("%B4111111111111111^X", "%B4111111111111111^X"),
        ("100% sure & safe", "100% sure & safe"),
    ],
)
def test_folded_text(text: str, shown: str) -> None:
    assert fold(text).text == shown


@given(st.text(alphabet="0123456789%&#;x\\unABCDEF2٤４ \n", max_size=60))
@settings(deadline=None, max_examples=300)
def test_spans_lead_back_to_the_original(text: str) -> None:
    folded = fold(text)
    for i, sign in enumerate(folded.text):
        start, end = folded.span(i, i + 1)
        assert 0 <= start < end <= len(text)
        original = text[start:end]
        assert sign == original or fold(original).text.count(sign) >= 1
    assert not folded.text or folded.span(0, len(folded.text)) == (0, len(text))
