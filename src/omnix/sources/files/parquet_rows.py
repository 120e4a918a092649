"""The rows of a Parquet file as Arrow tables."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from omnix.core.errors import SourceError
from omnix.sources.files.datafile import DataFile
from omnix.sources.files.schema import settled_type

if TYPE_CHECKING:
    import pyarrow as pa

#: Parquet is read from its end; what lies packed in an archive has to be unpacked into memory.
LARGEST_PACKED = 1 << 30
ROWS = 50_000


@dataclass
class ParquetRows:
    """One read of one Parquet file. `rows` counts what was given."""

    file: DataFile
    rows: int = 0
    notes: list[str] = field(default_factory=list)

    def tables(self) -> Iterator[pa.Table]:
        """All rows, in pieces.

        Raises:
            SourceError: the file is cut off or damaged.

        """
        import pyarrow as pa

        with parquet_file(self.file) as content:
            for batch in content.iter_batches(batch_size=ROWS):
                self.rows += batch.num_rows
                yield pa.Table.from_batches([batch])
        if not self.rows:
            self.notes.append(f"{self.file.name} has columns and no rows.")


def columns_of(file: DataFile) -> dict[str, pa.DataType]:
    """The columns and what their types become.

    Raises:
        SourceError: the file is empty, cut off or damaged.

    """
    with parquet_file(file) as content:
        names = content.schema_arrow.names
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise SourceError(
                f"{file.name} has two columns {twice[0]!r}.", "Export it with different names."
            )
        return {column.name: settled_type(column.type) for column in content.schema_arrow}


@contextmanager
def parquet_file(file: DataFile) -> Iterator[Any]:
    """The opened file.

    Raises:
        SourceError: it is empty, cut off or damaged; also while it is read.

    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    with file.opened() as stream:
        packed = file.gzipped or file.member is not None
        content = _unpacked(file, stream) if packed else stream
        try:
            with pq.ParquetFile(content, pre_buffer=False) as opened:
                yield opened
        except (pa.ArrowException, OSError) as error:
            if isinstance(error, FileNotFoundError | PermissionError):
                raise
            raise SourceError(_complaint(file, error), "Copy or export it again.") from error


def _unpacked(file: DataFile, stream: Any) -> io.BytesIO:
    data = stream.read(LARGEST_PACKED + 1)
    if len(data) > LARGEST_PACKED:
        raise SourceError(
            f"{file.name} is more than {LARGEST_PACKED >> 20} MB of Parquet inside an archive.",
            "Unpack it into the folder.",
        )
    return io.BytesIO(data)


def _complaint(file: DataFile, error: Exception) -> str:
    said = str(error)
    if "0 bytes" in said or "size is 0" in said:
        return f"{file.name} is empty (0 bytes); a Parquet file was expected."
    if "magic bytes" in said or "smaller than" in said or "footer" in said.lower():
        return f"{file.name} is cut off or no Parquet file: its end is not a Parquet footer."
    return f"{file.name} is a damaged Parquet file ({said.splitlines()[0][:120].rstrip('.')})."
