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


def negatives(rows: int, seed: int) -> dict[str, list]:
    """Columns of numbers that are no cards."""
    r = random.Random(seed)

    def digits(count: int) -> str:
        return "".join(r.choices("0123456789", k=count))

    def column(make) -> list:
        return [make(i) for i in range(rows)]

    snowflake = 4_100_000_000_000_000_000
    return {
        "order_id_random": column(lambda i: digits(16)),
        "order_id_int": column(lambda i: r.randint(10**15, 10**16 - 1)),
        "order_id_sequence": column(lambda i: str(4000000000000000 + i)),
        "order_id_step": column(lambda i: 5500000000000000 + 7 * i),
        "order_id_formatted": column(lambda i: "-".join(digits(4) for _ in range(4))),
        "snowflake": column(lambda i: snowflake + i * 4194304 + r.randint(0, 4095)),
        "phone": column(lambda i: f"+49{digits(11)}"),
        "phone_spaced": column(lambda i: f"+34 6{digits(2)} {digits(3)} {digits(3)}"),
        "phone_13": column(lambda i: f"49{digits(11)}"),
        "ean13": column(lambda i: f"4{digits(12)}"),
        "gtin14": column(lambda i: f"3{digits(13)}"),
        "imei": column(lambda i: f"35{digits(13)}"),
        "tracking": column(lambda i: f"{digits(4)} {digits(4)} {digits(4)} {digits(2)}"),
        "tracking_20": column(lambda i: digits(20)),
        "iban": column(lambda i: f"DE{digits(20)}"),
        "iban_spaced": column(
            lambda i: f"AT{digits(2)} 5{digits(3)} {digits(4)} {digits(4)} {digits(4)}"
        ),
        "epoch_ns": column(lambda i: str(1_700_000_000_000_000_000 + r.randint(0, 10**17))),
        "stamp": column(
            lambda i: f"2024-0{r.randint(1, 9)}-1{r.randint(0, 9)} 12:30:{digits(2)}.{digits(6)}"
        ),
        "stamp_id": column(lambda i: f"20240{r.randint(101, 999)}{digits(8)}"),
        "uuid": column(lambda i: f"{digits(8)}-{digits(4)}-4{digits(3)}-a{digits(3)}-{digits(12)}"),
        "sha": column(lambda i: f"{r.getrandbits(256):064x}"),
        "geo": column(lambda i: f"48.{digits(7)} 2.{digits(7)}"),
        "amount": column(lambda i: float(f"{digits(3)}.{digits(2)}")),
        "fraction": column(lambda i: f"0.{digits(16)}"),
        "note_order": column(lambda i: f"Your order {digits(16)} was shipped"),
        "note_card_order": column(lambda i: f"Paid by card, order {digits(16)}"),
        "note_plain": column(lambda i: f"see {digits(16)} for details"),
        "url": column(
            lambda i: f"https://shop.example/o/{digits(16)}?t={digits(10)}%20{digits(2)}"
        ),
        "json": column(lambda i: json.dumps({"id": int("4" + digits(15)), "ts": digits(13)})),
    }
