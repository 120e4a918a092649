"""The scoreboard: what was said stays, what happened is written once."""

from __future__ import annotations

from pathlib import Path

from shop import query


def test_what_happened_is_what_the_series_say(built: Path) -> None:
    (row,) = query(
        built,
        """
        select count(*) as settled, max(abs(s.actual - coalesce(v.orders, 0))) as off
        from forecast_scoreboard s
        left join sales_series v on v.level = s.level and v.item = s.item and v.sold_on = s.period
        where s.metric = 'orders' and s.grain = 'day' and s.actual is not null
        """,
        "forecast_scoreboard", "sales_series",
    )  # fmt: skip
    assert row["settled"] > 100
    assert row["off"] == 0


def test_what_stands_there_stays(copied: Path) -> None:
    from datetime import timedelta

    from shop import run

    before = query(copied, _SAID, "forecast_scoreboard")
    (row,) = query(copied, "select max(made_on) as made_on from forecasts", "forecasts")
    later = row["made_on"] + timedelta(days=9)
    assert run(copied, "forecast_scoreboard", as_of=later, ingest_first=False).failures == []
    after = {
        tuple(list(each.values())[:7]): each for each in query(copied, _SAID, "forecast_scoreboard")
    }
    assert len(after) > len(before)
    for each in before:
        now = after[tuple(list(each.values())[:7])]
        assert {**now, "actual": None, "settled_on": None} == {
            **each,
            "actual": None,
            "settled_on": None,
        }
        if each["actual"] is not None:
            assert now["actual"] == each["actual"]
            assert now["settled_on"] == each["settled_on"]
    newly = [
        each for each in after.values()
        if each["kind"] == "live" and each["grain"] == "day" and each["made_on"] == row["made_on"]
        and each["period"] < later
    ]  # fmt: skip
    assert newly
    assert all(each["actual"] is not None and each["settled_on"] == later for each in newly)


_SAID = """
    select metric, grain, level, item, kind, made_on, period, predicted, baseline, model, actual, settled_on
    from forecast_scoreboard
"""
