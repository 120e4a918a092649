"""Bad files: a clear error that names file and line, or every row with a note. Nothing is lost."""

import gzip
import io
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omnix.core.errors import SourceError, SourceUnavailable
from omnix.sources.files import FilesSource


def words(shop, name="orders") -> str:
    with pytest.raises(SourceError) as info:
        shop.read(name)
    assert info.value.step, "every error says what to do next"
    return str(info.value)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b"  \r\n"])
def test_an_empty_file(shop, content):
    shop.write("orders.csv", content)
    assert "orders.csv is empty" in words(shop)
    assert "Export it again, or remove it" in words(shop)


@pytest.mark.parametrize("content", ["id,total\n", "id,total", "id,total\r\n\r\n"])
def test_a_header_alone_is_a_table_without_rows(shop, content):
    shop.write("orders.csv", content)
    read = shop.read(money="total")
    assert read.rows == []
    assert "orders.csv has a header and no rows" in read.notes
    assert (read.extract.source_rows, read.extract.source_money) == (0, 0)
    assert shop.tables() == {"orders": {"id": "string", "total": "string"}}


def test_a_wrong_delimiter(shop):
    shop.write("orders.csv", "id;name;total\n1,Ada,5\n2,Bob,6\n")
    assert (
        "orders.csv: wrong delimiter: its first line is split by semicolons into 3 columns, "
        "but the lines below are split by commas into 3" in words(shop)
    )


def test_a_title_above_the_header(shop):
    shop.write("orders.csv", "Orders of May\nid,name,total\n1,Ada,5\n2,Bob,6\n")
    found = words(shop)
    assert "its first line is one column, but the lines below are split by commas into 3" in found
    assert "Put the column names into the first line" in found


def test_a_header_split_but_rows_not(shop):
    shop.write("orders.csv", "id;name;total\n1 Ada 5\n2 Bob 6\n")
    assert "its header is split by semicolons into 3 columns, but the lines below" in words(shop)


def test_no_header(shop):
    shop.write("orders.csv", "1,Ada,5.00\n2,Bob,6.00\n")
    assert "orders.csv has no header: 2 of the 3 cells in its first line are numbers" in words(shop)
    assert "names of the 3 columns, split by commas" in words(shop)
    shop.write("orders.csv", "2010-05-01,ada@example.org\n")
    assert "has no header" in words(shop)
    shop.write("orders.csv", "store,2010-01,2010-02\nLyon,5,6\n")
    assert len(shop.read().rows) == 1


def test_mixed_encodings(shop):
    lines = [b"id,city\n", "1,Köln\n".encode(), "2,Besançon\n".encode("cp1252")]
    shop.write("orders.csv", b"".join([*lines, b"3,plain\n"]))
    read = shop.read()
    assert [row["city"] for row in read.rows] == ["Köln", "Besançon", "plain"]
    assert "orders.csv mixes encodings: most of it is UTF-8, but line 3 was read as" in read.notes


def test_bytes_of_no_encoding(shop):
    shop.write("orders.csv", b"id,city\n1,ok\n2,caf\x81\n")
    found = words(shop)
    assert "orders.csv, line 3: the byte 0x81 is neither UTF-8 nor Windows-1252" in found
    assert "Save the file as UTF-8" in found


def test_broken_utf_16(shop):
    shop.write("orders.csv", "id,city\n1,Köln\n".encode("utf-16") + b"\x00")
    assert "is written in UTF-16-LE, but near line" in words(shop)


@pytest.mark.parametrize("place", ["first", "middle"])
def test_a_field_of_ten_megabytes(shop, place):
    big = "x" * 10_000_000
    before = "" if place == "first" else "".join(f"{n},a\n" for n in range(300_000)) + "short\n"
    shop.write("orders.csv", f"id,note\n{before}big,{big}\nlast,b\n")
    read = shop.read()
    ids = [row["id"] for row in read.rows]
    assert len(ids) == len(set(ids)) == (2 if place == "first" else 300_003)
    assert len(next(row["note"] for row in read.rows if row["id"] == "big")) == 10_000_000


def test_a_truncated_parquet(shop):
    sink = io.BytesIO()
    pq.write_table(pa.table({"id": list(range(1000))}), sink)
    shop.write("orders.parquet", sink.getvalue()[:-100])
    assert "orders.parquet is cut off or no Parquet file" in words(shop)
    shop.write("orders.parquet", b"")
    assert "orders.parquet is empty" in words(shop)


def test_a_damaged_parquet(shop):
    sink = io.BytesIO()
    pq.write_table(pa.table({"id": [f"{n}" * 9 for n in range(5000)]}), sink)
    data = bytearray(sink.getvalue())
    data[10:400] = b"\xff" * 390
    shop.write("orders.parquet", bytes(data))
    assert "orders.parquet is a damaged Parquet file" in words(shop)


