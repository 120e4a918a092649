"""A lake in an object store: immutable files are fetched once into a local cache."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omnix.lake.files import LOG, Listed, log_name
from omnix.lake.snapshot import DataFile

if TYPE_CHECKING:
    from obstore.store import S3Store

#: A store that is down must be named within seconds, not minutes.
_PATIENCE = {"timeout": "60s", "connect_timeout": "5s", "max_retries": "3", "retry_timeout": "20s"}
_CLIENT = ("allow_http", "timeout", "connect_timeout", "proxy_url", "allow_invalid_certificates")


class ObjectFiles:
    """Tables under `s3://bucket/prefix`. Commits are conditional writes, so writers never mix."""

    def __init__(self, url: str, options: Mapping[str, str], cache: Path | None) -> None:
        self._url = url.rstrip("/")
        self.options: dict[str, str] | None = {**_PATIENCE, **options}
        cache = cache or Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "omnix"
        self._cache = cache.absolute() / self._url.removeprefix("s3://")
        self._opened: S3Store | None = None

    @property
    def _store(self) -> S3Store:
        if self._opened is None:
            self._opened = _opened(self._url, {**_environment(), **(self.options or {})})
        return self._opened

    def url(self, table: str) -> str:
        """What delta-rs opens."""
        return f"{self._url}/{table}"

    def names(self) -> list[str]:
        """Every table: a folder that holds a log."""
        return sorted(self._below(""))

    def _below(self, folder: str) -> Iterator[str]:
        import obstore

        found = obstore.list_with_delimiter(self._store, folder or None)["common_prefixes"]
        if f"{folder}/{LOG}" in found:
            yield folder
            return
        for name in found:
            yield from self._below(name)

    def stage(self, table: str, name: str) -> Path:
        """A place in the cache, from where the finished file is sent."""
        folder = self._cache / table
        folder.mkdir(parents=True, exist_ok=True)
        return folder / name

    def keep(self, table: str, staged: Path) -> None:
        """Send the file; it stays in the cache for the next reader."""
        import obstore

        obstore.put(self._store, f"{table}/{staged.name}", staged)

    def drop(self, table: str, staged: Path) -> None:
        """Delete the file here and there."""
        staged.unlink(missing_ok=True)
        self.remove(table, [staged.name])

    def locate(self, table: str, file: DataFile) -> Path | None:
        """Its path in the cache, fetched when it is not there."""
        path = self._cache / table / file.path
        if not path.exists() or path.stat().st_size != file.size:
            try:
                self._fetch(f"{table}/{file.path}", path)
            except FileNotFoundError:
                return None
        return path if path.stat().st_size == file.size else None

    def _fetch(self, key: str, path: Path) -> None:
        """Download beside the place and rename, so that no reader meets half a file."""
        import obstore

        answer = obstore.get(self._store, key)
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
        try:
            with half.open("wb") as out:
                for chunk in answer.stream(min_chunk_size=4 * 1024 * 1024):
                    out.write(chunk)
            half.rename(path)
        finally:
            half.unlink(missing_ok=True)

    def has(self, table: str, files: Iterable[DataFile]) -> bool:
        """Whether all of them are there, by one listing."""
        there = {(entry.path, entry.size) for entry in self.listing(table)}
        return all((file.path, file.size) in there for file in files)

    def log_entry(self, table: str, version: int) -> bytes | None:
        """One commit."""
        import obstore

        try:
            return bytes(obstore.get(self._store, f"{table}/{log_name(version)}").bytes())
        except FileNotFoundError:
            return None

    def sync(self, table: str, versions: Iterable[int]) -> None:
        """An object that was accepted is durable."""

    def stamp(self, table: str) -> tuple[int, ...] | None:  # noqa: ARG002 - asking costs what opening does
        """Cannot tell."""
        return None

    def listing(self, table: str) -> Iterator[Listed]:
        """Every object of the table."""
        import obstore

        for page in obstore.list(self._store, f"{table}/"):
            for entry in page:
                name = entry["path"].removeprefix(f"{table}/")
                yield Listed(name, entry["size"], entry["last_modified"].timestamp())

    def remove(self, table: str, paths: Iterable[str]) -> None:
        """Delete objects, and their copies in the cache."""
        import obstore

        paths = list(paths)
        for path in paths:
            (self._cache / table / path).unlink(missing_ok=True)
        if paths:
            obstore.delete(self._store, [f"{table}/{path}" for path in paths])

    def remove_table(self, table: str) -> None:
        """Delete the newest commits first: what a cut-short delete leaves is an older version."""
        names = sorted(
            (entry.path for entry in self.listing(table)), key=lambda p: (p.startswith(LOG), p)
        )
        for path in reversed(names):
            self.remove(table, [path])

    def room(self) -> str:
        """The store's address."""
        return self._url


def _opened(url: str, options: Mapping[str, str]) -> S3Store:
    """The obstore client with the same options as delta-rs, whose names differ a little."""
    from obstore.store import S3Store

    plain = {name.lower().removeprefix("aws_"): value for name, value in options.items()}
    plain = {
        ("endpoint" if name == "endpoint_url" else name): value for name, value in plain.items()
    }
    client: Any = {name: plain.pop(name) for name in _CLIENT if name in plain}
    client["allow_http"] = str(client.get("allow_http", "")).lower() == "true"
    retries = int(plain.pop("max_retries"))
    plain.pop("retry_timeout")
    bucket, _, prefix = url.removeprefix("s3://").partition("/")
    config: Any = plain
    return S3Store(
        bucket,
        prefix=prefix or None,
        config=config,
        client_options=client,
        retry_config={"max_retries": retries},
    )


def _environment() -> dict[str, str]:
    """What the environment says of the store; delta-rs reads the same names itself."""
    names = (
        "ENDPOINT_URL",
        "ALLOW_HTTP",
        "ACCESS_KEY_ID",
        "SECRET_ACCESS_KEY",
        "SESSION_TOKEN",
        "REGION",
    )
    found = {f"AWS_{name}": os.environ.get(f"AWS_{name}") for name in names}
    found["AWS_REGION"] = found["AWS_REGION"] or os.environ.get("AWS_DEFAULT_REGION")
    return {name: value for name, value in found.items() if value}
