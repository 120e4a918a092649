"""What went wrong with a table, in words, with the next step."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from omnix.core.errors import LakeError, nearest

if TYPE_CHECKING:
    from omnix.lake.files import Files

_UNREACHABLE = (
    "error sending request",
    "timed out",
    "retries",
    "retry timeout",
    "connection",
    "dns error",
)
_REFUSED = ("permission denied", "access denied", "accessdenied", "forbidden", "403", "unauthorized",
            "invalidaccesskeyid", "signaturedoesnotmatch", "read-only file system")  # fmt: skip


def missing(table: str, known: list[str]) -> LakeError:
    """Nobody has written this table."""
    return LakeError(
        f"The lake has no table {table!r}.", f"{nearest(table, known)}Write it first: `omnix run`."
    )


def no_version(table: str, version: int, newest: int) -> LakeError:
    """A version that was never written."""
    return LakeError(
        f"{table} has no version {version}; its newest is {newest}.",
        f"Ask for a version from 0 to {newest}: `omnix history {_last(table)}`.",
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
        f"Rebuild it with `omnix run {_last(table)} --full`, restore the file from a backup, or read "
        f"an earlier version (`omnix history {_last(table)}`).",
    )


def conflict(table: str) -> LakeError:
    """Someone else replaced the table in the meantime."""
    return LakeError(
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


def explained(files: Files, table: str, doing: str, error: Exception) -> LakeError | None:
    """The `LakeError` that says what `error` means for the table; None when it is not the lake's."""
    text = str(error).split("\n", 1)[0]
    low = str(error).lower()
    if (
        getattr(error, "errno", None) == errno.ENOSPC
        or "no space left" in low
        or "quota exceeded" in low
    ):
        return LakeError(
            f"{table}: the disk is full while {doing} in {files.room()}.",
            "Free some space and run it again; the last good version still reads.",
        )
    if not _is_ours(error):
        return None
    if any(sign in low for sign in _REFUSED):
        return LakeError(
            f"{table}: no permission while {doing} in {files.room()}: {text}",
            "Give this user the right to read and write there, or check the keys.",
        )
    if files.options is not None and any(sign in low for sign in _UNREACHABLE):
        return LakeError(
            f"{table}: the object store does not answer while {doing} in {files.room()}: {text}",
            "Check the endpoint and the network and run it again; nothing was half-written.",
        )
    if ".parquet" in low or "parquet" in type(error).__module__:
        return corrupt(table, "(newest)", text)
    return LakeError(f"{table}: {doing} failed in {files.room()}: {text}", "Run `omnix doctor`.")


def _is_ours(error: Exception) -> bool:
    """Whether the file layer raised it, not the SQL of the caller."""
    module, name = type(error).__module__, type(error).__name__
    if module.startswith(("duckdb", "_duckdb")):
        return name in ("IOException", "HTTPException") or ".parquet" in str(error).lower()
    return isinstance(error, OSError) or module.startswith(
        ("deltalake", "_internal", "obstore", "pyo3_object_store", "pyarrow")
    )


def _last(table: str) -> str:
    return table.rpartition("/")[2]
