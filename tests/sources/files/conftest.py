"""A folder into which a test writes files, and the short way to read a table of it."""

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pytest

from omnix.sources.base import Extract
from omnix.sources.files import FilesSource


@dataclass
class Read:
    extract: Extract
    rows: list[dict]
    batches: list[pa.Table]

    @property
    def notes(self) -> str:
        return "\n".join(self.extract.notes)


class Shop:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()

    def write(self, name: str, content: bytes | str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def tables(self) -> dict[str, dict[str, str]]:
        with FilesSource(self.folder).open() as session:
            return {table.name: dict(table.columns) for table in session.tables()}

    def read(self, name="orders", position=None, money=None) -> Read:
        """All of one table; what is handed over must agree with what was measured."""
        with FilesSource(self.folder).open() as session:
            table = next(table for table in session.tables() if table.name == name)
            extract = session.read(table, position, money=money)
            batches = list(extract.batches)
        rows = [row for batch in batches for row in batch.to_pylist()]
        if extract.mode == "replace":
            assert extract.source_rows == len(rows)
        return Read(extract, rows, batches)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path / "shop")
