"""Every metric on the sample shop against a slow twin in plain Python."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omnix.app.analytics.reader import Reader
from omnix.app.app import App
from omnix.core.errors import ContractError
from omnix.metrics import definitions
from omnix.metrics.catalogue import UnknownMetricError, all_metrics, metrics_of
from omnix.metrics.metric import Metric, Relation
from omnix.metrics.question import GRAINS, Question, statement
from omnix.pipeline.graph import contracts
from shop import query

Row = dict[str, Any]
CUT = date(2026, 7, 1)


@pytest.fixture(scope="module")
def reader(built: Path) -> Iterable[Reader]:
    found = Reader(App.open(built))
    yield found
    found.close()


@pytest.fixture(scope="module")
def shop(built: Path) -> dict[str, list[Row]]:
    names = ("sales_daily", "orders", "refunds", "order_items", "payments")
    return {name: query(built, f"from {name}", name) for name in names}


# --- the twin ---------------------------------------------------------------------------------


def counted_orders(shop: dict[str, list[Row]]) -> list[Row]:
    order_of = {row["order_item_id"]: row["order_id"] for row in shop["order_items"]}
    undone = {
        row["order_id"] or order_of.get(row["order_item_id"])
        for row in shop["refunds"]
        if row["amount_cents"] > 0
    }
    return [
        {
            **row,
            "day": row["ordered_on"],
            "country": row["country"] or "(unknown)",
            "channel": row["channel"] or "(unknown)",
            "payment_method": row["payment_method"] or "(unknown)",
        }
        for row in shop["orders"]
        if row["status"] not in ("cancelled", "failed") or row["order_id"] in undone
    ]


def sales(shop: dict[str, list[Row]]) -> list[Row]:
    return [{**row, "day": row["sold_on"]} for row in shop["sales_daily"]]


def first_orders(shop: dict[str, list[Row]]) -> list[Row]:
    first: dict[str, Row] = {}
    for row in sorted(counted_orders(shop), key=lambda row: (row["day"], row["order_id"])):
        if row["customer_id"] is not None:
            first.setdefault(row["customer_id"], row)
    return list(first.values())


def tried_payments(shop: dict[str, list[Row]]) -> list[Row]:
    return [
        {
            **row,
            "day": row["paid_at"].date(),
            "payment_method": row["payment_method"] or "(unknown)",
            "card_brand": row["card_brand"] or "(none)",
        }
        for row in shop["payments"]
        if row["paid_at"] is not None
    ]


def charged_back(shop: dict[str, list[Row]]) -> list[Row]:
    return [
        {**row, "day": row["refunded_on"], "country": row["country"] or "(unknown)"}
        for row in shop["refunds"]
        if row["kind"] == "chargeback"
    ]


def adding(column: str) -> Callable[[list[Row]], float]:
    return lambda rows: sum(row[column] for row in rows)


def known(rows: list[Row]) -> list[str]:
    return [row["customer_id"] for row in rows if row["customer_id"] is not None]


#: Metric → its rows, what is done with them, and the metric below the line.
TWINS: dict[str, tuple[Any, Callable[[list[Row]], float], str | None]] = {
    "net_sales": (sales, adding("net_cents"), None),
    "gross_sales": (sales, adding("gross_cents"), None),
    "discounts": (sales, adding("discount_cents"), None),
    "refunds": (sales, adding("refund_cents"), None),
    "units": (sales, adding("quantity"), None),
    "refund_rate": (sales, adding("refund_cents"), "gross_sales"),
    "discount_rate": (sales, adding("discount_cents"), "gross_sales"),
    "orders": (counted_orders, len, None),
    "customers": (counted_orders, lambda rows: len(set(known(rows))), None),
    "new_customers": (first_orders, len, None),
    "average_order_value": (
        sales,
        lambda rows: sum(row["gross_cents"] - row["discount_cents"] for row in rows),
        "orders",
    ),
    "units_per_order": (sales, adding("quantity"), "orders"),
    "orders_per_customer": (counted_orders, lambda rows: len(known(rows)), "customers"),
    "payments": (tried_payments, len, None),
    "payment_failure_rate": (
        tried_payments,
        lambda rows: sum(row["status"] == "failed" for row in rows),
        "payments",
    ),
    "chargebacks": (charged_back, len, None),
}


def first_day(day: date, grain: str | None) -> date | None:
    if grain is None:
        return None
    while not {
        "day": True,
        "week": day.weekday() == 0,
        "month": day.day == 1,
        "year": (day.month, day.day) == (1, 1),
    }[grain]:
        day -= timedelta(days=1)
    return day


def grouped(shop: dict[str, list[Row]], name: str, asked: Question) -> dict[tuple[Any, ...], float]:
    rows_of, measure, _ = TWINS[name]
    groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    if not asked.grain and not asked.by:
        groups[()] = []
    for row in rows_of(shop):
        inside = asked.since <= row["day"] < asked.until
        paid_so = asked.currency in (None, row["currency"])
        wanted = all(row[n] in ([w] if w is None or isinstance(w, str) else w) for n, w in asked.where.items())  # fmt: skip
        if inside and paid_so and wanted:
            period = (first_day(row["day"], asked.grain),) if asked.grain else ()
            groups[(*period, *(row[each] for each in asked.by))].append(row)
    return {group: measure(rows) for group, rows in groups.items()}


def twin(shop: dict[str, list[Row]], asked: Question) -> dict[tuple[Any, ...], float | None]:
    own = grouped(shop, asked.metric.name, asked)
    below = TWINS[asked.metric.name][2]
    if below is None:
        return dict(own)
    per = grouped(shop, below, asked)
    return {
        group: own.get(group, 0) / per[group] if per.get(group) else None
        for group in own.keys() | per.keys()
    }


def told(reader: Reader, asked: Question) -> dict[tuple[Any, ...], float | None]:
    made = statement(asked)
    rows = reader.records(made.sql, made.params, reader.pins(made.tables))
    groups = [*(["period"] if asked.grain else []), *asked.by]
    found = {tuple(row[name] for name in groups): row["value"] for row in rows}
    assert len(found) == len(rows), "a group stands there twice"
    return found


def same(metric: Metric, told: Any, twin: Any) -> None:
    assert told.keys() == twin.keys()
    for group, value in twin.items():
        if value is None:
            assert told[group] is None
        elif metric.unit == "money":
            assert isinstance(told[group], int)
            assert abs(told[group] - value) <= 0.5
        else:
            assert told[group] == pytest.approx(value)


# --- the tests --------------------------------------------------------------------------------


def test_every_metric_has_a_twin() -> None:
    assert TWINS.keys() == all_metrics().keys()


@pytest.mark.parametrize("name", list(TWINS))
@pytest.mark.parametrize("grain", [None, *GRAINS])
def test_a_metric_is_what_its_twin_counts(
    reader: Reader, shop: dict[str, list[Row]], name: str, grain: Any
) -> None:
    asked = Question(all_metrics()[name], date(2024, 1, 1), CUT, grain, currency="EUR")
    same(asked.metric, told(reader, asked), twin(shop, asked))


@pytest.mark.parametrize("name", list(TWINS))
def test_a_metric_is_split_as_its_twin_splits(
    reader: Reader, shop: dict[str, list[Row]], name: str
) -> None:
    metric = all_metrics()[name]
    for dimension in metric.dimensions:
        asked = Question(metric, date(2025, 2, 3), date(2026, 2, 11), "month", (dimension,), currency="EUR")  # fmt: skip
        same(metric, told(reader, asked), twin(shop, asked))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_question_is_answered_as_the_twin_answers(
    reader: Reader, shop: dict[str, list[Row]], data: st.DataObject
) -> None:
    metric = all_metrics()[data.draw(st.sampled_from(sorted(TWINS)))]
    since = data.draw(st.dates(date(2023, 12, 1), date(2026, 8, 1)))
    until = since + timedelta(days=data.draw(st.integers(0, 400)))
    names = st.sampled_from(sorted(metric.dimensions))
    by = tuple(data.draw(st.lists(names, max_size=2, unique=True)))
    values = st.one_of(st.none(), st.sampled_from(["FR", "DE", "EUR", "web", "K001", "Milk", "'; drop table x; --"]), st.text(max_size=3))  # fmt: skip
    wanted = st.one_of(values, st.lists(values, max_size=3))
    where = data.draw(st.dictionaries(names, wanted, max_size=2))
    grain = data.draw(st.sampled_from([None, *GRAINS]))
    asked = Question(metric, since, until, grain, by, where, "EUR")
    same(metric, told(reader, asked), twin(shop, asked))


@pytest.mark.parametrize("name", [n for n, m in all_metrics().items() if m.additive])
def test_the_parts_of_an_additive_metric_add_up_to_the_whole(reader: Reader, name: str) -> None:
    metric = all_metrics()[name]
    span = (date(2024, 1, 1), CUT)
    (whole,) = told(reader, Question(metric, *span, currency="EUR")).values()
    for dimension in metric.dimensions:
        parts = told(reader, Question(metric, *span, by=(dimension,), currency="EUR"))
        assert sum(value or 0 for value in parts.values()) == whole
    days = told(reader, Question(metric, *span, "day", currency="EUR"))
    assert sum(value or 0 for value in days.values()) == whole


def test_periods_that_reach_out_of_the_question_are_partial(reader: Reader) -> None:
    made = statement(Question(all_metrics()["orders"], date(2026, 6, 3), date(2026, 6, 25), "week"))
    rows = reader.records(made.sql, made.params, reader.pins(made.tables))
    assert [(row["period"].day, row["partial"]) for row in rows] == [
        (1, True),
        (8, False),
        (15, False),
        (22, True),
    ]


@pytest.mark.parametrize("name", list(TWINS))
def test_a_metric_reads_what_it_says_and_its_tables_have_it(name: str) -> None:
    metric = all_metrics()[name]
    assert set(metric.tables) <= contracts().keys()
    for table in metric.tables:
        assert table in statement(Question(metric, CUT, CUT, currency="EUR")).sql
    assert metric.about.endswith(".")
    assert metric.about.count(". ") <= 1
    assert "currency" in metric.dimensions


def test_money_needs_its_currency() -> None:
    with pytest.raises(UnknownMetricError, match="no currency is named"):
        statement(Question(all_metrics()["net_sales"], CUT, CUT))
    with pytest.raises(UnknownMetricError, match="no currency is named"):
        statement(Question(all_metrics()["refund_rate"], CUT, CUT))
    statement(Question(all_metrics()["net_sales"], CUT, CUT, by=("currency",)))
    statement(Question(all_metrics()["orders"], CUT, CUT))


@pytest.mark.parametrize("name", ["customer_id", "day", "", '"; drop table orders; --', "countri"])
def test_what_is_no_dimension_is_refused(name: str) -> None:
    for asked in ({"by": (name,)}, {"where": {name: "x"}}):
        with pytest.raises(UnknownMetricError, match="has no dimension"):
            statement(Question(all_metrics()["orders"], CUT, CUT, **asked))


def test_every_system_has_at_most_one_headline() -> None:
    for system in {each for metric in all_metrics().values() for each in metric.systems}:
        heads = [each.name for each in all_metrics().values() if system in each.heads]
        assert len(heads) == 1
        assert metrics_of(system)[0].name == heads[0]
    assert metrics_of("nobody's") == []
    assert all(set(each.heads) <= set(each.systems) for each in all_metrics().values())


def test_two_metrics_of_one_name_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from omnix.metrics.definitions import paying

    relation = Relation(("orders",), "select 1", {})
    monkeypatch.setattr(paying, "again", Metric("orders", "", "", "count", relation, "count(*)"), raising=False)  # fmt: skip
    all_metrics.cache_clear()
    try:
        with pytest.raises(ContractError, match="'orders'"):
            all_metrics()
    finally:
        monkeypatch.undo()
        all_metrics.cache_clear()
    assert "orders" in all_metrics()
    assert definitions.__doc__