@pytest.mark.parametrize("keep", [0.5, 0.999])
def test_a_truncated_gzip(shop, keep):
    import random

    rng = random.Random(1)
    text = "id,x\n" + "".join(f"{n},{rng.random()}\n" for n in range(80_000))
    data = gzip.compress(text.encode())
    shop.write("orders.csv.gz", data[: int(len(data) * keep)])
    assert (
        "orders.csv.gz ends too early: the last part of what is packed in it is missing"
        in words(shop)
    )
    assert "copy or export it again" in words(shop)


def test_a_broken_gzip(shop):
    shop.write("orders.csv.gz", b"no gzip at all")
    assert "orders.csv.gz is a broken gzip file" in words(shop)


def test_a_broken_zip(shop):
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("orders.csv", "id,x\n" + "1,2\n" * 1000)
    whole = sink.getvalue()
    shop.write("export.zip", whole[:-30])
    shop.write("customers.csv", "id\n1\n")
    assert "export.zip is a broken zip archive" in words(shop, "customers")
    damaged = bytearray(whole)
    damaged[2000:2010] = b"0,0,0,0,0,"
    shop.write("export.zip", bytes(damaged))
    assert "orders.csv is a broken zip archive" in words(shop)


def test_text_that_is_none(shop):
    shop.write("orders.csv", b"PK\x03\x04" + bytes(range(256)))
    assert "orders.csv is no text, though its name says CSV" in words(shop)


def test_rows_with_too_few_cells(shop):
    shop.write("orders.csv", 'id,name,total\n1,Ada,5\n2\n3,"B,ob"\n')
    read = shop.read()
    assert {"id": "2", "name": None, "total": None} in read.rows
    assert {"id": "3", "name": "B,ob", "total": None} in read.rows
    assert "orders.csv: 2 rows have fewer than the 3 cells of the header" in read.notes


def test_rows_with_too_many_cells(shop):
    shop.write("orders.csv", 'id,name,total\n1,"two\nlines",5\n2,Bob, the second,6\n3,C,7\n')
    found = words(shop)
    assert "orders.csv, line 4: 4 cells, but the header has 3 columns" in found
    assert "must stand in quotes" in found


def test_delimiters_at_the_end_of_rows(shop):
    shop.write("orders.csv", "id,name\n1,Ada,\n2,Bob,\n")
    read = shop.read()
    assert [row["name"] for row in read.rows] == ["Ada", "Bob"]
    assert "2 rows end in empty cells beyond the header's 2 columns" in read.notes


def test_two_columns_of_one_name(shop):
    shop.write("orders.csv", "id,Name,name,,_row\n1,a,b,c,d\n")
    read = shop.read()
    assert read.rows == [{"id": "1", "Name": "a", "name_2": "b", "column_4": "c", "_row_2": "d"}]
    assert "orders.csv has two columns 'name'; column 3 is called 'name_2' here" in read.notes
    assert "no name for column 4" in read.notes


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('id,a,b\n1,x,y\n2,"open,z\n3,x,y\n', 3),
        ('id,a,b\n1,x,y\n2,z,"open\n3,x,y\n', 3),
        ('id,a,b\n1,x,y\n2,"open,z\n3,x,y\n4,"again,z\n5,x,y\n', 3),
    ],
)
def test_a_quote_that_is_never_closed(shop, content, line):
    shop.write("orders.csv", content)
    found = words(shop)
    assert f'orders.csv, line {line}: a quote (") is opened and not closed' in found


def test_blank_lines_are_no_rows(shop):
    shop.write("orders.csv", "id\n1\n\n2\n")  # to DuckDB a blank line is a row here
    assert shop.read(money="id").extract.source_money == 3


def test_quotes_inside_words_do_no_harm(shop):
    shop.write("orders.csv", 'id,a\n1,5" disc\n2,"x"y\n3,z\n')
    assert [row["a"] for row in shop.read().rows] == ['5" disc', "xy", "z"]


def test_a_nul_byte_is_kept(shop):
    shop.write("orders.csv", "id,a\n1,x\n2,b\0c\n")
    read = shop.read()
    assert read.rows[1]["a"] == "b\0c"
    assert "orders.csv holds a NUL byte in line 3" in read.notes


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"id": 2, "a":', "orders.jsonl, line 3: no valid JSON at character"),
        ("[1, 2]", "orders.jsonl, line 3: found a list"),
        ("null", "orders.jsonl, line 3: found nothing (null)"),
    ],
)
def test_a_broken_line_of_json(shop, line, said):
    shop.write("orders.jsonl", f'{{"id": 1}}\n\n{line}\n{{"id": 3}}\n')
    assert said in words(shop)


