"""The shelf: the champion without the registry, offers that win, lose or are refits, holds."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from ml.models import shop
from omnix.ml import shelf as shelves
from omnix.ml.compare import Verdict
from omnix.ml.errors import RegistryError
from omnix.ml.forecasting.candidates.moving_average import MovingAverage
from omnix.ml.forecasting.candidates.seasonal_naive import SeasonalNaive
from omnix.ml.shelf import Offer, Shelf

WON = Verdict(True, 0.12, 0.001, "12.0% less loss on 40 shared forecasts (p = 0.001).")
LOST = Verdict(False, -0.3, 0.9, "30.0% more loss on 40 shared forecasts (p = 0.9): no better.")


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    return Shelf(tmp_path_factory.mktemp("home") / "models")


def offer(shelf: Shelf, name: str, weeks: int, **more: object) -> str:
    model = (SeasonalNaive if weeks == 8 else MovingAverage)().fit(shop(), seed=1)
    made = Offer(name, model, {"mase": 0.5}, "d1", "c1", {"weeks": weeks}, **more)  # type: ignore[arg-type]
    return shelf.offer(made).semantic


@pytest.mark.slow
def test_a_worse_one_is_refused_a_better_one_promoted_and_a_rollback_is_held(shelf: Shelf) -> None:
    name = "forecast-test"
    assert shelf.champion(name) is None
    assert offer(shelf, name, 8) == "1.0.0"
    future = shop().groupby("unique_id").tail(5).drop(columns="y").reset_index(drop=True)
    first = shelf.champion(name)
    assert first is not None
    before = first.model().predict(future)
    assert offer(shelf, name, 1, verdict=LOST) == "1.0.0"
    assert offer(shelf, name, 2, verdict=WON) == "1.2.0"
    assert not shelf.held(name)
    mark = shelf.mark()
    assert shelf.rollback(name).semantic == "1.0.0"
    assert shelf.held(name)
    assert shelf.mark() != mark
    again = shelf.champion(name)
    assert again is not None
    assert again.model().predict(future).equals(before)
    assert offer(shelf, name, 3, verdict=LOST) == "1.0.0"
    assert shelf.held(name)
    assert offer(shelf, name, 4, verdict=WON) != "1.0.0"
    assert not shelf.held(name)


@pytest.mark.slow
def test_the_champion_s_own_choice_learnt_again_needs_no_verdict(shelf: Shelf) -> None:
    assert offer(shelf, "forecast-refit", 8) == "1.0.0"
    assert offer(shelf, "forecast-refit", 8, refit=True) == "1.0.1"


@pytest.mark.slow
@pytest.mark.parametrize("refit", [True, False])
def test_what_a_person_sets_while_a_run_trains_stays(shelf: Shelf, refit: bool) -> None:
    name = f"forecast-meanwhile-{refit}".lower()
    offer(shelf, name, 8)
    offer(shelf, name, 1, verdict=WON)
    shelf.rollback(name)  # after a run began over 1.1.0
    assert offer(shelf, name, 2, verdict=WON, refit=refit, over="1.1.0") == "1.0.0"
    assert shelf.held(name)
    assert offer(shelf, name, 3, verdict=WON, over="1.0.0") != "1.0.0"


@pytest.mark.slow
def test_a_person_may_promote_what_lost(shelf: Shelf) -> None:
    offer(shelf, "forecast-hand", 8)
    offer(shelf, "forecast-hand", 1, verdict=LOST)
    assert shelf.promote("forecast-hand", "1.1.0").semantic == "1.1.0"
    assert shelf.held("forecast-hand")
    champion = shelf.champion("forecast-hand")
    assert champion is not None
    assert champion.semantic == "1.1.0"


@pytest.mark.slow
def test_what_killed_runs_left_behind_goes_after_a_day(shelf: Shelf) -> None:
    left = [shelf.root / "drafts" / name for name in ("old", "fresh")]
    for each in left:
        (each / "model").mkdir(parents=True)
    os.utime(left[0], (0, 0))
    offer(shelf, "forecast-drafts", 8)
    assert [each.exists() for each in left] == [False, True]


def test_a_disk_that_is_full_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(model: object, folder: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shelves, "keep", full)
    with pytest.raises(
        RegistryError, match=r"forecast-full cannot be kept in .*: No space left"
    ) as told:
        offer(Shelf(tmp_path / "models"), "forecast-full", 8)
    assert "Make room there" in told.value.step
    assert list((tmp_path / "models" / "drafts").iterdir()) == []
