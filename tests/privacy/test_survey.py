from __future__ import annotations

import re

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from omnix.privacy import survey as module
from omnix.privacy.cards import brand, luhn
from omnix.privacy.evidence import Shape
from omnix.privacy.survey import survey
from privacy.plant import RENDERINGS, pans


def look(cells: list[str]) -> module.Windows:
    data = [cell.encode() for cell in cells]
    offsets = np.cumsum([0, *map(len, data)], dtype=np.int64)
    return survey(np.frombuffer(b"".join(data), dtype=np.uint8), offsets).windows


def plainly(cells: list[str]) -> set[tuple[int, str, bool]]:
    """The slow twin: every window of whole digit runs, its digits, and whether Luhn holds."""
    found = set()
    for row, cell in enumerate(cells):
        runs = list(re.finditer("[0-9]+", cell))
        for first in range(len(runs)):
            digits = ""
            for last in range(first, len(runs)):
                if last > first:
                    gap = cell[runs[last - 1].end() : runs[last].start()].encode()
                    near = len(gap) <= 8 and gap[0] in b" -." and gap[-1] in b" -."
                    if not near:
                        break
                digits += runs[last].group()
                if 13 <= len(digits) <= 19 and brand(digits):
                    found.add((row, digits, luhn(digits)))
    return found


@given(st.lists(st.text(alphabet="0123456789014 -.a", max_size=40), max_size=8))
@settings(deadline=None, max_examples=400)
def test_windows_agree_with_the_slow_twin(cells: list[str]) -> None:
    windows = look(cells)
    expected = plainly(cells)
    assert len(windows.row) >= len(expected)
    assert sorted(set(windows.row[windows.hit].tolist())) == sorted(
        {row for row, _, hit in expected if hit}
    )
    for row, number, hit, shape in zip(
        windows.row, windows.number, windows.hit, windows.shape, strict=True
    ):
        if shape != Shape.ODD:
            assert (int(row), str(number), bool(hit)) in expected


def test_blocks_change_nothing(monkeypatch) -> None:
    cells = [f"n {i} {digits}" for i, digits in enumerate(pans(200))]
    whole = look(cells)
    monkeypatch.setattr(module, "BLOCK_BYTES", 64)
    small = look(cells)
    assert sorted(zip(*whole, strict=True)) == sorted(zip(*small, strict=True))


def test_shapes() -> None:
    digits = "4111111111111111"
    cells = {
        digits: Shape.WHOLE,
        f'"{digits}"': Shape.WHOLE,
        f"hello {digits}": Shape.PLAIN,
        RENDERINGS["spaces"](digits): Shape.LAYOUT,
        RENDERINGS["newline"](digits): Shape.LAYOUT,
        "41111\n11111111111": Shape.SPLIT,
        "41111 11111111111": Shape.ODD,
        f"a{digits}": Shape.ODD,
    }
    windows = look(list(cells))
    assert windows.hit.all()
    seen = dict(zip(windows.row.tolist(), windows.shape.tolist(), strict=True))
    assert [Shape(seen[row]) for row in range(len(cells))] == list(cells.values())


def test_a_number_never_crosses_two_rows() -> None:
    assert len(look(["41111111", "11111111"]).row) == 0
