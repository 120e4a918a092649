"""One Settings in, the real parts out, and the few things that a face can ask of them."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omnix.app.competitor_feed import UPLOADED, with_uploads
from omnix.app.registered.registry import Registry
from omnix.core.clock import utc_now
from omnix.core.errors import LakeError, OmnixError, SettingsError
from omnix.core.settings import Settings, card_key
from omnix.lake.lake import Lake
from omnix.pipeline.ingest import Ingested, ingest
from omnix.pipeline.lock import home_lock
from omnix.pipeline.workspace import Built, Options, Workspace

if TYPE_CHECKING:
    from omnix.ml.shelf import Shelf
    from omnix.pipeline.graph import Graph
    from omnix.privacy.door import Door
    from omnix.sources.base import Source
    from omnix.sources.preset import Preset


@dataclass
class Report:
    """What one run did."""

    run_id: str
    ingested: list[Ingested] = field(default_factory=list)
    built: list[Built] = field(default_factory=list)

    @property
    def failures(self) -> list[Built]:
        """Tables that were not brought up to date."""
        return [each for each in self.built if each.result in {"failed", "blocked", "skipped"}]

    @property
    def exit_code(self) -> int:
        """0, or the code of the first error."""
        told = [i.error for i in self.ingested if i.error] + [
            b.error for b in self.built if b.error
        ]
        return told[0].exit_code if told else 1 if self.failures else 0


class App:
    """omnix on one home folder."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.lake = Lake(
            settings.lake,
            storage_options=_storage_options(settings),
            cache=settings.home / "cache",
        )
        self.registry = Registry(settings.home / "systems")

    @property
    def graph(self) -> Graph:
        """The tables of this home: those that omnix brings and those of registered systems."""
        return self.registry.graph()

    @classmethod
    def open(cls, home: Path | None) -> App:
        """The app of a home folder that `omnix init` has set up.

        Raises:
            SettingsError: the folder is not set up, or a setting is wrong.

        """
        settings = Settings.load(home)
        if not settings.file.exists():
            raise SettingsError(
                f"{settings.home} is not set up.",
                "`omnix init --sample medium` makes a sample shop; `omnix init --from PATH_OR_URL` takes your own data.",
            )
        return cls(settings)

    def source(self) -> Source:
        """The shop that the settings name."""
        source = self.settings.source
        return open_source(source.kind, source.url.get_secret_value(), self.settings.home)

    def choose(self, offered: Mapping[str, tuple[str, ...]]) -> Preset:
        """The mapping of a source that offers these tables and columns."""
        from omnix.sources.preset import agreed_shape, detect_preset, load_preset

        named = self.settings.source.preset
        if named:
            path = self.settings.home / named
            return load_preset(path if path.is_dir() else named)
        return detect_preset(offered) or agreed_shape(offered)

    def preset(self) -> Preset:
        """The mapping of what lies in raw, prices that were sent by hand included."""
        offered = {}
        for name in self.lake.names():
            if name.startswith("raw/") and (snapshot := self.lake.snapshot(name)):
                offered[name.removeprefix("raw/")] = tuple(snapshot.columns)
        uploads = offered.pop(UPLOADED, None)
        chosen = self.choose(offered)
        return with_uploads(chosen) if uploads else chosen

    def forget_raw(self) -> None:
        """Remove what was read of the shop before: rows of two shops must never meet in a table."""
        with self.locked("init --force"):
            for name in self.lake.names():
                if name.startswith("raw/"):
                    self.lake.delete(name)

    def door(self) -> Door:
        """A new guard with this home's key."""
        from omnix.privacy.door import Door

        return Door(card_key(self.settings))

    @contextmanager
    def locked(
        self,
        what: str,
        *,
        wait_seconds: float | None = None,
        waiting: Callable[[str], None] | None = None,
    ) -> Iterator[None]:
        """Hold the home folder."""
        seconds = self.settings.lock_wait if wait_seconds is None else wait_seconds
        with home_lock(self.settings.home, what, wait_seconds=seconds, waiting=waiting):
            yield

    @contextmanager
    def workspace(
        self,
        *,
        as_of: date | None = None,
        force: frozenset[str] = frozenset(),
        run_id: str = "",
        graph: Graph | None = None,
    ) -> Iterator[Workspace]:
        """What the steps of a run are handed; `graph` is the home's unless given."""
        preset = self.preset()
        options = Options(
            currency=preset.currency or self.settings.currency,
            timezone=preset.timezone or self.settings.timezone,
            quality_line=self.settings.quality_line,
            quality_blocks=self.settings.quality_blocks,
            as_of=as_of,
            force=force,
            run_id=run_id,
            budget=self.settings.forecasting.budget_seconds,
        )
        work = Workspace(
            self.lake, preset, options, spill=self.settings.home / "cache" / "spill",
            threads=self.settings.threads, memory_limit=self.settings.memory_limit, graph=graph or self.graph,
            models=self.models(),
        )  # fmt: skip
        try:
            yield work
        finally:
            work.close()

    def models(self) -> Shelf:
        """Where trained models stand."""
        from omnix.ml.shelf import Shelf

        return Shelf(self.settings.home / "models", self.settings.models.url)

    def ingest(
        self, *, full: bool = False, progress: Callable[[str, int], None] = lambda _t, _r: None
    ) -> list[Ingested]:
        """Bring what is new into raw."""
        return ingest(
            self.source(), self.lake, self.door, self.choose, full=full, progress=progress
        )

    def run(
        self,
        names: Sequence[str] = (),
        *,
        system: str | None = None,
        as_of: date | None = None,
        full: bool = False,
        force: frozenset[str] = frozenset(),
        ingest_first: bool = True,
        progress: Callable[[str, int], None] = lambda _t, _r: None,
        began: Callable[[str], None] = lambda _n: None,
        report: Callable[[Built], None] = lambda _b: None,
        run_id: str = "",
    ) -> Report:
        """Bring raw and then tables up to date: the named ones, a system's, or all; with their inputs.

        `force` names tables to build even though nothing has changed; `full` means all of them, and
        raw is read again from the beginning. `run_id` is given by whoever has told it already.
        """
        from omnix.pipeline.runner import run_tables
        from omnix.pipeline.runs import Span, record

        started = utc_now().replace(tzinfo=None)
        done = Report(run_id or new_run_id())
        graph = self.graph
        tables = graph.chosen(names, system)
        if ingest_first:
            done.ingested = self.ingest(full=full, progress=progress)
        force = frozenset(tables) if full else force
        with self.workspace(as_of=as_of, force=force, run_id=done.run_id, graph=graph) as work:
            done.built = run_tables(
                work, tables, workers=self.settings.workers, began=began, report=report
            )
        for each in graph.left_out(names, system):
            done.built.append(Built(each.name, "failed", error=each.error))
            report(done.built[-1])
        ended = utc_now().replace(tzinfo=None)
        told = [as_built(each) for each in done.ingested]
        if any(each.result != "unchanged" for each in (*told, *done.built)):
            fresh = [*told, *done.built]
            try:  # what was built is there and is told, also where this goes wrong
                record(self.lake, Span(done.run_id, started, ended), fresh)
                self._keep_up(fresh)
            except LakeError as error:
                done.built.append(Built("upkeep", "failed", error=error))
        return done

    def _keep_up(self, done: Sequence[Built]) -> None:
        """Retention and compaction of what the run has written."""
        from omnix.pipeline.curating import quarantine_path
        from omnix.pipeline.runs import PATH
        from omnix.pipeline.upkeep import keep_up

        fresh = [each.table for each in done if each.result == "built"]
        tables = self.graph.tables
        names = [tables[name].path if name in tables else name for name in fresh]
        names += [quarantine_path(name) for name in fresh if name in tables]
        keep_up(self.lake, [*names, PATH], self.settings.keep_versions)

    def run_one(self, name: str) -> Built:
        """Bring one table up to date, its inputs as they are."""
        from omnix.pipeline.runner import run_tables

        run_id = new_run_id()
        with self.workspace(run_id=run_id) as work:
            (built,) = run_tables(work, {name: self.graph.chosen([name])[name]})
        return built

    def violations(self, name: str) -> list[str]:
        """Every way in which the published rows of a table break its contract, in words."""
        table = self.graph.chosen([name])[name]
        with self.workspace() as work:
            con = work.connection()
            self.lake.view(con, table.path, as_name="published")
            return table.violations(con, "published")


