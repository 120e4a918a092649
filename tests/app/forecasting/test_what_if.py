"""A plan's effect: planted ones lie in the interval, and what was never seen is told as such."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from app.forecasting.hand import AS_OF, publish
from omnix.app.forecasting import engine_tasks
from omnix.app.forecasting.what_if_parts import _days
from omnix.app.forecasting.what_if_tasks import what_if
from omnix.app.service import Service
from omnix.ml.errors import ModelError

DAYS = 730
FIRST = AS_OF - timedelta(days=DAYS)
WEEK = np.array([1.0, 1.1, 0.9, 1.0, 1.4, 1.7, 0.8])
#: First days of past promotions of a week.
RAN = tuple(FIRST + timedelta(days=at) for at in (60, 150, 260, 350, 470, 560, 650))
#: 4 to 8 July.
PLAN = {"kind": "promotion", "from": "2026-07-04", "to": "2026-07-08", "value": None}


def days(*starts: date, length: int = 7) -> set[date]:
    return {first + timedelta(days=at) for first in starts for at in range(length)}


def cents(
    factor: Callable[[date], float] = lambda _: 1.0, *, mean: float = 100_000.0, seed: int = 2
) -> dict[date, int]:
    """What is sold each day: a week's ups and downs, noise, and `factor`."""
    noise = np.random.default_rng(seed).normal(0, 0.12, DAYS)
    found = {}
    for at in range(DAYS):
        day = FIRST + timedelta(days=at)
        found[day] = round(mean * WEEK[day.weekday()] * np.exp(noise[at]) * factor(day))
    return found


