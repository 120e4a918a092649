"""What every forecasting model is: it learns from a long frame and answers a long frame.

Frames have Nixtla's shape: `unique_id` (text), `ds` (midnight, no zone), `y` (float), then covariates
that are known for the future as well, by name.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self, cast, runtime_checkable

from omnix.ml.errors import ModelError, NotFittedError, TooLittleData

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Driver",
    "Forecaster",
    "ModelError",
    "NotFittedError",
    "TooLittleData",
    "keep",
    "reopen",
]

#: The file beside a saved model that says which class reads it.
MANIFEST = "model.json"
#: Only classes from here are ever loaded: what a folder names is not trusted.
_OURS = "omnix.ml."


@dataclass(frozen=True)
class Driver:
    """One reason for what a model says.

    name:   the covariate, component or model it comes from.
    effect: what it adds, in the unit of `y` unless the model says otherwise.
    words:  the same for a shopkeeper.
    """

    name: str
    effect: float
    words: str


@runtime_checkable
class Forecaster(Protocol):
    """One model of many series.

    name, family: its own name and that of its kind (`baseline`, `statistical`, `intermittent`, …).
    needs:  values of history below which a series is not fitted.
    cost:   CPU seconds per 1,000 values of history, roughly: what a time budget is spent by.
    """

    @property
    def name(self) -> str:
        """Its own name, unique among the candidates."""

    @property
    def family(self) -> str:
        """The kind of model."""

    @property
    def needs(self) -> int:
        """Values of history below which a series is not fitted."""

    @property
    def cost(self) -> float:
        """CPU seconds per 1,000 values, roughly."""

    def fit(self, history: pd.DataFrame, *, seed: int) -> Self:
        """Learn from `history` (unique_id, ds, y, covariates); the order of its rows is no matter.

        Raises:
            TooLittleData: there is no history that it could learn from.

        """

    def predict(self, future: pd.DataFrame) -> pd.DataFrame:
        """`unique_id, ds, yhat` for each row of `future` (unique_id, ds, covariates), none missing.

        A series it has never seen is answered all the same.

        Raises:
            NotFittedError: `fit` was not called.

        """

    def save(self, folder: Path) -> None:
        """Write all it has learnt into the empty `folder`; no pickles, which run what they hold."""

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The model that `save` wrote there; it gives the same answers."""

    def explain(self) -> Sequence[Driver]:
        """What its answers rest on, the most important first."""


def keep(model: Forecaster, folder: Path) -> None:
    """Save `model` into `folder` so that `reopen` finds its class by itself."""
    kind = type(model)
    folder.mkdir(parents=True, exist_ok=True)
    model.save(folder)
    said = {"class": f"{kind.__module__}:{kind.__qualname__}", "name": model.name}
    (folder / MANIFEST).write_text(json.dumps(said, sort_keys=True) + "\n", "utf-8")


def reopen(folder: Path) -> Forecaster:
    """The model that `keep` wrote into `folder`.

    Raises:
        ModelError: nothing was kept there, or it names a class that is not one of omnix's models.

    """
    try:
        module, _, name = json.loads((folder / MANIFEST).read_text("utf-8"))["class"].partition(":")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"{folder} holds no saved model: {error}.", "Train it again.") from None
    if not module.startswith(_OURS):
        raise ModelError(
            f"{folder} names the class {module}:{name}; only those under {_OURS}* are loaded.",
            "Train it again.",
        )
    try:
        kind = getattr(import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise ModelError(
            f"{folder} was saved by {module}:{name}, which is no more: {error}.", "Train it again."
        ) from None
    return cast("type[Forecaster]", kind).load(folder)
