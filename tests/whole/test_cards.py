"""Planted card numbers: none in any byte under the home folder; every one found and reported."""

from __future__ import annotations

import base64
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from cli.command import omnix
from omnix.app.app import sample_folder
from shop import query

WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


@pytest.fixture(scope="module")
def cards(built: Path) -> list[dict[str, Any]]:
    """The cards that the sample shop planted in free text."""
    found: list[dict[str, Any]] = json.loads(
        (sample_folder(built).parent / "truth" / "cards.json").read_text("utf-8")
    )
    assert len(found) >= 30
    return found


def forms(card: dict[str, Any]) -> Iterator[bytes]:
    """A number as digits and as it was written, in the encodings that a file might hold it in."""
    for text in {card["pan"], card["written"], card["pan"].translate(WIDE)}:
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            yield text.encode(encoding)
        raw = text.encode()
        for shift in range(3):  # base64 of a text that begins at any place of a group of three
            yield base64.b64encode(b"\0" * shift + raw)[4 if shift else 0 : -4]


def content(home: Path) -> Iterator[tuple[Path, bytes]]:
    """Every file under the home: its bytes; for Parquet also all that its columns hold, decoded."""
    for path in sorted(home.rglob("*")):
        if not path.is_file():
            continue
        yield path, path.read_bytes()
        if path.suffix == ".parquet":
            file = pq.ParquetFile(path)
            yield path, str(file.metadata.metadata).encode()
            yield (
                path,
                "\n".join(
                    str(v) for c in file.read().columns for v in c.to_pylist() if v is not None
                ).encode(),
            )


def test_the_search_finds_what_is_there(built: Path, cards: list[dict[str, Any]]) -> None:
    """The shop's own folder holds every one: a search that finds none there proves nothing."""
    shop = b"\n".join(data for _, data in content(sample_folder(built)))
    assert all(any(form in shop for form in forms(card)) for card in cards)


def test_no_planted_number_is_in_any_byte_of_the_home(
    built: Path, cards: list[dict[str, Any]]
) -> None:
    wanted = [(card["key"], form) for card in cards for form in forms(card)]
    files = 0
    for path, data in content(built):
        files += 1
        assert [key for key, form in wanted if form in data] == [], path
    assert files > 100


def test_no_security_code_is_left_beside_its_card(built: Path, cards: list[dict[str, Any]]) -> None:
    left = texts(built)
    for card in cards:
        text = left[card["table"], card["key"]]
        assert text
        assert card["cvv"] not in text.replace(card["pan"][-4:], ""), text


def texts(home: Path) -> dict[tuple[str, str], str]:
    """The free text of orders and reviews as raw holds it, by table and key."""
    from omnix.app.app import App
    from omnix.app.read import rows_of

    app = App.open(home)
    orders = rows_of(app, "select order_id as key, notes as text from orders", "raw/orders")
    reviews = rows_of(
        app, "select review_id as key, review_text as text from reviews", "raw/reviews"
    )
    found = {("orders", row["key"]): row["text"] or "" for row in orders}
    return found | {("reviews", row["key"]): row["text"] or "" for row in reviews}


def test_every_planted_card_is_reported_in_its_column(
    built: Path, cards: list[dict[str, Any]]
) -> None:
    planted = Counter((card["table"], card["column"]) for card in cards)
    tracks = Counter(
        (card["table"], card["column"]) for card in cards if card["rendering"] == "track"
    )
    told: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for each in omnix(built, "status", "--json").json["card_data"]:
        told[each["table"], each["column"]][each["kind"]] = each["rows"]
    assert told.keys() == planted.keys()
    for place, count in planted.items():
        assert told[place]["card_number"] + told[place].get("track_data", 0) == count, place
        assert told[place].get("track_data", 0) == tracks[place], place
    codes = sum(found.get("security_code", 0) for found in told.values())
    assert codes + sum(tracks.values()) >= len(cards) - 2


def test_what_is_left_tells_first_six_and_last_four(
    built: Path, cards: list[dict[str, Any]]
) -> None:
    left = texts(built)
    for card in cards:
        if card["rendering"] != "track":
            text = left[card["table"], card["key"]]
            assert card["pan"][:6] in text, text
            assert card["pan"][-4:] in text, text


def test_a_column_of_card_numbers_becomes_bin_last_four_and_a_token(tmp_path: Path) -> None:
    from shop import run
    from whole import tiny

    made = tiny.tables()
    numbers = ["4111111111111111", "5500005555555559", "378282246310005"]
    for n, row in enumerate(made["payments"]):
        row["card_number"] = numbers[n % 3]
    home = tiny.home_of(tiny.write(tmp_path / "shop", made), tmp_path / "home")
    run(home)
    paid = query(
        home,
        "select distinct card_bin, card_last_four, card_token from payments order by all",
        "payments",
    )
    assert [(row["card_bin"], row["card_last_four"]) for row in paid] == sorted(
        (n[:6], n[-4:]) for n in numbers
    )
    assert len({row["card_token"] for row in paid}) == 3
    for path, data in content(home):
        assert not [n for n in numbers if n.encode() in data], path


def test_findings_add_up_over_what_comes_in_bit_by_bit(tmp_path: Path) -> None:
    from shop import run
    from whole import tiny

    made = tiny.tables()
    for row in made["orders"]:
        row["notes"] = "card 4111 1111 1111 1111"
    source = tiny.write(tmp_path / "shop", made)
    (source / "orders").mkdir()
    (source / "orders.csv").rename(source / "orders" / "1.csv")
    home = tiny.home_of(source, tmp_path / "home")
    for number in (2, 3):
        run(home, "orders")
        more = [{**row, "order_id": f"{row['order_id']}-{number}"} for row in made["orders"][:5]]
        (source / "orders" / f"{number}.csv").write_text(tiny.as_csv(more))
    assert run(home, "orders").ingested[2].mode == "append"
    (found,) = omnix(home, "status", "--json").json["card_data"]
    assert (found["table"], found["column"], found["rows"]) == ("orders", "notes", 22)
