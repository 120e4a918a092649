"""What a folder of files gives: tables, rows, positions, measures."""

import gzip
import io
import json
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from omnix.core.errors import SourceError, SourceUnavailable, UnknownTableError
from omnix.sources.base import SourceTable
from omnix.sources.files import FilesSource


def parquet(table: pa.Table) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table, sink)
    return sink.getvalue()


def zipped(**members: bytes | str) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_csv", ".csv"), content)
    return sink.getvalue()


def test_a_csv_file_is_a_table_of_text(shop):
    shop.write("Orders.CSV", 'id,amount,note\n1,10.50,a\n2,007,\n3,x,""\n')

    read = shop.read("orders", money="try_cast(amount as decimal(18, 2))")

    assert read.rows == [
        {"id": "1", "amount": "10.50", "note": "a"},
        {"id": "2", "amount": "007", "note": None},
        {"id": "3", "amount": "x", "note": ""},
    ]
    assert read.extract.mode == "replace"
    assert read.extract.source_money == Decimal("17.5")
    assert read.extract.key == ()


def test_a_single_file_is_a_source(shop):
    path = shop.write("orders.csv", "id\n1\n")
    source = FilesSource(path)
    with source.open() as session:
        (table,) = session.tables()
        assert [
            row for batch in session.read(table, None).batches for row in batch.to_pylist()
        ] == [{"id": "1"}]
    assert source.description == f"file {path}"
    assert FilesSource(shop.folder).description == f"folder {shop.folder}"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "~"])
def test_the_delimiter_is_found(shop, delimiter):
    text = "id|city|price\n1|Köln, am Rhein|12,50\n2|Lyon; Rhône|3\n"
    rows = [[f'"{cell}"' for cell in line.split("|")] for line in text.splitlines()]
    shop.write("orders.csv", "\n".join(delimiter.join(row) for row in rows))
    assert [row["city"] for row in shop.read().rows] == ["Köln, am Rhein", "Lyon; Rhône"]


def test_semicolons_with_decimal_commas(shop):
    shop.write("orders.csv", "nr;preis;menge\n1;1,5;2,5\n2;2,5;3,5\n")
    assert shop.read().rows[0] == {"nr": "1", "preis": "1,5", "menge": "2,5"}


def test_a_line_that_names_the_delimiter(shop):
    shop.write("orders.csv", "sep=;\r\nid;city\r\n1;Köln\r\n")
    assert shop.read().rows == [{"id": "1", "city": "Köln"}]


def test_quotes_newlines_and_other_line_ends(shop):
    shop.write(
        "orders.csv", 'id,note\r\n1,"two\r\nlines, ""quoted"""\r\n2,plain\n3,old\r4,"5"" disc"'
    )
    assert [row["note"] for row in shop.read().rows] == [
        'two\r\nlines, "quoted"',
        "plain",
        "old",
        '5" disc',
    ]


def test_backslash_and_single_quotes(shop):
    shop.write("orders.csv", 'id,note\n1,"say \\"hi\\" now, please"\n2,"b"\n')
    shop.write("items.csv", "'id','note'\n'1','a, b'\n'2','c'\n")
    assert shop.read("orders").rows[0]["note"] == 'say "hi" now, please'
    assert shop.read("items").rows[0] == {"id": "1", "note": "a, b"}


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1"],
)
def test_encodings(shop, encoding):
    shop.write("orders.csv", "id,city\n1,Köln\n2,Besançon\n3,plain\n".encode(encoding))
    read = shop.read()
    assert [row["city"] for row in read.rows] == ["Köln", "Besançon", "plain"]
    assert list(read.rows[0]) == ["id", "city"]
    assert ("was read as Windows-1252" in read.notes) == (encoding in {"cp1252", "latin-1"})


