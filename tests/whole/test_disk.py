"""A full disk and a home that cannot be written: told in words, nothing lost, the next run goes on."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.command import omnix
from omnix.core.settings import save
from shop import query
from whole import tiny

SIZE = 24 << 20


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 24 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(place)], capture_output=True, check=False
    )  # fmt: skip
    if not mounted or mounted.returncode:
        pytest.skip("A small disk needs the right to mount (root).")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def fill(disk: Path, leave: int) -> Path:
    """Leave only so many bytes free."""
    ballast = disk / "ballast"
    free = os.statvfs(disk)
    with ballast.open("wb") as file:
        for _ in range((free.f_bavail * free.f_frsize - leave) // 4096):
            file.write(bytes(4096))
    return ballast


def wide(orders: int) -> dict[str, list[tiny.Row]]:
    """A shop whose orders hold long notes that do not compress."""
    made = tiny.tables(orders=orders)
    for row in made["orders"]:
        row["notes"] = os.urandom(600).hex().translate(str.maketrans("0123456789", "ghijklmnop"))
    return made


@pytest.mark.parametrize("leave", [0, 200 << 10, 1 << 20, 2 << 20])
def test_a_disk_that_fills_up_in_the_middle(small_disk: Path, tmp_path: Path, leave: int) -> None:
    """At `leave` = 0 nothing can be written; further up raw fits, and a publish does not."""
    source = tiny.write(tmp_path / "shop", wide(40))
    home = tiny.home_of(source, small_disk / "home")
    assert omnix(home, "run").code == 0
    before = query(home, "select * from orders order by order_id", "orders")
    tiny.write(source, wide(2000))
    ballast = fill(small_disk, leave)
    told = omnix(home, "run")
    assert told.code == 4, told.words
    assert "the disk is full" in told.words
    assert "Free some space" in told.words
    assert "Traceback" not in told.words
    rows = query(home, "select * from orders order by order_id", "orders")
    assert rows == before or len(rows) == 2000
    assert omnix(home, "tables").code == 0
    assert omnix(home, "show", "sales_daily").code == 0

    ballast.unlink()
    assert omnix(home, "run").code == 0
    assert len(tiny.ids(home, "orders", "order_id")) == 2000
    assert tiny.balanced(home)
    assert omnix(home, "doctor", "--json").json[1]["fix"]  # that disk has less than a gigabyte


def test_a_home_that_cannot_be_written_still_reads(tmp_path: Path, small_disk: Path) -> None:
    source = tiny.write(tmp_path / "shop")
    home = tiny.home_of(source, small_disk / "home")
    assert omnix(home, "run").code == 0
    tiny.write(source, tiny.tables(orders=14))
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    told = omnix(home, "run")
    assert told.code == 2
    assert f"The home folder {home} cannot be written: Read-only file system." in told.words
    assert omnix(home, "show", "orders", "--limit", 0).code == 0
    assert omnix(home, "tables").code == 0
    found = omnix(home, "doctor", "--json").json
    assert any("cannot be written" in each["found"] for each in found)
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    assert omnix(home, "run").code == 0
    assert len(tiny.ids(home, "orders", "order_id")) == 14


def test_init_on_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    source = tiny.write(tmp_path / "shop")
    (tmp_path / "file").write_text("")
    told = omnix(tmp_path / "file" / "home", "init", "--from", source)
    assert told.code == 2
    assert f"The home folder {tmp_path / 'file' / 'home'} cannot be written" in told.words


def test_a_lake_on_another_disk(tmp_path: Path, small_disk: Path) -> None:
    """`lake` may lie elsewhere; the disk that counts is that of the lake."""
    source = tiny.write(tmp_path / "shop")
    home = tiny.home_of(source, tmp_path / "home")
    save(home, {"lake": str(small_disk / "lake")})
    assert omnix(home, "run").code == 0
    assert (small_disk / "lake" / "curated" / "orders").is_dir()
    assert not (home / "lake").exists()
    (disk,) = [each for each in omnix(home, "doctor", "--json").json if each["what"] == "disk"]
    assert disk["fix"]
