from __future__ import annotations

import os
import socket

import pytest

from shop import QUICK


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "example.org"])
def test_other_machines_are_refused(host: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as out, pytest.raises(AssertionError, match="only this machine"):
        out.connect((host, 80))


def test_this_machine_is_allowed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()


def test_no_setting_comes_from_outside() -> None:
    assert [name for name in os.environ if name.startswith("OMNIX_")] == list(QUICK)
