"""One batch through the door: every column by its type, then the table put together again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omnix.privacy import column, nested, numeric, text
from omnix.privacy.column import Flags, Outcome, State
from omnix.privacy.door import Finding, Kind
from omnix.privacy.evidence import TRUSTABLE, Trust
from omnix.privacy.names import Role, needs_company, role, speaks_of_cards
from omnix.privacy.token import token

_IN_TEXT: dict[Kind, str] = {
    "card_number": "a number in an issuer's range passes Luhn, beside a card word or laid out as "
    "on a card",
    "security_code": "three or four digits behind a security code's name or beside a card number",
    "track_data": "the marks of a magnetic stripe around a card number",
    "pin": "digits behind the word PIN",
}
_PLAIN = {pa.string_view(): pa.large_string(), pa.binary_view(): pa.large_binary()}

States = dict[tuple[str, str], State]


class Batch:
    """The work on one batch of one table; `states` outlive it."""

    def __init__(self, key: bytes, states: States, table: str, batch: pa.Table) -> None:
        self._key, self._states, self._batch = key, states, batch
        self._table = _clean(table)
        self._names = [_clean(name) for name in batch.column_names]
        self._tokens: dict[str, str] = {}
        self._beside_cards = any(
            speaks_of_cards(name) or self._state(name).is_card for name in self._names
        )
        self.findings: list[Finding] = []

    def admitted(self) -> pa.Table:
        """The batch without card data; `findings` then tells what was in it."""
        fields: list[pa.Field] = []
        columns: list[pa.ChunkedArray] = []
        beside: dict[str, pa.ChunkedArray] = {}
        for index, name in enumerate(self._names):
            outcome = self._column(name, self._batch.column(index))
            self._tell(name, outcome)
            field = self._batch.field(index).with_name(name)
            fields.append(_field(field, outcome))
            columns.append(pa.chunked_array(outcome.arrays, type=fields[-1].type))
            for suffix, arrays in (("masked", outcome.aside), ("token", outcome.tokens)):
                if arrays is not None:
                    beside[f"{name}_{suffix}"] = pa.chunked_array(arrays, type=pa.string())
        return self._together(fields, columns, beside)

    def _together(
        self,
        fields: list[pa.Field],
        columns: list[pa.ChunkedArray],
        beside: dict[str, pa.ChunkedArray],
    ) -> pa.Table:
        """The siblings right behind their columns; one that is there already is filled up."""
        placed: list[tuple[pa.Field, pa.ChunkedArray]] = []
        for field, values in zip(fields, columns, strict=True):
            more = beside.pop(field.name, None) if field.name in self._names else None
            placed.append((field, values) if more is None else _filled(field, values, more))
            for suffix in ("masked", "token"):
                name = f"{field.name}_{suffix}"
                if name in beside and name not in self._names:
                    placed.append((pa.field(name, pa.string()), beside.pop(name)))
        metadata = self._batch.schema.metadata if self._unrenamed() else None
        schema = pa.schema([field for field, _ in placed], metadata=metadata)
        if not placed:
            return self._batch
        return pa.Table.from_arrays([values for _, values in placed], schema=schema)

    def _unrenamed(self) -> bool:
        return list(self._batch.column_names) == self._names

    def _token(self, digits: str) -> str:
        made = self._tokens.get(digits)
        if made is None:
            made = self._tokens[digits] = token(self._key, digits)
        return made

    def _state(self, path: str) -> State:
        place = (self._table, path)
        if place not in self._states:
            self._states[place] = State(role(path.rsplit(".", 1)[-1], self._table))
        return self._states[place]

    def _column(self, path: str, values: pa.ChunkedArray) -> Outcome:
        arrays = values.chunks or [pa.array([], type=values.type)]
        state = self._state(path)
        if state.named and pa.types.is_null(values.type):
            arrays = [array.cast(pa.string()) for array in arrays]
        kind = arrays[0].type
        if self._are_codes(path, state, arrays):
            found: Kind = "pin" if state.role in {Role.PIN, Role.PIN_MAYBE} else "security_code"
            return column.emptied(arrays, found, state.why)
        plain = None if _is_coded_text(kind) else _unwrapped(arrays)
        if plain is not None:
            return _rewrapped(self._column(path, pa.chunked_array(plain)), arrays)
        return self._plain(path, state, arrays)

    def _plain(self, path: str, state: State, arrays: list[pa.Array]) -> Outcome:
        kind = arrays[0].type
        if _is_coded_text(kind):
            return self._dictionaries(state, arrays)
        if nested.is_nested(kind):
            return self._nested(path, arrays)
        if text.is_text(kind):
            return column.admit_text(state, arrays, self._token)
        if numeric.is_number(kind) and (state.named or numeric.has_room(kind)):
            return column.admit_numbers(state, arrays, self._token)
        return Outcome(arrays)

    def _are_codes(self, path: str, state: State, arrays: list[pa.Array]) -> bool:
        """Whether no value of this column may pass."""
        if state.role in {Role.CODE, Role.PIN}:
            state.is_code, state.why = True, "the column's name says so"
        maybe = state.role in {Role.CODE_MAYBE, Role.PIN_MAYBE} and not state.is_code
        if maybe and (self._beside_cards or not needs_company(path.rsplit(".", 1)[-1])):
            share = column.looks_like_codes(arrays)
            if share >= column.SHARE:
                state.is_code = True
                state.why = f"the column's name, and {share:.0%} of the values have 3 or 4 digits"
        return state.is_code

    def _dictionaries(self, state: State, arrays: list[pa.Array]) -> Outcome:
        """Each distinct value is looked at once."""
        inner = column.admit_text(state, [array.dictionary for array in arrays], self._token)
        outcome = Outcome([], why=inner.why)
        for array, new in zip(arrays, inner.arrays, strict=True):
            outcome.arrays.append(array if new is array.dictionary else _recoded(array, new))
        if inner.tokens is not None:
            pairs = zip(inner.tokens, arrays, strict=True)
            outcome.tokens = [made.take(array.indices) for made, array in pairs]
        for effect, flags in inner.touched.items():
            pairs = zip(flags, arrays, strict=False)
            outcome.touched[effect] = [_rows_of(array, flag) for flag, array in pairs]
        return outcome

    def _nested(self, path: str, arrays: list[pa.Array]) -> Outcome:
        outcome = Outcome([])
        for array in arrays:
            new, touched = self._rebuilt(path, array)
            outcome.arrays.append(new)
            for effect, flags in touched.items():
                outcome.touched.setdefault(effect, []).append(flags)
        return outcome

    def _rebuilt(self, path: str, array: pa.Array) -> tuple[pa.Array, nested.Touched]:
        if "view" not in str(array.type):
            return nested.rebuild(path, array, self._leaf)
        # Arrow 26 takes, joins and casts nested views wrongly, so these rare ones go value by value.
        plain = pa.array(array.to_pylist(), type=nested.without_views(array.type))
        new, touched = nested.rebuild(path, plain, self._leaf)
        return (pa.array(new.to_pylist(), type=array.type), touched) if touched else (array, {})

    def _leaf(self, path: str, array: pa.Array) -> tuple[pa.Array, nested.Touched]:
        self._state(path).leaf = True
        outcome = self._column(path, pa.chunked_array([array]))
        touched = {effect: flags[0] for effect, flags in outcome.touched.items() if flags[0].any()}
        return (outcome.arrays[0], touched) if touched else (array, {})

    def _tell(self, name: str, outcome: Outcome) -> None:
        for (kind, action), flags in outcome.touched.items():
            rows = sum(int(flag.sum()) for flag in flags)
            if rows:
                proven = outcome.why and (kind == "card_number" or not outcome.in_text)
                evidence = outcome.why if proven else _IN_TEXT[kind]
                self.findings.append(Finding(self._table, name, kind, action, rows, evidence))


def remembered(table: str, columns: Iterable[str]) -> States:
    """The state of every column that stands beside its tokens, or its masks and tokens."""
    names, found = set(columns), States()
    for name in names:
        if f"{name}_token" in names:
            state = State(role(name, table), is_card=True, why="found by an earlier ingest")
            state.kept_type = f"{name}_masked" in names
            found[_clean(table), name] = state
    return found


def _clean(name: str) -> str:
    """A name without card numbers: a file without a header row may have made one from its first row."""
    return text.rewrite(name, Trust(TRUSTABLE, proven=True))[0]


def _field(field: pa.Field, outcome: Outcome) -> pa.Field:
    """The column's field; where values were taken out, null is allowed."""
    nullable = field.nullable or bool(outcome.touched)
    return field.with_type(outcome.arrays[0].type).with_nullable(nullable)


