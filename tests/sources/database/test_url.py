"""The address of a database: what is read, what is refused, and that no password shows."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omnix.core.errors import SettingsError
from omnix.sources.database.url import PASSWORD_VARIABLE, DatabaseUrl


def test_a_full_url_is_read() -> None:
    url = DatabaseUrl.parse(
        "mariadb://sh%40p:p%2Fw@db.example:3307/my%20shop?read_timeout=5&sslmode=verify-ca&ssl_ca=/c"
    )
    assert (url.dialect, url.user, url.password) == ("mysql", "sh@p", "p/w")
    assert (url.address, url.database) == ("db.example:3307", "my shop")
    assert (url.read_timeout, url.sslmode, url.ssl_ca) == (5.0, "verify-ca", "/c")


@pytest.mark.parametrize(
    ("url", "dialect", "port"),
    [
        ("mysql://h/d", "mysql", 3306),
        ("mariadb://h/d", "mysql", 3306),
        ("postgresql://h/d", "postgresql", 5432),
        ("postgres://h/d", "postgresql", 5432),
    ],
)
def test_each_scheme_has_its_port(url: str, dialect: str, port: int) -> None:
    parsed = DatabaseUrl.parse(url)
    assert (parsed.dialect, parsed.port) == (dialect, port)


def test_the_password_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, "from-outside")
    assert DatabaseUrl.parse("mysql://u@h/d").password == "from-outside"
    assert DatabaseUrl.parse("mysql://u:inside@h/d").password == "inside"


def test_an_ipv6_host_keeps_its_brackets() -> None:
    assert DatabaseUrl.parse("mysql://u@[::1]:3307/d").address == "[::1]:3307"


@given(st.text(min_size=8, max_size=30).filter(lambda word: word not in "mysql://shop@h:3306/d"))
@settings(deadline=None)
def test_no_password_shows(password: str) -> None:
    url = DatabaseUrl.parse(f"mysql://shop:{quote(password, safe='')}@h/d")
    assert url.password == password
    assert url.description == "mysql://shop@h:3306/d"
    assert repr(url).count(password) == 0


@pytest.mark.parametrize(
    "url",
    [
        "mysql://shop:geh/eim@host/d",
        "mysql://shop:geh#eim@host/d",
        "mysql://shop:geh?eim@host/d",
        "mysql://shop:geh:eim@host:port/d",
        "mysql://shop:geheim@/d",
        "mysql://shop:geheim@host",
        "mysql://shop:geheim@host/d/e",
        "oracle://shop:geheim@host/d",
        "shop:geheim@host/d",
        "mysql://shop:geheim@host:70000/d",
        "mysql://shop:geheim@host/d?colour=red",
        "mysql://shop:geheim@host/d?read_timeout=soon",
        "mysql://shop:geheim@host/d?sslmode=maybe",
    ],
)
def test_a_url_that_does_not_parse_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(SettingsError) as caught:
        DatabaseUrl.parse(url)
    assert caught.value.step
    assert "geh" not in str(caught.value)
    assert "eim" not in str(caught.value)


def test_an_unknown_option_is_answered_with_the_nearest() -> None:
    with pytest.raises(SettingsError, match="Did you mean 'read_timeout'"):
        DatabaseUrl.parse("mysql://h/d?readtimeout=3")


def test_encryption_can_be_asked_for_in_several_ways() -> None:
    modes = {
        "": "prefer",
        "?ssl=true": "require",
        "?ssl=0": "disable",
        "?ssl_ca=/c": "verify-full",
        "?ssl=true&sslmode=verify-ca": "verify-ca",
    }
    for query, mode in modes.items():
        assert DatabaseUrl.parse(f"postgresql://h/d{query}").sslmode == mode
