"""Small models to test with: an honest one, and ones that cheat or break a rule each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd

from omnix.ml import frames
from omnix.ml.errors import NotFittedError
from omnix.ml.model import Driver


class WeekdayMean:
    """The mean of each weekday in the last weeks; a series it does not know gets that of all."""

    name, family, needs, cost = "weekday_mean", "baseline", 1, 0.01

    def __init__(self, weeks: int = 8) -> None:
        self.weeks = weeks
        self.means: dict[str, list[float]] | None = None

    def fit(self, history: pd.DataFrame, *, seed: int) -> Self:
        rows = frames.history(history)
        self.means = {"": self._of(rows)}
        for name, own in rows.groupby("unique_id"):
            self.means[str(name)] = self._of(own)
        return self

    def predict(self, future: pd.DataFrame) -> pd.DataFrame:
        if self.means is None:
            raise NotFittedError(self.name)
        asked = frames.future(future)
        days = asked["ds"].dt.weekday
        values = [
            self.means.get(name, self.means[""])[day]
            for name, day in zip(asked["unique_id"], days, strict=True)
        ]
        return frames.answer(asked, values)

    def save(self, folder: Path) -> None:
        (folder / "means.json").write_text(json.dumps(self.means, sort_keys=True), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        model = cls()
        model.means = json.loads((folder / "means.json").read_text("utf-8"))
        return model

    def explain(self) -> list[Driver]:
        return [Driver("weekday", 0.0, "What the weekday brought in the last weeks.")]

    def _of(self, rows: pd.DataFrame) -> list[float]:
        recent = rows[rows["ds"] > rows["ds"].max() - pd.Timedelta(weeks=self.weeks)]
        means = recent["y"].groupby(recent["ds"].dt.weekday).mean()
        return [float(each) for each in means.reindex(range(7)).fillna(recent["y"].mean())]


class AllMean(WeekdayMean):
    """The mean of everything: worse wherever weekdays differ."""

    name = "all_mean"

    def _of(self, rows: pd.DataFrame) -> list[float]:
        return [float(rows["y"].mean())] * 7


def shop(days: int = 140, seed: int = 1, series: int = 3) -> pd.DataFrame:
    """Daily sales with a weekday pattern and noise."""
    rng = np.random.default_rng(seed)
    ds = pd.date_range("2024-01-01", periods=days)
    week = np.array([1.0, 0.9, 0.8, 1.0, 1.2, 1.8, 1.6])[ds.weekday]
    parts = [
        pd.DataFrame({"unique_id": f"s{at}", "ds": ds, "y": 50 * (at + 1) * week * rng.uniform(0.8, 1.2, days)})
        for at in range(series)
    ]  # fmt: skip
    return pd.concat(parts, ignore_index=True)
