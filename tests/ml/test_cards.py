"""Model cards say what a version is, how good beside its baseline, and where not to trust it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from omnix.ml.cards import Measure, card
from omnix.ml.model import Driver
from omnix.ml.versions import Notes, Record, Version

RECORD = Record(
    data_version="sales_series@12",
    code_version="0.1.0",
    metrics={"mase": 0.41234, "wape": 0.1},
    params={"season": 7, "shape": "a|b\nc"},
    inputs=("promo", "price"),
    checksum="ab" * 32,
    folder="artefacts/x",
    notes=Notes(
        purpose="Daily net sales, 30 days ahead.",
        trained_on="212 series, 2022-01-01 to 2024-06-30",
        baseline={"mase": 0.9},
        limits=("A shop that is younger than two months.",),
        drivers=(Driver("promo", 310.0, "A promotion adds 310 a day."), Driver("price", 1.0, "")),
    ),
)
FIRST = Version("forecast.shop", 1, "1.0.0", RECORD, datetime(2024, 7, 1, tzinfo=UTC), "former champion", "1.0.1 was better.")  # fmt: skip
SECOND = Version("forecast.shop", 2, "1.0.1", RECORD, datetime(2024, 7, 2, 3, 4, tzinfo=UTC), "champion", "12.0% less loss.")  # fmt: skip

EXPECTED = f"""# forecast.shop 1.0.1

Daily net sales, 30 days ahead.

|  |  |
| --- | --- |
| State | champion |
| Because | 12.0% less loss. |
| Registered | 2024-07-02 03:04 UTC |
| Trained on | 212 series, 2022-01-01 to 2024-06-30 |
| Data version | sales_series@12 |
| Code version | 0.1.0 |
| Reads | promo, price |
| Checksum | {"ab" * 32} |

## How good it is

| Metric | This version | Baseline |
| --- | --- | --- |
| MASE | 0.4123 | 0.9 |
| WAPE | 0.1 | – |

## What its answers rest on

- A promotion adds 310 a day.
- price

## Where not to trust it

- A shop that is younger than two months.

## Parameters

| Parameter | Value |
| --- | --- |
| season | 7 |
| shape | a\\|b c |

## Versions

| Version | Registered | State | Because |
| --- | --- | --- | --- |
| 1.0.1 | 2024-07-02 | champion | 12.0% less loss. |
| 1.0.0 | 2024-07-01 | former champion | 1.0.1 was better. |
"""


def test_a_card() -> None:
    assert card(SECOND, [FIRST, SECOND]) == EXPECTED


def test_a_card_of_almost_nothing() -> None:
    bare = replace(SECOND, record=replace(RECORD, metrics={}, params={}, notes=Notes()), reason="")
    text = card(bare)
    assert "It was not measured." in text
    for absent in (
        "## Where not",
        "## Parameters",
        "## Versions",
        "Because",
        "Trained on",
        "rests on",
    ):
        assert absent not in text


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("mase_day_shop", "MASE by day, shop"),
        ("coverage_80_week_product", "coverage 80 by week, product"),
        ("rmsse", "RMSSE"),
        ("log_loss", "log loss"),
        ("day_of_week", "day of week"),
    ],
)
def test_what_a_metrics_name_says(name: str, words: str) -> None:
    assert Measure.of(name).words == words


def test_what_was_told_passes_through_json() -> None:
    assert Record.from_json(RECORD.to_json()) == RECORD
