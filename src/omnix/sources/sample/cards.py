"""Card numbers that nobody owns, as people paste them into free text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

#: Prefix and length per brand (ISO/IEC 7812 issuer ranges, Mastercard's 2-series among them).
BRANDS: tuple[tuple[str, str, int], ...] = (
    ("visa", "4", 16), ("mastercard", "53", 16), ("mastercard", "2301", 16), ("amex", "37", 15),
    ("discover", "6011", 16), ("jcb", "3538", 16), ("diners", "36", 14), ("unionpay", "6221", 19),
)  # fmt: skip
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@dataclass(frozen=True)
class Card:
    """One planted card: `text` is what stands in the column, `written` the number within it."""

    table: str
    column: str
    key: str
    brand: str
    rendering: str
    pan: str
    cvv: str
    written: str
    text: str


def check_digit(digits: str) -> str:
    """The last digit of a card number (Luhn, ISO/IEC 7812-1 annex B)."""
    doubled = [int(digit) * 2 for digit in digits[::-1][::2]]
    rest = [int(digit) for digit in digits[::-1][1::2]]
    total = sum(number // 10 + number % 10 for number in doubled) + sum(rest)
    return str(-total % 10)


def draw_pan(prefix: str, length: int, random: np.random.Generator) -> str:
    """A number of this issuer that passes Luhn."""
    body = "".join(str(digit) for digit in random.integers(0, 10, length - len(prefix) - 1))
    return prefix + body + check_digit(prefix + body)


def _grouped(separator: str) -> Callable[[str], str]:
    def render(pan: str) -> str:
        if len(pan) == 15:
            return separator.join((pan[:4], pan[4:10], pan[10:]))
        if len(pan) == 14:
            return separator.join((pan[:4], pan[4:10], pan[10:]))
        return separator.join(pan[n : n + 4] for n in range(0, len(pan), 4))

    return render


RENDERINGS: dict[str, Callable[[str], str]] = {
    "plain": lambda pan: pan,
    "spaces": _grouped(" "),
    "dashes": _grouped("-"),
    "dots": _grouped("."),
    "no-break spaces": _grouped("\u00a0"),
    "thin spaces": _grouped("\u2009"),
    "full width": lambda pan: pan.translate(_FULL_WIDTH),
    "slashes": _grouped("/"),
    "json": lambda pan: pan,
    "track": lambda pan: f"%B{pan}^DOE/JANE^29091010000000000000?",
}
_SENTENCES = (
    "Please charge {pan}, cvv {cvv}. Thanks!",
    "my card is {pan} exp 09/29 CVV: {cvv}",
    "Zahlung bitte mit {pan} (CVC {cvv}) wie letztes Mal",
    "Card declined again?? {pan} cvv2={cvv}",
    "Numéro de carte {pan}, cryptogramme {cvv}, merci",
)


def draw_card(n: int, table: str, column: str, key: str, random: np.random.Generator) -> Card:
    """The n-th planted card; brands and renderings take turns."""
    brand, prefix, length = BRANDS[n % len(BRANDS)]
    rendering = list(RENDERINGS)[(n + n // len(BRANDS)) % len(RENDERINGS)]
    pan = draw_pan(prefix, length, random)
    cvv = "".join(str(digit) for digit in random.integers(0, 10, 4 if brand == "amex" else 3))
    written = RENDERINGS[rendering](pan)
    text = _text(rendering, written, cvv, n)
    return Card(table, column, key, brand, rendering, pan, cvv, written, text)


def _text(rendering: str, written: str, cvv: str, n: int) -> str:
    if rendering == "json":
        return f'{{"payment": {{"card_number": "{written}", "cvv": "{cvv}", "exp": "09/29"}}}}'
    return _SENTENCES[n % len(_SENTENCES)].format(pan=written, cvv=cvv)
