"""What was read of a table so far: its files, their content, and the shape they had."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ValidationError

from omnix.sources.files.datafile import DataFile


class Seen(BaseModel):
    """One file as it was when it was read."""

    path: str
    size: int
    mtime_ns: int
    hash: str
    rows: int
    money: str | None = None


class Position(BaseModel):
    """All files of a table. `types` is the table's shape; `money` the expression that was summed."""

    files: list[Seen] = []
    types: dict[str, str] = {}
    money: str | None = None

    @property
    def rows(self) -> int:
        """Rows in all files."""
        return sum(file.rows for file in self.files)

    @property
    def total(self) -> Decimal | None:
        """Money in all files, where it was asked for."""
        if self.money is None:
            return None
        return sum((Decimal(file.money or 0) for file in self.files), Decimal(0))


@dataclass(frozen=True)
class Change:
    """What to do: `fresh` are the files to read; `kept` were read before and are as they were."""

    mode: Literal["replace", "append", "same"]
    fresh: tuple[DataFile, ...]
    kept: tuple[Seen, ...]


def parse(text: str | None) -> Position | None:
    """The position in `text`, or None where there is none or it is not of files."""
    try:
        return Position.model_validate_json(text) if text else None
    except ValidationError:
        return None


def compare(
    before: Position | None, files: Sequence[DataFile], types: dict[str, str], money: str | None
) -> Change:
    """Whether the files are the same, grew by new ones, or have to be read from the beginning."""
    if before is None or not before.files or before.types != types or before.money != money:
        return Change("replace", tuple(files), ())
    known = {seen.path: seen for seen in before.files}
    kept = [_still(known[file.name], file) for file in files if file.name in known]
    if None in kept or len(kept) != len(known):
        return Change("replace", tuple(files), ())
    fresh = tuple(file for file in files if file.name not in known)
    same = tuple(seen for seen in kept if seen is not None)
    return Change("append" if fresh else "same", fresh, same)


def _still(seen: Seen, file: DataFile) -> Seen | None:
    """`seen` with today's times when the content is what it was; hashed only when in doubt."""
    if (seen.size, seen.mtime_ns) == (file.size, file.mtime_ns):
        return seen
    if seen.size != file.size or seen.hash != file.content_hash():
        return None
    return seen.model_copy(update={"mtime_ns": file.mtime_ns})