def _filled(
    field: pa.Field, values: pa.ChunkedArray, more: pa.ChunkedArray
) -> tuple[pa.Field, pa.ChunkedArray]:
    """The source's own column of a sibling's name, with the fresh tokens in their rows."""
    if more.null_count == len(more):
        return field, values
    kind = field.type if text.is_text(field.type) else pa.string()
    fresh, old = more.cast(kind), values.cast(kind)
    return field.with_type(kind), pc.coalesce(fresh, old)


def _is_coded_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_dictionary(kind)) and text.is_text(kind.value_type)


def _unwrapped(arrays: list[pa.Array]) -> list[pa.Array] | None:
    """The same values in a plainer type, where the type is a wrapping."""
    kind = arrays[0].type
    for of_kind, plain in _WRAPPINGS:
        if of_kind(kind):
            return [plain(array) for array in arrays]
    return None


def _as_json(array: pa.Array) -> pa.Array:
    shown = [
        None if value is None else json.dumps(value, default=str, ensure_ascii=False)
        for value in array.to_pylist()
    ]
    return pa.array(shown, type=pa.large_string())


def _rewrapped(outcome: Outcome, arrays: list[pa.Array]) -> Outcome:
    """What was not touched in its own type; text views in their own type in any case."""
    kind = arrays[0].type
    if not outcome.touched and not outcome.tokens and outcome.aside is None:
        outcome.arrays = arrays
    elif kind in _PLAIN:
        outcome.arrays = [array.cast(kind) for array in outcome.arrays]
    return outcome


