"""The pages of Market Intelligence with a keyboard, a phone and a file, on the sample shop."""

from __future__ import annotations

import re
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
        assert answered.value.ok
        page.wait_for_selector("main form figure")
        past = page.locator("main form ul li").first.inner_text()
        assert "past promotion" in past, past
        assert violations(page) == []


@pytest.mark.parametrize(("language", "width"), [("en", 1440), ("he", 360)])
def test_what_is_worked_out_is_told_and_stopped_and_nothing_moves(
    browser: Any, served: Served, forecasts: bool, language: str, width: int
) -> None:
    if not forecasts:
        pytest.skip("the shop has no forecasts")
    _speak(served, language)
    with window(browser, width=width, language=language) as page:
        page.set_default_timeout(120_000)
        # A part of its own: what another test has asked is answered at once.
        part = served.get("/market-intelligence/levels?level=category&limit=2").json()["data"]
        item = part[0 if language == "en" else 1]["item"]
        _open(page, served, f"{FORECAST}?level=category&item={item}&horizon=365")
        figure = page.locator("main figure").first
        ask = figure.get_by_role("button", name=re.compile("365"))
        before = figure.bounding_box()["height"]
        ask.click()
        page.wait_for_selector("main figure [role=progressbar]")
        page.wait_for_function(
            "() => /[1-9]\\d* \\D+ [1-9]\\d*/.test(document.querySelector('main figure [role=status]').innerText)"
        )
        assert figure.bounding_box()["height"] == before
        assert violations(page) == []
        assert not too_wide(page)
        figure.get_by_role("button", name={"en": "Stop", "he": "עצירה"}[language]).click()
        page.wait_for_selector("main figure [role=progressbar]", state="detached")
        assert figure.bounding_box()["height"] == before
        assert figure.locator("[role=status]").first.inner_text()
        assert ask.is_enabled()
    _speak(served, "en")


#: Three English words in a row, which no name of the shop's own and no citation is.
_ENGLISH = re.compile(r"\b(?:[A-Za-z]{2,} ){3,}[A-Za-z]{2,}")
_PAGES = (
    "forecast", "forecast?grain=month", "comparison", "comparison?level=product", "scoreboard",
    "trends", "pricing", "models",
)  # fmt: skip


def test_hebrew_pages_say_nothing_in_english(browser: Any, served: Served, forecasts: bool) -> None:
    if not forecasts:
        pytest.skip("the shop has no forecasts")
    _speak(served, "he")
    names = _names(served)
    models = [f"models/{each['name']}" for each in served.get("/models").json()["data"][:1]]
    with window(browser, language="he") as page:
        _open(page, served, FORECAST)
        for path in (*_PAGES, *models):
            page.goto(f"{served.url}/market-intelligence/{path}")
            settle(page)
            page.wait_for_selector("main h1")
            text = page.inner_text("main")
            for name in names:
                text = text.replace(name, "")
            assert _ENGLISH.findall(text) == [], path
    _speak(served, "en")


def _names(served: Served) -> list[str]:
    """What the shop itself calls its products and promotions, the longest first."""
    prices = served.get("/market-intelligence/competitive-pricing").json()["pricing"]
    events = served.get("/market-intelligence/series?history=365").json()["events"]
    promotions = {each["label"] for each in events if each["kind"] in {"promotion", "holiday"}}
    found = {each["product_name"] for each in prices} | promotions
    return sorted(found, key=len, reverse=True)


def test_rows_of_a_file_that_are_set_aside_are_found_by_its_number(
    browser: Any, served: Served
) -> None:
    product = served.get("/market-intelligence/competitive-pricing").json()["pricing"][0][
        "product_id"
    ]
    lines = f"{product},Rival,5,2026-06-20\n{product},Rival 2,free,2026-06-20\n"
    head = "product_id,competitor_name,competitor_price,observed_at\n"
    with window(browser) as page:
        page.set_default_timeout(120_000)
        _open(page, served, "/market-intelligence/pricing")
        feed = {"name": "prices.csv", "mimeType": "text/csv", "buffer": (head + lines).encode()}
        page.set_input_files("input[type=file]", feed)
        page.get_by_role("button", name="Send", exact=True).click()
        page.wait_for_selector("main a[href*='upload=']")
        page.wait_for_selector("main li:has-text('Rival 2')")
        assert violations(page) == []
        page.click("main a[href*='upload=']")
        page.wait_for_url("**/quarantine/competitor_prices?upload=**")
        settle(page)
        assert page.locator("main ul > li").count() == 1
        assert "Rival 2" in page.inner_text("main")
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
