"""What holds for every test: no network beyond this machine, no settings from outside."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from serving import served  # noqa: F401 - a fixture for every test
from shop import QUICK, built, copied  # noqa: F401 - fixtures for every test

settings.register_profile("omnix", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("omnix")


class NetworkRefusedError(AssertionError):
    """A test reached for another machine."""


def _is_here(address: Any) -> bool:
    if not isinstance(address, tuple):  # a Unix socket's path
        return True
    host = str(address[0])
    if host in {"localhost", ""}:
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True, scope="session")
def _loopback_only() -> Iterator[None]:
    """Refuse every socket that leads off this machine."""
    guard = pytest.MonkeyPatch()
    for name in ("connect", "connect_ex", "sendto"):
        real = getattr(socket.socket, name)

        def guarded(self: socket.socket, *given: Any, _real: Any = real) -> Any:
            address = given[-1]
            if not _is_here(address):
                raise NetworkRefusedError(f"A test may not reach {address!r}; only this machine.")
            return _real(self, *given)

        guard.setattr(socket.socket, name, guarded)
    yield
    guard.undo()


@pytest.fixture(autouse=True, scope="session")
def _no_time_for_training() -> Iterator[None]:
    """Runs try the baselines alone, also in other processes; tests of training ask for it."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in QUICK.items():
            patch.setenv(name, value)
        yield


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """No `OMNIX_*` or `AWS_*` of the person who runs the tests changes what they see."""
    for name in list(os.environ):
        if name.upper().startswith(("OMNIX_", "AWS_")) and name not in QUICK:
            monkeypatch.delenv(name)
