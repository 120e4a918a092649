"""The careful look at one cell of text: which spans are card data, and what replaces them.

A number is a card's when it passes Luhn in an issuer's range **and** something else speaks for
it: a card word near it, or a shape that the column's evidence trusts (`evidence.Tally`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from omnix.privacy import words
from omnix.privacy.cards import LAYOUTS, LONGEST, SHORTEST, is_card_number, masked
from omnix.privacy.door import Kind
from omnix.privacy.evidence import Shape, Trust
from omnix.privacy.folding import Folded, fold

REMOVED = "[removed]"
BEFORE, AFTER = 64, 40

_GAP = r"[\s\x00+\-./_\u00ad\u00b7\u2000-\u200f\u2010-\u2015\u202f\u205f\u2060\u2212\u3000\ufeff\uff0d]"
_CHAIN = re.compile(rf"[0-9]+(?:{_GAP}{{1,3}}[0-9]+)*")
_GROUP = re.compile(r"[0-9]+")
_TRACK = re.compile(
    r"%?[Bb][0-9]{13,19}\^[^^\r\n]{2,40}\^[^?\s]{0,80}\??"
    r"|%[Bb][0-9]{13,19}\^[^?\r\n]{0,120}\??"
    r"|[;+][0-9]{13,19}[=D][0-9=]{0,40}\??[0-9]?"
)
_BARE_TRACK = re.compile(
    r"(?<![0-9A-Za-z])([0-9]{13,19})[=D][0-9]{2}(?:0[1-9]|1[0-2])[0-9]{3,20}F?\??(?![0-9A-Za-z])"
)
_IBAN = re.compile(r"(?<![0-9A-Za-z])[A-Z]{2}[0-9]{2}(?:[ ]?[0-9A-Z]){11,30}(?![0-9A-Za-z])")
_LINK = r"[\s\"'\\:=#.,;()\[\]>*_\-]{0,8}(?:(?:is|ist|no|nr|number|num|code|value|lautet)[\s\"'\\:=#.>]{1,6}){0,2}"
_CODE = re.compile(
    r"(?<![^\W\d_])(?:cvv2?|cvc2?|cvn2?|cav2|cvd|(?:card[\s_-]?)?(?:security|verification)[\s_-]?code"
    r"|cryptogramme(?:[\s_-]visuel)?|code[\s_-]de[\s_-]s[ée]curit[ée]|c[óo]digo[\s_-]de[\s_-]seguridad"
    rf"|codice[\s_-]di[\s_-]sicurezza|sicherheitscode|kartenpr(?:ue|ü)fnummer|pr(?:ue|ü)fziffer)(?![^\W\d_]){_LINK}(?<![0-9])"
    r"([0-9]{3,4})(?![0-9])",
    re.IGNORECASE,
)
_CODE_BESIDE_CARD = re.compile(
    rf"(?<![^\W\d_])(?:cid|csc|cav|code|sec)(?![^\W\d_]){_LINK}(?<![0-9])([0-9]{{3,4}})(?![0-9])",
    re.IGNORECASE,
)
_PIN = re.compile(
    rf"(?<![^\W\d_])(?:PIN|(?i:(?:card|atm|debit|bank|my|your|meine?)[\s_-]pin)(?:[\s_-]?(?i:code|no|number))?"
    rf"|(?i:pin)(?=[\"'\s]*[:=]|\s+(?:is|ist)\s|[\s_-]code))(?![^\W\d_]){_LINK}(?<![0-9])"
    r"([0-9]{4})(?![0-9])(?!\s?(?:pcs|pieces|st|stück|x)\b)"
)
_PIN_BESIDE_CARD = re.compile(
    rf"(?<![^\W\d_])pin(?![^\W\d_]){_LINK}(?<![0-9])([0-9]{{4,6}})(?![0-9])", re.IGNORECASE
)
_EXPIRY_THEN_CODE = re.compile(
    r"[\s,;|/]{0,4}(?:exp\w*[\s.:]{0,3})?(?:0?[1-9]|1[0-2])[\s/\-|]{0,3}(?:20)?[0-9]{2}"
    r"[\s,;|/]{1,4}([0-9]{3,4})(?![0-9])",
    re.IGNORECASE,
)
# What the door itself leaves behind, so that a code beside it still counts as beside a card.
_MASKED = re.compile(r"(?<![0-9])[0-9]{6}\*{3,9}[0-9]{4}(?![0-9])")


@dataclass(frozen=True, slots=True)
class Match:
    """One span of card data. The digits are kept for the token only and never shown."""

    start: int
    end: int
    kind: Kind
    replacement: str
    digits: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class _Window:
    start: int
    end: int
    digits: str = field(repr=False)
    groups: tuple[int, ...]
    glued: bool  # letters or digits stand right at it
    joined: bool  # a piece of something longer: `ORD-4…`, `0.4…`, `4…-01`, one of many groups


def scan(text: str, trust: Trust) -> list[Match]:
    """Card data in one cell, in order, spans in `text`, never overlapping."""
    folded = fold(text)
    matches = [*_tracks(folded.text)]
    matches += _numbers(folded.text, _taken(matches), trust)
    has_card = bool(matches) or bool(_MASKED.search(folded.text))
    matches += _codes(folded.text, _taken(matches), matches, has_card)
    return [_in_original(match, folded) for match in sorted(matches, key=lambda match: match.start)]


def apply(text: str, matches: list[Match]) -> str:
    """`text` with every match replaced."""
    parts: list[str] = []
    done = 0
    for match in matches:
        parts += [text[done : match.start], match.replacement]
        done = match.end
    return "".join([*parts, text[done:]])


def _in_original(match: Match, folded: Folded) -> Match:
    start, end = folded.span(match.start, match.end)
    return Match(start, end, match.kind, match.replacement, match.digits)


def _taken(matches: list[Match]) -> list[tuple[int, int]]:
    return [(match.start, match.end) for match in matches]


def _free(start: int, end: int, taken: list[tuple[int, int]]) -> bool:
    return all(end <= low or start >= high for low, high in taken)


def _tracks(text: str) -> Iterator[Match]:
    if not any(mark in text for mark in "^=D"):
        return
    done = 0
    for found in _TRACK.finditer(text):
        done = found.end()
        yield Match(found.start(), done, "track_data", REMOVED)
    for found in _BARE_TRACK.finditer(text):
        inside_above = _TRACK.search(text, max(0, found.start() - 1), found.end())
        if not inside_above and is_card_number(found[1]):
            yield Match(found.start(), found.end(), "track_data", REMOVED)


def _numbers(text: str, taken: list[tuple[int, int]], trust: Trust) -> list[Match]:
    ibans = [found.span() for found in _IBAN.finditer(text) if _is_iban(found.group())]
    blocked = taken + ibans
    chosen: list[Match] = []
    for chain in _CHAIN.finditer(text):
        done = 0
        if sum(map(str.isdigit, chain.group())) < SHORTEST:
            continue
        for window in _windows(text, chain):
            if window.start < done or not _free(window.start, window.end, blocked):
                continue
            if trust.named or _speaks_for(text, window, trust):
                done = window.end
                chosen.append(_masking(window))
    return chosen


def _masking(window: _Window) -> Match:
    return Match(
        window.start, window.end, "card_number", masked(window.digits), digits=window.digits
    )


def _windows(text: str, chain: re.Match[str]) -> Iterator[_Window]:
    """Windows of whole groups that are card numbers; at each place the usual layouts come first."""
    groups = [
        (found.start(), found.end()) for found in _GROUP.finditer(text, chain.start(), chain.end())
    ]
    for first in range(len(groups)):
        found: list[_Window] = []
        total = 0
        for last in range(first, len(groups)):
            total += groups[last][1] - groups[last][0]
            if total > LONGEST:
                break
            if total < SHORTEST:
                continue
            inside = groups[first : last + 1]
            digits = "".join(text[low:high] for low, high in inside)
            if is_card_number(digits):
                sizes = tuple(high - low for low, high in inside)
                glued = _glued(text, inside[0][0], inside[-1][1])
                joined = _joined(text, groups, first, last)
                found.append(_Window(inside[0][0], inside[-1][1], digits, sizes, glued, joined))
        yield from sorted(found, key=lambda window: (not _usual(window), -len(window.digits)))


def _usual(window: _Window) -> bool:
    return len(window.groups) == 1 or window.groups in LAYOUTS


def _glued(text: str, start: int, end: int) -> bool:
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    return before.isalnum() or after.isalnum()


def _joined(text: str, groups: list[tuple[int, int]], first: int, last: int) -> bool:
    start, end = groups[first][0], groups[last][1]
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    if before[-1:] == "+":  # a telephone number
        return True
    if last == first:
        glued_before = before[-1:] in tuple("-_.") and before[:1].isalnum()
        zeros = re.match(r"\.0+(?![0-9])", text[end : end + 12])
        glued_after = after[:1] in tuple("-_.") and after[1:2].isalnum() and not zeros
        return glued_before or glued_after
    inner = text[groups[first][1] : groups[first + 1][0]]
    left = first > 0 and text[groups[first - 1][1] : start] == inner
    right = last + 1 < len(groups) and text[end : groups[last + 1][0]] == inner
    return (left and groups[first - 1][1] - groups[first - 1][0] >= 4) or (
        right and groups[last + 1][1] - groups[last + 1][0] >= 4
    )


def _speaks_for(text: str, window: _Window, trust: Trust) -> bool:
    """Whether a card word or the column's evidence makes this number a card's."""
    before = words.CAMEL.sub(" ", text[max(0, window.start - BEFORE) : window.start])
    around = f"{before} 0 {text[window.end : window.end + AFTER]}"
    if window.glued:
        return bool(words.GLUED.search(before)) and not text[window.end : window.end + 1].isalnum()
    something_else = words.OTHER.search(before)
    shape = _shape(text, window)
    if len(window.digits) == SHORTEST:  # as rare for cards as it is common for barcodes
        return not something_else and bool(words.STRONG.search(around))
    if trust.proven and shape in trust.shapes:
        return True
    if something_else:
        return shape is Shape.LAYOUT and bool(words.STRONG.search(around))
    if words.ANY.search(around):
        return True
    return shape in trust.shapes and not window.joined


def _shape(text: str, window: _Window) -> Shape:
    if len(window.groups) == 1:
        rest = text[: window.start] + text[window.end :]
        return Shape.WHOLE if not rest.strip(" \t\r\n\"'.0") else Shape.PLAIN
    if window.groups in LAYOUTS:
        return Shape.LAYOUT
    inside = text[window.start : window.end]
    return Shape.SPLIT if len(window.groups) <= 3 and re.search(r"[\r\n]", inside) else Shape.ODD


def _is_iban(text: str) -> bool:
    """ISO 13616: the country and check digits moved to the end, the whole modulo 97 is 1."""
    plain = text.replace(" ", "")
    return int("".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4])) % 97 == 1


def _codes(
    text: str, taken: list[tuple[int, int]], cards: list[Match], has_card: bool
) -> list[Match]:
    """Security codes and PINs: after their word, and (beside a card) after an expiry date."""
    found: list[Match] = []

    def take(kind: Kind, hit: re.Match[str] | None) -> None:
        if hit and _free(*hit.span(1), taken + _taken(found)):
            found.append(Match(*hit.span(1), kind, REMOVED))

    for hit in _CODE.finditer(text):
        take("security_code", hit)
    for hit in _PIN.finditer(text):
        take("pin", hit)
    if has_card:
        for hit in _CODE_BESIDE_CARD.finditer(text):
            take("security_code", hit)
        for hit in _PIN_BESIDE_CARD.finditer(text):
            take("pin", hit)
        ends = [match.end for match in cards] + [mask.end() for mask in _MASKED.finditer(text)]
        for end in ends:
            take("security_code", _EXPIRY_THEN_CODE.match(text, end))
    return found