def test_parquet_keeps_its_types(shop):
    moment = datetime(2024, 5, 1, 12, tzinfo=UTC)
    table = pa.table(
        {
            "id": pa.array([1, 2], pa.int64()),
            "price": pa.array([Decimal("1.50"), None], pa.decimal128(10, 2)),
            "at": pa.array([moment, None], pa.timestamp("ns", "Europe/Paris")),
            "day": pa.array([date(2024, 5, 1), None]),
            "tags": pa.array([["a", "b"], None]),
            "kind": pa.array(["x", "y"]).dictionary_encode(),
            "big": pa.array([2**64 - 1, 0], pa.uint64()),
            "bytes": pa.array([b"caf\xc3\xa9", b"\xff"]),
        }
    )
    shop.write("orders.parquet", parquet(table))
    read = shop.read(money="price")
    assert read.rows[0] == {
        "id": 1,
        "price": Decimal("1.50"),
        "at": moment,
        "day": date(2024, 5, 1),
        "tags": '["a", "b"]',
        "kind": "x",
        "big": 2**64 - 1,
        "bytes": "café",
    }
    assert read.rows[1]["bytes"] == "ff"
    assert read.extract.source_money == Decimal("1.5")


def test_json_lines_keep_every_digit(shop):
    lines = [
        '{"id": 1, "price": 12.50, "ok": true, "tags": ["a", 1.5]}',
        "",
        '{"id": "two", "price": 1234567890.10, "ok": null, "late": "x"}',
    ]
    shop.write("orders.jsonl", "\n".join(lines))
    read = shop.read(money="price")
    assert read.rows == [
        {"id": "1", "price": "12.50", "ok": "true", "tags": '["a", 1.5]', "late": None},
        {"id": "two", "price": "1234567890.10", "ok": None, "tags": None, "late": "x"},
    ]
    assert read.extract.source_money == Decimal("1234567902.6")


def test_a_key_that_appears_late_is_not_lost(shop):
    lines = [json.dumps({"id": n}) for n in range(3_000)] + ['{"id": 3000, "coupon": "SUMMER"}']
    shop.write("orders.ndjson", "\n".join(lines))
    read = shop.read()
    assert read.rows[-1] == {"id": "3000", "coupon": "SUMMER"}


def test_a_json_array(shop):
    shop.write("orders.json", '[{"id": 1, "x": {"y": 2.50}}, {"id": 2}]')
    assert shop.read().rows == [{"id": "1", "x": '{"y": 2.5}'}, {"id": "2", "x": None}]


def test_gzip_is_unpacked(shop):
    text = "id,price\n1,2.50\n"
    shop.write("orders.csv.gz", gzip.compress(text.encode()))
    assert shop.read(money="price").extract.source_money == Decimal("2.5")


def test_a_zip_may_hold_several_tables(shop):
    inner = parquet(pa.table({"id": [7]}))
    shop.write(
        "export.zip",
        zipped(
            orders_csv="id,total\n1,5\n",
            customers_csv="nr,name\n1,Ada\n",
            **{"sub/items.parquet": inner, "__MACOSX/x.csv": "junk"},
        ),
    )
    assert set(shop.tables()) == {"orders", "customers", "sub"}
    assert shop.read("customers").rows == [{"nr": "1", "name": "Ada"}]
    assert shop.read("sub").rows == [{"id": 7}]
    assert shop.read("orders", money="total").extract.source_money == 5


@pytest.mark.parametrize(
    "names",
    [
        ["orders_2024-01.csv", "orders_2024-02.csv"],
        ["orders-part-0001.csv", "orders-part-0002.csv"],
        ["orders (1).csv", "Orders (2).csv"],
        ["orders_20240101.csv", "orders_20240102T1200Z.csv"],
        ["orders_2024Q1.csv", "orders-v2.csv"],
        ["orders/a.csv", "orders/b.csv"],
        ["orders/2024/01.csv", "orders/2024/02.csv"],
        ["orders/year=2024/part-0.csv", "orders/year=2025/part-0.csv"],
        ["orders.csv", "orders.1.csv"],
    ],
)
def test_many_files_one_table(shop, names):
    for number, name in enumerate(names):
        shop.write(name, f"id,total\n{number},5\n")
    assert list(shop.tables()) == ["orders"]
    assert [row["id"] for row in shop.read(money="total").rows] in (["0", "1"], ["1", "0"])


