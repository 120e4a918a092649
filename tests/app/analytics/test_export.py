"""Files: the same rows in every format, safe for spreadsheets, private, at one version."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.analytics.changing import forget, publish
from omnix.app.analytics.errors import QuestionError
from omnix.app.analytics.export import csv_text, export
from omnix.app.analytics.query import Asked, page
from omnix.app.analytics.reader import Reader
from omnix.app.app import App

ORDERS = Asked("curation", "orders", columns=("order_id", "ordered_at", "total_cents", "channel"), order=("-total_cents",), limit=1_000)  # fmt: skip


@pytest.fixture
def reader(copied: Path) -> Iterator[Reader]:
    found = Reader(App.open(copied))
    yield found
    found.close()


def content(reader: Reader, asked: Asked, form: str) -> bytes:
    return b"".join(export(reader, asked, form).chunks)


def test_every_format_holds_the_rows_of_the_page(reader: Reader) -> None:
    rows = page(reader, ORDERS).records
    arrow = pa.ipc.open_stream(content(reader, ORDERS, "arrow")).read_all()
    parquet = pq.read_table(io.BytesIO(content(reader, ORDERS, "parquet")))
    text = list(csv.DictReader(io.StringIO(content(reader, ORDERS, "csv").decode())))
    assert arrow.to_pylist() == rows
    assert parquet.to_pylist() == rows
    assert [row["order_id"] for row in text] == [row["order_id"] for row in rows]
    assert text[0]["ordered_at"].endswith("Z")
    assert json.loads(arrow.schema.metadata[b"omnix.provenance"])[0]["table"] == "orders"
    assert b"omnix.provenance" in parquet.schema.metadata


def test_what_is_left_is_told(reader: Reader) -> None:
    made = export(reader, ORDERS, "csv")
    assert made.rows == 1_000
    assert made.headers["X-Omnix-Rows"] == "1000"
    cursor = made.headers["X-Omnix-Next-Cursor"]
    list(made.chunks)
    rest = Asked(**{**vars(ORDERS), "cursor": cursor, "limit": 1_000_000})
    last = export(reader, rest, "csv")
    assert "X-Omnix-Next-Cursor" not in last.headers
    total = reader.snapshot("orders")
    assert total
    assert last.rows == total.rows - 1_000
    assert len(b"".join(last.chunks).splitlines()) == last.rows + 1


def test_an_empty_answer_is_a_file_with_its_columns(reader: Reader) -> None:
    asked = Asked("curation", "orders", columns=("order_id", "total_cents"), filters='{"order_id": ""}')  # fmt: skip
    assert content(reader, asked, "csv") == b'"order_id","total_cents"\n'
    arrow = pa.ipc.open_stream(content(reader, asked, "arrow")).read_all()
    assert (arrow.num_rows, arrow.schema.names) == (0, ["order_id", "total_cents"])
    assert pq.read_table(io.BytesIO(content(reader, asked, "parquet"))).num_rows == 0


def test_no_cell_begins_a_formula() -> None:
    rows = [["=1+1", "+1", "-1", "@x", "\tx", "\rx", "plain", -1, None, True, "a\nb", '"']]
    text = csv_text(rows).decode()
    (read,) = csv.reader(io.StringIO(text, newline=""))
    assert read == ["'=1+1", "'+1", "'-1", "'@x", "'\tx", "'\rx", "plain", "-1", "", "true", "a\nb", '"']  # fmt: skip


def test_no_cell_of_a_table_begins_a_formula(reader: Reader) -> None:
    """What a shop's customers can write: names, notes; here as a category's name."""
    cells = ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "plain", 'a "quoted", cell', "", "two\nlines"]
    values = ", ".join("'" + cell + "'" for cell in cells)
    publish(
        reader.app,
        "categories",
        f"""select * exclude (n) replace ([{values}][n] as category_name, 'k' || n as category_id, null as description)
            from (from shown limit 1), range(1, 11) r(n)""",
    )
    asked = Asked("curation", "categories", columns=("category_name", "description", "is_active"), limit=100)  # fmt: skip
    read = list(csv.reader(io.StringIO(content(reader, asked, "csv").decode(), newline="")))
    safe = [f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell for cell in cells]
    assert sorted(row[0] for row in read[1:]) == sorted(safe)
    assert {tuple(row[1:]) for row in read[1:]} == {("", "true")}


def test_a_format_that_nobody_makes_is_refused(reader: Reader) -> None:
    with pytest.raises(QuestionError, match="'xlsx'"):
        export(reader, ORDERS, "xlsx")
    with pytest.raises(QuestionError, match="limit"):
        export(reader, Asked("curation", "orders", limit=1_000_000_001), "csv")


def test_a_file_goes_on_with_its_version_while_a_new_one_appears(reader: Reader) -> None:
    made = export(reader, ORDERS, "csv")
    publish(reader.app, "orders", "from shown limit 3")
    assert len(b"".join(made.chunks).splitlines()) == 1_001
    assert export(reader, ORDERS, "csv").rows == 3
    forget(reader.app, "orders")
    assert export(reader, ORDERS, "csv").rows == 3


def test_nothing_stays_behind(reader: Reader) -> None:
    folder = reader.app.settings.home / "cache"
    made = export(reader, Asked("curation", "customers", personal=True, limit=1_000), "parquet")
    (draft,) = folder.glob("export-*")
    assert draft.stat().st_mode & 0o777 == 0o600
    list(made.chunks)
    assert list(folder.glob("export-*")) == []
    given_up = export(reader, ORDERS, "parquet")
    del given_up
    assert list(folder.glob("export-*")) == []
