"""The forecasting models in words, from their own declarations."""

from __future__ import annotations

import inspect
from functools import cache

_ENSEMBLE = "The weighted mean of the best candidates; the weights follow their past errors."


@cache
def about(name: str) -> str:
    """What a model is, in a sentence; empty for one that is not there any more."""
    from omnix.core.errors import OmnixError
    from omnix.ml.forecasting import candidate

    if name == "ensemble":
        return _ENSEMBLE
    try:
        doc = inspect.getdoc(type(candidate(name))) or ""
    except OmnixError:
        return ""
    return " ".join(doc.partition("\n\n")[0].split())
