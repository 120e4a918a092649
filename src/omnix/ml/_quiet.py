"""Warnings of libraries that help nobody who reads a forecast."""

from __future__ import annotations

import warnings

#: Whose warnings are not shown: a search that stops early, a table of chances that ends.
_LOUD = r"(statsforecast|statsmodels|numba|prophet|cmdstanpy|omnix\.ml\.(stationarity|forecasting\.candidates))\b"


def quiet() -> None:
    """Mute them for the whole process.

    Tables are built in threads: what `warnings.catch_warnings` sets in one, another takes away again.
    """
    warnings.filterwarnings("ignore", module=_LOUD)
