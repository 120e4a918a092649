"""How much is sold at a time and how likely a sale is, the latter falling day by day."""

from __future__ import annotations

from typing import Any

from omnix.ml.forecasting.candidates._costs import Costs
from omnix.ml.forecasting.candidates._intermittent import IntermittentModel


class Tsb(IntermittentModel):
    """Teunter, Syntetos & Babai (2011): an item that is no longer sold goes to 0."""

    name = "tsb"
    costs = Costs(0.0003, 0.002, 0.003)

    def model(self) -> Any:
        """A new model of statsforecast."""
        from statsforecast import models

        return models.TSB(alpha_d=0.1, alpha_p=0.1)
