"""Rows of tables: pages that hold together, columns that stay hidden, clear refusals."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.analytics.changing import forget, publish
from omnix.app.analytics.errors import (
    NotFoundError,
    PersonalColumnError,
    QuestionError,
    VersionGoneError,
)
from omnix.app.analytics.query import Asked, page
from omnix.app.analytics.reader import Reader
from omnix.app.app import App
from omnix.core.errors import OmnixError
from shop import query


@pytest.fixture(scope="module")
def reader(built: Path) -> Iterator[Reader]:
    found = Reader(App.open(built))
    yield found
    found.close()


@pytest.fixture
def own(copied: Path) -> Iterator[Reader]:
    found = Reader(App.open(copied))
    yield found
    found.close()


def sales(**more: Any) -> Asked:
    return Asked("market_intelligence", "sales_daily", **more)


def everything(reader: Reader, asked: dict[str, Any]) -> list[tuple[Any, ...]]:
    """All rows, page by page."""
    rows: list[tuple[Any, ...]] = []
    cursor: str | None = ""
    while cursor is not None:
        found = page(reader, Asked(**asked, cursor=cursor))
        rows += found.rows
        cursor = found.next_cursor
    return rows


def test_pages_give_every_row_once_in_the_order_asked_for(reader: Reader, built: Path) -> None:
    asked = {"system": "curation", "table": "orders", "columns": ("order_id", "channel", "total_cents"),
             "order": ("channel", "-total_cents"), "limit": 1_000}  # fmt: skip
    twin = query(
        built,
        """select order_id, channel, total_cents from orders
           order by channel nulls last, total_cents desc nulls last, order_id""",
        "orders",
    )
    assert everything(reader, asked) == [tuple(row.values()) for row in twin]


def test_the_answer_says_what_it_is(reader: Reader) -> None:
    asked = sales(columns=("sold_on", "net_cents"), limit=2, filters='{"currency": "EUR"}')
    told = json.loads(page(reader, asked).body())
    assert told["rowCount"] == 2
    assert told["columns"] == [
        {"name": "sold_on", "type": "date"},
        {"name": "net_cents", "type": "int64"},
    ]
    assert list(told["data"][0]) == ["sold_on", "net_cents"]
    assert (told["system"], told["table"]) == ("market_intelligence", "sales_daily")
    (source,) = told["provenance"]
    assert source["as_of"] == "2026-07-01"
    assert source["run_id"]
    assert source["built_at"].endswith("Z")


def test_the_last_page_has_no_cursor(reader: Reader) -> None:
    found = page(reader, Asked("curation", "categories", limit=1_000))
    assert found.next_cursor is None
    assert page(reader, Asked("curation", "categories", limit=len(found.rows))).next_cursor is None
    assert page(reader, Asked("curation", "categories", limit=len(found.rows) - 1)).next_cursor


def test_a_table_without_rows_has_an_empty_page(own: Reader) -> None:
    publish(own.app, "sales_daily", "from shown limit 0")
    found = page(own, sales())
    assert (found.rows, found.next_cursor) == ([], None)


def test_what_describes_a_person_is_left_out_unless_allowed(reader: Reader) -> None:
    hidden = page(reader, Asked("curation", "customers", limit=1))
    shown = page(reader, Asked("curation", "customers", limit=1, personal=True))
    assert "email" not in hidden.plan.columns
    assert "customer_id" in hidden.plan.columns
    assert "email" in shown.plan.columns


@pytest.mark.parametrize(
    "asked",
    [
        {"columns": ("email",)},
        {"columns": ("customer_id", "email")},
        {"order": ("-email",)},
        {"filters": '{"email": {"like": "a%"}}'},
        {"filters": '{"email": {"is_null": true}}'},
    ],
)
def test_no_way_of_asking_tells_of_a_hidden_column(reader: Reader, asked: Any) -> None:
    with pytest.raises(PersonalColumnError, match=r"customers\.email"):
        page(reader, Asked("curation", "customers", **asked))
    page(reader, Asked("curation", "customers", limit=1, personal=True, **asked))


@pytest.mark.parametrize(
    ("system", "table", "words"),
    [
        ("nobody", "sales_daily", "no system 'nobody'"),
        ("market_inteligence", "sales_daily", "Did you mean 'market_intelligence'"),
        ("market_intelligence", "sales_dayly", "Did you mean 'sales_daily'"),
        ("market_intelligence", "orders", "orders is a table of curation"),
        ("curation", "raw/orders", "no table"),
        ("curation", "../raw/orders", "no table"),
        ("curation", "quarantine/orders", "no table"),
        ("curation", "quarantine", "no table"),
        ("curation", "corrections/orders", "no table"),
        ("curation", "curated/orders", "no table"),
        ("curation", "analytics/runs", "no table"),
        ("curation", "runs", "no table"),
        ("curation", "curations", "no table"),
        ("curation", "orders\0", "no table"),
        ("curation", 'orders"; drop', "no table"),
        ("curation", "", "no table"),
        ("", "", "no system"),
        ("curation", "/etc/passwd", "no table"),
        ("curation", "x" * 10_000, "no table"),
    ],
)
def test_only_published_tables_can_be_named(reader, system, table, words) -> None:
    with pytest.raises(NotFoundError, match=words) as told:
        page(reader, Asked(system, table))
    assert len(str(told.value)) < 1_000


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": -1}, "limit"),
        ({"limit": 1_001}, "limit"),
        ({"limit": 10**30}, "limit"),
        ({"columns": ("nett_cents",)}, "columns"),
        ({"columns": ("",)}, "columns"),
        ({"order": ("--net_cents",)}, "order"),
        ({"order": ("net_cents desc",)}, "order"),
        ({"filters": "nonsense"}, "filters"),
        ({"cursor": "nonsense"}, "cursor"),
        ({"cursor": "e30"}, "cursor"),
        ({"cursor": "x" * 100_000}, "cursor"),
        ({"cursor": "é"}, "cursor"),
        ({"version": 10**9}, "version"),
    ],
)
def test_a_wrong_part_is_named(reader, asked, field) -> None:
    with pytest.raises(QuestionError) as told:
        page(reader, sales(**asked))
    assert told.value.errors[0]["field"] == field


def test_an_unknown_column_is_told_without_the_hidden_ones(reader: Reader) -> None:
    with pytest.raises(QuestionError) as told:
        page(reader, Asked("curation", "customers", columns=("emial",)))
    assert "email," not in str(told.value)


def test_a_cursor_does_not_go_on_from_another_question(reader: Reader) -> None:
    cursor = page(reader, sales(limit=1)).next_cursor or ""
    for other in (
        {"filters": '{"currency": "EUR"}'},
        {"columns": ("sold_on",)},
        {"order": ("-sold_on",)},
    ):
        with pytest.raises(QuestionError, match="another question"):
            page(reader, sales(cursor=cursor, limit=1, **other))
    with pytest.raises(QuestionError, match="reads version"):
        page(reader, sales(cursor=cursor, limit=1, version=77))
    page(reader, sales(cursor=cursor, limit=500))


def test_pages_stay_with_their_version_while_a_new_one_appears(own: Reader) -> None:
    first = page(own, sales(limit=5))
    publish(own.app, "sales_daily", "select * replace (0 as net_cents, 0 as gross_cents, 0 as discount_cents, 0 as refund_cents) from shown where sold_on > '2026-01-01'")  # fmt: skip
    second = page(own, sales(limit=5, cursor=first.next_cursor or ""))
    assert second.plan.snapshot.version == first.plan.snapshot.version
    assert second.rows != first.rows
    assert second.rows[0][0] < page(own, sales(limit=1)).rows[0][0]
    old = page(own, sales(limit=5, version=first.plan.snapshot.version))
    assert old.rows == first.rows
    assert page(own, sales(limit=5)).plan.snapshot.version == first.plan.snapshot.version + 1


def test_a_version_that_is_gone_between_two_pages_is_told(own: Reader) -> None:
    first = page(own, sales(limit=5))
    publish(own.app, "sales_daily")
    forget(own.app, "sales_daily")
    with pytest.raises(VersionGoneError, match="is gone"):
        page(own, sales(limit=5, cursor=first.next_cursor or ""))
    assert page(own, sales(limit=5)).rows == first.rows


def test_a_table_that_vanishes_between_two_pages_is_told(own: Reader) -> None:
    first = page(own, sales(limit=5))
    own.app.lake.delete("analytics/sales_daily")
    with pytest.raises(VersionGoneError):
        page(own, sales(limit=5, cursor=first.next_cursor or ""))
    with pytest.raises(NotFoundError, match="never built"):
        page(own, sales(limit=5))


def test_files_that_go_while_they_are_read_are_told(own: Reader) -> None:
    """The version was looked up; then a run replaces and removes it, and only then it is read."""
    asked = sales(limit=5)
    snapshot = own.snapshot("sales_daily")
    assert snapshot
    publish(own.app, "sales_daily")
    forget(own.app, "sales_daily")
    own.snapshot = lambda _name: snapshot  # type: ignore[method-assign]
    with pytest.raises(VersionGoneError, match="removed while it was being read"):
        page(own, asked)


def test_a_damaged_file_is_told_as_what_it_is(own: Reader) -> None:
    snapshot = own.snapshot("sales_daily")
    assert snapshot
    file = Path(snapshot.files[0])
    file.write_bytes(b"x" * file.stat().st_size)
    with pytest.raises(OmnixError, match="sales_daily"):
        page(own, sales())


names = st.sampled_from(
    ["sold_on", "-net_cents", "email", "'", '"', "", "1", "a" * 300, "net_cents\0"]
)
hostile = st.text(max_size=30) | st.sampled_from(["' or 1=1 --", '"; drop table shown; --', "\0", "../..", "$1", "%s", "\ud7ff"])  # fmt: skip


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    system=hostile | st.just("market_intelligence"),
    table=hostile | st.just("sales_daily"),
    columns=st.lists(names | hostile, max_size=3),
    order=st.lists(names | hostile, max_size=3),
    filters=hostile
    | st.builds(lambda n, v: json.dumps({n: v}), hostile | st.just("country"), hostile),
    limit=st.integers(-(2**70), 2**70) | st.integers(1, 3),
    cursor=hostile | st.just(""),
    version=st.none() | st.integers(0, 2**64),
)
def test_whatever_is_asked_is_answered_or_refused(reader: Reader, **asked: Any) -> None:
    try:
        found = page(reader, Asked(**asked))
    except (NotFoundError, QuestionError, PersonalColumnError, VersionGoneError):
        return
    json.loads(found.body())
