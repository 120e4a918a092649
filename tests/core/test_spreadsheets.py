"""No cell begins a formula, and every cell can be told again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from omnix.core.spreadsheets import FORMULA, as_meant, safe


@given(st.text("'=+-@\t\r\n\0＝＋－＠ a1", max_size=6))
def test_a_safe_cell_begins_no_formula_and_tells_what_it_was(cell: str) -> None:
    assert not safe(cell).startswith(FORMULA)
    assert as_meant(safe(cell)) == cell


def test_other_cells_stay() -> None:
    for cell in ("", "plain", "it's", "a=b", "'quoted'", " =1", "12"):
        assert safe(cell) == as_meant(cell) == cell
