"""Closed days learnt from sales, holidays, and what both tell a model: one place to import from."""

from __future__ import annotations

from omnix.ml.forecasting.covariates import covariates, filled, holidays_of, shut
from omnix.ml.forecasting.learning import learn
from omnix.ml.forecasting.opening import Calendar, Feast

__all__ = [
    "Calendar",
    "Feast",
    "covariates",
    "filled",
    "holidays_of",
    "learn",
    "shut",
]
