"""Find the data files of a folder and say which table each of them belongs to."""

from __future__ import annotations

import os
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from omnix.core.errors import SourceError, SourceUnavailable
from omnix.sources.files.datafile import DataFile, Kind, explained

KINDS: dict[str, Kind] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".psv": "csv",
    ".txt": "csv",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".jsonl": "json",
    ".ndjson": "json",
    ".json": "json",
}
#: Files that people lay beside their data.
PROSE = re.compile(
    r"^(read[-_ ]?me|licen[cs]e|changelog|notes?|copying|manifest|schema|metadata|checksums?)\b",
    re.I,
)
SPREADSHEETS = {".xlsx", ".xls", ".ods", ".numbers"}

#: What numbers one file of many: orders_2024-01, orders-part-0001, orders (2), orders.v3, orders_2024Q1.
_NUMBERED = re.compile(
    r"(?:(?:^|[\s_.\-]+)(?:(?:part|chunk|split|page|batch|shard|file|export|no|nr)?[\s_.\-]*[tzwq]?\d+(?:t\d+)?[a-z]?"
    r"|v\d+|\d{4}[_\-]?q[1-4]|q[1-4]|part|chunk|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22,})"
    r"|\s*\(\d+\))$",
    re.I,
)


@dataclass
class Listing:
    """The data files in the order of their names, and what was left aside and why."""

    files: list[DataFile] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    broken: list[SourceError] = field(default_factory=list)


def list_files(folder: Path) -> Listing:
    """Every data file under `folder` (or `folder` itself when it is a file).

    Raises:
        SourceUnavailable: there is no such folder.
        SourceError: it is a Delta table, whose folder also holds rows that are deleted.

    """
    if not folder.exists():
        raise SourceUnavailable(
            f"There is no file or folder {str(folder)!r}.",
            "Check the path; if it is on another disk or share, connect that first.",
        )
    listing = Listing()
    root = folder.parent if folder.is_file() else folder
    for path in [folder] if folder.is_file() else _walk(folder):
        _add(listing, path, path.relative_to(root).as_posix())
    return listing


def _walk(folder: Path) -> Iterator[Path]:
    for here, folders, names in os.walk(folder):
        if "_delta_log" in folders:
            raise SourceError(
                f"{here} is a Delta table: its folder also holds files with rows that were deleted.",
                "Export it to Parquet or CSV first, and point omnix at the export.",
            )
        folders[:] = sorted(name for name in folders if not _hidden(name))
        yield from (Path(here) / name for name in sorted(names) if not _hidden(name))


def _hidden(name: str) -> bool:
    return name.startswith((".", "_", "~")) or name == "__MACOSX"


def _add(listing: Listing, path: Path, name: str) -> None:
    if path.suffix.lower() == ".zip":
        try:
            with explained(name):
                _add_archive(listing, path, name)
        except SourceError as error:
            listing.broken.append(error)
        return
    _add_file(listing, path, name, None)


def _add_archive(listing: Listing, path: Path, name: str) -> None:
    with zipfile.ZipFile(path) as archive:
        members = sorted(info.filename for info in archive.infolist() if not info.is_dir())
    for member in members:
        if not any(_hidden(part) for part in PurePosixPath(member).parts):
            _add_file(listing, path, f"{name}!{member}", member)


def _add_file(listing: Listing, path: Path, name: str, member: str | None) -> None:
    leaf = PurePosixPath(member or path.name)
    kind, gzipped, reason = _kind(leaf)
    if kind is None:
        listing.notes.append(f"{name} was left aside: {reason}.")
        return
    stat = path.stat()
    listing.files.append(
        DataFile(
            path, name, kind, gzipped, stat.st_size, stat.st_mtime_ns, member, _constants(name)
        )
    )


def _kind(leaf: PurePosixPath) -> tuple[Kind | None, bool, str]:
    gzipped = leaf.suffix.lower() == ".gz"
    inner = PurePosixPath(leaf.stem) if gzipped else leaf
    suffix = inner.suffix.lower()
    if suffix in SPREADSHEETS:
        return None, gzipped, "omnix reads no spreadsheets; save each sheet as CSV"
    if suffix not in KINDS:
        return (
            None,
            gzipped,
            f"{suffix or 'a name without an ending'} is no kind of data omnix reads",
        )
    if PROSE.match(inner.stem) and suffix in {".txt", ".json"}:
        return None, gzipped, "its name says that it holds no rows"
    return KINDS[suffix], gzipped, ""


def _constants(name: str) -> dict[str, str]:
    parts = PurePosixPath(name.replace("!", "/")).parts[:-1]
    pairs = (part.partition("=") for part in parts if re.match(r"^\w+=", part))
    return {key: value for key, _, value in pairs}


def identifier(text: str) -> str:
    """`text` as a snake_case name: "Order Items" and "OrderItems" are "order_items"."""
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss"))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", plain)
    plain = re.sub(r"[^0-9a-z]+", "_", plain.lower()).strip("_")
    return f"t_{plain}" if plain[:1].isdigit() else plain


def stem(file: DataFile) -> str:
    """The file's name without folders and endings."""
    leaf = PurePosixPath(file.member or file.path.name)
    if file.gzipped:
        leaf = PurePosixPath(leaf.stem)
    return leaf.stem


def common_stem(file: DataFile) -> str:
    """The stem without what numbers or dates one file of many; may be empty."""
    text = stem(file)
    while shorter := _NUMBERED.sub("", text):
        if shorter == text:
            return text
        text = shorter
    return ""


def home_folder(file: DataFile) -> str:
    """The first sub-folder the file lies in, or the archive when it has no other name; may be empty."""
    parts = PurePosixPath(file.name.replace("!", "/")).parts[:-1]
    folders = [part for part in parts if "=" not in part]
    if file.member is not None and len(folders) > 1:
        folders = [part for part in folders if not part.lower().endswith(".zip")]
    return re.sub(r"\.(zip|parquet|csv|jsonl?)$", "", folders[0], flags=re.I) if folders else ""