def test_an_empty_json_file(shop):
    shop.write("orders.jsonl", "\n")
    assert "orders.jsonl is empty: it holds no JSON object" in words(shop)


def test_json_keys_that_differ_only_by_case_or_are_empty(shop):
    shop.write("orders.jsonl", '{"id": 1, "ID": 2, "": 3, "_row": 4}\n')
    read = shop.read(money="id")
    assert read.rows == [{"id": "1", "ID_2": "2", "column": "3", "_row_2": "4"}]
    assert read.extract.source_money == 1


def test_a_parquet_with_two_columns_of_one_name(shop):
    sink = io.BytesIO()
    pq.write_table(pa.table([[1], [2]], names=["id", "id"]), sink)
    shop.write("orders.parquet", sink.getvalue())
    assert "orders.parquet has two columns 'id'" in words(shop)


def test_half_a_surrogate_in_json(shop):
    shop.write("orders.jsonl", '{"id": "a\\ud800b"}\n')
    assert shop.read().rows == [{"id": "a?b"}]


def test_whatever_happens_to_a_file_it_is_read_or_explained(tmp_path):
    """Bytes changed, lost and doubled at random: a clear error, or as many rows as are measured."""
    import random

    rng = random.Random(11)
    text = "id,name,total\n" + "".join(f'{n},"Ana, {n}",{n * 1.5}\n' for n in range(60))
    packed, table = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("orders.csv", text)
    pq.write_table(pa.table({"id": [f"x{n}" for n in range(500)]}), table)
    kinds = {
        "orders.csv": text.encode(),
        "orders.jsonl": b"".join(b'{"id": %d, "o": {"a": [1.50]}}\n' % n for n in range(60)),
        "orders.parquet": table.getvalue(),
        "orders.csv.gz": gzip.compress(text.encode()),
        "orders.zip": packed.getvalue(),
    }
    outcomes = {"read": 0, "explained": 0}
    for turn in range(100):
        name = sorted(kinds)[turn % len(kinds)]
        data = bytearray(kinds[name])
        for _ in range(rng.choice([1, 2, 5])):
            at, other = rng.randrange(len(data)), rng.randrange(len(data))
            change = rng.randrange(4)
            if change == 0:
                data[at] = rng.randrange(256)
            elif change == 1:
                del data[at : at + rng.choice([1, 3, 50])]
            elif change == 2:
                data[at:at] = rng.choice([b'"', b",", b"\n", b"\r", b"\0", b"\xe9"])
            else:
                data[at:at] = data[other : other + 30]
        folder = tmp_path / str(turn)
        folder.mkdir()
        (folder / name).write_bytes(data)
        try:
            with FilesSource(folder).open() as session:
                for found in session.tables():
                    extract = session.read(found, None)
                    rows = sum(batch.num_rows for batch in extract.batches)
                    assert rows == extract.source_rows
            outcomes["read"] += 1
        except SourceError:
            outcomes["explained"] += 1
    assert min(outcomes.values()) > 10


def open_table(folder: Path, name="orders"):
    session = FilesSource(folder).open().__enter__()
    return session, next(table for table in session.tables() if table.name == name)


def test_a_file_that_vanishes(shop):
    path = shop.write("orders.csv", "id\n1\n")
    session, table = open_table(shop.folder)
    path.unlink()
    with pytest.raises(SourceUnavailable, match=r"orders\.csv has vanished"):
        session.read(table, None)


def test_a_file_that_is_written_to(shop):
    path = shop.write("orders.csv", "id\n" + "1\n" * 300_000)
    session, table = open_table(shop.folder)
    extract = session.read(table, None)
    next(extract.batches)
    with path.open("a") as file:
        file.write("2\n")
    with pytest.raises(SourceUnavailable, match="was written to while omnix read it") as info:
        list(extract.batches)
    assert "Wait until its export has finished" in str(info.value)
    assert extract.position == "{}"
    with pytest.raises(SourceUnavailable, match="had 600,003 bytes, now it has 600,005"):
        session.read(table, None)


def test_nothing_is_written_to_disk(shop, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("orders.csv", "id,card\n1,4111111111111111\n")
    shop.write("export.zip", sink.getvalue())
    shop.read(money="id")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["export.zip", "shop"]


cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=20),
    delimiter=st.sampled_from(",;\t|"),
    end=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_is_written_comes_back(tmp_path_factory, rows, delimiter, end, encoding):
    import csv

    folder = tmp_path_factory.mktemp("shop")
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerows([("first", "second", "third"), *rows])
    (folder / "orders.csv").write_bytes(text.getvalue().encode(encoding))
    session, table = open_table(folder)
    extract = session.read(table, None)
    found = [tuple(row.values()) for batch in extract.batches for row in batch.to_pylist()]
    assert found == rows
    assert extract.source_rows == len(rows)
