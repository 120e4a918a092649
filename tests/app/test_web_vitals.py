"""Web vitals: the percentile, what is kept of a page, and that old ones are let go."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnix.app import web_vitals
from omnix.app.web_vitals import Vital, page_template, record_vitals, summarize_vitals
from omnix.core.clock import utc_now
from omnix.store import Store


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/", "/"),
        ("/data/sales_daily", "/data/sales_daily"),
        ("/customers/c17", "/customers/:id"),
        ("/customers/c17/orders/99", "/customers/:id/orders/:id"),
        ("/runs/20260301T120000-1a2b3c", "/runs/:id"),
        ("/a/" + "b" * 40, "/a/:id"),
        ("/runs/:id", "/runs/:id"),
    ],
)
def test_a_page_is_kept_without_what_names_somebody(path: str, kept: str):
    assert page_template(path) == kept


@given(st.from_regex(r"/[a-z0-9/_.:-]{0,60}", fullmatch=True))
def test_no_number_stays_but_in_the_templates_own_words(path: str):
    assert not any(
        c.isdigit() for part in page_template(path).split("/") for c in part.split(":")[0]
    )


@pytest.mark.parametrize(
    ("values", "p75"), [([5], 5), ([1, 2], 2), ([1, 2, 3, 4], 3), (list(range(1, 101)), 75)]
)
def test_three_visits_in_four_stay_below(store: Store, values: list[int], p75: float):
    record_vitals(store, [Vital("INP", each, "/", "good") for each in reversed(values)])
    (found,) = summarize_vitals(store)
    assert (found.p75, found.count, found.good_share) == (p75, len(values), 1.0)


def test_old_ones_are_let_go_and_not_counted(store: Store, monkeypatch: pytest.MonkeyPatch):
    now = utc_now()
    monkeypatch.setattr(
        web_vitals, "utc_now", lambda: now - timedelta(days=web_vitals.KEPT_DAYS + 1)
    )
    record_vitals(store, [Vital("CLS", 0.1, "/old", "good")] * 3)
    monkeypatch.setattr(web_vitals, "utc_now", lambda: now)
    monkeypatch.setattr(web_vitals, "_EVERY", 1)
    assert record_vitals(store, []) == 0
    record_vitals(store, [Vital("CLS", 0.1, "/new", "good")])
    assert [each.page for each in summarize_vitals(store, days=365)] == ["/new"]


def test_there_are_never_more_than_so_many(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(web_vitals, "KEPT", 5)
    monkeypatch.setattr(web_vitals, "_EVERY", 1)
    for _ in range(4):
        record_vitals(store, [Vital("CLS", 0.1, "/", "good")] * 3)
    (found,) = summarize_vitals(store)
    assert found.count == 5
