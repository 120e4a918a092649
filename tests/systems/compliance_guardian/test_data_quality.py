"""Data quality as a table: what curation found, and never a share that cannot be."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omnix.curation.quality import WEIGHTS, quality_of
from omnix.curation.records import CURATIONS
from omnix.systems.compliance_guardian.data_quality import data_quality
from systems.building import build, connection, create, run

FOUND = {
    "table_name": "orders",
    "rows_mapped": 100,
    "rows_curated": 93,
    "rows_quarantined": 7,
    "rows_excluded": 4,
    "rows_duplicate": 2,
    "completeness": 0.9,
    "validity": 0.99,
    "uniqueness": 0.98,
    "consistency": 1.0,
    "score": 0.963,
    "empty_because": None,
}


def test_every_column_is_what_curation_found():
    more = {
        "money_mapped_cents": 5,
        "rows_invalid": 1,
        "rows_inconsistent": 0,
        "differing_rows": "3",
    }
    assert build(data_quality, curations=[{**FOUND, **more}]) == [FOUND]


def test_nothing_curated_has_no_quality():
    assert build(data_quality) == []


def test_a_table_without_rows_says_why_and_has_no_score():
    why = "The mapping 'olist' has no promotions."
    (row,) = build(data_quality, curations=[{"table_name": "promotions", "empty_because": why}])
    assert row["empty_because"] == why
    assert [row[name] for name in (*WEIGHTS, "score")] == [None] * 5


@pytest.mark.parametrize(
    "wrong",
    [{"validity": 1.5}, {"score": -0.1}, {"consistency": float("nan")}, {"rows_duplicate": 4}],
    ids=str,
)
def test_what_cannot_be_breaks_the_contract(wrong):
    con = connection()
    create(con, "curations", CURATIONS, [{**FOUND, **wrong}])
    run(con, data_quality, None)
    assert data_quality.violations(con, "built") != []


@st.composite
def facts(draw):
    """What curation may count of a table: no part above the whole."""
    rows = draw(st.integers(0, 50))
    excluded = draw(st.integers(0, rows))
    kept = rows - excluded
    duplicate = draw(st.integers(0, kept))
    invalid = draw(st.integers(0, kept - duplicate))
    cells = kept * draw(st.integers(0, 3))
    return {
        "rows_mapped": rows, "rows_excluded": excluded, "rows_duplicate": duplicate, "rows_invalid": invalid,
        "rows_inconsistent": draw(st.integers(0, rows)), "cells": cells, "cells_filled": draw(st.integers(0, cells)),
    }  # fmt: skip


@given(facts())
@settings(max_examples=40)
def test_the_quality_of_any_table_keeps_the_contract(found):
    quality = quality_of(found)
    aside = found["rows_excluded"] + found["rows_duplicate"] + found["rows_invalid"]
    counted = {name: value for name, value in found.items() if name.startswith("rows_")}
    row = {
        "table_name": "orders", **counted, "rows_quarantined": aside,
        "rows_curated": found["rows_mapped"] - aside, **vars(quality), "score": quality.score,
    }  # fmt: skip
    (told,) = build(data_quality, curations=[row])
    assert told["score"] == quality.score
    if quality.score is not None:
        shares = [getattr(quality, name) for name in WEIGHTS]
        assert min(shares) - 1e-6 <= quality.score <= max(shares) + 1e-6
