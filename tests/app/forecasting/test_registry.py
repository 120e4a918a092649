"""Models told and changed through a child process."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from omnix.api import registry_models
from omnix.app.analytics.errors import NotFoundError
from omnix.app.forecasting.child import ChildError
from omnix.app.service import Service
from omnix.ml.forecasting import candidate
from omnix.ml.model import keep

NAME = "forecast-net_sales"


def trained(shop: Service, folder: Path) -> None:
    """Two versions: the first is champion, the second waits."""
    days = pd.date_range("2026-01-01", periods=60)
    history = pd.DataFrame({"unique_id": "shop=", "ds": days, "y": [float(n) for n in range(60)]})
    model = candidate("seasonal_naive").fit(history, seed=1)
    registry = shop.app.models().registry
    for number in range(2):
        keep(model, folder / f"{number}")
        registry.register(
            NAME,
            folder / f"{number}",
            {"mase_day_shop": 0.9 - number / 10},
            "data",
            "code",
            {"n": number},
        )
        if number == 0:
            registry.promote(NAME, None)


def test_without_models_nothing_is_started(shop: Service) -> None:
    told = shop.forecasting.models.listing()
    assert told["data"] == []
    assert told["empty_because"] == "No model was trained yet."
    with pytest.raises(NotFoundError):
        shop.forecasting.models.promote(NAME)
    assert not (shop.settings.home / "models").exists()


@pytest.mark.slow
def test_models_are_told_promoted_and_rolled_back(shop: Service, tmp_path: Path) -> None:
    trained(shop, tmp_path / "drafts")
    models = shop.forecasting.models
    (one,) = models.listing()["data"]
    assert one["title"] == "Forecast of net sales"
    assert (one["champion"]["version"], one["challenger"]["version"]) == ("1.0.0", "1.1.0")
    (measure,) = one["champion"]["measures"]
    assert (measure["words"], measure["value"], measure["baseline"]) == ("MASE by day, shop", 0.9, None)  # fmt: skip
    assert (measure["score"], measure["grain"], measure["level"]) == ("mase", "day", "shop")
    assert [each["code"] for each in one["champion"]["reason_said"]] == ["first_champion"]
    registry_models.ModelAnswer.model_validate(one)
    assert models.card(NAME).startswith(f"# {NAME} 1.0.0")
    assert "| MASE by day, shop | 0.9 |" in models.card(NAME)
    assert models.promote(NAME)["version"] == "1.1.0"
    assert [each["state"] for each in models.one(NAME)["all"]] == ["champion", "former champion"]
    assert models.rollback(NAME, "Worse on Mondays.")["version"] == "1.0.0"
    assert models.one(NAME)["all"][0]["state"] == "rolled back"
    with pytest.raises(ChildError, match="first champion") as told:
        models.rollback(NAME, "Again.")
    assert told.value.status == 409
    with pytest.raises(ChildError, match="no version") as told:
        models.card(NAME, "9.9.9")
    assert told.value.status == 404
