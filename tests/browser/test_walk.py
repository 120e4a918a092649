"""A person walks through every page: both languages, phone and desk, light and dark."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from typing import Any

import pytest

from browser.browsing import (
    chromium,
    declared_paths,
    needs_browser,
    settle,
    sign_in,
    too_wide,
    violations,
    window,
)
from serving import PASSWORD, Served, email_of

pytestmark = [pytest.mark.slow, needs_browser]

#: An address for each declared page; one without stands for itself.
ADDRESSES = {
    "/data/:table": "/data/sales_daily",
    "/systems/:system": "/systems/market_intelligence",
    "/quarantine/:table": "/quarantine/orders",
}
MODEL = "/market-intelligence/models/:model"
SIGNED_OUT = {
    "/sign-in",
    "/register",
    "/forgot-password",
    "/reset-password",
    "/verify-email",
    "/setup",
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def addresses(served: Served) -> list[str]:
    """Every page behind the sign-in, with a run to look at."""
    runs = served.get("/runs").json()["data"]
    known = {**ADDRESSES, "/runs/:runId": f"/runs/{runs[0]['run_id']}"}
    paths = sorted(declared_paths() - SIGNED_OUT)
    if models := served.get("/models").json()["data"]:
        known[MODEL] = MODEL.replace(":model", models[0]["name"])
    else:  # a shop without a trained model has no page of one
        paths.remove(MODEL)
    missing = [path for path in paths if ":" in path and path not in known]
    assert not missing, f"give an address for {missing}"
    return [known.get(path, path) for path in paths] + ["/no/such/page"]


def _speak(served: Served, language: str) -> None:
    with served.client("admin") as client:
        answer = client.patch("/api/v1/user/profile", json={"language": language, "theme": "auto"})
        assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("language", "width", "dark"),
    [("en", 1440, False), ("en", 360, True), ("he", 1440, True), ("he", 360, False)],
)
def test_every_page(
    browser: Any, served: Served, addresses: list[str], language: str, width: int, dark: bool
) -> None:
    _speak(served, language)
    wrong: list[str] = []
    with window(browser, width=width, dark=dark, language=language) as page:
        sign_in(page, served, email_of("admin"), PASSWORD)
        for address in addresses:
            page.goto(served.url + address)
            settle(page)
            html = page.locator("html")
            told = [] if html.get_attribute("lang") == language else ["another language"]
            told += (
                []
                if html.get_attribute("dir") == ("rtl" if language == "he" else "ltr")
                else ["dir"]
            )
            told += ["scrolls sideways"] if too_wide(page) else []
            wrong += [f"{address}: {each}" for each in (*told, *violations(page), *page.complaints)]
            page.complaints.clear()
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("width", [1440, 360])
def test_the_pages_before_the_sign_in(browser: Any, served: Served, width: int) -> None:
    wrong: list[str] = []
    for language in ("en", "he"):
        with window(browser, width=width, language=language) as page:
            for address in sorted(SIGNED_OUT):
                page.goto(served.url + address)
                settle(page)
                found = [*violations(page), *(["scrolls sideways"] if too_wide(page) else [])]
                wrong += [f"{address} ({language}): {each}" for each in found]
    assert not wrong, "\n".join(wrong)


def test_a_person_registers_confirms_and_is_let_in_by_an_admin(
    browser: Any, served: Served
) -> None:
    with window(browser) as page:
        page.goto(f"{served.url}/register")
        page.fill("input[autocomplete=name]", "Mira Newcomer")
        page.fill("input[type=email]", "mira@shop.example")
        page.fill("input[autocomplete=new-password]", PASSWORD)
        _send(page, "/auth/register")
        page.goto(_link_to(served, "mira@shop.example", "verify-email"))
        settle(page)
        sign_in(page, served, "mira@shop.example", PASSWORD)
        assert page.locator("a[href='/data']").count() == 0
        _give_role(served, "mira@shop.example", "analyst")
        sign_in(page, served, "mira@shop.example", PASSWORD)  # a new role ends older sessions …
        page.complaints.clear()  # … which the browser reports as 401
        page.wait_for_selector("a[href='/data']")
        page.click("a[href='/data']")
        settle(page)
        assert page.get_by_text("sales_daily").count() > 0
        assert page.locator("a[href='/settings/users']").count() == 0


def test_a_forgotten_password_is_set_anew(browser: Any, served: Served) -> None:
    link = served.accounts.users.invite("forgetful@shop.example", "Noa", "analyst", by=None).link
    served.accounts.passwords.reset(link.rpartition("token=")[2], PASSWORD)
    with window(browser) as page:
        page.goto(f"{served.url}/forgot-password")
        page.fill("input[type=email]", "forgetful@shop.example")
        _send(page, "/auth/forgot-password")
        page.goto(_link_to(served, "forgetful@shop.example", "reset-password"))
        page.fill("input[autocomplete=new-password]", PASSWORD + " anew")
        _send(page, "/auth/reset-password")
        sign_in(page, served, "forgetful@shop.example", PASSWORD + " anew")


def test_a_page_that_a_role_may_not_see_says_so(browser: Any, served: Served) -> None:
    with window(browser) as page:
        sign_in(page, served, email_of("analyst"), PASSWORD)
        page.goto(f"{served.url}/settings/users")
        settle(page)
        assert page.locator("main h1").inner_text() != ""
        assert page.get_by_text("admin@shop.example").count() == 0


def _send(page: Any, path: str) -> None:
    """Press the form's button and wait until the service has taken it."""
    with page.expect_response(lambda answer: answer.url.endswith(path)) as answered:
        page.click("button[type=submit]")
    assert answered.value.ok, answered.value.text()


def _link_to(served: Served, address: str, page: str) -> str:
    """The newest link to a page in the mails to an address."""
    served.accounts.settle()
    outbox = served.service.settings.home / "outbox"
    mails = sorted(outbox.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    read = (message_from_bytes(mail.read_bytes(), policy=policy.default) for mail in mails)
    bodies = (m.get_body(("plain",)) for m in read if address in str(m["To"]))
    found = (re.search(rf"/{page}#token=\S+", body.get_content()) for body in bodies if body)
    return served.url + next(link[0] for link in found if link)


def _give_role(served: Served, address: str, role: str) -> None:
    with served.client("admin") as client:
        (person,) = client.get("/api/v1/admin/users", params={"search": address}).json()["data"]
        answer = client.patch(f"/api/v1/admin/users/{person['id']}", json={"role": role})
        assert answer.status_code == 200, answer.text