def new_run_id() -> str:
    """A name for a run that sorts by time."""
    return f"{utc_now():%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}"


def as_built(ingested: Ingested) -> Built:
    """What became of a raw table, as it is told of every table."""
    result: Any = (
        "failed" if ingested.error else "unchanged" if ingested.mode == "same" else "built"
    )
    return Built(
        f"raw/{ingested.table}", result, ingested.rows, ingested.version,
        cpu_seconds=ingested.cpu_seconds, wall_seconds=ingested.wall_seconds,
        note="; ".join(ingested.notes), error=ingested.error,
    )  # fmt: skip


def open_source(kind: str, location: str, home: Path) -> Source:
    """The source of a kind ("sample", "files", "database") at a place."""
    if kind == "database":
        from omnix.sources.database import DatabaseSource

        return DatabaseSource(location)
    from omnix.sources.files import FilesSource

    return FilesSource(sample_folder(home) if kind == "sample" else Path(location))


def sample_folder(home: Path) -> Path:
    """Where the sample shop's own tables lie: beside the home folder, as any shop's do.

    Not inside: a shop's own data holds card numbers, the home never does.
    """
    return home.with_name(f"{home.name}-sample") / "shop"


def _storage_options(settings: Settings) -> dict[str, str]:
    """What the lake needs to reach an object store; credentials stay in the environment."""
    options = {"AWS_ENDPOINT_URL": settings.s3.endpoint, "AWS_REGION": settings.s3.region}
    if settings.s3.allow_http:
        options["AWS_ALLOW_HTTP"] = "true"
    return {name: value for name, value in options.items() if value}


def kind_of(location: str) -> str:
    """ "database" for a URL, "files" for a path.

    Raises:
        OmnixError: the path does not exist, or the URL is of no database that omnix reads.

    """
    if "://" in location:
        scheme = location.partition("://")[0]
        if scheme in {"mysql", "mariadb", "postgresql", "postgres"}:
            return "database"
        raise OmnixError(
            f"{scheme}:// is no source that omnix reads.",
            "Use a folder, mysql:// or postgresql://.",
        )
    if not Path(location).exists():
        raise OmnixError(
            f"{location} does not exist.", "Give a folder or file, mysql://… or postgresql://…."
        )
    return "files"
