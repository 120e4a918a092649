"""Where tables find the champion of a model, and offer a new one: the registry, opened only when needed."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omnix.ml.artefacts import Stored, champion
from omnix.ml.compare import Verdict
from omnix.ml.errors import PromotionRefused, RegistryError
from omnix.ml.model import Forecaster, keep

if TYPE_CHECKING:
    from pydantic import SecretStr

    from omnix.ml.registry import Registry
    from omnix.ml.versions import Notes, Version

_DAY = 86_400.0


@dataclass(frozen=True)
class Offer:
    """A newly trained model and what is told of it.

    verdict: against the champion on the same folds; None for the first. refit: it is the champion's
        own choice, learnt again with newer data, which needs no verdict.
    over: the champion that the verdict is about; when a person has set another meanwhile, that one
        stays. None: there was none.
    """

    name: str
    model: Forecaster
    metrics: Mapping[str, float]
    data_version: str
    code_version: str
    params: Mapping[str, Any]
    inputs: Sequence[str] = ()
    notes: Notes | None = None
    verdict: Verdict | None = None
    refit: bool = False
    over: str | None = None


class Shelf:
    """The champions under `root`, and the registry (there, or an MLflow `url`) behind them.

    Reading a champion and the marks needs no MLflow.
    """

    def __init__(self, root: Path, url: SecretStr | None = None) -> None:
        self.root = root
        self._url = url.get_secret_value() if url else ""

    @property
    def is_there(self) -> bool:
        """Whether MLflow, which is an extra, is installed: without it nothing is registered."""
        return find_spec("mlflow") is not None

    @cached_property
    def registry(self) -> Registry:
        """The registry itself; opening it imports MLflow."""
        from omnix.ml.registry import Registry

        return Registry(self.root, self._url)

    def champion(self, name: str) -> Stored | None:
        """The champion's files; None when there is none.

        Raises:
            ArtefactDamaged: they are not those that were registered.

        """
        if not (self.root / "champions" / f"{name}.json").exists():
            return None
        return champion(self.root, name)

    def offer(self, offer: Offer) -> Stored:
        """Register a model, promote it if it may be, and give the champion there then is.

        Raises:
            RegistryError: it cannot be kept; the champion stays.

        """
        try:
            return self._offered(offer)
        except OSError as error:
            raise RegistryError(
                f"The model {offer.name} cannot be kept in {self.root}: {error.strerror or error}.",
                "Make room there, or give yourself the right to write; then `omnix run` trains it again.",
            ) from error

    def _offered(self, offer: Offer) -> Stored:
        with tempfile.TemporaryDirectory(dir=self._drafts()) as draft:
            folder = Path(draft) / "model"
            keep(offer.model, folder)
            self.registry.register(
                offer.name, folder, offer.metrics, offer.data_version, offer.code_version,
                offer.params, inputs=offer.inputs, notes=offer.notes,
            )  # fmt: skip
        verdict = offer.verdict
        if offer.refit:
            verdict = Verdict(True, 0.0, 1.0, "The same choice, learnt again with newer data.")
        with suppress(PromotionRefused):  # the version keeps the reason, and the champion stays
            self.registry.promote(offer.name, verdict, over=offer.over)
            self.release(offer.name)
            self.registry.prune(offer.name)
        return self.registry.fetch(offer.name)

    def promote(self, name: str, which: str | int) -> Version:
        """Make a version champion by hand, and hold it until a better one has won."""
        made = self.registry.enthrone(name, which)
        self._hold(name, made)
        return made

    def rollback(self, name: str, reason: str = "Rolled back by hand.") -> Version:
        """Make the champion before this one champion again, and hold it until a better one has won."""
        made = self.registry.rollback(name, reason)
        self._hold(name, made)
        return made

    def held(self, name: str) -> bool:
        """Whether a person has set the champion: its answers stay as they are."""
        return self._held(name).exists()

    def release(self, name: str) -> None:
        """Hold it no longer."""
        self._held(name).unlink(missing_ok=True)

    def mark(self) -> str:
        """Changes when a person has set or released a champion."""
        folder = self.root / "held"
        found = sorted(folder.glob("*.json")) if folder.is_dir() else []
        return "".join(path.read_text("utf-8") for path in found)

    def _hold(self, name: str, made: Version) -> None:
        path = self._held(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"name": name, "version": made.semantic}) + "\n", "utf-8")

    def _held(self, name: str) -> Path:
        if not name.replace("-", "").replace("_", "").isalnum():
            raise RegistryError(
                f"{name!r} is no name of a model.", "`omnix models list` names them."
            )
        return self.root / "held" / f"{name}.json"

    def _drafts(self) -> Path:
        drafts = self.root / "drafts"
        drafts.mkdir(parents=True, exist_ok=True)
        for each in drafts.iterdir():  # of runs that were killed
            if time.time() - each.stat().st_mtime > _DAY:
                shutil.rmtree(each, ignore_errors=True)
        return drafts
