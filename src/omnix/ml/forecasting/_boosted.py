"""Gradient-boosted trees (LightGBM) that give the same answer each time, on every number of cores."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from omnix.ml.errors import ModelError
from omnix.ml.forecasting._panel import Block
from omnix.ml.forecasting._words import told
from omnix.ml.model import Driver

if TYPE_CHECKING:
    from lightgbm import Booster

#: Chosen on Rossmann's windows before those that are reported (benchmarks/rossmann.py --validation).
_PARAMETERS: Mapping[str, Any] = {
    "learning_rate": 0.1,
    "num_leaves": 63,
    "feature_fraction": 0.7,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "max_bin": 127,
    "verbosity": -1,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
}
#: Rows below which a tree learns too little to be worth its time.
_LEAST = 20


@dataclass(frozen=True)
class Objective:
    """What an error costs: `median` where a series sells every day, `mean` where most days bring none."""

    name: str
    words: str


MEDIAN = Objective("regression_l1", "the middle of what may come")
MEAN = Objective("regression", "the mean of what may come")


def boosted(x: Block, target: Block, objective: Objective, trees: int, seed: int) -> Booster | None:
    """Trees for `target`; None where there are too few rows to learn from."""
    if len(target) < _LEAST:
        return None
    lightgbm = library()
    leaf = int(np.clip(len(target) // 200, 5, 40))
    chosen = {"objective": objective.name, "min_data_in_leaf": leaf, "seed": seed}
    parameters = {**_PARAMETERS, **chosen}
    data = lightgbm.Dataset(x, target, params=parameters)
    booster: Booster = lightgbm.train(parameters, data, trees)
    return booster


def answers(booster: Booster, x: Block) -> NDArray[np.float64]:
    """What the trees say of each row."""
    return np.asarray(booster.predict(x, num_threads=1), dtype=np.float64)


def read(text: str) -> Booster:
    """The trees that `Booster.model_to_string` wrote."""
    booster: Booster = library().Booster(model_str=text)
    return booster


def library() -> Any:
    """The package lightgbm.

    Raises:
        ModelError: it is not installed.

    """
    try:
        import lightgbm
    except (ImportError, OSError) as error:
        raise ModelError(
            f"The LightGBM models cannot be used: {error}.", "Install it: pip install lightgbm."
        ) from None
    return lightgbm


def gained(boosters: Iterable[Booster], names: Sequence[str]) -> dict[str, float]:
    """What all trees gained by each of the features, which bear these names."""
    gains = [booster.feature_importance("gain") for booster in boosters]
    total = np.sum(gains, axis=0) if gains else np.zeros(len(names))
    return dict(zip(names, map(float, total), strict=True))


def drivers(gains: Mapping[str, float], words: Mapping[str, str]) -> list[Driver]:
    """The shares of what was gained, features of the same words together, the greatest first."""
    whole = sum(gains.values()) or 1.0
    shares: dict[str, float] = {}
    for name, gain in gains.items():
        kind = told(name, words)
        shares[kind] = shares.get(kind, 0.0) + gain / whole
    ordered = sorted(shares.items(), key=lambda each: (-each[1], each[0]))
    return [
        Driver(kind, share, f"{kind} ({share:.0%} of what the trees gained).")
        for kind, share in ordered
    ]
