"""Which rows came with which file of competitors' prices, so that what was refused of it is found again.

An upload's id is the beginning of its content's SHA-256: the same file has the same id.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from omnix.app.analytics.errors import NotFoundError, QuestionError

if TYPE_CHECKING:
    from omnix.app.app import App

#: The raw table that holds what was sent, and the curated one that it ends in.
UPLOADED, TABLE = "uploaded_competitor_prices", "competitor_prices"
RAW = f"raw/{UPLOADED}"
_LENGTH = 16
_ID = re.compile(f"[0-9a-f]{{{_LENGTH}}}")


@dataclass(frozen=True)
class Upload:
    """One file. Its rows are numbered from `first` on, in the order of the file."""

    upload_id: str
    first: int
    rows: int

    @property
    def last(self) -> int:
        """The number of its last row."""
        return self.first + self.rows - 1


def id_of(mark: str) -> str:
    """The id of a file by the SHA-256 of its content."""
    return mark[:_LENGTH]


def find(app: App, upload_id: str) -> Upload:
    """The upload of that id.

    Raises:
        NotFoundError: there is none; a file that was refused as a whole leaves nothing.

    """
    found = None
    if _ID.fullmatch(upload_id) and app.lake.snapshot(RAW) is not None:
        with app.workspace() as work:
            con = work.connection(threads=1)
            try:
                app.lake.view(con, RAW, as_name="sent", hidden=True)
                sql = "select min(_row), count(*) from sent where starts_with(_file, ?)"
                found = con.execute(sql, [upload_id]).fetchone()
            finally:
                con.close()
    if not found or not found[1]:
        raise NotFoundError(
            f"There is no upload {upload_id[:40]!r}.",
            "The answer to a file that was sent names its upload_id; one that was refused as a whole has none.",
        )
    return Upload(upload_id, int(found[0]), int(found[1]))


def rows_of(app: App, table: str | None, upload_id: str) -> tuple[int, int]:
    """Numbers of the first and the last raw row that came with an upload, for a listing of `table`.

    Raises:
        QuestionError: rows of that table do not come with uploads.
        NotFoundError: as `find`.

    """
    if table != TABLE:
        raise QuestionError("upload", f"Rows of {table or 'all tables'} do not come with uploads.", f"Ask for those of {TABLE}.")  # fmt: skip
    upload = find(app, upload_id)
    return upload.first, upload.last
