"""Which files make one table, and what it is called."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain, count

from omnix.sources.files.datafile import DataFile
from omnix.sources.files.listing import common_stem, home_folder, identifier, stem

#: The casefolded columns of a file; empty where it cannot be read.
Columns = Mapping[str, frozenset[str]]


def group(
    files: Sequence[DataFile], columns: Columns
) -> tuple[dict[str, list[DataFile]], list[str]]:
    """Tables by name with their files, and notes on names that had to be decided."""
    tables: dict[str, list[DataFile]] = {}
    notes: list[str] = []
    folders: dict[str, list[DataFile]] = defaultdict(list)
    for file in files:
        folders[home_folder(file)].append(file)
    for folder, members in folders.items():
        for wanted, part in _in_folder(folder, members, columns).items():
            name, note = _settled(wanted, part, folder, tables, columns)
            notes += [note] if note else []
            tables.setdefault(name, []).extend(part)
    return {name: tables[name] for name in sorted(tables)}, notes


def _settled(
    wanted: str,
    part: list[DataFile],
    folder: str,
    tables: Mapping[str, list[DataFile]],
    columns: Columns,
) -> tuple[str, str]:
    """The name for `part`, and what to say when others have that name already."""
    if wanted not in tables:
        return wanted, ""
    both = f"{part[0].name} and {tables[wanted][0].name}"
    if _alike([*tables[wanted], *part], columns):
        return wanted, f"{both} are read as one table {wanted!r}."
    name = _free(f"{identifier(folder)}_{wanted}" if folder else wanted, tables)
    return name, (
        f"{both} would both be table {wanted!r}, but they share too few columns; "
        f"{part[0].name} is table {name!r}."
    )


def _in_folder(folder: str, files: list[DataFile], columns: Columns) -> dict[str, list[DataFile]]:
    by_stem: dict[str, list[DataFile]] = defaultdict(list)
    for file in files:
        by_stem[identifier(common_stem(file))].append(file)
    one_table = folder and (len(by_stem) == 1 or _equal(files, columns))
    if one_table and not _is_archive_of_names(files, by_stem):
        return {identifier(folder) or "data": files}
    tables: dict[str, list[DataFile]] = {}
    for shared, part in by_stem.items():
        name = shared or identifier(folder) or identifier(stem(part[0])) or "data"
        if _alike(part, columns):
            tables.setdefault(name, []).extend(part)
        else:
            for file in part:
                tables.setdefault(identifier(stem(file)) or name, []).append(file)
    return tables


def _is_archive_of_names(files: list[DataFile], by_stem: Mapping[str, list[DataFile]]) -> bool:
    """Whether these lie directly in an archive under a telling name, which then is the table's."""
    in_archive = all(file.member is not None and "/" not in file.member for file in files)
    return in_archive and len(by_stem) == 1 and "" not in by_stem


def _equal(files: list[DataFile], columns: Columns) -> bool:
    known = {columns[file.name] for file in files}
    return len(known) == 1 and frozenset() not in known


def _alike(files: list[DataFile], columns: Columns) -> bool:
    """Whether every file shares at least half of its columns, or of the first's, with the first."""
    first = columns[files[0].name]
    return all(
        not mine or not first or 2 * len(mine & first) >= min(len(mine), len(first))
        for mine in (columns[file.name] for file in files[1:])
    )


def _free(name: str, taken: Mapping[str, object]) -> str:
    numbered = (f"{name}_{number}" for number in count(2))
    return next(option for option in chain([name], numbered) if option not in taken)