def rows(
    level: str, item: str, sold: dict[date, int], ran: Iterable[date] = (), **more: Any
) -> list[dict[str, Any]]:
    promoted = set(ran)
    return [
        {
            "level": level, "item": item, "sold_on": day, "net_cents": value, "currency": "GBP",
            "orders": max(value // 2_000, 1), "units": max(value // 1_000, 1),
            "promoted": day in promoted, **{k: v(day) if callable(v) else v for k, v in more.items()},
        }
        for day, value in sold.items() if value
    ]  # fmt: skip


def asked(shop: Service, *series: list[dict[str, Any]], changes: Any = (PLAN,), **more: Any) -> Any:
    """What the engine answers for these series."""
    publish(shop.app, "sales_series", [row for each in series for row in each])
    publish(shop.app, "promotions", more.pop("campaigns", []))
    for name in ("holidays", "categories"):
        publish(shop.app, name, [])
    app = shop.app
    versions = {
        name: app.lake.snapshot(app.graph.tables[name].path).version
        for name in ("sales_series", "promotions", "holidays", "categories")
    }
    whole = {"metric": "net_sales", "level": "shop", "item": "", "grain": "day", "horizon": 14}
    question = {**whole, "versions": versions, "budget": 0, "changes": list(changes), **more}
    return what_if(app, question, lambda step: None)


def uplift(ran: set[date], by: float) -> Callable[[date], float]:
    return lambda day: 1 + by if day in ran else 1.0


@pytest.mark.parametrize(("up", "least", "most"), [(0.4, 0.2, 0.6), (0.0, -0.15, 0.15)])
def test_a_blind_model_answers_what_past_promotions_went_with(shop, up, least, most) -> None:
    ran = days(*RAN)
    told = asked(shop, rows("shop", "", cents(uplift(ran, up)), ran))
    (past,) = told["past"]
    assert (past["source"], past["episodes"], past["days"]) == ("past", 7, 49)
    assert (past["since"], past["until"]) == (str(RAN[0]), str(RAN[-1] + timedelta(days=6)))
    assert least < past["lower_share"] <= up <= past["upper_share"] < most
    base = sum(told["base"][3:8])
    assert told["effect"] == pytest.approx(past["share"] * base, rel=0.01)
    assert told["lower_effect"] == pytest.approx(past["lower_share"] * base, rel=0.01)
    assert told["upper_effect"] == pytest.approx(past["upper_share"] * base, rel=0.01)
    assert told["changed"][:3] == told["base"][:3]
    assert told["changed"][3] == pytest.approx((1 + past["share"]) * told["base"][3], rel=0.01)
    assert told["lower_80"][3] < told["changed"][3] < told["upper_80"][3]
    assert past["words"].startswith("From 7 past promotions (49 days): ")
    assert [each["code"] for each in told["warned"]] == ["from_past", "not_cause"]
    assert told["warnings"] == [each["words"] for each in told["warned"]]


def test_what_was_never_seen_cannot_be_said(shop: Service) -> None:
    told = asked(shop, rows("shop", "", cents()))
    (past,) = told["past"]
    assert (past["source"], past["because"], past["episodes"]) == (None, "never", 0)
    assert told["effect"] is told["total_changed"] is told["lower_effect"] is None
    assert set(told["changed"]) == {None}
    assert told["base"][0] > 0
    assert [each["code"] for each in told["warned"]] == ["unknown"]


def test_one_promotion_tells_no_interval(shop: Service) -> None:
    ran = days(RAN[3])
    told = asked(shop, rows("shop", "", cents(uplift(ran, 0.5)), ran))
    assert told["past"][0]["share"] == pytest.approx(0.5, abs=0.2)
    assert told["lower_effect"] is told["past"][0]["lower_share"] is None
    assert told["effect"] > 0
    assert told["upper_80"][4] is None


class Reads:
    """A model that has learnt that a promotion brings a tenth more."""

    name, plan = "reads", None

    def predict(self, future: Any) -> Any:
        return future[["unique_id", "ds"]].assign(yhat=100_000.0 * (1 + 0.1 * future["promo"]))


def test_a_model_that_reads_promotions_keeps_its_answer(shop: Service, monkeypatch) -> None:
    monkeypatch.setattr(engine_tasks, "chosen_for", lambda *_: (Reads(), "2.0.0"))
    ran = days(*RAN)
    told = asked(shop, rows("shop", "", cents(uplift(ran, 0.4)), ran))
    assert told["effect"] == 50_000
    (past,) = told["past"]
    assert past["source"] == "model"
    assert 0.2 < past["lower_share"] < 0.4 < past["upper_share"]
    assert told["lower_effect"] > told["effect"]  # the past went with more than the model says
    (off,) = [each for each in told["warned"] if each["code"] == "unlike_past"]
    assert off["values"] == {"kind": "promotion", "share": 0.1, "way": "less"}


def test_a_week_is_touched_in_part(shop: Service) -> None:
    ran = days(*RAN)
    told = asked(shop, rows("shop", "", cents(uplift(ran, 0.4)), ran), grain="week", horizon=3)
    (past,) = told["past"]
    # Of the week from 29 June two days, of that from 6 July three.
    touched = told["base"][0] * 2 / 7 + told["base"][1] * 3 / 7
    assert told["effect"] == pytest.approx(past["share"] * touched, rel=0.01)
    assert told["changed"][2] == told["base"][2]


def test_a_price_is_told_from_changes_of_the_price(shop: Service) -> None:
    def times(day: date) -> float:
        at = (day - FIRST).days
        return [1.0, 0.8, 1.1, 0.9, 1.0, 1.2, 1.0][min(at // 100, 6)]

    sold = cents(lambda day: times(day) ** -1.5, mean=20_000)
    product = rows("product", "p1", sold, parent="c1", price_cents=lambda day: round(1000 * times(day)))  # fmt: skip
    category = rows("category", "c1", sold)
    plan = {**PLAN, "kind": "price", "value": 0.9}
    series = (rows("shop", "", sold), category, product)
    told = asked(shop, *series, changes=[plan], level="product", item="p1")
    (past,) = told["past"]
    assert (past["source"], past["episodes"]) == ("past", 6)
    assert past["lower_share"] < 0.9**-1.5 - 1 < past["upper_share"] < 0.4
    assert past["least_price"] == pytest.approx(-0.2, abs=0.01)
    far = asked(shop, *series, changes=[{**plan, "value": 0.3}], level="product", item="p1")
    assert far["past"][0]["because"] == "outside"
    assert far["effect"] is None
    other = asked(shop, *series, changes=[plan], level="category", item="c1")
    assert other["past"][0]["because"] == "no_prices"


def test_customers_who_come_back_after_a_closing_are_counted(shop: Service) -> None:
    shut = days(*(FIRST + timedelta(days=at) for at in (80, 170, 290, 400, 500, 610)), length=2)

    def factor(day: date) -> float:
        if day in shut:
            return 0.0
        near = any(day + timedelta(days=by) in shut for by in (-3, -2, -1, 1, 2, 3))
        return 1.2 if near else 1.0

    plan = {"kind": "closed", "from": "2026-07-07", "to": "2026-07-08", "value": None}
    told = asked(shop, rows("shop", "", cents(factor)), changes=[plan])
    (past,) = told["past"]
    assert (past["source"], past["episodes"], past["days"]) == ("model", 6, 12)
    # Six days of a fifth more make up for more than half of two days.
    assert past["lower_share"] < -0.4 < past["upper_share"]
    assert told["changed"][6:8] == [0, 0]
    assert told["effect"] == pytest.approx(-sum(told["base"][6:8]), abs=2)
    assert past["lower_share"] > -0.75


def test_the_weeks_closing_and_holidays_are_no_episodes(shop: Service) -> None:
    def factor(day: date) -> float:
        return 0.0 if day.weekday() == 5 or (day.month, day.day) == (12, 25) else 1.0

    plan = {"kind": "closed", "from": "2026-07-07", "to": "2026-07-07", "value": None}
    sold = cents(factor)
    told = asked(shop, rows("shop", "", sold), rows("country", "GB", sold), changes=[plan])
    assert told["past"][0]["because"] == "never"


def test_promotions_that_went_in_all_directions_tell_nothing(shop: Service) -> None:
    ran = days(*RAN)

    def factor(day: date) -> float:
        return [0.1, 3.0][(day - FIRST).days // 90 % 2] if day in ran else 1.0

    told = asked(shop, rows("shop", "", cents(factor), ran))
    assert (told["past"][0]["because"], told["effect"]) == ("vague", None)


def test_a_promotion_that_is_planned_already_changes_nothing(shop: Service) -> None:
    ran = days(*RAN)
    planned = {"promotion_id": "1", "starts_at": date(2026, 7, 3), "ends_at": date(2026, 7, 10), "is_active": True}  # fmt: skip
    told = asked(shop, rows("shop", "", cents(uplift(ran, 0.4)), ran), campaigns=[planned])
    assert (told["effect"], told["past"]) == (0, [])
    assert [each["code"] for each in told["warned"]] == ["already"]


def test_a_day_that_is_closed_has_no_promotion(shop: Service) -> None:
    ran = days(*RAN)
    shut = {"kind": "closed", "from": "2026-07-05", "to": "2026-07-08", "value": None}
    told = asked(shop, rows("shop", "", cents(uplift(ran, 0.4)), ran), changes=[PLAN, shut])
    promotion, closed = told["past"]
    assert promotion["effect"] == pytest.approx(promotion["share"] * told["base"][3], rel=0.01)
    assert closed["because"] == "never"
    assert told["changed"][3] > told["base"][3]
    assert told["changed"][4:8] == [0, 0, 0, 0]


def test_a_campaign_of_a_category_has_days_without_a_sale_too(shop: Service) -> None:
    ran = days(*RAN)
    sparse = {day: value for day, value in cents(mean=3_000).items() if day.toordinal() % 3 == 0}
    campaigns = [
        {"promotion_id": str(n), "starts_at": first, "ends_at": first + timedelta(days=6)}
        for n, first in enumerate(RAN)
    ]
    told = asked(
        shop, rows("shop", "", cents()), rows("category", "c1", sparse, ran),
        campaigns=campaigns, level="category", item="c1",
    )  # fmt: skip
    (past,) = told["past"]
    assert (past["episodes"], past["days"]) == (7, 49)
    assert past["lower_share"] < 0 < past["upper_share"]


def test_a_plan_outside_of_the_days_ahead_changes_nothing(shop: Service) -> None:
    late = {**PLAN, "from": "2026-09-01", "to": "2026-09-02"}
    told = asked(shop, rows("shop", "", cents()), changes=[late])
    assert (told["effect"], told["past"]) == (0, [])
    assert told["warned"][0]["values"] == {"kind": "promotion", "from": "2026-09-01", "to": "2026-09-02"}  # fmt: skip


def test_a_plan_for_centuries_is_read_as_far_as_the_forecast_goes(shop: Service) -> None:
    ever = {**PLAN, "from": "0001-01-01", "to": "9999-12-31"}
    assert _days(ever, date(2026, 7, 1), date(2026, 7, 14)) == sorted(days(AS_OF, length=14))
    ran = days(*RAN)
    sold = rows("shop", "", cents(uplift(ran, 0.4)), ran)
    near = {**PLAN, "from": "2026-07-01", "to": "2026-07-14"}
    assert asked(shop, sold, changes=[ever]) == asked(shop, sold, changes=[near])


def test_a_plan_is_held_against_the_forecast_of_the_tables(shop: Service, monkeypatch) -> None:
    monkeypatch.setattr(engine_tasks, "chosen_for", lambda *_: (Reads(), "2.0.0"))
    ran = days(*RAN)
    sold = rows("shop", "", cents(uplift(ran, 0.4)), ran)
    plain = asked(shop, sold)
    settled = {day: 130_000.0 if at % 2 else 90_000.0 for at, day in enumerate(plain["dates"])}
    told = asked(shop, sold, settled=settled)
    assert told["base"] == list(settled.values())
    shares = [new / old for new, old in zip(told["changed"], told["base"], strict=True)]
    assert shares == [new / old for new, old in zip(plain["changed"], plain["base"], strict=True)]
    short = dict(list(settled.items())[:5])
    assert asked(shop, sold, settled=short)["base"][4:6] == [90_000, 100_000]
    late = dict(list(settled.items())[1:])  # of another day: not the forecast that is asked about
    assert asked(shop, sold, settled=late)["base"] == plain["base"]


def test_a_model_that_cannot_be_read_is_no_reason_not_to_answer(shop: Service, monkeypatch) -> None:
    class Damaged:
        semantic = "1.0.0"

        def model(self) -> Any:
            raise ModelError("moving_average: 'lifts'.", "Train it again.")

    class Models:
        def champion(self, name: str) -> Damaged:
            return Damaged()

    monkeypatch.setattr(type(shop.app), "models", lambda _: Models())
    told = asked(shop, rows("shop", "", cents(lambda _: 1.0)))
    assert len(told["base"]) == 14
    assert told["model_version"] is None
