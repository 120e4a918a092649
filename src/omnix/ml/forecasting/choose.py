"""Which candidate forecasts a group of series: by its errors on past cuts, never by a rule of thumb.

A group is a level and a class of series ("product|lumpy"). Steady series are judged by their absolute
error; rare and lumpy ones by their squared error, as the absolute one is least for those who always
say nought, and such forecasts do not add up. Errors are counted in each series' own scale.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from omnix.ml.compare import Verdict, better

if TYPE_CHECKING:
    import pandas as pd

ENSEMBLE = "ensemble"
#: Candidates that a mean begins with, and how often one is picked for it in all.
_FIRST, _PICKS = 2, 10
#: What a mean must gain on its best member to be worth its cost.
_WORTH = 0.99
#: Classes that are judged by squared errors.
_RARE = frozenset({"intermittent", "lumpy"})
_WEEK = 7
#: How unlikely luck must be for a candidate to be taken instead of the baseline. A wrong choice costs
#: little here, as both forecast; a new champion is held to a stricter one.
_ALPHA = 0.2
Floats: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]
Rows: TypeAlias = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class Choice:
    """What forecasts a group.

    model:    the winner's name, `ENSEMBLE` for a weighted mean.
    weights:  by candidate, adding up to one; of a single model 1.
    baseline: the better of the baselines on the same folds.
    margin:   the share by which the winner's loss is below the baseline's; negative when above.
    losses:   the loss of each candidate on the folds of the choice.
    """

    group: str
    model: str
    weights: Mapping[str, float]
    baseline: str
    margin: float
    p_value: float
    reason: str
    losses: Mapping[str, float] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return {
            "group": self.group, "model": self.model, "weights": dict(self.weights),
            "baseline": self.baseline, "margin": self.margin, "p_value": self.p_value,
            "reason": self.reason, "losses": dict(self.losses),
        }  # fmt: skip

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Choice:
        """What `to_dict` told."""
        return cls(**told)


def group_of(level: str, series_class: str) -> str:
    """The group of a series."""
    return f"{level}|{series_class}"


def squares(group: str) -> bool:
    """Whether a group is judged by squared errors."""
    return group.rpartition("|")[2] in _RARE


def choose(
    wide: pd.DataFrame, group: str, baselines: frozenset[str], seen: np.datetime64, *, seed: int = 0
) -> Choice:
    """The choice for the series of `wide` (`backtest.pairs`, a column per candidate).

    seen: the last period that may count. The winner must beat the better baseline by more than
    noise on the shared folds, else the baseline forecasts.
    """
    squared = squares(group)
    both = with_ensemble(wide[_counts(wide, seen)], seen, squared=squared)
    losses = {str(name): _mean(each) for name, each in loss(both, squared=squared).items()}
    base = min(sorted(baselines & losses.keys()), key=losses.__getitem__)
    best = min(sorted(losses.keys() - {ENSEMBLE}), key=losses.__getitem__)
    if losses.get(ENSEMBLE, np.inf) < _WORTH * losses[best]:
        best = ENSEMBLE
    verdict = _verdict(both, best, base, squared=squared, seed=seed)
    told = both.drop(columns=ENSEMBLE, errors="ignore")
    shares = weights(told, squared=squared) if best == ENSEMBLE else {best: 1.0}
    margin = 1 - losses[best] / losses[base] if losses[base] > 0 else 0.0
    if best != base and not verdict.wins and _many(told):
        words = f"{best} was not surely better than {base}: {verdict.reason}"
        return Choice(group, base, {base: 1.0}, base, 0.0, verdict.p_value, words, losses)
    words = _words(best, base, margin, told, losses)
    return Choice(group, best, shares, base, margin, verdict.p_value, words, losses)


def with_ensemble(wide: pd.DataFrame, seen: np.datetime64, *, squared: bool) -> pd.DataFrame:
    """`wide` with the weighted mean as one more candidate.

    Its weights at a cut come from the other cuts of the choice, for a report from all of these; with
    a single cut there is nothing to learn weights from.
    """
    learnt = wide[_counts(wide, seen)]
    cuts = wide.index.get_level_values("cut")
    of_choice = learnt.index.get_level_values("cut")
    if len(wide.columns) < 3 or of_choice.nunique() < 2:
        return wide
    values = np.full(len(wide), np.nan)
    for cut in cuts.unique():
        shares = weights(learnt[np.asarray(of_choice != cut)], squared=squared)
        here = np.asarray(cuts == cut)
        values[here] = mixed(wide[here], shares).to_numpy()
    return wide.assign(**{ENSEMBLE: values})


def loss(wide: pd.DataFrame, *, squared: bool) -> pd.DataFrame:
    """The loss of each candidate in each row, in the scale of its series."""
    actual = wide.index.get_level_values("actual").to_numpy(dtype=np.float64)
    scale = wide.index.get_level_values("scale").to_numpy(dtype=np.float64)
    errors = (wide.sub(actual, axis=0)).div(scale, axis=0).abs()
    return errors**2 if squared else errors


def mixed(wide: pd.DataFrame, shares: Mapping[str, float]) -> pd.Series:
    """The forecast that the shares make."""
    return sum(
        (wide[name] * share for name, share in sorted(shares.items())), start=0.0 * wide.iloc[:, 0]
    )


def weights(past: pd.DataFrame, *, squared: bool) -> dict[str, float]:
    """Shares of the candidates, adding up to one.

    The two best begin; then again and again the one is added that helps the mean most (Caruana et
    al. 2004, "Ensemble selection from libraries of models"). The loss counts every series alike.
    """
    errors, counts = _errors(past)
    order = np.argsort(_losses(errors, counts, squared=squared), kind="stable")
    picked = [int(place) for place in order[:_FIRST]]
    total = errors[:, picked].sum(axis=1)
    while len(picked) < _PICKS:
        means = (total[:, None] + errors) / (len(picked) + 1)
        best = int(np.argmin(_losses(means, counts, squared=squared)))
        picked.append(best)
        total = total + errors[:, best]
    names = [str(name) for name in past.columns]
    return {names[place]: picked.count(place) / len(picked) for place in sorted(set(picked))}


def _errors(wide: pd.DataFrame) -> tuple[Floats, Floats]:
    """Rows × candidates: the errors in the scale of their series; and what each row counts for."""
    import pandas as pd

    actual, scale = (
        wide.index.get_level_values(name).to_numpy(dtype=np.float64) for name in ("actual", "scale")
    )
    codes, series = pd.factorize(wide.index.get_level_values("unique_id"))
    share = 1 / np.bincount(codes)[codes] / len(series)
    return (wide.to_numpy(dtype=np.float64) - actual[:, None]) / scale[:, None], share


def _losses(errors: Floats, share: Floats, *, squared: bool) -> Floats:
    """By candidate, the mean over series of the mean over their rows."""
    return np.asarray(share @ (errors**2 if squared else np.abs(errors)))


def _counts(wide: pd.DataFrame, seen: np.datetime64) -> Rows:
    """The rows that count in a choice."""
    parts, days = (wide.index.get_level_values(name) for name in ("part", "ds"))
    return np.asarray((parts == "choose") & (days <= seen))


def _mean(losses: pd.Series) -> float:
    """The mean over series, so that those with more rows do not count more."""
    by = losses.groupby(level="unique_id").mean()
    return float(by.mean()) if len(by) else float("nan")


def _verdict(wide: pd.DataFrame, one: str, other: str, *, squared: bool, seed: int) -> Verdict:
    """Whether `one` beats `other`, on losses added up by cut and week ahead (and by series when many)."""
    losses = loss(wide[[one, other]] if one != other else wide[[one]], squared=squared)
    steps = (losses.index.get_level_values("ahead").to_numpy() - 1) // _WEEK
    keys = [losses.index.get_level_values("unique_id"), losses.index.get_level_values("cut"), steps]
    summed = losses.groupby(keys).mean()
    first, second = (dict(zip(summed.index, summed[name], strict=True)) for name in (one, other))
    return better(first, second, cluster=lambda key: (key[1], key[2]), alpha=_ALPHA, seed=seed)


def _many(told: pd.DataFrame) -> bool:
    """Whether there are enough cuts and weeks for noise to be told from skill at all."""
    return bool(told.index.get_level_values("cut").nunique() > 1)


def _words(
    best: str, base: str, margin: float, told: pd.DataFrame, losses: Mapping[str, float]
) -> str:
    cuts = told.index.get_level_values("cut").nunique()
    where = f"on {cuts} past cut{'s' if cuts != 1 else ''}"
    if best == base:
        return f"No candidate had a lower error than the baseline {base} {where}."
    others = sorted((value, name) for name, value in losses.items() if name != best)
    return f"Lowest error of {len(losses)} candidates {where}: {margin:.0%} below {base}; next is {others[0][1]}."