def _recoded(array: pa.DictionaryArray, values: pa.Array) -> pa.Array:
    """`array` over new values, equal ones made one again."""
    coded = values.dictionary_encode()
    indices = coded.indices.take(array.indices).cast(array.type.index_type)
    return pa.DictionaryArray.from_arrays(indices, coded.dictionary, ordered=array.type.ordered)


def _rows_of(array: pa.DictionaryArray, touched: Flags) -> Flags:
    """The rows whose dictionary value was touched."""
    flags: Flags = (
        pa.array(touched).take(array.indices).fill_null(False).to_numpy(zero_copy_only=False)
    )
    return np.asarray(flags, dtype=bool)


def _is_extension(kind: pa.DataType) -> bool:
    return isinstance(kind, pa.BaseExtensionType)


_WRAPPINGS: list[tuple[Callable[[pa.DataType], bool], Callable[[pa.Array], pa.Array]]] = [
    (_PLAIN.__contains__, lambda array: array.cast(_PLAIN[array.type])),
    (pa.types.is_dictionary, lambda array: array.dictionary_decode()),
    (pa.types.is_run_end_encoded, pc.run_end_decode),
    (_is_extension, lambda array: array.storage),
    (pa.types.is_fixed_size_binary, lambda array: array.cast(pa.binary())),
    (pa.types.is_union, _as_json),
]
