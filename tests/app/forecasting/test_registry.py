"""Models told and changed through a child process."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from omnix.api import registry_models
from omnix.app.analytics.errors import NotFoundError
from omnix.app.app import App
from omnix.app.forecasting import registry
from omnix.app.forecasting.child import Child, ChildError, TookTooLongError
from omnix.app.forecasting.registry import Models
from omnix.app.forecasting.turns import TooManyError
from omnix.app.service import Service
from omnix.ml.forecasting import candidate
from omnix.ml.model import keep

NAME = "forecast-net_sales"


def trained(shop: Service, folder: Path) -> None:
    """Two versions: the first is champion, the second waits."""
    days = pd.date_range("2026-01-01", periods=60)
    history = pd.DataFrame({"unique_id": "shop=", "ds": days, "y": [float(n) for n in range(60)]})
    model = candidate("seasonal_naive").fit(history, seed=1)
    book = shop.app.models().registry
    for number in range(2):
        keep(model, folder / f"{number}")
        book.register(
            NAME,
            folder / f"{number}",
            {"mase_day_shop": 0.9 - number / 10},
            "data",
            "code",
            {"n": number},
        )
        if number == 0:
            book.promote(NAME, None)


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


@pytest.fixture
def far(shop: Service, monkeypatch: pytest.MonkeyPatch) -> Models:
    """Models of a registry elsewhere."""
    monkeypatch.setenv("OMNIX_MODELS_URL", "http://127.0.0.1:9")
    found = Models(App.open(shop.settings.home))
    monkeypatch.setattr(registry, "_FAR", 3_600.0)
    return found


def test_a_registry_that_does_not_answer_is_asked_once_for_all(
    far: Models, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def silent(child: Child) -> None:
        asked.append(child)
        raise TookTooLongError("The answer took more than 60 seconds and was given up.", "Ask for fewer models.")  # fmt: skip

    monkeypatch.setattr(registry, "answer_of", silent)
    for _ in range(3):
        with pytest.raises(TookTooLongError, match="The model registry did not answer") as told:
            far.listing()
        assert "models.url" in told.value.step
    assert len(asked) == 1


def test_who_waits_for_a_registry_does_not_take_all_threads(
    far: Models, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()

    def slow(child: Child) -> list[Any]:
        go_on.wait(60)
        return []

    monkeypatch.setattr(registry, "answer_of", slow)
    monkeypatch.setattr(registry, "_PLACES", 3)
    far = Models(far._app)
    with ThreadPoolExecutor(3) as pool:
        waiting = [pool.submit(far.listing) for _ in range(3)]
        while far._places._value:
            threading.Event().wait(0.01)
        with pytest.raises(TooManyError, match="3 wait for the model registry"):
            far.listing()
        go_on.set()
        assert [each.result(60)["data"] for each in waiting] == [[]] * 3
    assert far.listing()["data"] == []
