"""The sample shop: invented, seeded, with the structure and the dirt of a real one.

What was planted is written beside it, for tests and benchmarks to score models against.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from omnix.core.errors import SettingsError, nearest

from .sizes import SIZES, Size

__all__ = ["SIZES", "SampleShop", "Size", "make_sample_shop"]


@dataclass(frozen=True)
class SampleShop:
    """A sample shop on disk.

    `shop` holds one `<table>.parquet` per table of the agreed shape; `truth` what was planted;
    `rows` counts the rows of each table, dirt included.
    """

    shop: Path
    truth: Path
    rows: Mapping[str, int]


def make_sample_shop(
    folder: Path,
    *,
    size: str = "medium",
    seed: int = 20260101,
    progress: Callable[[str], None] | None = None,
) -> SampleShop:
    """Write `folder/shop` and `folder/truth`; the same size and seed give the same bytes.

    `progress` is told the name of each step as it begins. The shop's last day is 2026-06-30.

    Raises:
        SettingsError: there is no such size.

    """
    if size not in SIZES:
        raise SettingsError(
            f"There is no sample shop of size {size!r}.",
            f"{nearest(size, SIZES)}The sizes are {', '.join(SIZES)}.",
        )
    from .shop import build

    rows = build(Path(folder), SIZES[size], seed, progress or _silent)
    return SampleShop(Path(folder) / "shop", Path(folder) / "truth", rows)


def _silent(_step: str) -> None:
    """Tell nobody."""
