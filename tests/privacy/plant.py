"""Card numbers to hide, and the ways people and systems write them."""

from __future__ import annotations

import json
import random
from collections.abc import Callable

from omnix.privacy.cards import luhn

BRANDS = {
    "Visa": (["4"], (16, 19)),
    "Mastercard": (["51", "55", "2221", "2720", "2500"], (16,)),
    "American Express": (["34", "37"], (15,)),
    "Discover": (["6011", "644", "65"], (16, 19)),
    "Diners Club": (["300", "305", "36", "38"], (14, 16)),
    "JCB": (["3528", "3589"], (16, 17, 18, 19)),
    "UnionPay": (["62"], (16, 17, 18, 19)),
    "Maestro": (["5018", "5020", "5038", "5893", "6304", "6759", "6761"], (14, 15, 16, 17, 18, 19)),
    "Mir": (["2200", "2204"], (16,)),
}


def pan(random_: random.Random, prefix: str, length: int) -> str:
    body = prefix + "".join(random_.choices("0123456789", k=length - len(prefix) - 1))
    return next(body + digit for digit in "0123456789" if luhn(body + digit))


def pans(count: int, seed: int = 1) -> list[str]:
    """`count` numbers over all brands, prefixes and lengths."""
    random_ = random.Random(seed)
    kinds = [
        (prefix, length)
        for prefixes, lengths in BRANDS.values()
        for prefix in prefixes
        for length in lengths
    ]
    return [pan(random_, *kinds[i % len(kinds)]) for i in range(count)]


def groups(digits: str) -> list[str]:
    if len(digits) == 15 and digits[:2] in ("34", "37"):
        return [digits[:4], digits[4:10], digits[10:]]
    if len(digits) == 14 and digits[0] == "3":
        return [digits[:4], digits[4:10], digits[10:]]
    return [digits[i : i + 4] for i in range(0, len(digits), 4)]


def joined_with(separator: str) -> Callable[[str], str]:
    return lambda digits: separator.join(groups(digits))


def in_script(zero: str) -> Callable[[str], str]:
    return lambda digits: "".join(chr(ord(zero) + int(digit)) for digit in digits)


def entities(digits: str) -> str:
    parts = groups(digits)
    return parts[0] + "&nbsp;" + "&#32;".join(parts[1:-1]) + "&#45;" + parts[-1]


RENDERINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "spaces": joined_with(" "),
    "dashes": joined_with("-"),
    "dots": joined_with("."),
    "no-break space": joined_with("\u00a0"),
    "thin space": joined_with("\u2009"),
    "full width": in_script("\uff10"),
    "Arabic-Indic": in_script("\u0660"),
    "newline": lambda digits: digits[:8] + "\n" + digits[8:],
    "JSON": lambda digits: json.dumps({"id": 7, "value": digits}),
    "%20": joined_with("%20"),
    "plus": joined_with("+"),
    "entities": entities,
}


def digits_of(text: str) -> str:
    """Every digit of `text`, in whatever script and form, one behind the other."""
    import html
    from urllib.parse import unquote

    plain = html.unescape(unquote(text.replace("+", " ")))
    return "".join(str(int(sign)) for sign in plain if sign.isdecimal())
