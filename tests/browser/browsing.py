"""A real Chromium on the real dashboard of a real service."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from serving import Served

ROOT = Path(__file__).parents[2]
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
BUILT = ROOT / "src" / "omnix" / "api" / "dashboard" / "index.html"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

needs_browser = pytest.mark.skipif(
    not (CHROMIUM and BUILT.exists() and AXE.exists()),
    reason="needs Chromium and the built dashboard: `make setup-test dashboard`",
)

#: WCAG 2.2 AA, as axe-core names it.
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser; each test opens contexts of its own in it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@contextmanager
def window(
    browser: Any, *, width: int = 1440, dark: bool = False, language: str = "en", **more: Any
) -> Iterator[Any]:
    """A page in a window of its own; whatever it complains of in the console fails the test."""
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
        locale={"en": "en-GB", "he": "he-IL"}[language],
        **more,
    )
    page = context.new_page()
    page.set_default_timeout(20_000)
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.complaints = complaints
    yield page
    context.close()
    assert complaints == []


def sign_in(page: Any, served: Served, email: str, password: str) -> None:
    """Type address and password, and wait until the dashboard is there."""
    page.goto(f"{served.url}/sign-in")
    page.fill("input[type=email]", email)
    page.fill("input[type=password]", password)
    page.click("button[type=submit]")
    page.wait_for_selector("nav:visible")


def settle(page: Any) -> None:
    """Wait until the page has what it asked for."""
    from playwright.sync_api import expect

    page.wait_for_selector("h1")
    expect(page.locator("[aria-busy=true], .MuiSkeleton-root")).to_have_count(0, timeout=20_000)


def violations(page: Any) -> list[str]:
    """What axe finds against WCAG 2.2 AA, in words."""
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate(
        "async rules => (await axe.run(document, {runOnly: {type: 'tag', values: rules}})).violations",
        _RULES,
    )
    return [f"{v['id']}: {v['nodes'][0]['target']} {v['help']}" for v in found]


def too_wide(page: Any) -> bool:
    """Whether the page scrolls sideways."""
    wide: bool = page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
    return wide


def declared_paths() -> set[str]:
    """Every page's path, as the feature folders declare them."""
    features = (ROOT / "frontend" / "src" / "features").glob("*/feature.ts")
    return {
        path
        for file in features
        for path in re.findall(r"path: '([^']+)'", file.read_text("utf-8"))
    }
