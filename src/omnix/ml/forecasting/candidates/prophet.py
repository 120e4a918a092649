"""Prophet, one series after another, with holidays, promotions and prices as it is told of them."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from omnix.ml import frames
from omnix.ml.errors import ModelError, NotFittedError, TooLittleData
from omnix.ml.folds import Grain
from omnix.ml.forecasting.candidates._costs import Costs
from omnix.ml.forecasting.candidates._statsforecast import bounds, silent
from omnix.ml.forecasting.candidates.seasonal_naive import SeasonalNaive
from omnix.ml.model import Driver

if TYPE_CHECKING:
    import pandas as pd

_MODELS, _BASELINE = "prophet.json", "baseline"
_CLOSED = "closed"
#: What a covariate is where nobody says it: nothing special, and the usual price.
_USUAL = {"price": 1.0}
#: Pairs of waves by which the year is drawn, where two years are known.
_WAVES: dict[Grain, int] = {"day": 10, "week": 10, "month": 4}
#: Days between the first and the last value; closed days may begin and end two years.
_TWO_YEARS = 720
_PARAMS = ("k", "m", "delta", "beta", "sigma_obs")
_LOGGERS = ("prophet", "prophet.models", "prophet.plot", "cmdstanpy")


@dataclass(frozen=True)
class _Fitted:
    """What is kept of one series: the model as text, what it reads, between what it answers."""

    model: str
    known: tuple[str, ...]
    effects: tuple[float, ...]
    low: float
    high: float


class Prophet:
    """Trend, weekdays and year multiplied (Taylor & Letham 2018), and the covariates with them.

    Closed days teach nothing and are left out. Series that are constant, have too few values
    beside others, or were not there are answered by the seasonal naive.
    """

    name: ClassVar[str] = "prophet"
    family: ClassVar[str] = "prophet"
    needs: ClassVar[int] = 14
    #: Optional packages without which it is not among the candidates.
    requires: ClassVar[tuple[str, ...]] = ("prophet",)
    costs: ClassVar[Costs] = Costs(0.12, 0.3, 0.7)

    def __init__(self, grain: Grain = "day") -> None:
        self.grain = grain
        self._baseline: SeasonalNaive | None = None
        self._models: dict[str, _Fitted] = {}

    @property
    def cost(self) -> float:
        """CPU seconds per 1,000 values: a fit costs nearly the same however short the series is."""
        return self.costs.at(self.grain)

    def fit(self, history: pd.DataFrame, *, seed: int) -> Self:
        """Fit each series that has enough open days.

        Raises:
            TooLittleData: no series has the values that it needs.
            ModelError: the package prophet is not installed.

        """
        make = _prophet()
        rows = frames.history(history)
        if (most := int(rows["unique_id"].value_counts().max())) < self.needs:
            raise TooLittleData(
                f"prophet cannot learn from {most} {self.grain}{'s' if most > 1 else ''}.",
                f"at least {self.needs} {self.grain}s of history of one series",
            )
        self._baseline = SeasonalNaive(self.grain).fit(rows, seed=seed)
        self._models = {}
        with silent(), _hushed(), TemporaryDirectory() as folder:
            # Prophet takes Newton's method for short series: fifty times as long now and then.
            options = {"seed": seed % 2**31, "output_dir": folder, "algorithm": "LBFGS"}
            for name, own in rows.groupby("unique_id", sort=True):
                if (fitted := self._one(make, _open(own), options)) is not None:
                    self._models[str(name)] = fitted
        return self

    def predict(self, future: pd.DataFrame) -> pd.DataFrame:
        """The answer of each series' own model, else the baseline's."""
        if self._baseline is None:
            raise NotFittedError(self.name)
        asked = frames.future(future)
        values = self._baseline.predict(asked)["yhat"].to_numpy().copy()
        with silent(), _hushed():
            for name, places in asked.groupby("unique_id").indices.items():
                if (fitted := self._models.get(str(name))) is not None:
                    values[places] = _answer(fitted, asked.iloc[places])
        return frames.answer(asked, values)

    def save(self, folder: Path) -> None:
        """Write the models as Prophet's own JSON."""
        if self._baseline is None:
            raise NotFittedError(self.name)
        (folder / _BASELINE).mkdir()
        self._baseline.save(folder / _BASELINE)
        told = {name: asdict(fitted) for name, fitted in self._models.items()}
        text = json.dumps({"grain": self.grain, "models": told})
        (folder / _MODELS).write_text(text, "utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The model that `save` wrote there.

        Raises:
            ModelError: nothing, or something else, was saved there.

        """
        try:
            told = json.loads((folder / _MODELS).read_text("utf-8"))
            model = cls(told["grain"])
            model._models = {name: _fitted(each) for name, each in told["models"].items()}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(f"{folder} holds no {cls.name}: {error}.", "Train it again.") from None
        model._baseline = SeasonalNaive.load(folder / _BASELINE)
        return model

    def explain(self) -> list[Driver]:
        """What each covariate changes, and how many series have a model of their own."""
        if self._baseline is None:
            raise NotFittedError(self.name)
        effects: dict[str, list[float]] = {}
        for fitted in self._models.values():
            for name, effect in zip(fitted.known, fitted.effects, strict=True):
                effects.setdefault(name, []).append(effect)
        means = {name: float(np.mean(each)) for name, each in effects.items()}
        drivers = [
            Driver(name, mean, f"One more of {name} changes the answer by {mean:+.1%}.")
            for name, mean in sorted(means.items(), key=lambda pair: -abs(pair[1]))
        ]
        count = len(self._models)
        words = f"Trend, weekdays and year of {count} series."
        return [*drivers, Driver("trend and seasons", float(count), words)]

    def _one(self, make: Any, rows: pd.DataFrame, options: dict[str, Any]) -> _Fitted | None:
        """The model of one series; none where there is nothing to fit."""
        y = rows["y"].to_numpy()
        if len(y) < self.needs or not np.ptp(y):
            return None
        table, known = _told(rows, _moving(rows))
        years = (rows["ds"].iloc[-1] - rows["ds"].iloc[0]).days >= _TWO_YEARS
        model = make(
            seasonality_mode="multiplicative",
            weekly_seasonality="auto" if self.grain == "day" else False,
            yearly_seasonality=_WAVES[self.grain] if years else False,
            daily_seasonality=False,
            uncertainty_samples=0,
        )
        for column in table.columns[1:]:
            model.add_regressor(column)
        try:
            model.fit(table.assign(y=y), **options)
        except Exception:  # Stan finds no optimum, or whatever else: this one series only
            return None
        finally:
            model.stan_backend.cleanup()
        return _Fitted(_text(model), known, _effects(model, table), *bounds(y))


def _prophet() -> Any:
    """Prophet's class."""
    with silent(), _hushed():
        try:
            import prophet
        except ImportError as error:
            raise ModelError(
                f"The package prophet cannot be imported: {error}.",
                "Install it: pip install 'omnix[prophet]'.",
            ) from None
    return prophet.Prophet


@contextmanager
def _hushed() -> Iterator[None]:
    """Prophet and Stan log each fit."""
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    before = [logger.disabled for logger in loggers]
    for logger in loggers:
        logger.disabled = True
    try:
        yield
    finally:
        for logger, disabled in zip(loggers, before, strict=True):
            logger.disabled = disabled


def _open(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows on which the shop was open."""
    return rows[~(rows[_CLOSED] >= 1)] if _CLOSED in rows else rows


def _moving(rows: pd.DataFrame) -> list[str]:
    """The covariates that are numbers and change: from others nothing can be learnt."""
    names = [name for name in frames.covariates(rows) if rows[name].dtype.kind in "biuf"]
    return [name for name in names if name != _CLOSED and rows[name].nunique() > 1]


def _told(rows: pd.DataFrame, known: list[str]) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Time and covariates under names that Prophet does not use itself."""
    table = rows[["ds"]].reset_index(drop=True)
    for at, name in enumerate(known):
        usual = _USUAL.get(name, 0.0)
        values = (
            rows[name].to_numpy(dtype=np.float64) if name in rows else np.full(len(rows), usual)
        )
        table[f"known_{at}"] = np.where(np.isfinite(values), values, usual)
    return table, tuple(known)


def _text(model: Any) -> str:
    """The model as JSON with nothing but what an answer needs."""
    from prophet.serialize import model_to_json

    model.fit_kwargs = {}
    model.params = {name: model.params[name] for name in _PARAMS}
    model.history = model.history.iloc[:2]
    model.history_dates = model.history_dates.iloc[:2]
    return str(model_to_json(model))


def _effects(model: Any, table: pd.DataFrame) -> tuple[float, ...]:
    """By which share one more of each covariate changes the answer."""
    beta, columns = model.params["beta"].mean(axis=0), model.train_component_cols
    return tuple(
        float(beta[columns[name].to_numpy() == 1].sum() / model.extra_regressors[name]["std"])
        for name in table.columns[1:]
    )


def _answer(fitted: _Fitted, rows: pd.DataFrame) -> np.ndarray[Any, np.dtype[np.float64]]:
    from prophet.serialize import model_from_json

    table, _ = _told(rows, list(fitted.known))
    yhat = model_from_json(fitted.model).predict(table)["yhat"].to_numpy()
    return np.asarray(np.clip(np.nan_to_num(yhat), fitted.low, fitted.high))


def _fitted(told: dict[str, Any]) -> _Fitted:
    lists = {name: tuple(told[name]) for name in ("known", "effects")}
    return _Fitted(**{**told, **lists})
