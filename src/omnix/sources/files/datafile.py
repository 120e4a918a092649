"""One data file: a file of the folder, or a member of a zip archive in it."""

from __future__ import annotations

import gzip
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import IO, Literal, cast

from omnix.core.errors import SourceError, SourceUnavailable

Kind = Literal["csv", "json", "parquet"]

CHUNK = 1 << 20


@dataclass(frozen=True)
class DataFile:
    """Rows of one table in one place.

    `name` is what people read ("2024/orders.csv", "export.zip!orders.csv"). `constants` are
    columns that only the folder's name gives (`date=2024-01-01/`).
    """

    path: Path
    name: str
    kind: Kind
    gzipped: bool
    size: int
    mtime_ns: int
    member: str | None = None
    constants: Mapping[str, str] = field(default_factory=dict)

    @contextmanager
    def opened(self) -> Iterator[IO[bytes]]:
        """The file's content, unpacked, as a stream of bytes.

        Raises:
            SourceUnavailable: it has vanished.
            SourceError: it may not be read, or its packing is broken; also while reading.

        """
        with explained(self.name), self._unzipped() as inner:
            if self.gzipped:
                with gzip.GzipFile(fileobj=inner) as stream:
                    yield cast("IO[bytes]", stream)
            else:
                yield inner

    @contextmanager
    def _unzipped(self) -> Iterator[IO[bytes]]:
        if self.member is None:
            with self.path.open("rb") as stream:
                yield stream
        else:
            with zipfile.ZipFile(self.path) as archive, archive.open(self.member) as stream:
                yield stream

    def chunks(self) -> Iterator[bytes]:
        """The unpacked bytes, a piece at a time.

        Raises:
            SourceUnavailable: it has vanished.
            SourceError: it may not be read, or its packing is broken.

        """
        with self.opened() as stream:
            while piece := stream.read(CHUNK):
                yield piece

    def content_hash(self) -> str:
        """A hash over the bytes on disk (of the whole archive for a member)."""
        digest = blake2b(digest_size=16)
        with explained(self.name), self.path.open("rb") as stream:
            while piece := stream.read(CHUNK):
                digest.update(piece)
        return digest.hexdigest()

    def must_be_unchanged(self) -> None:
        """See that the file is still the one that was listed.

        Raises:
            SourceUnavailable: it has vanished, or somebody wrote to it since.

        """
        with explained(self.name):
            now = self.path.stat()
        if (now.st_size, now.st_mtime_ns) != (self.size, self.mtime_ns):
            raise SourceUnavailable(
                f"{self.name} was written to while omnix read it: "
                f"it had {self.size:,} bytes, now it has {now.st_size:,}.",
                "Wait until its export has finished, then run again; nothing of it was kept.",
            )


@contextmanager
def explained(name: str) -> Iterator[None]:
    """Turn what the system says about the file `name` into words with a next step.

    Raises:
        SourceUnavailable: the file has vanished.
        SourceError: it may not be read, or its packing is broken.

    """
    try:
        yield
    except FileNotFoundError as error:
        raise SourceUnavailable(
            f"{name} has vanished: it was there when omnix listed the folder.",
            "If an export replaces its files, wait until it has finished, then run again.",
        ) from error
    except PermissionError as error:
        raise SourceError(
            f"{name} may not be read by this user.", f"Allow it, for example: chmod a+r '{name}'"
        ) from error
    except EOFError as error:
        raise SourceError(
            f"{name} ends too early: the last part of what is packed in it is missing.",
            "It was probably cut off while it was copied; copy or export it again.",
        ) from error
    except zipfile.BadZipFile as error:
        raise SourceError(
            f"{name} is a broken zip archive ({error}).",
            "It was probably cut off while it was copied; copy or export it again.",
        ) from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise SourceError(
            f"{name} is a broken gzip file ({error}).", "Copy or export it again."
        ) from error
    except NotImplementedError as error:
        raise SourceError(
            f"{name} is packed in a way omnix cannot unpack ({error}).",
            "Unpack it into the folder.",
        ) from error
    except (OSError, struct.error) as error:
        raise SourceError(
            f"{name} cannot be read: {error}.", "Check the disk; copy or export the file again."
        ) from error
    except RuntimeError as error:
        if "encrypted" not in str(error) and "password" not in str(error):
            raise
        raise SourceError(
            f"{name} is encrypted with a password.", "Unpack it into the folder."
        ) from error
