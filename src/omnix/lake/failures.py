"""What went wrong with a table, in words, with the next step."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from omnix.core.errors import LakeError, LakeUnavailable, nearest

if TYPE_CHECKING:
    from omnix.lake.files import Files
    from omnix.lake.snapshot import Snapshot

_UNREACHABLE = (
    "error sending request",
    "timed out",
    "timeout",
    "connection",
    "dns error",
    "http error",
)
_REFUSED = ("permission denied", "accessdenied", "access denied", "403", "401", "invalidaccesskeyid",
            "signaturedoesnotmatch", "read-only file system", "operation not permitted")  # fmt: skip
_FULL = ("no space left", "quota exceeded", "disk full")


def missing(table: str, known: list[str]) -> LakeError:
    """Nobody has written this table."""
    return LakeError(
        f"The lake has no table {table!r}.", f"{nearest(table, known)}Write it first: `omnix run`."
    )


def no_version(table: str, version: int, newest: int) -> LakeError:
    """A version that was never written."""
    return LakeError(
        f"{table} has no version {version}; its newest is {newest}.",
        f"`omnix history {called(table)}` lists them.",
    )


def vacuumed(table: str, version: int, oldest: int) -> LakeError:
    """A version that retention has removed."""
    return LakeError(
        f"Version {version} of {table} was removed by retention.",
        f"The oldest version still there is {oldest}.",
    )


def corrupt(table: str, version: int | str, what: str) -> LakeError:
    """A file of the table is damaged."""
    return LakeError(
        f"{table} version {version} cannot be read: {what}.",
        f"{rebuild(table)}, or read an earlier version "
        f"(`omnix history {called(table)}`, `omnix show {called(table)} --version N`).",
    )


def damaged_log(table: str, version: int, what: str) -> LakeError:
    """A commit of the table is damaged or gone."""
    return LakeError(
        f"{table} version {version} cannot be read: {what}.",
        f"Read an earlier version (`omnix show {called(table)} --version {max(version - 1, 0)}`); or, if it is "
        "the newest commit, move that file away to go back to the version before; or remove the table's "
        f"folder {table}/. {rebuild(table)}.",
    )


def conflict(table: str) -> LakeError:
    """Someone else changed the table in the meantime."""
    return LakeUnavailable(
        f"{table} was changed by another writer while it was being written; nothing was published.",
        "Run it again; two runs should not write the same table at once.",
    )


@contextmanager
def in_words(files: Files, table: str, doing: str) -> Iterator[None]:
    """Turn what the disk, the object store and delta-rs raise into a `LakeError`.

    Errors of the caller's own SQL pass as they are.
    """
    try:
        yield
    except LakeError:
        raise
    except Exception as error:
        told = explained(files, table, doing, error)
        if told is None:
            raise
        raise told from error


@contextmanager
def of_own_query(files: Files, snapshot: Snapshot) -> Iterator[None]:
    """Turn what DuckDB raises over the lake's own query into words: a file must be at fault."""
    try:
        yield
    except Exception as error:
        if not is_duckdb(error) or _is_ours(error):
            raise
        told = damaged_file(files, error)
        what = f"one of its files is damaged ({_brief(error).partition(' LINE ')[0]})"
        raise told or corrupt(snapshot.name, snapshot.version, what) from error


def explained(files: Files, table: str, doing: str, error: Exception) -> LakeError | None:
    """The `LakeError` that says what `error` means for the table; None when it is not the lake's."""
    low = str(error).lower()
    if getattr(error, "errno", None) == errno.ENOSPC or any(sign in low for sign in _FULL):
        return LakeError(
            f"{table}: the disk is full while {doing} in {files.room()}.",
            "Free some space and run it again; the last good version still reads.",
        )
    if not _is_ours(error):
        return damaged_file(files, error)
    where = f"while {doing} in {files.room()}: {_brief(error)}."
    if any(sign in low for sign in _REFUSED):
        return LakeError(
            f"{table}: no permission {where}",
            "Give this user the right to read and write there, or check the keys.",
        )
    if files.options is not None and "nosuchbucket" in low:
        return LakeError(
            f"{table}: the bucket does not exist {where}", "Create it, or check the name."
        )
    if files.options is not None and any(sign in low for sign in _UNREACHABLE):
        return LakeUnavailable(
            f"{table}: the object store does not answer {where}",
            "Check the endpoint and the network and run it again; nothing was half-written.",
        )
    return LakeError(f"{table}: something failed {where}", "Run `omnix doctor`.")


def damaged_file(files: Files, error: Exception) -> LakeError | None:
    """The `LakeError` for a query's error that names one of the lake's Parquet files."""
    found = re.search(r"/([^'\"]+)/((?:base|change)-[0-9a-f-]+\.parquet)", str(error))
    if found is None or not is_duckdb(error):
        return None
    table = next((name for name in files.names() if f"/{found[1]}".endswith(f"/{name}")), None)
    if table is None:
        return None
    return corrupt(table, "(newest)", f"its file {table}/{found[2]} is damaged")


def is_duckdb(error: Exception) -> bool:
    """Whether DuckDB raised it."""
    return type(error).__module__.startswith(("duckdb", "_duckdb"))


def _is_ours(error: Exception) -> bool:
    """Whether the file layer raised it, not the SQL of the caller."""
    module, name = type(error).__module__, type(error).__name__
    if is_duckdb(error):
        return name == "IOException"
    return isinstance(error, OSError) or module.startswith(
        ("deltalake", "_internal", "obstore", "pyo3_object_store", "pyarrow")
    )


def _brief(error: Exception) -> str:
    """The error in one line, without colours, backtraces and answers of a server."""
    text = re.split(r"Debug source:|<\?xml|\s+0: <unknown>", str(error), maxsplit=1)[0]
    return re.sub(r"\s+", " ", re.sub(r"\x1b\[\d*m|↳", "", text)).strip(" .")[:300]


def called(table: str) -> str:
    """The name by which commands call the table: what is built goes by its last part."""
    layer, _, name = table.rpartition("/")
    return name if layer in {"curated", "analytics"} else table


def rebuild(table: str) -> str:
    """How the table is made anew, as the beginning of a sentence."""
    layer, _, name = table.rpartition("/")
    if layer == "raw":
        return "Read it anew with `omnix ingest --full`"
    if name == "runs":
        return f"Remove its folder {table}/: the next run begins it anew"
    if layer == "corrections":
        return f"Remove its folder {table}/ and replay your corrections of {name}"
    return f"Rebuild it with `omnix run {name} --full`"
