"""Lists, structs and maps: each leaf is looked at like a column, then the same shape is rebuilt."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from omnix.privacy.door import Action, Kind

Flags = NDArray[np.bool_]
Touched = dict[tuple[Kind, Action], Flags]
_MOST_KEYS = 200
# A leaf's path and values → its new values, of the same type, and the touched ones by effect.
Leaf = Callable[[str, pa.Array], tuple[pa.Array, Touched]]


def is_nested(kind: pa.DataType) -> bool:
    """Whether a column of this type has leaves of its own."""
    return bool(pa.types.is_nested(kind)) and not pa.types.is_union(kind)


def without_views(kind: pa.DataType) -> pa.DataType:
    """The same type with plain strings, bytes and lists in place of views."""
    if pa.types.is_struct(kind):
        return pa.struct([field.with_type(without_views(field.type)) for field in kind])
    if pa.types.is_map(kind):
        return pa.map_(without_views(kind.key_type), without_views(kind.item_type))
    if pa.types.is_fixed_size_list(kind):
        return pa.list_(without_views(kind.value_type), kind.list_size)
    if pa.types.is_nested(kind) and not pa.types.is_union(kind):
        return pa.large_list(without_views(kind.value_type))
    return {pa.string_view(): pa.string(), pa.binary_view(): pa.binary()}.get(kind, kind)


def rebuild(path: str, array: pa.Array, leaf: Leaf) -> tuple[pa.Array, Touched]:
    """`array` with every leaf passed through `leaf`, and the rows touched, by kind.

    The array comes back as it was where no leaf was touched.
    """
    kind = array.type
    if pa.types.is_struct(kind):
        return _struct(path, array, leaf)
    if pa.types.is_map(kind):
        return _map(path, array, leaf)
    if _is_list(kind):
        return _list(path, array, leaf)
    return leaf(path, array)


def _is_list(kind: pa.DataType) -> bool:
    kinds = (pa.types.is_list, pa.types.is_large_list, pa.types.is_fixed_size_list)
    return any(of_kind(kind) for of_kind in kinds)


def _struct(path: str, array: pa.Array, leaf: Leaf) -> tuple[pa.Array, Touched]:
    fields = [array.type.field(i) for i in range(array.type.num_fields)]
    parts = [
        rebuild(f"{path}.{field.name}", part, leaf)
        for field, part in zip(fields, array.flatten(), strict=True)
    ]
    touched = _either([flags for _, flags in parts])
    if not touched:
        return array, {}
    arrays = [part for part, _ in parts]
    fields = [
        field.with_nullable(True).with_type(part.type)
        for field, part in zip(fields, arrays, strict=True)
    ]
    new = pa.StructArray.from_arrays(arrays, fields=fields, mask=array.is_null())
    return _typed(new, array.type), touched


def _map(path: str, array: pa.Array, leaf: Leaf) -> tuple[pa.Array, Touched]:
    array = _compact(array)
    keys, in_keys = rebuild(f"{path}.key", array.keys, leaf)
    items, in_items = _map_items(path, keys, array.items, leaf)
    inner = _either([in_keys, in_items])
    if not inner:
        return array, {}
    offsets = array.offsets
    new = pa.MapArray.from_arrays(_with_nulls(offsets, array), keys, items)
    return _typed(new, array.type), _of_parents(inner, offsets)


def _map_items(path: str, keys: pa.Array, items: pa.Array, leaf: Leaf) -> tuple[pa.Array, Touched]:
    """A map's values, each kind of key looked at as the column that it is: `{"cvv": "123"}`."""
    if len(items) == 0 or not (
        pa.types.is_string(keys.type) or pa.types.is_large_string(keys.type)
    ):
        return rebuild(f"{path}.value", items, leaf)
    names = pc.unique(keys)
    if len(names) > _MOST_KEYS or "run_end" in str(items.type):  # which Arrow 26 cannot take
        return rebuild(f"{path}.value", items, leaf)
    touched: list[Touched] = []
    for name in names.to_pylist():
        rows = np.flatnonzero(pc.equal(keys, name).to_numpy(zero_copy_only=False))
        new, flags = rebuild(f"{path}.{name}", items.take(pa.array(rows)), leaf)
        if flags:
            order = np.arange(len(items))
            order[rows] = len(items) + np.arange(len(rows))
            items = pa.concat_arrays([items, _typed(new, items.type)]).take(pa.array(order))
            touched.append({kind: _spread(flag, rows, len(items)) for kind, flag in flags.items()})
    return items, _either(touched)


def _spread(flags: Flags, rows: NDArray[np.intp], size: int) -> Flags:
    every = np.zeros(size, dtype=bool)
    every[rows] = flags
    return every


def _list(path: str, array: pa.Array, leaf: Leaf) -> tuple[pa.Array, Touched]:
    array = _compact(array)
    if pa.types.is_fixed_size_list(array.type):
        return _fixed(path, array, leaf)
    values, inner = rebuild(path, array.values, leaf)
    if not inner:
        return array, {}
    new = type(array).from_arrays(_with_nulls(array.offsets, array), values)
    return _typed(new, array.type), _of_parents(inner, array.offsets)


def _fixed(path: str, array: pa.Array, leaf: Leaf) -> tuple[pa.Array, Touched]:
    size = array.type.list_size
    values, inner = rebuild(path, array.values, leaf)
    if not inner:
        return array, {}
    new = pa.FixedSizeListArray.from_arrays(values, size, mask=array.is_null())
    rows = (len(array), size)
    touched: Touched = {
        effect: np.logical_or.reduce(flags.reshape(rows), axis=1) for effect, flags in inner.items()
    }
    return _typed(new, array.type), touched


def _compact(array: pa.Array) -> pa.Array:
    """The same values with buffers of their own, beginning at nought."""
    return pa.concat_arrays([array, array.slice(0, 0)])


def _with_nulls(offsets: pa.Array, array: pa.Array) -> pa.Array:
    """Offsets that carry the array's nulls, as `from_arrays` expects them."""
    gone = np.append(array.is_null().to_numpy(zero_copy_only=False), False)
    return pc.if_else(pa.array(gone), pa.scalar(None, offsets.type), offsets)


def _typed(new: pa.Array, kind: pa.DataType) -> pa.Array:
    """`new` as `kind`, as far as Arrow can cast: a rare leaf type may have had to become plainer."""
    if new.type == kind:
        return new
    try:
        return new.cast(kind)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return new


def _of_parents(inner: Touched, offsets: pa.Array) -> Touched:
    """Which lists hold a touched value."""
    ends = offsets.to_numpy(zero_copy_only=False)
    return {
        kind: np.diff(np.append(0, np.cumsum(flags))[ends]) > 0 for kind, flags in inner.items()
    }


def _either(parts: list[Touched]) -> Touched:
    merged: Touched = {}
    for part in parts:
        for kind, flags in part.items():
            merged[kind] = merged[kind] | flags if kind in merged else flags
    return merged
