"""Signed tokens: ours are read back; nothing else is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forged import Forge, forged
from omnix.auth.errors import TokenError
from omnix.auth.keys import KeyRing
from omnix.auth.tokens import CLOCK_AHEAD, MAX_CHARACTERS, Claims, Kind, Tokens

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


class World:
    """Tokens with a clock that stands still until it is told."""

    def __init__(self, folder: Path) -> None:
        self.now = START
        self.ring = KeyRing(folder, now=lambda: self.now)
        self.tokens = Tokens(self.ring, now=lambda: self.now)

    def issue(self, kind: Kind = Kind.ACCESS, subject: str = "u-1") -> str:
        return self.tokens.issue(kind, subject=subject, session="s-1", lifetime=QUARTER)

    def read(self, token: str, kind: Kind = Kind.ACCESS) -> Claims:
        return self.tokens.read(token, kind)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "tokens")


@pytest.fixture(scope="module")
def forge(tmp_path_factory: pytest.TempPathFactory) -> Forge:
    world = World(tmp_path_factory.mktemp("forge") / "tokens")
    return Forge(world.tokens, world.ring.newest(), "u-1", "s-1")


def test_what_was_issued_is_read_back(world: World) -> None:
    claims = world.read(world.issue())
    assert (claims.subject, claims.session, claims.kind) == ("u-1", "s-1", Kind.ACCESS)
    assert claims.issued_at == START
    assert claims.expires_at == START + QUARTER
    assert claims.id != world.read(world.issue()).id


@given(st.text(min_size=1, max_size=60).filter(str.isprintable))
def test_any_subject_comes_back(forge: Forge, subject: str) -> None:
    token = forge.made(Kind.ACCESS, subject=subject)
    assert forge.tokens.read(token, Kind.ACCESS).subject == subject


def test_a_token_ends_to_the_second_without_grace(world: World) -> None:
    token = world.issue()
    world.now = START + QUARTER - timedelta(milliseconds=1)
    world.read(token)
    world.now = START + QUARTER
    with pytest.raises(TokenError) as refused:
        world.read(token)
    assert refused.value.reason == "expired"


def test_another_machines_clock_may_run_a_little_ahead(world: World) -> None:
    token = world.issue()
    world.now = START - timedelta(seconds=CLOCK_AHEAD)
    world.read(token)
    world.now -= timedelta(seconds=1)
    with pytest.raises(TokenError):
        world.read(token)


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("asked", list(Kind))
def test_a_token_of_one_kind_is_never_another(world: World, kind: Kind, asked: Kind) -> None:
    token = world.issue(kind)
    if kind is asked:
        assert world.read(token, asked).kind is kind
    else:
        with pytest.raises(TokenError):
            world.read(token, asked)


def test_another_service_with_the_same_keys_is_another(world: World) -> None:
    token = world.issue()
    for other in ({"issuer": "staging"}, {"audience": "omnix-mcp"}):
        with pytest.raises(TokenError):
            Tokens(world.ring, now=lambda: START, **other).read(token, Kind.ACCESS)


def test_rotation_is_seamless_until_the_overlap_ends(world: World) -> None:
    before = world.issue()
    world.now += timedelta(minutes=10)
    world.ring.rotate()
    after = world.issue()
    assert jwt.get_unverified_header(before)["kid"] != jwt.get_unverified_header(after)["kid"]
    world.read(before)
    world.read(after)


def test_there_are_enough_forgeries_and_all_are_different(forge: Forge) -> None:
    found = forged(forge)
    assert len(found) >= 150
    assert len(set(found.values())) == len(found)


def test_no_forgery_is_read(forge: Forge) -> None:
    told = set()
    for token in forged(forge).values():
        with pytest.raises(TokenError) as refused:
            forge.tokens.read(token, Kind.ACCESS)
        told.add(str(refused.value))
    assert len(told) == 1, "every reason gets the same words"
    forge.tokens.read(forge.genuine, Kind.ACCESS)


def test_each_line_of_defence_has_met_a_forgery(forge: Forge) -> None:
    """A forgery that fails for another reason than meant would test nothing."""
    reasons = set()
    for token in forged(forge).values():
        with pytest.raises(TokenError) as refused:
            forge.tokens.read(token, Kind.ACCESS)
        reasons.add(refused.value.reason)
    assert reasons >= {
        "too long", "not three parts in canonical base64url", "no JSON", "no JSON object",
        "a name stands twice", "other headers than ours", "another algorithm or kind",
        "the key's id is no text", "unknown key", "not signed by us", "other claims than ours",
        "a claim is no text", "a time is no whole number", "another issuer, audience or kind",
        "expired", "not yet good", "times out of order",
    }  # fmt: skip


@given(st.text(max_size=300) | st.binary(max_size=200).map(lambda b: b.decode("latin-1")))
def test_any_text_is_refused_in_words(forge: Forge, text: str) -> None:
    with pytest.raises(TokenError):
        forge.tokens.read(text, Kind.ACCESS)


@given(st.data())
def test_a_changed_character_is_refused(forge: Forge, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(forge.genuine) - 1))
    other = data.draw(st.characters().filter(lambda c: c != forge.genuine[place]))
    with pytest.raises(TokenError):
        forge.tokens.read(forge.genuine[:place] + other + forge.genuine[place + 1 :], Kind.ACCESS)


def test_a_megabyte_is_not_even_taken_apart(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("omnix.auth.tokens._object", lambda part: pytest.fail("was parsed"))
    for text in ("a" * 10**6, f"{'a' * 10**6}.b.c", "." * (MAX_CHARACTERS + 1)):
        with pytest.raises(TokenError):
            world.read(text)
