"""CSV lines into Arrow tables of bounded size."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omnix.sources.database import arrow
from omnix.sources.database.relation import Column

Q = arrow.QUOTE
TEXT = Column("note", "text", pa.string(), "note", "text")
NUMBER = Column("id", "int", pa.int32(), "id")
BLOB = Column("blob", "bytea", pa.binary(), "blob", "base64")


def line(*fields: str | None) -> bytes:
    """Text quoted, null empty: what both servers send."""
    quoted = ["" if f is None else Q + f.replace(Q, Q + Q) + Q for f in fields]
    return (",".join(quoted) + "\n").encode()


@given(st.lists(st.none() | st.text(st.characters(exclude_categories=["Cs"]))))
@settings(deadline=None)
def test_any_text_comes_back_as_it_was(texts: list[str | None]) -> None:
    lines = [line(text, "x") for text in texts]
    found = pa.concat_tables(arrow.tables(lines, [TEXT, TEXT], 3, []))
    assert found.column(0).to_pylist() == texts


@given(st.lists(st.none() | st.text(st.characters(exclude_categories=["Cs"]))))
@settings(deadline=None)
def test_a_single_column_keeps_its_nulls(texts: list[str | None]) -> None:
    found = pa.concat_tables(arrow.tables([line(text) for text in texts], [TEXT], 3, []))
    assert found.column(0).to_pylist() == texts


def test_no_piece_has_more_rows_and_no_row_is_fetched_early() -> None:
    taken = 0

    def lines() -> Iterator[bytes]:
        nonlocal taken
        for number in range(10):
            taken += 1
            yield b"%d\n" % number

    pieces = arrow.tables(lines(), [NUMBER], 4, [])
    assert next(pieces).column("id").to_pylist() == [0, 1, 2, 3]
    assert taken == 4
    assert [piece.num_rows for piece in pieces] == [4, 2]


def test_long_rows_end_a_piece_by_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrow, "CHUNK_BYTES", 2500)
    pieces = list(arrow.tables([line("x" * 1000)] * 7, [TEXT], 100_000, []))
    assert [piece.num_rows for piece in pieces] == [3, 3, 1]


def test_no_row_still_tells_the_schema() -> None:
    (only,) = arrow.tables([], [NUMBER, TEXT, BLOB], 10, [])
    assert only.num_rows == 0
    assert only.schema.types == [pa.int32(), pa.string(), pa.binary()]


def test_binary_is_read_from_base64() -> None:
    (found,) = arrow.tables([b"AP8K\n", b"\n", b"\1\1\n"], [BLOB], 10, [])
    assert found.column("blob").to_pylist() == [b"\x00\xff\n", None, b""]


def test_text_of_no_known_encoding_is_kept_with_a_note() -> None:
    notes: list[str] = []
    lines = [b"1,\1Z\xfcrich\1\n", b"2,\1Bern\1\n"]
    (found,) = arrow.tables(lines, [NUMBER, TEXT], 10, notes)
    assert found.column("note").to_pylist() == ["Z�rich", "Bern"]
    assert len(notes) == 1
    assert "UTF-8" in notes[0]


def test_a_value_longer_than_any_block_passes() -> None:
    text = 'a"b,\n' * 2_000_000
    (found,) = arrow.tables([line(text)], [TEXT], 10, [])
    assert found.column("note")[0].as_py() == text


def test_marked_text_is_taken_out_of_its_base64() -> None:
    marked = Column("note", "text", pa.string(), "note", "marked")
    lines = [line("plain"), line(Q + "YQFi"), line(None), line("")]
    (found,) = arrow.tables(lines, [marked], 10, [])
    assert found.column("note").to_pylist() == ["plain", "a\1b", None, ""]