def test_a_folder_of_different_tables(shop):
    shop.write("export/customers.csv", "nr,name\n1,Ada\n")
    shop.write("export/Order Items.csv", "id,total\n1,5\n")
    shop.write("OrderLines.csv", "id,total\n1,5\n")
    assert list(shop.tables()) == ["customers", "order_items", "order_lines"]


def test_names_that_collide_are_explained(shop):
    shop.write("a/orders.csv", "id,total\n1,5\n")
    shop.write("a/customers.csv", "nr,name\n1,5\n")
    shop.write("orders.csv", "wholly,different\n1,5\n")
    tables = shop.tables()
    assert set(tables) == {"orders", "a_orders", "customers"}
    notes = "\n".join(shop.read(next(iter(sorted(tables)))).extract.notes)
    assert "would both be table 'orders'" in notes
    assert "a/orders.csv is table 'a_orders'" in notes


def test_a_hive_folder_gives_its_value_as_a_column(shop):
    shop.write("orders/day=2024-01-01/x.csv", "id,total\n1,5\n")
    shop.write("orders/day=2024-01-02/x.csv", "id,total\n2,7\n")
    read = shop.read(money="total")
    assert [row["day"] for row in read.rows] == ["2024-01-01", "2024-01-02"]
    assert read.extract.source_money == 12


def test_what_is_left_aside_is_said(shop):
    shop.write("orders.csv", "id\n1\n")
    shop.write("README.txt", "hello, you\nthere, too\n")
    shop.write("prices.xlsx", b"PK")
    shop.write("photo.png", b"x")
    shop.write("letter.txt", "Dear shop\n")
    shop.write(".hidden.csv", "id\n1\n")
    read = shop.read()
    assert "README.txt was left aside" in read.notes
    assert "prices.xlsx was left aside: omnix reads no spreadsheets; save each sheet" in read.notes
    assert "photo.png was left aside: .png is no kind of data" in read.notes
    assert "letter.txt was left aside: it holds no columns" in read.notes
    assert ".hidden" not in read.notes
    assert list(shop.tables()) == ["orders"]


def test_columns_that_differ_between_files(shop):
    shop.write("orders_1.csv", "id,amount\n1,5\n")
    shop.write("orders_2.csv", "ID,total\n2,6\n")
    shop.write("orders_3.csv", "id,amount,coupon\n3,7,X\n")
    read = shop.read()
    assert read.rows[1] == {"id": "2", "amount": None, "total": "6", "coupon": None}
    assert read.rows[2] == {"id": "3", "amount": "7", "total": None, "coupon": "X"}
    assert "orders_2.csv has other columns than orders_1.csv" in read.notes
    assert "'amount' → 'total'" in read.notes
    assert "orders_3.csv adds 'coupon'" in read.notes


def test_types_that_change_half_way_become_text(shop):
    shop.write("orders_1.parquet", parquet(pa.table({"id": [1], "n": [1]})))
    shop.write(
        "orders_2.parquet", parquet(pa.table({"id": ["A-2"], "n": pa.array([2], pa.int16())}))
    )
    read = shop.read(money="n")
    assert read.rows == [{"id": "1", "n": 1}, {"id": "A-2", "n": 2}]
    assert "'id' is int64 in earlier files and string in orders_2.parquet" in read.notes
    assert read.extract.source_money == 3


def test_the_same_files_are_not_read_again(shop):
    path = shop.write("orders.csv", "id,total\n1,5\n")
    first = shop.read(money="total").extract
    again = shop.read(position=first.position, money="total")
    assert (again.extract.mode, again.rows) == ("same", [])
    assert (again.extract.source_rows, again.extract.source_money) == (1, 5)
    import os

    os.utime(path, ns=(1, 1))  # touched, not changed
    touched = shop.read(position=first.position, money="total").extract
    assert touched.mode == "same"
    assert json.loads(touched.position)["files"][0]["mtime_ns"] == 1


