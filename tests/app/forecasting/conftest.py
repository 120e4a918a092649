"""A service over tables that were published by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.forecasting.hand import service as by_hand
from omnix.app.service import Service


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """A home without a table."""
    monkeypatch.delenv("OMNIX_HOME", raising=False)
    found = by_hand(tmp_path / "home")
    yield found
    found.close()
