"""What a person at the dashboard waits for: largest paint, reaction, shift, bytes of script.

Headless Chromium on loopback, the browser's own measurements (web.dev/vitals); medians over loads
in fresh windows. Served by the real service, on the first core, over the small sample shop; the
browser has every core, as a person's has.
"""

from __future__ import annotations

import gzip
import json
import statistics
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.process import ROOT
from benchmarks.report import Figure
from benchmarks.served import chromium, sample_home, served, set_up

BUILT = ROOT / "src" / "omnix" / "api" / "dashboard"
RUNS = 5
_PAGES = {
    "home": "/",
    "data": "/data",
    "table": "/data/sales_daily",
    "system": "/systems/market_intelligence",
}

_WATCH = """
window.__seen = {lcp: 0, cls: 0, inp: 0};
new PerformanceObserver(l => { for (const e of l.getEntries()) window.__seen.lcp = e.startTime; })
    .observe({type: 'largest-contentful-paint', buffered: true});
new PerformanceObserver(l => { for (const e of l.getEntries()) if (!e.hadRecentInput) window.__seen.cls += e.value; })
    .observe({type: 'layout-shift', buffered: true});
new PerformanceObserver(l => { for (const e of l.getEntries()) if (e.interactionId) window.__seen.inp = Math.max(window.__seen.inp, e.duration); })
    .observe({type: 'event', buffered: true, durationThreshold: 16});
"""


def run(full: bool = False) -> list[Figure]:  # noqa: ARG001 - there is no larger dashboard
    """Every figure."""
    found = [_first_script()]
    with (
        tempfile.TemporaryDirectory() as folder,
        served(sample_home(Path(folder)), core=0) as service,
        chromium() as browser,
    ):
        state = set_up(browser, service.link)
        for name, path in _PAGES.items():
            found += _page(browser, state, name, service.url + path)
    return found


def _first_script() -> Figure:
    """Scripts that the page itself names, compressed as they are sent."""
    manifest = json.loads((BUILT / ".vite" / "manifest.json").read_text("utf-8"))
    todo, files = ["index.html"], set()
    while todo:
        entry = manifest[todo.pop()]
        if entry["file"] not in files:
            files.add(entry["file"])
            todo += entry.get("imports", [])
    scripts = [BUILT / name for name in files if name.endswith(".js")]
    size = sum(len(gzip.compress(path.read_bytes(), 9)) for path in scripts) / 1000
    return Figure("first JavaScript, kB gzip", value=size, goal="<= 200 kB", met=size <= 200)


def _page(browser: Any, state: Any, name: str, address: str) -> list[Figure]:
    """One page in a fresh window each time, then a few interactions."""
    seen = [_visit(browser, state, address) for _ in range(RUNS)]
    median = {key: statistics.median(each[key] for each in seen) for key in ("lcp", "inp", "cls")}
    return [
        Figure(f"{name}: largest contentful paint, ms", value=median["lcp"], runs=RUNS, goal="<= 1,000 ms", met=median["lcp"] <= 1000),
        Figure(f"{name}: interaction to next paint, ms", value=median["inp"], runs=RUNS, goal="<= 100 ms", met=median["inp"] <= 100),
        Figure(f"{name}: layout shift", value=median["cls"], runs=RUNS, goal="<= 0.02", met=median["cls"] <= 0.02),
    ]  # fmt: skip


def _visit(browser: Any, state: Any, address: str) -> dict[str, float]:
    context = browser.new_context(storage_state=state, viewport={"width": 1440, "height": 900})
    context.add_init_script(_WATCH)
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("main h1")
    page.wait_for_timeout(1500)
    painted = page.evaluate("({...window.__seen})")
    page.keyboard.press("Control+k")
    page.wait_for_selector("[role=dialog] input")
    page.keyboard.type("sales")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.wait_for_selector("[role=dialog]", state="detached")
    for link in ("/data", "/quality", "/"):
        page.locator(f"nav a[href='{link}']").first.click()
        page.wait_for_timeout(400)
    after: dict[str, float] = page.evaluate("({...window.__seen})")
    state.update(context.storage_state())
    context.close()
    return {"lcp": painted["lcp"], "cls": painted["cls"], "inp": after["inp"]}
