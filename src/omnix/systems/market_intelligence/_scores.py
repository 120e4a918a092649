"""From `forecast_backtests` to plans, and to the rows of `forecast_model_comparison`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from omnix.ml.folds import Fold, Grain
from omnix.ml.forecasting import candidates
from omnix.ml.forecasting.bundle import Plan, family_of
from omnix.ml.forecasting.decide import compared, decide, hindsight
from omnix.ml.forecasting.origins import Origins
from omnix.ml.forecasting.reconcile import Structure
from omnix.systems.market_intelligence.tasks import GRAINS, METRICS, Sales

if TYPE_CHECKING:
    import pandas as pd

_FLOATS = (
    "weight", "mase", "rmsse", "wape", "mape", "smape", "rmse", "mae", "bias", "r2", "choose_mase",
    "coverage_80", "coverage_95", "margin", "p_value",
)  # fmt: skip
_COLUMNS = (
    "metric", "grain", "level", "item", "series_class", "model", "family", "is_baseline", "chosen",
    *_FLOATS, "folds", "horizon", "tested_from", "tested_to", "reason",
)  # fmt: skip


@dataclass(frozen=True)
class Tested:
    """What was tried of one metric at one grain.

    tests: the backtest as `ml.forecasting.backtest` gives it. classes: by series. when: its cuts.
    """

    metric: str
    grain: Grain
    tests: pd.DataFrame
    classes: dict[str, str]
    when: Origins

    def plan(self, levels: dict[str, str], classes: dict[str, str]) -> Plan:
        """What forecasts the series of `levels`, by class."""
        return decide(self.tests, self.grain, levels, classes, self.when, baselines(self.grain))

    def hindsight(self, plan: Plan, structure: Structure) -> pd.DataFrame:
        """What the plan would have said at each cut."""
        return hindsight(self.tests, plan, structure, floor=True)


def tested(backtests: pd.DataFrame) -> Iterator[Tested]:
    """The trials of each metric and grain, in their usual order."""
    import pandas as pd

    for metric in METRICS:
        for grain in GRAINS:
            own = backtests[(backtests["metric"] == metric) & (backtests["grain"] == grain)]
            if not len(own):
                continue
            named = own.assign(
                unique_id=own["level"] + "=" + own["item"],
                ds=pd.to_datetime(own["period"]),
                cut=pd.to_datetime(own["cut"]),
            )
            classes = dict(zip(named["unique_id"], named["series_class"], strict=True))
            tests = named.drop(
                columns=["metric", "grain", "level", "item", "series_class", "period"]
            )
            yield Tested(metric, grain, tests, classes, _when(named, grain))


def _when(rows: pd.DataFrame, grain: Grain) -> Origins:
    """The cuts, with how far each was asked."""
    found: dict[str, list[Fold]] = {"choose": [], "report": []}
    for (part, cut), ahead in rows.groupby(["part", "cut"], sort=True)["ahead"].max().items():
        found[part].append(Fold(cut.date(), int(ahead), grain))
    return Origins(tuple(found["choose"]), tuple(found["report"]))


def baselines(grain: Grain) -> frozenset[str]:
    """The names of the honest baselines."""
    models = (make() for make in candidates(grain).values())
    return frozenset(model.name for model in models if model.family == "baseline")


def comparison(backtests: pd.DataFrame, sales: Sales) -> pd.DataFrame:
    """The rows of `forecast_model_comparison`."""
    import pandas as pd

    parts = [pd.DataFrame({name: pd.Series(dtype="object") for name in _COLUMNS})]
    for each in tested(backtests):
        levels = {name: name.partition("=")[0] for name in each.classes}
        plan = each.plan(levels, each.classes)
        upper = sales.structures(each.metric)[:1]
        said = each.hindsight(plan, upper[0] if upper else Structure(()))
        rows = compared(each.tests, plan, said, each.when, floor=True)
        if len(rows):
            parts.append(_told(rows, each))
    return pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)


def _told(rows: pd.DataFrame, each: Tested) -> pd.DataFrame:
    name = rows["unique_id"].str.partition("=")
    plain = baselines(each.grain)
    families = {model: family_of(model, each.grain) for model in rows["model"].unique()}
    told = rows.assign(
        metric=each.metric, grain=each.grain, level=name[0], item=name[2],
        series_class=rows["unique_id"].map(each.classes), family=rows["model"].map(families),
        is_baseline=rows["model"].isin(plain),
    )  # fmt: skip
    return told[list(_COLUMNS)]
