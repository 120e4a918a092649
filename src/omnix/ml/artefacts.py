"""The files of a saved model: a checksum over all of them, and a place that appears whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from omnix.ml.errors import ArtefactDamaged, RegistryError
from omnix.ml.model import Forecaster, reopen

_PIECE = 1 << 20


@dataclass(frozen=True)
class Stored:
    """One registered version whose files lie in `folder` and are those that were registered."""

    name: str
    semantic: str
    data_version: str
    code_version: str
    checksum: str
    folder: Path

    def model(self) -> Forecaster:
        """The model itself."""
        return reopen(self.folder)


def checksum(folder: Path) -> str:
    """SHA-256 over the names and the bytes of all files under `folder`.

    Raises:
        RegistryError: there are no files, or a link, whose target could change.

    """
    whole = hashlib.sha256()
    files = sorted(path for path in folder.rglob("*") if path.is_symlink() or path.is_file())
    if not files:
        raise RegistryError(f"{folder} holds no files.", "Save the model there first.")
    for path in files:
        if path.is_symlink():
            raise RegistryError(f"{path} is a link.", "Save the model as plain files.")
        name = path.relative_to(folder).as_posix()
        whole.update(f"{len(name.encode())}:{name}:".encode())
        whole.update(_of_file(path))
    return whole.hexdigest()


def verify(folder: Path, expected: str, what: str) -> None:
    """Nothing, when `folder` holds exactly what was registered as `what`.

    Raises:
        ArtefactDamaged: it is gone, or differs.

    """
    step = "Roll back to another version, restore it from your backup, or train again: a run does."
    if not folder.is_dir():
        raise ArtefactDamaged(f"The files of {what} are gone: there is no {folder}.", step)
    try:
        found = checksum(folder)
    except (OSError, RegistryError) as error:
        raise ArtefactDamaged(f"The files of {what} cannot be read: {error}", step) from None
    if found != expected:
        raise ArtefactDamaged(
            f"The files of {what} in {folder} are not those that were registered: "
            f"their checksum is {found[:12]}…, {expected[:12]}… was expected.",
            step,
        )


def place(folder: Path, root: Path, name: str) -> str:
    """Copy `folder` under `root` for good; the answer is its path from `root`.

    It is made durable before it appears under its name, so that a killed run leaves no half of it.
    """
    path = f"artefacts/{name}/{uuid4().hex}"
    target = root / path
    draft = target.with_name(f".{target.name}")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        shutil.copytree(folder, draft)
        for each in sorted(draft.rglob("*")):
            _sync(each)
        _sync(draft)
        draft.rename(target)
        _sync(target.parent)
    except OSError as error:
        shutil.rmtree(draft, ignore_errors=True)
        raise RegistryError(
            f"The model cannot be kept in {target}: {error.strerror}.",
            "Make room there, or give yourself the right to write.",
        ) from None
    return path


def point(root: Path, stored: Stored) -> None:
    """Note the champion where `champion` finds it without asking the registry."""
    said: dict[str, Any] = asdict(stored)
    folder = stored.folder
    said["folder"] = str(folder.relative_to(root) if folder.is_relative_to(root) else folder)
    file = _pointer(root, stored.name)
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(f".{uuid4().hex}.draft")
    draft.write_text(json.dumps(said, sort_keys=True, indent=1) + "\n", "utf-8")
    _sync(draft)
    draft.replace(file)


def champion(root: Path, name: str) -> Stored:
    """The champion of `name` as the registry under `root` last noted it; needs no MLflow.

    What answers requests reads models this way: it starts in no time and reaches for no server.

    Raises:
        RegistryError: no champion is noted.
        ArtefactDamaged: its files are not those that were registered.

    """
    file = _pointer(root, name)
    try:
        said = json.loads(file.read_text("utf-8"))
        stored = Stored(**{**said, "folder": root / said["folder"]})
    except FileNotFoundError:
        raise RegistryError(
            f"The model {name!r} has no champion yet.", "Train one: `omnix run` does."
        ) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RegistryError(
            f"The note that names the champion of {name} cannot be read: {error}.",
            f"A run trains it anew; or promote a version: `omnix models promote {name} VERSION`.",
        ) from None
    verify(stored.folder, stored.checksum, f"{name} {stored.semantic}")
    return stored


def _pointer(root: Path, name: str) -> Path:
    return root / "champions" / f"{name}.json"


def _of_file(path: Path) -> bytes:
    one = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            one.update(piece)
    return one.digest()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