def test_new_files_are_appended(shop):
    shop.write("orders_1.csv", "id,total\n1,5\n")
    first = shop.read(money="total").extract
    shop.write("orders_2.csv", "id,total\n2,6\n")
    second = shop.read(position=first.position, money="total")
    assert (second.extract.mode, second.rows) == ("append", [{"id": "2", "total": "6"}])
    assert (second.extract.source_rows, second.extract.source_money) == (2, 11)
    assert shop.read(position=second.extract.position, money="total").extract.mode == "same"


@pytest.mark.parametrize("change", ["content", "removed", "columns", "money"])
def test_anything_else_is_read_from_the_beginning(shop, change):
    shop.write("orders_1.csv", "id,total\n1,5\n")
    second = shop.write("orders_2.csv", "id,total\n2,6\n")
    first = shop.read().extract
    if change == "content":
        second.write_text("id,total\n2,7\n")
    elif change == "removed":
        second.unlink()
    elif change == "columns":
        shop.write("orders_3.csv", "id,total,coupon\n3,7,X\n")
    read = shop.read(position=first.position, money="total" if change == "money" else None)
    assert read.extract.mode == "replace"
    assert len(read.rows) == {"content": 2, "removed": 1, "columns": 3, "money": 2}[change]


def test_a_foreign_position_means_from_the_beginning(shop):
    shop.write("orders.csv", "id\n1\n")
    assert shop.read(position='{"binlog": 7}').extract.mode == "replace"
    assert shop.read(position="nonsense").extract.mode == "replace"


def test_money_over_text_and_its_errors(shop):
    shop.write("orders.csv", "id,qty,price\n1,2,1.25\n2,x,3\n3,2,0.10\n")
    assert shop.read(money="qty * price").extract.source_money == Decimal("2.7")
    with pytest.raises(
        SourceError, match="names 'prize', which table 'orders' does not have"
    ) as info:
        shop.read(money="qty * prize")
    assert "Did you mean 'price'?" in str(info.value)
    with pytest.raises(SourceError, match="is no SQL"):
        shop.read(money="qty * (")
    with pytest.raises(SourceError, match=r"cannot be computed.*Use try_cast"):
        shop.read(money="qty::integer")


def test_batches_are_bounded(shop):
    shop.write("orders.csv", "id,total\n" + "".join(f"{n},1\n" for n in range(450_000)))
    read = shop.read(money="total")
    assert [batch.num_rows for batch in read.batches] == [200_000, 200_000, 50_000]
    assert read.rows[-1]["id"] == "449999"
    assert read.extract.source_money == 450_000


def test_a_folder_without_data(shop):
    with pytest.raises(SourceError, match="holds no data file"), FilesSource(shop.folder).open():
        pass
    missing = FilesSource(shop.folder / "nowhere")
    with pytest.raises(SourceUnavailable, match="no file or folder"), missing.open():
        pass
    assert "Check the path" in missing.preflight()[0]


def test_a_delta_table_is_no_folder_of_files(shop):
    shop.write("orders/_delta_log/0.json", "{}")
    with pytest.raises(SourceError, match="is a Delta table"), FilesSource(shop.folder).open():
        pass


def test_preflight_names_each_broken_file(shop):
    shop.write("orders.csv", "id\n1\n")
    assert FilesSource(shop.folder).preflight() == []
    shop.write("empty.csv", "")
    shop.write("cut.parquet", b"PAR1nonsense")
    found = "\n".join(FilesSource(shop.folder).preflight())
    assert "empty.csv is empty" in found
    assert "cut.parquet is cut off" in found
    assert shop.read("orders").rows == [{"id": "1"}]  # the good one still reads


def test_an_unknown_table(shop):
    shop.write("orders.csv", "id\n1\n")
    with (
        FilesSource(shop.folder).open() as session,
        pytest.raises(UnknownTableError, match="orders"),
    ):
        session.read(SourceTable("order", {}), None)
