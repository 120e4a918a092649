"""The models that were trained: which is used, which waits for its chance, which was used before.

A version's files are never changed. The `champion` answers; the newest registered is the
`challenger` and takes its place only by a `Verdict` that it wins. Rolling back gives the earlier
champion's files again, byte for byte.
"""

from __future__ import annotations

import json
import math
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, cast

from omnix.core.errors import nearest
from omnix.ml._mlflow import Book, Row
from omnix.ml.artefacts import Stored, checksum, place, point, verify
from omnix.ml.cards import card
from omnix.ml.compare import Verdict
from omnix.ml.errors import PromotionRefused, RegistryError
from omnix.ml.model import Forecaster
from omnix.ml.versions import Notes, Record, State, Version, following

__all__ = ["Notes", "Record", "Registry", "Stored", "Version"]

CHAMPION: Final = "champion"
CHALLENGER: Final = "challenger"
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,99}")
#: Characters that MLflow's stores keep in a tag.
_TAG = 90_000


class Registry:
    """The registry under the folder `root` (settings: <home>/models) or at an MLflow `url`.

    Every method raises `RegistryError` when the registry cannot be used or knows no such model.
    """

    def __init__(self, root: Path, url: str = "") -> None:
        self._root = root
        self._book = Book(root, url)

    def register(
        self,
        name: str,
        folder: Path,
        metrics: Mapping[str, float],
        data_version: str,
        code_version: str,
        params: Mapping[str, Any],
        *,
        inputs: Sequence[str] = (),
        notes: Notes | None = None,
    ) -> Version:
        """Keep the saved model in `folder` as a new version, the challenger from now on.

        metrics: of its backtest; one that is not finite is left out. data_version, code_version,
        params: what it was made of. inputs: the columns it reads. `folder` may be deleted then.
        """
        _checked(name)
        record = Record(
            data_version=data_version,
            code_version=code_version,
            metrics={k: float(v) for k, v in metrics.items() if math.isfinite(v)},
            params=json.loads(json.dumps(dict(params), default=str)),
            inputs=tuple(inputs),
            checksum=checksum(folder),
            folder="",
            notes=notes or Notes(),
        )
        if (size := len(record.to_json())) > _TAG:
            raise RegistryError(
                f"What is told of {name} takes {size} characters; {_TAG} fit.",
                "Tell less in params and notes; the files may hold the rest.",
            )
        with self._book.alone():
            if not self._book.uploads:
                record = replace(record, folder=place(folder, self._root, name))
            row = self._book.add(
                name,
                folder,
                (self._root / record.folder).absolute().as_uri(),
                {"record": record.to_json()},
                record.metrics,
                record.params,
            )
            made = self._numbered(name, row.number)
            self._book.alias(name, CHALLENGER, row.number)
        return replace(made, state=CHALLENGER)

    def promote(self, name: str, verdict: Verdict | None, *, over: str | None = None) -> Version:
        """Make the challenger the champion, as it has won.

        verdict: of the challenger against the champion on the same folds; for the first champion
            against the baseline, or None.
        over: semantic version of the champion that the verdict is about; refused when it is
            another meanwhile.

        Raises:
            PromotionRefused: it has not won, or there is no verdict; the champion stays, and the
                version keeps the reason.
            ArtefactDamaged: the challenger's files are not those that were registered.

        """
        with self._book.alone():
            challenger = self.version(name, CHALLENGER)
            champion = self._now(name)
            if why := _objection(verdict, champion, over):
                self._told(challenger, "refused", why)
                raise PromotionRefused(
                    f"{name} {challenger.semantic} does not become champion: {why}",
                    f"{champion.semantic if champion else 'None'} stays champion.",
                )
            stored = self._fetched(challenger)
            past = self._past(name)
            self._book.keep_champions(name, [*past, challenger.number])
            self._book.alias(name, CHAMPION, challenger.number)
            self._book.alias(name, CHALLENGER, None)
            point(self._root, stored)
            if champion is not None and champion.number != challenger.number:
                self._told(champion, "former champion", f"{challenger.semantic} was better.")
            reason = verdict.reason if verdict else "The first one."
            return self._told(challenger, "champion", reason)

    def rollback(self, name: str, reason: str = "Rolled back by hand.") -> Version:
        """Make the champion before this one champion again.

        Raises:
            RegistryError: there was none before.
            ArtefactDamaged: its files are not those that were registered; the champion stays.

        """
        with self._book.alone():
            champion = self.version(name, CHAMPION)
            known = {row.number for row in self._book.rows(name)}
            past = [number for number in self._past(name)[:-1] if number in known]
            if not past:
                raise RegistryError(
                    f"{name} {champion.semantic} is its first champion; there is none to go back to.",
                    f"`omnix models show {name}` lists its versions.",
                )
            earlier = self.version(name, past[-1])
            point(self._root, self._fetched(earlier))
            self._book.alias(name, CHAMPION, earlier.number)
            self._book.keep_champions(name, past)
            self._told(champion, "rolled back", reason)
            return self._told(earlier, "champion", f"Back from {champion.semantic}: {reason}")

    def enthrone(self, name: str, which: str | int, reason: str = "Promoted by hand.") -> Version:
        """Make one version champion because a person says so, whatever the folds say.

        Raises:
            RegistryError: there is no such version.
            ArtefactDamaged: its files are not those that were registered; the champion stays.

        """
        with self._book.alone():
            chosen, before = self.version(name, which), self._now(name)
            point(self._root, self._fetched(chosen))
            self._book.keep_champions(name, [*self._past(name), chosen.number])
            self._book.alias(name, CHAMPION, chosen.number)
            if chosen.state == CHALLENGER:
                self._book.alias(name, CHALLENGER, None)
            if before is not None and before.number != chosen.number:
                self._told(before, "former champion", f"{chosen.semantic}: {reason}")
            return self._told(chosen, "champion", reason)

    def names(self) -> list[str]:
        """All models, in alphabetical order."""
        return self._book.names()

    def versions(self, name: str) -> list[Version]:
        """All versions of a model, oldest first; none when there is no such model."""
        if not _NAME.fullmatch(name):  # MLflow would say that the registry cannot be used
            return []
        aliases = self._book.aliases(name)
        return _versions(name, self._book.rows(name), aliases)

    def version(self, name: str, which: str | int = CHAMPION) -> Version:
        """One version, by alias (champion, challenger), semantic version or MLflow's number."""
        versions = self.versions(name)
        if not versions:
            raise RegistryError(
                f"There is no model {name!r}.",
                f"{nearest(name, self.names())}`omnix models list` lists them all.",
            )
        number = self._book.aliases(name).get(str(which)) if isinstance(which, str) else which
        for each in versions:
            if each.number == number or each.semantic == which:
                return each
        raise RegistryError(
            f"The model {name!r} has no {which if isinstance(which, str) else f'number {which}'}.",
            f"It has {', '.join(each.semantic for each in versions[-5:])}.",
        )

    def fetch(self, name: str, which: str | int = CHAMPION) -> Stored:
        """The files of a version, on this machine, and proved to be those that were registered.

        Raises:
            ArtefactDamaged: they are not.

        """
        version = self.version(name, which)
        stored = self._fetched(version)
        if version.state == CHAMPION:
            point(self._root, stored)
        return stored

    def load(self, name: str, which: str | int = CHAMPION) -> Forecaster:
        """The model itself, ready to answer.

        Raises:
            ArtefactDamaged: its files are not those that were registered.

        """
        return self.fetch(name, which).model()

    def card(self, name: str, which: str | int = CHAMPION) -> str:
        """The model card of a version, as Markdown."""
        return card(self.version(name, which), self.versions(name))

    def prune(self, name: str, keep: int = 20) -> list[str]:
        """Delete old versions with their files; the answer is their semantic versions.

        Champion, challenger, the newest `keep` and the last `keep` champions stay.
        """
        with self._book.alone():
            versions = self.versions(name)
            safe = {*self._book.aliases(name).values(), *self._past(name)[-max(keep, 1) :]}
            safe |= {version.number for version in versions[-max(keep, 1) :]}
            gone = [version for version in versions if version.number not in safe]
            for version in gone:
                self._book.remove(name, version.number)
                if version.record.folder:
                    shutil.rmtree(self._root / version.record.folder, ignore_errors=True)
        return [version.semantic for version in gone]

    def _now(self, name: str) -> Version | None:
        number = self._book.aliases(name).get(CHAMPION)
        return None if number is None else self.version(name, number)

    def _past(self, name: str) -> list[int]:
        """Those that were champion, up to the one that is: what a killed run noted too much is cut."""
        past, now = self._book.champions(name), self._book.aliases(name).get(CHAMPION)
        if now not in past:
            return [] if now is None else [now]
        return past[: len(past) - past[::-1].index(now)]

    def _numbered(self, name: str, number: int) -> Version:
        """The version with its semantic version written down."""
        made = next(each for each in self.versions(name) if each.number == number)
        self._book.tag(name, number, {"semantic": made.semantic})
        return made

    def _told(self, version: Version, state: State, reason: str) -> Version:
        told = {"state": state, "reason": reason[:4000]}
        self._book.tag(version.name, version.number, told)
        return replace(version, state=state, reason=reason)

    def _fetched(self, version: Version) -> Stored:
        folder = (
            self._root / version.record.folder if version.record.folder else self._cached(version)
        )
        what = f"{version.name} {version.semantic}"
        verify(folder, version.record.checksum, what)
        return Stored(
            version.name,
            version.semantic,
            version.record.data_version,
            version.record.code_version,
            version.record.checksum,
            folder,
        )

    def _cached(self, version: Version) -> Path:
        """The files of a version that a server keeps, fetched once."""
        target = self._root / "cache" / version.name / version.record.checksum
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            row = next(r for r in self._book.rows(version.name) if r.number == version.number)
            with TemporaryDirectory(dir=target.parent) as draft:
                self._book.download(row.source, Path(draft))
                inner = Path(draft) / "model"
                (inner if inner.is_dir() else Path(draft)).rename(target)
        return target


