"""How much is sold at a time and how long it takes until the next time, smoothed apart."""

from __future__ import annotations

from typing import Any

from omnix.ml.forecasting.candidates._costs import Costs
from omnix.ml.forecasting.candidates._intermittent import IntermittentModel


class Croston(IntermittentModel):
    """Croston (1972) with the correction of Syntetos & Boylan (2005), without which it says too much."""

    name = "croston"
    costs = Costs(0.0003, 0.002, 0.003)

    def model(self) -> Any:
        """A new model of statsforecast."""
        from statsforecast import models

        return models.CrostonSBA()
