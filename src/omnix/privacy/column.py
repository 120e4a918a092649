"""One column: what its name and its values say, what is done, and what stays decided."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from omnix.privacy import numeric, text, whole
from omnix.privacy.cards import LONGEST, is_card_number, masked
from omnix.privacy.door import Action, Kind
from omnix.privacy.evidence import TRUSTABLE, Tally, Trust
from omnix.privacy.folding import fold
from omnix.privacy.names import Role
from omnix.privacy.ordered import union, without
from omnix.privacy.scan import Match
from omnix.privacy.survey import Windows
from omnix.privacy.text import Look

Flags = NDArray[np.bool_]
Index = NDArray[np.intp]
Tokens = Callable[[str], str]
Effect = tuple[Kind, Action]
SHARE = 0.9
_NAMED_ROWS = rf"(?s)(?:\p{{Nd}}\P{{Nd}}{{0,8}}){{{whole.AT_LEAST}}}|[0-9]\.[0-9]+[eE]\+?1[0-9]"
_LONG_RUN = re.compile(rf"[0-9]{{{whole.AT_LEAST},}}")
_CODE_VALUE = r"^\s*[0-9]{3,4}(?:\.0+)?\s*$"


@dataclass
class State:
    """What has been decided about one column of one table; decisions stay for the whole ingest."""

    role: Role
    tally: Tally = field(default_factory=Tally, repr=False)
    is_card: bool = False  # the column is one of card numbers: its tokens stand in a sibling
    is_code: bool = False  # security codes or PINs: no value passes
    why: str = ""
    kept_type: bool = False  # a chunk has left with the source's own, numeric type
    leaf: bool = False  # inside a list, struct or map: no type may change, no sibling stands beside

    def __post_init__(self) -> None:
        self.is_card = self.is_card or self.role is Role.NUMBER

    @property
    def named(self) -> bool:
        """Whether the column's name alone says that these are card numbers."""
        return self.role is Role.NUMBER


@dataclass
class Outcome:
    """A column's new arrays, one for each that came in, and which rows were touched, by kind."""

    arrays: list[pa.Array]
    touched: dict[Effect, list[Flags]] = field(default_factory=dict)
    tokens: list[pa.Array] | None = None
    aside: list[pa.Array] | None = None  # masked text that the numeric column itself cannot hold
    why: str = ""
    in_text: bool = False  # codes and stripes were cut out of text, each by its own mark


def emptied(arrays: list[pa.Array], kind: Kind, why: str) -> Outcome:
    """Every value gone."""
    flags = [array.is_valid().to_numpy(zero_copy_only=False).astype(bool) for array in arrays]
    return Outcome(
        [pa.nulls(len(array), array.type) for array in arrays], {(kind, "removed"): flags}, why=why
    )


def looks_like_codes(arrays: list[pa.Array]) -> float:
    """The share of values with exactly three or four digits."""
    tried = fitting = 0
    for array in arrays:
        try:
            shown = array.cast(pa.large_string())
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            return 0.0
        shown = shown.drop_null()
        tried += len(shown)
        fitting += int(pc.sum(pc.match_substring_regex(shown, _CODE_VALUE)).as_py() or 0)
    return fitting / tried if tried else 0.0


def admit_text(state: State, arrays: list[pa.Array], tokens: Tokens) -> Outcome:
    """Text columns (string or binary)."""
    looks = [text.look(array) for array in arrays]
    trust = _judge(state, [seen.windows for seen in looks])
    outcome = Outcome([], why=trust.why, in_text=True)
    for seen in looks:
        _admit_look(state, seen, trust, tokens, outcome)
    return outcome


def _admit_look(state: State, seen: Look, trust: Trust, tokens: Tokens, outcome: Outcome) -> None:
    """Bare numbers by the column, whatever else is there cell by cell."""
    bare = whole.bare(seen.cells, seen.windows, state.named) if state.is_card else None
    done = bare.rows if bare else np.empty(0, dtype=np.intp)
    found = _named_cells(seen, done) if state.named else _cells(seen, trust, done)
    array = text.replaced(seen.cells, {row: new for row, (new, _) in found.items()})
    outcome.arrays.append(whole.put(array, done, whole.masks(bare)) if bare else array)
    _note(outcome, found, len(outcome.arrays) - 1)
    if bare and len(done):
        _flags(outcome, ("card_number", "masked"), len(outcome.arrays) - 1)[done] = True
    if bare and not state.leaf:
        column = _token_column(len(seen.cells), found, tokens)
        made = whole.put(column, done, bare.values(tokens))
        outcome.tokens = [*(outcome.tokens or []), made]


def _judge(state: State, windows: list[Windows]) -> Trust:
    """What may be trusted in this chunk; what has been proven once stays proven."""
    numbers = text.numbers_by_shape(windows)
    trust = state.tally.trust(numbers, hinted=state.role is Role.HINT) if numbers else Trust()
    if numbers:
        state.tally.add(numbers)
    if state.named:
        return Trust(TRUSTABLE, proven=True, named=True, why="the column's name says card number")
    if trust.proven or (state.role is Role.HINT and trust.shapes):
        hits = sum(int(found.hit.sum()) for found in windows)
        alone = sum(int((found.hit & found.alone).sum()) for found in windows)
        state.is_card = state.is_card or (hits > 0 and 2 * alone >= hits)
    if trust.proven:
        state.why = trust.why
    if state.why:  # what has been proven once; a card column's name would say no more
        return Trust(TRUSTABLE, proven=True, named=state.is_card, why=state.why)
    return trust


