"""MLflow behind a few words. The only module that imports it, and only when one of them is said."""

from __future__ import annotations

import fcntl
import json
import logging
import math
import os
import socket
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import urlsplit, urlunsplit

from omnix.ml.errors import RegistryError

P = ParamSpec("P")
R = TypeVar("R")

_EXPERIMENT = "omnix"
#: Characters that a parameter may have in MLflow.
_PARAM = 500


@dataclass(frozen=True)
class Row:
    """A version as MLflow keeps it."""

    number: int
    created_at: datetime
    source: str
    tags: Mapping[str, str]


def _told(method: Callable[Concatenate[Book, P], R]) -> Callable[Concatenate[Book, P], R]:
    """What MLflow raises becomes a RegistryError that names the registry."""

    @wraps(method)
    def told(self: Book, /, *args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return method(self, *args, **kwargs)
        except RegistryError:
            raise
        except Exception as error:
            if not type(error).__module__.startswith(("mlflow", "sqlalchemy", "requests")):
                raise
            said = self.without_password(str(error)).strip().partition("\n")[0][:300]
            raise RegistryError(
                f"The model registry {self.shown} cannot be used: {said}",
                "Correct models.url, or see that the registry runs and may be written.",
            ) from None  # it may show the password

    return told


class Book:
    """The registry's book of names, versions, aliases and tags.

    `root` holds what is kept here; `url` is an MLflow server or database, empty: SQLite in `root`.
    """

    def __init__(self, root: Path, url: str = "") -> None:
        self._root = root
        self._url = url or f"sqlite:///{root / 'mlflow.sqlite'}"
        #: Whether the files of models are sent to the server too.
        self.uploads = urlsplit(url).scheme in {"http", "https"}

    @property
    def shown(self) -> str:
        """The registry's address without its password."""
        parts = urlsplit(self._url)
        if parts.password is None:
            return self._url
        return urlunsplit(
            parts._replace(netloc=f"{parts.username}:…@{parts.netloc.rpartition('@')[2]}")
        )

    def without_password(self, text: str) -> str:
        """`text` with the registry's address as it may be shown."""
        password = urlsplit(self._url).password
        shown = text.replace(self._url, self.shown)
        return shown.replace(f":{password}@", ":…@") if password else shown

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else on this machine changes the book meanwhile."""
        try:
            self._root.mkdir(parents=True, exist_ok=True)
            file = (self._root / "registry.lock").open("a")
        except OSError as error:
            raise RegistryError(
                f"The folder {self._root} cannot be written: {error.strerror}.",
                "Give yourself the right to write there.",
            ) from None
        with file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    @_told
    def names(self) -> list[str]:
        """All model names."""
        found: list[str] = []
        page = None
        while page is None or page.token:
            page = self._client.search_registered_models(page_token=page and page.token)
            found += [model.name for model in page]
        return sorted(found)

    @_told
    def rows(self, name: str) -> list[Row]:
        """The versions of `name`, oldest first; none when there is no such model."""
        found: list[Row] = []
        page = None
        while page is None or page.token:
            page = self._client.search_model_versions(
                f"name='{name}'", page_token=page and page.token
            )
            found += [_row(each) for each in page]
        return sorted(found, key=lambda row: row.number)

    @_told
    def aliases(self, name: str) -> dict[str, int]:
        """Alias → number of the version that bears it."""
        model = self._model(name)
        return {} if model is None else {a: int(number) for a, number in model.aliases.items()}

    @_told
    def alias(self, name: str, alias: str, number: int | None) -> None:
        """Give `alias` to a version, or to none."""
        if number is None:
            self._client.delete_registered_model_alias(name, alias)
        else:
            self._client.set_registered_model_alias(name, alias, str(number))

    @_told
    def tag(self, name: str, number: int, tags: Mapping[str, str]) -> None:
        """Write tags on a version."""
        for key, value in tags.items():
            self._client.set_model_version_tag(name, str(number), f"omnix.{key}", value)

    @_told
    def champions(self, name: str) -> list[int]:
        """The numbers of those that were champion, in order."""
        model = self._model(name)
        return [] if model is None else json.loads(model.tags.get("omnix.champions", "[]"))

    @_told
    def keep_champions(self, name: str, numbers: list[int]) -> None:
        """Write down who was champion."""
        self._client.set_registered_model_tag(name, "omnix.champions", json.dumps(numbers[-200:]))

    @_told
    def add(
        self,
        name: str,
        folder: Path,
        source: str,
        tags: Mapping[str, str],
        metrics: Mapping[str, float],
        params: Mapping[str, Any],
    ) -> Row:
        """A new version with its run; `source`: where its files are, else they are sent along."""
        client = self._client
        from mlflow.entities import Metric, Param

        with _suppressed("RESOURCE_ALREADY_EXISTS"):
            client.create_registered_model(name)
        run = client.create_run(self._experiment, run_name=name).info
        client.log_batch(
            run.run_id,
            metrics=[Metric(k, v, 0, 0) for k, v in metrics.items() if math.isfinite(v)],
            params=[Param(k, str(v)[:_PARAM]) for k, v in params.items()],
        )
        if self.uploads:
            client.log_artifacts(run.run_id, str(folder), "model")
            source = f"{run.artifact_uri}/model"
        client.set_terminated(run.run_id)
        named = {f"omnix.{key}": value for key, value in tags.items()}
        return _row(client.create_model_version(name, source, run_id=run.run_id, tags=named))

    @_told
    def download(self, source: str, target: Path) -> None:
        """Fetch a version's files from the server into the empty `target`."""
        from mlflow.artifacts import download_artifacts

        download_artifacts(artifact_uri=source, dst_path=str(target), tracking_uri=self._url)

    @_told
    def remove(self, name: str, number: int) -> None:
        """Strike a version out."""
        self._client.delete_model_version(name, str(number))

    @cached_property
    def _client(self) -> Any:
        # MLflow asks the environment only; what the user has set there stays.
        os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
        os.environ.setdefault("MLFLOW_LOGGING_LEVEL", "WARNING")
        os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")
        os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "15")  # its own would be two minutes
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of MLflow about SQLAlchemy, of no use to anybody here
            try:
                from mlflow.tracking import MlflowClient
            except ImportError:
                raise RegistryError(
                    "The package mlflow-skinny is not installed.",
                    "Install it: pip install 'omnix[mlflow]'.",
                ) from None
            logging.getLogger("alembic").setLevel(logging.WARNING)
            self._reach()
            self._root.mkdir(parents=True, exist_ok=True)
            return MlflowClient(tracking_uri=self._url, registry_uri=self._url)

    def _reach(self) -> None:
        """Ask a database's port first: MLflow alone would try again for minutes."""
        parts = urlsplit(self._url)
        port = parts.port or {"postgresql": 5432, "mysql": 3306}.get(parts.scheme.partition("+")[0])
        if self.uploads or not parts.hostname or not port:
            return
        try:
            socket.create_connection((parts.hostname, port), timeout=5).close()
        except OSError as error:
            raise RegistryError(
                f"The model registry {self.shown} cannot be used: {error.strerror or error}.",
                "Correct models.url, or start that database.",
            ) from None

    @cached_property
    def _experiment(self) -> str:
        found = self._client.get_experiment_by_name(_EXPERIMENT)
        if found is not None:
            return str(found.experiment_id)
        place = None if self.uploads else (self._root / "runs").as_uri()
        with _suppressed("RESOURCE_ALREADY_EXISTS"):  # another machine was faster
            return str(self._client.create_experiment(_EXPERIMENT, artifact_location=place))
        return str(self._client.get_experiment_by_name(_EXPERIMENT).experiment_id)

    def _model(self, name: str) -> Any:
        client = self._client
        with _suppressed("RESOURCE_DOES_NOT_EXIST"):
            return client.get_registered_model(name)
        return None


@contextmanager
def _suppressed(code: str) -> Iterator[None]:
    from mlflow.exceptions import MlflowException

    try:
        yield
    except MlflowException as error:
        if error.error_code != code:
            raise


def _row(version: Any) -> Row:
    return Row(
        number=int(version.version),
        created_at=datetime.fromtimestamp(version.creation_timestamp / 1000, UTC),
        source=version.source,
        tags={key.removeprefix("omnix."): value for key, value in version.tags.items()},
    )
