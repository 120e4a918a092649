"""Every model, found by introspection, passes every check. A new candidate is here without a word."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import MappingProxyType

import pytest

from omnix.ml.checks import Subject, checks
from omnix.ml.model import keep, reopen

forecasting = pytest.importorskip("omnix.ml.forecasting", reason="there are no candidates yet")
FOUND = forecasting.candidates()
CANDIDATES = MappingProxyType(
    dict(FOUND) if hasattr(FOUND, "keys") else {each().name: each for each in FOUND}
)


@cache
def subject(name: str) -> Subject:
    """Fitted once for all its checks."""
    return Subject(CANDIDATES[name])


@pytest.mark.slow
@pytest.mark.parametrize("check", checks())
@pytest.mark.parametrize("name", sorted(CANDIDATES))
def test_every_model_passes(name: str, check: str) -> None:
    checks()[check](subject(name))


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(CANDIDATES))
def test_every_model_finds_its_class_again(name: str, tmp_path: Path) -> None:
    one = subject(name)
    keep(one.fitted, tmp_path / "model")
    assert reopen(tmp_path / "model").predict(one.future).equals(one.answer)


def test_names_are_the_candidates_own() -> None:
    assert CANDIDATES
    assert {name: CANDIDATES[name]().name for name in CANDIDATES} == {
        name: name for name in CANDIDATES
    }
