"""The books: every difference is told, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omnix.systems.compliance_guardian.books_balance import books_balance
from systems.building import build

INGEST = {"table_name": "sales", "rows_source": 10, "rows_raw": 10}
CURATION = {"table_name": "orders", "rows_mapped": 10, "rows_curated": 9, "rows_quarantined": 1}


def books(ingests=(), curations=()):
    rows = build(books_balance, ingests=ingests, curations=curations)
    return {row["step"]: row for row in rows}


def test_every_column_of_each_step():
    ingest = {
        **INGEST, "money_source_cents": 500, "money_raw_cents": 500,
        "rows_mapped": 10, "money_mapped_cents": 500,
    }  # fmt: skip
    curation = {
        **CURATION, "money_mapped_cents": 500, "money_curated_cents": 420, "money_quarantined_cents": 80,
    }  # fmt: skip
    rows = books([ingest], [curation])
    assert list(rows) == ["mapped to curated", "raw to mapped", "source to raw"]
    assert rows["mapped to curated"] == {
        "step": "mapped to curated",
        "table_name": "orders",
        "rows_in": 10,
        "rows_kept": 9,
        "rows_quarantined": 1,
        "rows_difference": 0,
        "money_in_cents": 500,
        "money_kept_cents": 420,
        "money_quarantined_cents": 80,
        "money_difference_cents": 0,
        "differing_rows": None,
        "balanced": True,
    }
    for step in ("source to raw", "raw to mapped"):
        assert (rows[step]["table_name"], rows[step]["rows_in"], rows[step]["rows_kept"]) == (
            "sales",
            10,
            10,
        )
        assert (rows[step]["money_in_cents"], rows[step]["money_kept_cents"]) == (500, 500)
        assert (rows[step]["rows_quarantined"], rows[step]["money_quarantined_cents"]) == (0, 0)
        assert rows[step]["balanced"]


def test_nothing_ingested_balances_nothing():
    assert books() == {}


@pytest.mark.parametrize(("raw", "difference"), [(9, 1), (11, -1)])
def test_a_row_lost_or_doubled_on_the_way_into_raw_is_told(raw, difference):
    row = books([{**INGEST, "rows_raw": raw}])["source to raw"]
    assert (row["rows_difference"], row["balanced"]) == (difference, False)


def test_rows_without_a_home_are_told_with_their_numbers():
    row = books([{**INGEST, "rows_mapped": 8, "differing_rows": "3, 7"}])["raw to mapped"]
    assert (row["rows_difference"], row["differing_rows"], row["balanced"]) == (2, "3, 7", False)


def test_rows_neither_kept_nor_set_aside_are_told_with_their_numbers():
    row = books(curations=[{**CURATION, "rows_curated": 8, "differing_rows": "4"}])[
        "mapped to curated"
    ]
    assert (row["rows_difference"], row["differing_rows"], row["balanced"]) == (1, "4", False)


def test_a_cent_lost_is_told_though_all_rows_are_there():
    money = {"money_mapped_cents": 100, "money_curated_cents": 98, "money_quarantined_cents": 1}
    row = books(curations=[{**CURATION, **money}])["mapped to curated"]
    assert (row["rows_difference"], row["money_difference_cents"], row["balanced"]) == (0, 1, False)


def test_a_row_more_here_and_a_row_less_there_do_not_make_up_for_each_other():
    rows = build(
        books_balance,
        ingests=[{**INGEST, "rows_raw": 11}, {**INGEST, "table_name": "returns", "rows_raw": 9}],
    )
    assert [(row["table_name"], row["balanced"]) for row in rows] == [
        ("returns", False),
        ("sales", False),
    ]


def test_tables_without_money_are_judged_by_their_rows():
    rows = books([{**INGEST, "rows_mapped": 10}], [CURATION])
    assert all(row["balanced"] and row["money_difference_cents"] is None for row in rows.values())


@pytest.mark.parametrize("known", ["money_source_cents", "money_raw_cents"])
def test_money_that_one_side_does_not_know_is_not_compared(known):
    row = books([{**INGEST, known: 500}])["source to raw"]
    assert [row[f"money_{name}_cents"] for name in ("in", "kept", "quarantined", "difference")] == [
        None
    ] * 4
    assert row["balanced"]


@pytest.mark.parametrize("appears", ["money_curated_cents", "money_quarantined_cents"])
def test_money_out_of_nothing_is_told(appears):
    row = books(curations=[{**CURATION, appears: 7}])["mapped to curated"]
    assert (row["money_in_cents"], row["money_difference_cents"], row["balanced"]) == (0, -7, False)


def test_money_into_nothing_is_told():
    row = books(curations=[{**CURATION, "money_mapped_cents": 7}])["mapped to curated"]
    assert (row["money_kept_cents"], row["money_difference_cents"], row["balanced"]) == (
        0,
        7,
        False,
    )


def test_an_empty_table_with_a_money_column_balances():
    empty = {"table_name": "orders", "money_curated_cents": 0, "money_quarantined_cents": 0}
    assert books(curations=[empty])["mapped to curated"]["balanced"]


def test_a_source_that_cannot_count_has_no_first_step():
    assert list(books([{**INGEST, "rows_source": None, "rows_mapped": 10}])) == ["raw to mapped"]


def test_what_is_not_mapped_yet_has_no_second_step():
    assert list(books([INGEST])) == ["source to raw"]


counts = st.integers(0, 3)
sums = st.none() | st.integers(-3, 3)
ingests = st.fixed_dictionaries(
    {
        "rows_source": st.none() | counts, "money_source_cents": sums, "rows_raw": counts,
        "money_raw_cents": sums, "rows_mapped": st.none() | counts, "money_mapped_cents": sums,
    }
)  # fmt: skip
curations = st.fixed_dictionaries(
    {
        "rows_mapped": counts, "money_mapped_cents": sums, "rows_curated": counts, "money_curated_cents": sums,
        "rows_quarantined": counts, "money_quarantined_cents": sums,
    }
)  # fmt: skip


@given(st.lists(ingests, max_size=4), st.lists(curations, max_size=4))
@settings(max_examples=50)
def test_balanced_means_that_nothing_is_missing(given_ingests, given_curations):
    raw = [{**each, "table_name": f"raw{n}"} for n, each in enumerate(given_ingests)]
    done = [{**each, "table_name": f"table{n}"} for n, each in enumerate(given_curations)]
    told = {
        (r["step"], r["table_name"]): r["balanced"]
        for r in build(books_balance, ingests=raw, curations=done)
    }
    wanted = {}
    for each in raw:
        if each["rows_source"] is not None:
            wanted["source to raw", each["table_name"]] = each["rows_source"] == each[
                "rows_raw"
            ] and same(each["money_source_cents"], each["money_raw_cents"])
        if each["rows_mapped"] is not None:
            wanted["raw to mapped", each["table_name"]] = each["rows_raw"] == each[
                "rows_mapped"
            ] and same(each["money_raw_cents"], each["money_mapped_cents"])
    for each in done:
        out = [each["money_curated_cents"] or 0, each["money_quarantined_cents"] or 0]
        wanted["mapped to curated", each["table_name"]] = each["rows_mapped"] == each[
            "rows_curated"
        ] + each["rows_quarantined"] and (each["money_mapped_cents"] or 0) == sum(out)
    assert told == wanted


def same(one, other):
    return one is None or other is None or one == other
