"""Text columns: what stands in them (over the bytes), and the few cells that must be rewritten."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from omnix.privacy import words
from omnix.privacy.cards import SHORTEST
from omnix.privacy.evidence import Shape, Trust
from omnix.privacy.folding import fold
from omnix.privacy.ordered import distinct, union, without
from omnix.privacy.scan import Match, apply, scan
from omnix.privacy.survey import Windows, survey

Index = NDArray[np.intp]

# RE2 patterns: each finds every row that the careful look could care about, and a few more.
_LINK = r"[^0-9a-z]{0,8}(?:(?:is|ist|no|nr|number|num|code|value|lautet)[^0-9a-z]{1,6}){0,2}"
_KEYED = (
    r"(?i:(?:^|[^a-z])(?:cvv2?|cvc2?|cvn2?|cav2|cvd|(?:security|verification)[ _-]?code"
    r"|cryptogramme(?:[ _-]visuel)?|code[ _-]de[ _-]s[ée]curit[ée]|c[óo]digo[ _-]de[ _-]seguridad"
    rf"|codice[ _-]di[ _-]sicurezza|sicherheitscode|pr(?:ue|ü)f(?:nummer|ziffer)|pin(?:[ _-]?(?:code|no|number))?){_LINK}[0-9]{{3}})"
)
_ESCAPE = r"(?:%[0-9A-Fa-f]{2}|&#[xX]?[0-9A-Fa-f]{1,6};|\\u[0-9a-fA-F]{4})"
_ESCAPED = (
    rf"[0-9]{_ESCAPE}{{1,3}}[0-9]|{_ESCAPE}[0-9]{{12}}"
    rf"|{_ESCAPE}[0-9]{{4}}[ .+-][0-9]{{4,6}}[ .+-][0-9]|\\[nrt][0-9]{{4}}(?:[0-9]{{8}}|[ .-])"
)
# Base64 of three digits is [MNO] [DTjz] [AEIMQUYcgk] [w-z0-5]; any 16 digits hold four such fours.
_BASE64 = r"(?:[M-O][DTjz][AEIMQUYcgk][w-z0-5]){4}"
_MARKED = f"{_KEYED}|{_ESCAPED}|{_BASE64}"
_FOREIGN = r"[^\P{Nd}0-9]"
_FOREIGN_NUMBER = (
    rf"(?s)(?:\p{{Nd}}\P{{Nd}}{{0,8}}){{{SHORTEST}}}|(?i)(?:cv[vc]|pin|code).{{0,8}}\p{{Nd}}{{3}}"
)
_BASE64_WORD = re.compile(r"[A-Za-z0-9+/]{16,}={0,2}")
_SHORTEST_MARKED = 6  # "PIN123"
_ROWS_AT_ONCE = 64


class Look(NamedTuple):
    """What one array of cells shows before anything is decided."""

    cells: pa.Array
    windows: Windows
    marked: Index  # rows with a stripe, or a code or PIN behind its word


def is_text(kind: pa.DataType) -> bool:
    """Whether the arrays of this type have the plain offsets-and-bytes layout."""
    return _is_binary(kind) or bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def look(cells: pa.Array) -> Look:
    """Survey `cells` (string or binary, 32 or 64-bit offsets)."""
    data, offsets = _bytes(cells)
    longest = int(np.diff(offsets).max(initial=0))
    none = np.empty(0, dtype=np.intp)
    if longest < _SHORTEST_MARKED:
        return Look(cells, survey(data, offsets[:1]).windows, none)
    windows, stripes = survey(data, offsets)
    marked = matching(cells, _MARKED)
    keyed, hidden = _among(cells, marked, _KEYED), _hidden(cells, marked, data)
    if len(hidden):
        windows = _merge(windows, hidden, [_legible(_cell(cells, row)) for row in hidden])
        keyed = union(keyed, hidden)
    return Look(cells, windows, union(keyed, stripes))


def _bytes(cells: pa.Array) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    wide = pa.types.is_large_string(cells.type) or pa.types.is_large_binary(cells.type)
    _, offsets, data = cells.buffers()
    if len(cells) == 0 or offsets is None:
        return np.empty(0, dtype=np.uint8), np.zeros(len(cells) + 1, dtype=np.int64)
    ends = np.frombuffer(offsets, dtype=np.int64 if wide else np.int32)
    wide_ends = ends[cells.offset : cells.offset + len(cells) + 1].astype(np.int64)
    raw = np.frombuffer(data, dtype=np.uint8) if data is not None else np.empty(0, dtype=np.uint8)
    return raw, wide_ends


def matching(cells: pa.Array, pattern: str) -> Index:
    """Rows that match; many rows are tried as one first, for most columns have none at all."""
    if len(cells) == 0:
        return np.empty(0, dtype=np.intp)
    bundles = _bundled(cells)
    some = np.flatnonzero(_flags(bundles, pattern))
    rows = (some[:, None] * _ROWS_AT_ONCE + np.arange(_ROWS_AT_ONCE)).ravel()
    return _among(cells, rows[rows < len(cells)], pattern)


def _bundled(cells: pa.Array) -> pa.Array:
    """The same bytes seen as cells of `_ROWS_AT_ONCE` rows each; nothing is copied."""
    _, offsets, data = cells.buffers()
    wide = pa.types.is_large_string(cells.type) or pa.types.is_large_binary(cells.type)
    ends = np.frombuffer(offsets, dtype=np.int64 if wide else np.int32)
    ends = ends[cells.offset : cells.offset + len(cells) + 1]
    ends = np.append(ends[:-1:_ROWS_AT_ONCE], ends[-1:])
    buffers = [None, pa.py_buffer(np.ascontiguousarray(ends)), data]
    return pa.Array.from_buffers(cells.type, len(ends) - 1, buffers)


def _among(cells: pa.Array, rows: Index, pattern: str) -> Index:
    if len(rows) == 0:
        return rows
    return rows[_flags(cells.take(pa.array(rows)), pattern)]


def _flags(cells: pa.Array, pattern: str) -> NDArray[np.bool_]:
    found = pc.match_substring_regex(cells, pattern)
    return np.asarray(found.fill_null(False).to_numpy(zero_copy_only=False), dtype=bool)


def _hidden(cells: pa.Array, marked: Index, data: NDArray[np.uint8]) -> Index:
    """Rows whose digits are written in another script, with escapes or in base64."""
    hidden = _among(cells, marked, f"{_ESCAPED}|{_BASE64}")
    if len(data) and not _is_binary(cells.type) and int(data.max()) >= 128:
        foreign = matching(cells, _FOREIGN)
        hidden = union(hidden, _among(cells, foreign, _FOREIGN_NUMBER))
    return hidden


def _is_binary(kind: pa.DataType) -> bool:
    return bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind))


def _cell(cells: pa.Array, row: int) -> str:
    """One cell as text; bytes are taken one for one, so that they can be written back as they were."""
    value = cells[int(row)].as_py()
    return value.decode("latin-1") if isinstance(value, bytes) else value or ""


def _legible(text: str) -> str:
    return " \n \n ".join([fold(text).text, *(plain for _, plain in _decoded(text))])


def _decoded(text: str) -> Iterable[tuple[re.Match[str], str]]:
    """The base64 words of `text` and what they say, where they say text with enough digits."""
    if not re.search(_BASE64, text):
        return
    for word in _BASE64_WORD.finditer(text):
        bare = word.group().rstrip("=")
        try:
            plain = base64.b64decode(bare + "=" * (-len(bare) % 4)).decode("utf-8")
        except (binascii.Error, ValueError):
            continue
        if sum(map(str.isdigit, plain)) >= SHORTEST:
            yield word, plain


def _merge(windows: Windows, rows: Index, texts: list[str]) -> Windows:
    """`windows` with those of `rows` taken from their legible form instead."""
    more = survey(*_bytes(pa.array(texts, type=pa.large_string()))).windows
    keep = ~np.isin(windows.row, rows)
    return Windows(
        np.concatenate([windows.row[keep], rows[more.row]]),
        np.concatenate([windows.shape[keep], more.shape]),
        np.concatenate([windows.number[keep], more.number]),
        np.concatenate([windows.hit[keep], more.hit]),
        np.concatenate([windows.alone[keep], more.alone]),
    )


def numbers_by_shape(windows: Iterable[Windows]) -> dict[Shape, NDArray[np.uint64]]:
    """The distinct numbers of each shape that evidence may rest on."""
    every = list(windows)
    return {
        shape: distinct(np.concatenate([found.number[found.shape == shape] for found in every]))
        for shape in Shape
        if shape is not Shape.ODD and every
    }


def rows_to_read(seen: Look, trust: Trust) -> Index:
    """The rows in which the careful look may find something."""
    windows = seen.windows
    hit = windows.row[windows.hit]
    trusted = np.isin(windows.shape, [int(shape) for shape in trust.shapes])
    sure = distinct(windows.row[windows.hit & trusted] if not trust.named else hit)
    rest = without(hit, sure)
    worded = _among(seen.cells, rest, words.ROUGHLY)
    return union(sure, worded, seen.marked)


def read(
    cells: pa.Array, rows: Index, careful: Callable[[str], tuple[str, list[Match]]]
) -> dict[int, tuple[str, list[Match]]]:
    """The new text of every row in which `careful` finds something; equal cells are read once."""
    known: dict[str, tuple[str, list[Match]]] = {}
    found = {}
    for row, value in zip(rows.tolist(), cells.take(pa.array(rows)).to_pylist(), strict=True):
        if value is None:
            continue
        text = value.decode("latin-1") if isinstance(value, bytes) else value
        if text not in known:
            known[text] = careful(text)
        if known[text][1]:
            found[row] = known[text]
    return found


def rewrite(text: str, trust: Trust) -> tuple[str, list[Match]]:
    """One cell without its card data, and what was taken out."""
    inside: list[Match] = []
    for word, plain in reversed(list(_decoded(text))):
        matches = scan(plain, trust)
        if matches:
            inside += matches
            again = base64.b64encode(apply(plain, matches).encode()).decode("ascii")
            text = text[: word.start()] + again + text[word.end() :]
    matches = scan(text, trust)
    return _still_json(text, matches), matches + inside


def _still_json(text: str, matches: list[Match]) -> str:
    """`text` rewritten; a bare JSON number becomes a JSON string, so that the document still parses."""
    changed = apply(text, matches)
    if not matches or text.lstrip()[:1] not in ("{", "[") or not _is_json(text):
        return changed
    if _is_json(changed):
        return changed
    quoted = [
        Match(match.start, match.end, match.kind, f'"{match.replacement}"')
        if re.search(r"[:,\[]\s*$", text[: match.start])
        and re.match(r"\s*[,}\]]", text[match.end :])
        else match
        for match in matches
    ]
    return apply(text, quoted)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def replaced(cells: pa.Array, new: dict[int, str | None]) -> pa.Array:
    """`cells` with the rows in `new` replaced; type and order stay."""
    if not new:
        return cells
    rows = sorted(new)
    mask = np.zeros(len(cells), dtype=bool)
    mask[rows] = True
    values: list[str | bytes | None] = [new[row] for row in rows]
    if _is_binary(cells.type):
        values = [value.encode("latin-1") if isinstance(value, str) else None for value in values]
    return pc.replace_with_mask(cells, pa.array(mask), pa.array(values, type=cells.type))
