"""A saved model finds its class again, and nothing else's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ml.models import WeekdayMean, shop
from omnix.ml.errors import ModelError, NotFittedError, TooLittleData
from omnix.ml.model import MANIFEST, Forecaster, keep, reopen


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("omnix.ml.model._OURS", "ml.models")
    keep(WeekdayMean().fit(shop(), seed=1), tmp_path / "model")
    return tmp_path / "model"


def test_a_kept_model_answers_the_same(kept) -> None:
    model = reopen(kept)
    assert isinstance(model, Forecaster)
    assert isinstance(model, WeekdayMean)
    asked = shop(9)[["unique_id", "ds"]]
    assert model.predict(asked).equals(WeekdayMean().fit(shop(), seed=1).predict(asked))


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("{", "holds no saved model"),
        ("{}", "holds no saved model"),
        ("[]", "holds no saved model"),
        ('{"class": 3}', "holds no saved model"),
        ('{"class": "os:system"}', "names the class os:system"),
        ('{"class": "ml.models:Gone"}', "which is no more"),
        ('{"class": "ml.models_gone:Gone"}', "which is no more"),
    ],
)
def test_what_is_no_model_of_ours_is_not_loaded(kept, said, told) -> None:
    (kept / MANIFEST).write_text(said)
    with pytest.raises(ModelError, match=told):
        reopen(kept)


def test_only_our_own_classes_are_loaded(kept, monkeypatch) -> None:
    monkeypatch.undo()
    assert json.loads((kept / MANIFEST).read_text())["class"] == "ml.models:WeekdayMean"
    with pytest.raises(ModelError, match=r"only those under omnix\.ml\."):
        reopen(kept)


def test_a_folder_without_a_model(tmp_path) -> None:
    with pytest.raises(ModelError, match="holds no saved model"):
        reopen(tmp_path)


def test_errors_say_what_is_needed() -> None:
    error = TooLittleData("The series 'a' has 3 days.", "14 days")
    assert (error.needed, str(error)) == ("14 days", "The series 'a' has 3 days. Needed: 14 days.")
    assert "'theta' is not fitted" in str(NotFittedError("theta"))
