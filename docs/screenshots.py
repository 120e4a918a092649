"""Take the pictures of the dashboard that the documentation shows: `make screenshots`.

A home folder with the small sample shop is made in a temporary place, served on a free port, and
every page is photographed by Chromium: at a desk and on a phone, light and dark.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.served import chromium, sample_home, served, set_up

HERE = Path(__file__).parent
PICTURES = HERE / "pictures"

#: Each picture's name and the page that it shows.
PAGES = {
    "home": "/",
    "system": "/systems/market_intelligence",
    "forecast": "/market-intelligence/forecast",
    "comparison": "/market-intelligence/comparison",
    "scoreboard": "/market-intelligence/scoreboard",
    "trends": "/market-intelligence/trends",
    "pricing": "/market-intelligence/pricing",
    "models": "/market-intelligence/models",
    "model": "/market-intelligence/models/forecast-net_sales",
    "data": "/data",
    "table": "/data/sales_daily",
    "lineage": "/data/lineage?table=sales_daily",
    "quality": "/quality",
    "books": "/books",
    "quarantine": "/quarantine",
    "quarantine-table": "/quarantine/orders",
    "runs": "/runs",
    "run": "/runs/{run}",
    "compare": "/runs/compare",
    "sql": "/sql",
    "profile": "/settings",
    "security": "/settings/security",
    "sessions": "/settings/sessions",
    "keys": "/settings/keys",
    "users": "/settings/users",
    "audit": "/settings/audit",
    "systems": "/settings/systems",
    "new-system": "/settings/systems/new",
    "settings": "/settings/service",
    "speed": "/settings/speed",
    "not-found": "/no/such/page",
}
SIGNED_OUT = {
    "sign-in": "/sign-in",
    "register": "/register",
    "forgot": "/forgot-password",
}
#: Name of a look: width, dark, language. The first is the one that the guide shows.
LOOKS = {
    "desk": (1280, False, "en"),
    "desk-dark": (1280, True, "en"),
    "phone": (360, False, "en"),
    "phone-hebrew": (360, True, "he"),
}


def main() -> None:
    """Take every picture anew."""
    looks = {name: LOOKS[name] for name in sys.argv[1:]} or LOOKS
    with (
        tempfile.TemporaryDirectory() as folder,
        served(sample_home(Path(folder))) as service,
        chromium() as browser,
    ):
        state = set_up(browser, service.link)
        for look in looks:
            photograph(browser, service.url, state, look)


def photograph(browser: Any, address: str, state: Any, look: str) -> None:
    """Every page in one look."""
    width, dark, language = LOOKS[look]
    folder = PICTURES / look
    folder.mkdir(parents=True, exist_ok=True)
    more = {
        "viewport": {"width": width, "height": 800},
        "color_scheme": "dark" if dark else "light",
        "reduced_motion": "reduce",
        "locale": {"en": "en-GB", "he": "he-IL"}[language],
    }
    context = browser.new_context(storage_state=state, **more)
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("nav:visible")
    speak(page, language)
    run = page.evaluate(ASK, ["GET", "/api/v1/runs", None])["data"][0]["run_id"]
    for name, path in PAGES.items():
        take(page, address + path.format(run=run), folder / f"{name}.png")
    state.update(context.storage_state())  # the session's token turned over meanwhile
    context.close()
    context = browser.new_context(**more)
    page = context.new_page()
    for name, path in SIGNED_OUT.items():
        take(page, address + path, folder / f"{name}.png")
    context.close()


#: Asks the API as the dashboard does: the session's cookie gives an access token.
ASK = """async ([method, path, body]) => {
    const session = await fetch('/api/v1/auth/refresh', {method: 'POST', headers: {'X-Omnix-Client': 'dashboard', 'Content-Type': 'application/json'}, body: '{}'});
    const token = (await session.json()).accessToken;
    const answer = await fetch(path, {method, headers: {Authorization: `Bearer ${token}`, 'Content-Type': 'application/json'}, body: body && JSON.stringify(body)});
    return answer.json();
}"""


def speak(page: Any, language: str) -> None:
    """Choose the account's language."""
    page.evaluate(ASK, ["PATCH", "/api/v1/user/profile", {"language": language}])


def take(page: Any, address: str, file: Path) -> None:
    """One picture, once the page has what it asked for."""
    from playwright.sync_api import expect

    page.goto(address)
    page.wait_for_selector("h1")
    expect(page.locator("[aria-busy=true], .MuiSkeleton-root")).to_have_count(0, timeout=20_000)
    page.wait_for_timeout(300)  # fonts and charts
    page.screenshot(path=file, animations="disabled")


if __name__ == "__main__":
    main()
