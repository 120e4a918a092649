"""A file of competitors' prices over HTTP: what is refused of it is found again by its id."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from cli.command import omnix
from omnix.api import market_models as models
from omnix.app.app import sample_folder
from omnix.sources.sample import make_sample_shop
from serving import Served, serve
from shop import new_home, query, run

pytestmark = pytest.mark.slow

PATH = "/api/v1/market-intelligence/competitor-prices"
HEAD = "product_id,competitor_name,competitor_price,observed_at,currency\n"


@pytest.fixture(scope="module")
def priced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The service of a small sample shop of one's own, with the tables that hang on prices."""
    home = new_home(tmp_path_factory.mktemp("priced") / "home")
    make_sample_shop(sample_folder(home).parent, size="small")
    assert run(home, "competitive_pricing", "books_balance", "data_quality").failures == []
    with serve(home) as running:
        yield running


def products(priced: Served) -> list[str]:
    sql = "select product_id from products order by 1 limit 2"
    return [row["product_id"] for row in query(priced.service.settings.home, sql, "products")]


def send(priced: Served, *lines: str, head: str = HEAD) -> Any:
    first, second = products(priced)
    text = (head + "".join(f"{line}\n" for line in lines)).replace("P1", first).replace("P2", second)  # fmt: skip
    with priced.client("manager") as client:
        return client.post(PATH, content=text.encode(), headers={"Content-Type": "text/csv"})


def test_what_was_set_aside_is_told_row_by_row_with_its_reason(priced: Served) -> None:
    sent = send(priced, "P1,New 1,5,2026-06-20,", "P1,New 2,-1,2026-06-20,", "P2,New 3,5,soon,")
    assert sent.status_code == 200, sent.text
    models.FeedAnswer.model_validate_json(sent.content)
    upload_id = sent.json()["upload_id"]
    answer = priced.ask("GET", f"/market-intelligence/competitor-prices/{upload_id}", "admin")
    told = models.UploadAnswer.model_validate_json(answer.content)
    assert (told.rows, told.accepted, told.quarantined, told.repeated) == (3, 1, 2, 0)
    assert [(row.place, row.source_row and row.source_row["competitor_name"]) for row in told.refused] == [(2, "New 2"), (3, "New 3")]  # fmt: skip
    assert all(row.rules for row in told.refused)
    first = priced.ask("GET", f"/market-intelligence/competitor-prices/{upload_id}?limit=1", "admin").json()  # fmt: skip
    more = priced.ask("GET", f"/market-intelligence/competitor-prices/{upload_id}?limit=1&cursor={first['next_cursor']}", "admin").json()  # fmt: skip
    assert [row["place"] for row in first["refused"] + more["refused"]] == [2, 3]
    aside = priced.ask("GET", f"/quarantine/competitor_prices?upload={upload_id}", "admin").json()
    assert [row["row_id"] for row in aside["data"]] == [row.row_id for row in told.refused]
    listed = omnix(priced.service.settings.home, "quarantine", "list", "competitor_prices", "--upload", upload_id, "--csv")  # fmt: skip
    assert "New 2" in listed.out
    assert len(listed.out.strip().splitlines()) == 3


@pytest.mark.parametrize(
    ("line", "head", "field", "said"),
    [
        ("P1,New,5,2026-06-20,JPY", HEAD, "currency", "Row 1 is in 'JPY'; the shop has prices in"),
        ("P1,New,5,2026-06-20", "product_id,competitor_name,price,observed_at\n", "competitor_price", "no column 'competitor_price'"),
        ("P1,New,5,2026-06-20,,x", f"{HEAD.strip()},shop\n", "file", "a column 'shop' that means nothing"),
    ],
)  # fmt: skip
def test_other_columns_or_another_currency_are_refused_as_a_whole(
    priced: Served, line: str, head: str, field: str, said: str
) -> None:
    answer = send(priced, line, head=head)
    assert answer.status_code == 422
    assert said in answer.json()["detail"]
    assert answer.json()["step"]
    assert answer.json()["errors"][0]["field"] == field


def test_uploads_that_are_not_there_and_who_may_not_look(priced: Served) -> None:
    path = f"/market-intelligence/competitor-prices/{'0' * 16}"
    assert priced.ask("GET", path, "admin").status_code == 404
    assert priced.ask("GET", path, "analyst").status_code == 403
    assert priced.ask("GET", f"/quarantine/competitor_prices?upload={'0' * 16}", "admin").status_code == 404  # fmt: skip
    told = priced.ask("GET", f"/quarantine/orders?upload={'0' * 16}", "admin")
    assert (told.status_code, "do not come with uploads" in told.text) == (422, True)