Found = dict[int, tuple[str, list[Match]]]


def _cells(seen: Look, trust: Trust, done: Index) -> Found:
    rows = without(text.rows_to_read(seen, trust), done)
    alone = trust.proven and trust.named
    return text.read(seen.cells, rows, lambda cell: _card_cell(cell, trust, alone))


def _card_cell(shown: str, trust: Trust, alone: bool) -> tuple[str, list[Match]]:
    """A cell of a column without a telling name; `alone`: most of its cells are just a number."""
    digits = whole.only_number(shown) if alone else ""
    if is_card_number(digits):
        return masked(digits), [Match(0, len(shown), "card_number", masked(digits), digits)]
    return text.rewrite(shown, trust)


def _named_cells(seen: Look, done: Index) -> Found:
    """In a column named for card numbers anything with twelve digits or more is one."""
    rows = union(text.matching(seen.cells, _NAMED_ROWS), seen.marked)
    return text.read(seen.cells, without(rows, done), _named_cell)


def _named_cell(shown: str) -> tuple[str, list[Match]]:
    digits = whole.only_number(shown)
    if whole.AT_LEAST <= len(digits) <= LONGEST:
        return masked(digits), [Match(0, len(shown), "card_number", masked(digits), digits)]
    new, matches = text.rewrite(shown, Trust(TRUSTABLE, proven=True, named=True))
    left = list(_LONG_RUN.finditer(fold(new).text))
    if left:
        new = _LONG_RUN.sub(_hide, fold(new).text)
        matches += [Match(0, 0, "card_number", "", run[0]) for run in left]
    return new, matches


def _hide(run: re.Match[str]) -> str:
    """Longer than any card number, a run may end in a security code: its last digits go as well."""
    digits = run[0]
    return masked(digits) if len(digits) <= LONGEST else digits[:6] + "*" * (len(digits) - 6)


def _note(outcome: Outcome, found: Found, index: int) -> None:
    for row, (_, matches) in found.items():
        for kind in {match.kind for match in matches}:
            effect: Effect = (kind, "masked" if kind == "card_number" else "removed")
            _flags(outcome, effect, index)[row] = True


def _flags(outcome: Outcome, effect: Effect, index: int) -> Flags:
    """The flags of array `index`; arrays before it that had none get theirs, all down."""
    flags = outcome.touched.setdefault(effect, [])
    while len(flags) <= index:
        flags.append(np.zeros(len(outcome.arrays[len(flags)]), dtype=bool))
    return flags[index]


def _token_column(rows: int, found: Found, tokens: Tokens) -> pa.Array:
    """The token of each row's first number; null where no number was."""
    column: list[str | None] = [None] * rows
    for row, (_, matches) in found.items():
        digits = next((match.digits for match in matches if match.digits), None)
        column[row] = tokens(digits) if digits else None
    return pa.array(column, type=pa.string())


def admit_numbers(state: State, arrays: list[pa.Array], tokens: Tokens) -> Outcome:
    """Whole numbers, floats and decimals; a card column leaves as text."""
    views = [numeric.whole_numbers(array) for array in arrays]
    why = _judge(state, [numeric.windows(view) for view in views]).why
    if not state.is_card:
        state.kept_type = state.kept_type or any(len(array) for array in arrays)
        return Outcome(arrays)
    outcome = Outcome([], tokens=[], why=why)
    effect: Effect = ("card_number", "removed" if state.leaf else "masked")
    for array, view in zip(arrays, views, strict=True):
        cards = numeric.cards(view, state.named)
        flags = np.zeros(len(array), dtype=bool)
        flags[list(cards)] = True
        outcome.touched.setdefault(effect, []).append(flags)
        _mask_numbers(state, outcome, array, cards)
        hashed = [tokens(digits) for digits in cards.values()]
        outcome.tokens.append(_sparse(flags, hashed))  # type: ignore[union-attr]
    return outcome


def _mask_numbers(state: State, outcome: Outcome, array: pa.Array, cards: dict[int, str]) -> None:
    if not (state.kept_type or state.leaf):
        shown: dict[int, str | None] = {row: masked(digits) for row, digits in cards.items()}
        outcome.arrays.append(text.replaced(numeric.as_text(array), shown))
        return
    flags = np.zeros(len(array), dtype=bool)
    flags[list(cards)] = True
    outcome.arrays.append(pc.if_else(pa.array(flags), pa.scalar(None, array.type), array))
    aside = _sparse(flags, [masked(digits) for digits in cards.values()])
    outcome.aside = [*(outcome.aside or []), aside]


def _sparse(flags: Flags, values: list[str]) -> pa.Array:
    """Text with `values`, in order, where `flags` stand, and null elsewhere."""
    nothing = pa.nulls(len(flags), pa.string())
    return pc.replace_with_mask(nothing, pa.array(flags), pa.array(values, type=pa.string()))
