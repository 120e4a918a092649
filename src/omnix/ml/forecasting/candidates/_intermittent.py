"""What the models of rare demand have in common: one rate of sale, for every day to come."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar

import numpy as np

from omnix.ml.forecasting.candidates._statsforecast import StatisticalModel
from omnix.ml.forecasting.candidates._tails import Floats


class IntermittentModel(StatisticalModel):
    """Forecasts what is mostly 0 by how often and how much was sold.

    Refunds that outweigh the sales of a day are demand too, of the other sign: what is above and
    what is below 0 are forecast apart.
    """

    family = "intermittent"
    needs = 6
    width: ClassVar[int] = 1

    @abstractmethod
    def model(self) -> Any:
        """A new model of statsforecast."""

    def one(self, y: Floats) -> tuple[Floats, str]:
        """The rate."""
        sides = (np.maximum(y, 0), np.maximum(-y, 0))
        above, below = (self._rate(side) if side.any() else 0.0 for side in sides)
        return np.array([above - below]), "rate"

    def _rate(self, demand: Floats) -> float:
        return float(self.model().forecast(y=demand, h=1)["mean"][0])