def _versions(name: str, rows: Iterable[Row], aliases: Mapping[str, int]) -> list[Version]:
    """The rows that omnix has registered, each numbered after the one before it."""
    found: list[Version] = []
    for row in rows:
        if "record" not in row.tags:
            continue
        record = Record.from_json(row.tags["record"])
        last = found[-1] if found else None
        semantic = row.tags.get("semantic") or following(
            last.semantic if last else None, last.record if last else None, record
        )
        state = _state(row, aliases)
        reason = row.tags.get("reason", "")
        found.append(Version(name, row.number, semantic, record, row.created_at, state, reason))
    return found


def _state(row: Row, aliases: Mapping[str, int]) -> State:
    """The alias says who is champion; a tag that a killed run left behind does not."""
    told = cast("State", row.tags.get("state", "registered"))
    if aliases.get(CHAMPION) == row.number:
        return "champion"
    if aliases.get(CHALLENGER) == row.number and told != "refused":
        return "challenger"
    return "former champion" if told == "champion" else told


def _objection(verdict: Verdict | None, champion: Version | None, over: str | None) -> str:
    """Why the challenger may not become champion; empty when it may."""
    if over is not None and (champion is None or champion.semantic != over):
        now = champion.semantic if champion else "nobody"
        return f"it was compared with {over}, but {now} is champion now."
    if verdict is None:
        return "it was not compared with the champion." if champion else ""
    return "" if verdict.wins else verdict.reason


def _checked(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise RegistryError(
            f"A model cannot be named {name!r}.",
            "Use small letters, digits, `.`, `_` and `-`, at most 100.",
        )
