"""The pages of Market Intelligence with a keyboard, a phone and a file, on the sample shop."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from browser.browsing import (
    chromium,
    needs_browser,
    settle,
    sign_in,
    too_wide,
    violations,
    window,
)
from serving import PASSWORD, Served, email_of

pytestmark = [pytest.mark.slow, needs_browser]

FORECAST = "/market-intelligence/forecast"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def forecasts(served: Served) -> bool:
    """Whether the shop has forecasts; without them the pages say why, which the walk looks at."""
    answer = served.get("/market-intelligence/series")
    assert answer.status_code == 200, answer.text
    return bool(answer.json()["forecast"])


def _open(page: Any, served: Served, address: str, role: str = "admin") -> None:
    sign_in(page, served, email_of(role), PASSWORD)
    page.goto(served.url + address)
    settle(page)


def _speak(served: Served, language: str) -> None:
    with served.client("admin") as client:
        client.patch("/api/v1/user/profile", json={"language": language}).raise_for_status()


@pytest.mark.parametrize(("language", "inward"), [("en", "ArrowRight"), ("he", "ArrowLeft")])
def test_a_country_is_chosen_by_keyboard(
    browser: Any, served: Served, language: str, inward: str
) -> None:
    _speak(served, language)
    with window(browser, language=language) as page:
        _open(page, served, FORECAST)
        page.locator("[role=tree]").focus()
        page.keyboard.press("Home")
        page.keyboard.press("ArrowDown")
        page.keyboard.press(inward)
        page.wait_for_selector("[role=treeitem][data-key^='country=']")
        page.keyboard.press(inward)
        page.keyboard.press("Enter")
        page.wait_for_url("**level=country**")
        settle(page)
        page.wait_for_selector("[role=treeitem][aria-selected=true][data-key^='country=']")
        assert page.locator("[role=treeitem][aria-selected=true]").count() == 1
        page.go_back()
        page.wait_for_url(f"**{FORECAST}")
        assert violations(page) == []
    _speak(served, "en")


@pytest.mark.parametrize("language", ["en", "he"])
def test_a_phone_finds_a_part_in_a_sheet(browser: Any, served: Served, language: str) -> None:
    _speak(served, language)
    with window(browser, width=360, language=language) as page:
        _open(page, served, FORECAST)
        page.click("main [aria-haspopup=dialog]")
        page.wait_for_selector("[role=dialog] [data-key^='category=']")
        assert violations(page) == []
        least = page.locator("[role=dialog] [role=treeitem]").evaluate_all(
            "rows => Math.min(...rows.map(row => row.getBoundingClientRect().height))"
        )
        assert least >= 44
        page.locator("[role=dialog] [data-key^='category=']").first.click()
        page.wait_for_url("**level=category**")
        settle(page)
        assert not too_wide(page)
    _speak(served, "en")


def test_the_figures_of_the_chart_are_a_table_too(
    browser: Any, served: Served, forecasts: bool
) -> None:
    if not forecasts:
        pytest.skip("the shop has no forecasts")
    with window(browser) as page:
        _open(page, served, f"{FORECAST}?grain=week")
        figure = page.locator("main figure").first
        assert figure.locator("path[data-band]").count() == 3
        figure.locator("[aria-haspopup=menu]").click()
        page.locator("[role=menuitem]").first.click()
        assert figure.locator("table tbody tr").count() > 13
        assert violations(page) == []


def test_a_promotion_is_tried_out(browser: Any, served: Served, forecasts: bool) -> None:
    if not forecasts:
        pytest.skip("the shop has no forecasts")
    with window(browser) as page:
        page.set_default_timeout(120_000)
        _open(page, served, FORECAST)
        with page.expect_response(lambda answer: answer.url.endswith("/what-if")) as answered:
            page.click("main form button[type=submit]")
        assert answered.value.ok, answered.value.text()
        page.wait_for_selector("main form figure")
        assert violations(page) == []


def test_a_file_with_other_columns_is_refused_in_words(browser: Any, served: Served) -> None:
    with window(browser) as page:
        _open(page, served, "/market-intelligence/pricing")
        wrong = {"name": "prices.csv", "mimeType": "text/csv", "buffer": b"product,price\np1,9\n"}
        page.set_input_files("input[type=file]", wrong)
        alert = page.locator("main [role=alert]")
        assert "competitor_name" in alert.inner_text()
        assert violations(page) == []


def test_who_may_not_start_runs_sends_no_file(browser: Any, served: Served) -> None:
    with window(browser) as page:
        _open(page, served, "/market-intelligence/pricing", role="analyst")
        assert page.locator("input[type=file]").count() == 0


def test_the_system_leads_to_its_pages(browser: Any, served: Served) -> None:
    with window(browser) as page:
        _open(page, served, "/systems/market_intelligence")
        links = page.locator("main nav a[href^='/market-intelligence/']")
        assert links.count() == 6
        links.first.click()
        page.wait_for_url(f"**{FORECAST}")
