"""Cells that a spreadsheet would compute, made safe and read again.

What is written and who guards against what: https://owasp.org/www-community/attacks/CSV_Injection
"""

from __future__ import annotations

#: What a spreadsheet takes for the beginning of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


def safe(cell: str) -> str:
    """The cell with a quote before it where it begins a formula.

    Also behind quotes of its own, so that `as_meant` can tell ours from them.
    """
    return f"'{cell}" if _begins(cell) else cell


def as_meant(cell: str) -> str:
    """The cell as it was before `safe`."""
    return cell[1:] if cell.startswith("'") and _begins(cell) else cell


def _begins(cell: str) -> bool:
    return cell.lstrip("'").startswith(FORMULA)
