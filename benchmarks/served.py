"""A service over the small sample shop and its first account: for benchmarks and for pictures."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.process import ROOT

#: Of an account that lives as long as the temporary home.
PASSWORD = "correct horse battery staple 47"
NAME, EMAIL = "Ada Example", "ada@shop.example"


@dataclass(frozen=True)
class Served:
    """A running service; `link` sets up its first account."""

    process: subprocess.Popen[str]
    url: str
    link: str


def sample_home(folder: Path) -> Path:
    """A home folder with the small sample shop and every table."""
    home = folder / "home"
    omnix(home, "init", "--sample", "small")
    omnix(home, "run")
    return home


def omnix(home: Path, *words: str) -> None:
    """One command on a home folder."""
    subprocess.run(
        [sys.executable, "-m", "omnix.cli.main", "--home", str(home), *words],
        check=True, capture_output=True, cwd=ROOT,
    )  # fmt: skip


@contextmanager
def served(home: Path, core: int | None = None) -> Iterator[Served]:
    """A service that answers, on one core when that is named; stopped in the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "omnix.cli.main", "--home", str(home), "serve", "--port", "0", "--quiet"],
        stdout=subprocess.PIPE, text=True, cwd=ROOT,
        env={**os.environ, "OMNIX_SERVICE_REQUESTS_PER_MINUTE": "100000000"},
        preexec_fn=None if core is None else lambda: pin(core),  # noqa: PLW1509
    )  # fmt: skip
    try:
        url, link = _told(process)
        _wait_for(url)
        yield Served(process, url, link)
    finally:
        process.terminate()
        process.wait()


def _told(process: subprocess.Popen[str]) -> tuple[str, str]:
    said = ""
    assert process.stdout
    for line in process.stdout:
        said += line
        if " is served at " in line:
            link = next((word for word in said.split() if "token=" in word), "")
            return line.split(" at ")[1].split()[0], link
    raise RuntimeError(f"the service did not start: {said}")


def _wait_for(url: str) -> None:
    for _ in range(3000):
        try:
            urllib.request.urlopen(f"{url}/health").read()
            return
        except OSError:
            time.sleep(0.01)
    raise RuntimeError(f"{url} does not answer")


def pin(core: int) -> None:
    """Keep this process on one core, counted as a list's index."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))[core]})


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser without a window."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        yield browser
        browser.close()


def set_up(browser: Any, link: str) -> Any:
    """Make the first account; give what a browser keeps of being signed in."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(link)
    page.fill("input[autocomplete=name]", NAME)
    page.fill("input[type=email]", EMAIL)
    page.fill("input[autocomplete=new-password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_selector("nav:visible")
    state = context.storage_state()
    context.close()
    return state
