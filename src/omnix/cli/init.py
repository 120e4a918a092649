"""`omnix init`: point omnix at a shop."""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from omnix.core.errors import OmnixError, SourceError

if TYPE_CHECKING:
    from omnix.core.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("init")(init)


def init(
    context: typer.Context,
    sample: Annotated[
        str | None, typer.Option(help="Make a sample shop: small, medium or large.")
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--from", help="Your own data: a folder or file, mysql://… or postgresql://…."
        ),
    ] = None,
    preset: Annotated[
        str | None,
        typer.Option(
            help="A shipped mapping, or the folder of your own; found by itself unless given."
        ),
    ] = None,
    force: Annotated[
        bool,
        typer.Option(
            "--force",
            help="Point a home that is set up already at another shop; its tables stay until the next run.",
        ),
    ] = False,
) -> None:
    """Set up the home folder: with a sample shop, or with your own data."""
    from omnix.cli.output import console
    from omnix.core.settings import Settings

    if (sample is None) == (source is None):
        raise OmnixError(
            "`omnix init` needs one source.", "Give `--sample medium`, or `--from PATH_OR_URL`."
        )
    settings = Settings.load(context.obj)
    if settings.file.exists() and not force:
        raise OmnixError(
            f"{settings.home} is set up already.",
            "`omnix run` works on it; `omnix init --force …` points it elsewhere.",
        )
    before = settings if settings.file.exists() else None
    lines = _sample(settings, sample) if sample else _own(settings, source or "", preset)
    if before:
        lines += _parted(before, Settings.load(context.obj))
    for line in lines:
        console.print(line)
    console.print("Next: [bold]omnix run[/]")


def _parted(before: Settings, now: Settings) -> list[str]:
    """Part with the shop before, when the home now belongs to another one."""
    from omnix.app.app import App

    if before.source.location == now.source.location:
        return []
    App(now).forget_raw()
    return ["What raw held of the shop before is gone; its tables stay until the next run."]


def _sample(settings: Settings, size: str) -> list[str]:
    from omnix.app.app import sample_folder
    from omnix.cli.progress import steps
    from omnix.core.settings import save
    from omnix.sources.sample import SIZES, make_sample_shop

    if size not in SIZES:
        raise OmnixError(f"There is no sample shop {size!r}.", f"Use {', '.join(SIZES)}.")
    folder = sample_folder(settings.home).parent
    with steps(f"Making the {size} sample shop") as say:
        shop = make_sample_shop(folder, size=size, progress=say)
    save(settings.home, {"source": {"kind": "sample", "location": size, "preset": ""}})
    return [
        f"Made a {size} shop in {shop.shop}: {shop.rows['customers']:,} customers, {shop.rows['products']:,} products, {shop.rows['orders']:,} orders."
    ]


def _own(settings: Settings, location: str, preset: str | None) -> list[str]:
    from pydantic import SecretStr

    from omnix.app.app import kind_of, open_source
    from omnix.cli.progress import steps
    from omnix.core.settings import SourceSettings, save

    kind: Any = kind_of(location)
    if kind == "files":
        location = str(Path(location).resolve())
    given = SourceSettings(kind=kind, location=location)
    if given.password is None and (password := os.environ.get("OMNIX_SOURCE_PASSWORD")):
        given = SourceSettings(kind=kind, location=location, password=SecretStr(password))
    source = open_source(kind, given.url.get_secret_value(), settings.home)
    with steps(f"Looking at {source.description}"):
        chosen, told = _mapping(settings, source, preset)
        hints = [f"[yellow]{_escaped(line)}[/]" for line in source.preflight()]
    kept = save(settings.home, {"source": {"kind": kind, "location": location, "preset": chosen}})
    if "OMNIX_SOURCE_PASSWORD" not in os.environ and given.password is not None:
        told.append(
            f"The password lies in {kept.file}, which only you can read; OMNIX_SOURCE_PASSWORD does as well."
        )
    return [f"Looked at {source.description}.", *hints, *told]


def _mapping(settings: Settings, source: Any, preset: str | None) -> tuple[str, list[str]]:
    """The name or folder of the mapping to use, and what to tell of it."""
    from omnix.curation import agreed_columns
    from omnix.sources.preset import agreed_shape, detect_preset, load_preset
    from omnix.sources.profile import profile_source, propose_mapping

    with source.open() as session:
        offered = {table.name: tuple(table.columns) for table in session.tables()}
        if not offered:
            hints = " ".join(source.preflight())
            raise SourceError(f"{source.description} holds no table.", hints or "Look there.")
        if preset:
            found = load_preset(preset)
            if missing := found.missing(offered):
                raise OmnixError(
                    f"The preset {preset!r} does not fit: {' '.join(missing)}",
                    "Leave `--preset` out: omnix then proposes a mapping.",
                )
            return str(Path(preset).resolve()) if Path(preset).is_dir() else preset, [
                f"Using the mapping {found.name!r}: {found.about}"
            ]
        if detected := detect_preset(offered):
            return detected.name, [f"This looks like {detected.name!r}: {detected.about}"]
        if _is_agreed(agreed_shape(offered).tables, agreed_columns()):
            return "", ["The tables have omnix's own names; no mapping is needed."]
        proposal = propose_mapping(profile_source(session))
    folder = settings.home / "mapping"
    before = _keep(folder)
    proposal.write(folder)
    return "mapping", [
        *(_escaped(line) for line in proposal.report()),
        *([f"The mapping that was there lies in {before}."] if before else []),
        f"The proposal lies in {folder}: read it, mend it, keep it.",
    ]


def _keep(folder: Path) -> Path | None:
    """Move a mapping that is there out of the way: somebody may have worked on it."""
    if not folder.exists():
        return None
    places = (folder.with_name(f"{folder.name}.{number}") for number in count(1))
    free = next(place for place in places if not place.exists())
    return folder.rename(free)


def _is_agreed(mapped: Any, agreed: Any) -> bool:
    """Whether enough tables have the agreed names to be taken as they are."""
    return "orders" in mapped and len(set(mapped) & set(agreed)) >= 2


def _escaped(line: str) -> str:
    return line.replace("[", r"\[")
