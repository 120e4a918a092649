"""Countries as shops write them."""

from __future__ import annotations

import pytest

from omnix.ml.forecasting.countries import code_of


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("United Kingdom", "GB"), ("GB", "GB"), ("gbr", "GB"), (" uk ", "GB"), ("EIRE", "IE"),
        ("Germany", "DE"), ("New Zealand", "NZ"), ("USA", "US"), ("Brazil", "BR"),
        ("SP", None), ("(unknown)", None), ("", None), ("European Community", None),
    ],
)  # fmt: skip
def test_names_and_codes(written: str, code: str | None) -> None:
    assert code_of(written) == code
