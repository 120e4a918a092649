"""The sales of as many periods as lie between two of them, smoothed and shared out again."""

from __future__ import annotations

from typing import Any

from omnix.ml.forecasting.candidates._costs import Costs
from omnix.ml.forecasting.candidates._intermittent import IntermittentModel


class Adida(IntermittentModel):
    """Nikolopoulos et al. (2011): adding up the zeros away."""

    name = "adida"
    costs = Costs(0.0003, 0.002, 0.003)

    def model(self) -> Any:
        """A new model of statsforecast."""
        from statsforecast import models

        return models.ADIDA()
