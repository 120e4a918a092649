"""The pages of the documentation, and what stands in them."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")])
DECISIONS = sorted(path for path in (DOCS / "decisions").glob("*.md") if path.stem != "index")

_FENCE = re.compile(r"^```(\w+)[ ]?([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """A fenced block: where it stands, its language, what follows the language, its text."""

    page: Path
    language: str
    info: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.name}:{self.text[:30].strip()!r}"


def blocks(language: str) -> list[Block]:
    """Every fenced block of a language, on all pages."""
    found = (Block(page, *match) for page in PAGES for match in _FENCE.findall(read(page)))
    return [block for block in found if block.language == language]


def read(page: Path) -> str:
    """The page's text."""
    return page.read_text("utf-8")


def prose(page: Path) -> str:
    """The page's text without fenced blocks."""
    return _FENCE.sub("", read(page))


def anchors(page: Path) -> Iterator[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    for heading in re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE):
        plain = re.sub(r"[^\w\s-]", "", heading.lower())
        yield re.sub(r"\s", "-", plain.strip())


def generator() -> ModuleType:
    """`docs/generate.py` as a module."""
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
