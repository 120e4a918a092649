"""Write the parts of the documentation that omnix knows better than we do.

`make docs` runs this. A test compares its output with what stands in the pages, so that no
command, option, setting or table goes undocumented. Generated parts stand between the lines
`<!-- generated: NAME -->` and `<!-- end -->`; all other words are ours.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PART = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def commands() -> str:
    """Every command with its arguments and options."""
    return "\n".join(_command(name, command) for name, command in walk_commands())


def walk_commands() -> Iterator[tuple[str, Any]]:
    """Every command that does something, by its full name: "quarantine list"."""
    import typer

    from omnix.cli.main import app

    def below(command: Any, name: str) -> Iterator[tuple[str, Any]]:
        for each, child in getattr(command, "commands", {}).items():
            full = f"{name} {each}".strip()
            if hasattr(child, "commands"):
                yield from below(child, full)
            else:
                yield full, child

    yield from below(typer.main.get_command(app), "")


def options_of(command: Any) -> list[tuple[str, str]]:
    """Each argument and option of a command with what it means."""
    return [
        (", ".join(each.opts) if each.param_type_name == "option" else each.name.upper(), each.help)
        for each in command.params
        if each.help and each.name != "help"
    ]


def _command(name: str, command: Any) -> str:
    lines = [f"### `omnix {name}`", "", _one_line(command.help), ""]
    if options := options_of(command):
        lines += ["| | |", "|---|---|"]
        lines += [f"| `{words}` | {_cell(about)} |" for words, about in options]
        lines.append("")
    return "\n".join(lines)


def settings() -> str:
    """Every setting, its variable in the environment and its default."""
    from omnix.core._settings_words import describe
    from omnix.core.settings import Settings

    lines = ["| setting | in the environment | default | meaning |", "|---|---|---|---|"]
    for each in describe(Settings):
        default = "" if each.default in {'"…"', "…"} or each.name == "home" else f"`{each.default}`"
        default = "`./omnix-home`" if each.name == "home" else default
        lines.append(f"| `{each.name}` | `{each.variable}` | {default} | {_cell(each.about)} |")
    return "\n".join([*lines, ""])


def tables() -> str:
    """Every table: what one row is, its key, its inputs, its columns."""
    from omnix.pipeline.graph import all_tables, system_of

    systems: dict[str, list[str]] = {}
    for table in all_tables().values():
        systems.setdefault(system_of(table), []).append(_table(table))
    return "\n".join(
        "\n".join([f"## {system.replace('_', ' ').capitalize()}", "", *sorted(parts)])
        for system, parts in sorted(systems.items(), key=lambda each: (each[0] != "curation", each))
    )


def _table(table: Any) -> str:
    reads = ", ".join(f"`{name}`" for name in table.inputs) or "only what the mapping gives"
    lines = [
        f"### `{table.name}`", "", _one_line(table.about), "",
        f"Key: {', '.join(f'`{name}`' for name in table.key)}. Reads: {reads}.", "",
        "| column | type | |", "|---|---|---|",
    ]  # fmt: skip
    for name, column in table.columns.items():
        marks = [column.dtype, *(["may be empty"] if column.nullable else [])]
        marks += [f"person: {column.person}"] if column.person else []
        lines.append(f"| `{name}` | {', '.join(marks)} | {_cell(column.about)} |")
    checks = [f"- {words}" for words in rules_of(table)]
    if checks:
        lines += ["", "Every row keeps these rules:", "", *checks]
    return "\n".join([*lines, ""])


def rules_of(table: Any) -> list[str]:
    """The rules of a table in words; warnings say so."""
    curated = [
        each.words + (" (warning)" if getattr(each, "severity", "warning") == "warning" else "")
        for kind in ("rules", "references", "cross_rules")
        for each in getattr(table, kind, ())
    ]
    return [*table.checks, *curated]


def errors() -> str:
    """Every kind of error with the exit code of the command that it ends."""
    from inspect import isclass

    from omnix.core import errors as tree

    kinds = [
        each for each in vars(tree).values() if isclass(each) and issubclass(each, tree.OmnixError)
    ]
    lines = ["| error | exit code | meaning |", "|---|---|---|"]
    rows = (
        f"| `{each.__name__}` | {each.exit_code} | {_cell(each.__doc__ or '')} |"
        for each in sorted(kinds, key=lambda kind: kind.exit_code)
    )
    return "\n".join([*lines, *rows, ""])


def routes() -> str:
    """Every route of the API: what it does and who may call it."""
    from omnix.api.rules import RULE

    described = _openapi()
    groups: dict[str, list[str]] = {}
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            rule = " or ".join(f"`{each}`" for each in operation[RULE])
            about = _cell(operation.get("description") or operation.get("summary", ""))
            line = f"| `{method.upper()} {path}` | {rule} | {about} |"
            groups.setdefault((operation.get("tags") or ["other"])[0], []).append(line)
    lines: list[str] = []
    for group, rows in groups.items():
        head = ["| route | permission | |", "|---|---|---|"]
        lines += [f"### {group.capitalize()}", "", *head, *rows, ""]
    return "\n".join(lines)


def permissions() -> str:
    """Every permission, and the roles that have it."""
    from omnix.auth.roles import MEANINGS, ROLES, Permission

    lines = [f"| permission | {' | '.join(ROLES)} | |", "|---|" + "---|" * (len(ROLES) + 1)]
    for each in Permission:
        marks = " | ".join("yes" if each in allowed else "" for allowed in ROLES.values())
        lines.append(f"| `{each}` | {marks} | {_cell(MEANINGS[each])} |")
    return "\n".join([*lines, ""])


@cache
def _openapi() -> dict[str, Any]:
    from omnix.api.app import openapi

    return openapi()


def openapi_text() -> str:
    """The API's description as the golden file `openapi.json` holds it."""
    return json.dumps(_openapi(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())


def _cell(text: str) -> str:
    return _one_line(text).replace("|", r"\|")


PARTS: Mapping[str, Callable[[], str]] = {
    "commands": commands,
    "errors": errors,
    "permissions": permissions,
    "routes": routes,
    "settings": settings,
    "tables": tables,
}


def pages() -> dict[Path, str]:
    """Every page that has generated parts, and the API's description, as they should be."""
    found = {HERE / "openapi.json": openapi_text()}
    for path in sorted(HERE.glob("*.md")):
        text = path.read_text("utf-8")
        if PART.search(text):
            found[path] = PART.sub(lambda part: part[1] + PARTS[part[2]]() + part[3], text)
    return found


if __name__ == "__main__":
    for page, wanted in pages().items():
        page.write_text(wanted, "utf-8")
