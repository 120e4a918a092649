"""Passwords: what is taken, what opens what, and that hashing never takes more than its share."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from omnix.auth.errors import BusyError, PasswordError
from omnix.auth.passwords import MAX_BYTES, Passwords, check, strength

QUICK = Passwords(time_cost=1, memory_kib=8)
PHC = re.compile(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$")


class Counting:
    """Stands for the hasher and keeps the hashes it was asked to verify against."""

    def __init__(self, real: Any) -> None:
        self.real = real
        self.asked: list[str] = []

    def verify(self, content: bytes, hashed: str) -> bool:
        self.asked.append(hashed)
        return bool(self.real.verify(content, hashed))


@contextmanager
def counting(passwords: Passwords) -> Iterator[Counting]:
    real = passwords._argon2
    passwords._argon2 = fake = Counting(real)  # type: ignore[assignment]
    try:
        yield fake
    finally:
        passwords._argon2 = real


def test_defaults_are_owasp_parameters_with_own_salts() -> None:
    passwords = Passwords()
    one, two = passwords.hash("the same"), passwords.hash("the same")
    found = PHC.match(one)
    assert found
    assert tuple(map(int, found.groups())) == (19_456, 2, 1)
    assert one != two
    assert passwords.verify("the same", one)
    assert passwords.verify("the same", two)


@given(st.text(max_size=200))
def test_a_password_opens_its_own_hash(password: str) -> None:
    assert QUICK.verify(password, QUICK.hash(password))


@given(st.text(min_size=1, max_size=80), st.text(min_size=1, max_size=80))
def test_no_other_password_opens_it(one: str, other: str) -> None:
    same = unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other)
    assert QUICK.verify(other, QUICK.hash(one)) is same


@pytest.mark.parametrize("length", [8, 64, 71, 72, 73, 128, MAX_BYTES])
def test_every_byte_counts(length: int) -> None:
    password = "ab" * (length // 2) + "c" * (length % 2)
    hashed = QUICK.hash(password)
    assert QUICK.verify(password, hashed)
    assert not QUICK.verify(password[:-1] + "x", hashed)


@pytest.mark.parametrize(
    "password", ["🐘" * 64, "nul\0inside", "nul\0", " around ", "סוס נכון סוללה", "\u202eright"]
)
def test_unusual_characters_stay_as_they_are(password: str) -> None:
    hashed = QUICK.hash(password)
    assert QUICK.verify(password, hashed)
    assert not QUICK.verify(password.strip("\0 ")[:-1], hashed)


def test_composed_and_decomposed_are_one_password() -> None:
    composed, decomposed = "caf\u00e9 nocturne", "cafe\u0301 nocturne"
    assert QUICK.verify(decomposed, QUICK.hash(composed))


def test_too_long_is_told_and_never_verified_as_right() -> None:
    with pytest.raises(PasswordError, match=r"1,001 bytes; 1,000 are the most"):
        QUICK.hash("x" * 1001)
    assert not QUICK.verify("x" * 1001, QUICK.hash("x" * 1000))


def test_half_a_character_is_told() -> None:
    with pytest.raises(PasswordError, match="half a character"):
        QUICK.hash("abc\ud800defgh")
    assert not QUICK.verify("abc\ud800defgh", QUICK.hash("abcdefgh"))


@pytest.mark.parametrize("hashed", [None, "", "junk", "$2b$12$abcdefghijklmnopqrstuv"])
def test_nobodys_hash_costs_the_same_and_is_never_right(hashed: str | None) -> None:
    passwords = Passwords(time_cost=1, memory_kib=8)
    with counting(passwords) as fake:
        assert not passwords.verify("whatever", hashed)
        assert not passwords.verify("whatever" * 500, hashed)
    assert len(fake.asked) == 2
    assert PHC.match(fake.asked[0])
    assert set(fake.asked) == {passwords._nobodys}


def test_one_verification_whether_or_not_there_is_an_account() -> None:
    passwords = Passwords(time_cost=1, memory_kib=8)
    mine = passwords.hash("mine")
    with counting(passwords) as fake:
        passwords.verify("guess", mine)
        passwords.verify("guess", None)
    assert [PHC.match(asked).groups() for asked in fake.asked] == [("8", "1", "1")] * 2  # type: ignore[union-attr]


def test_a_hash_with_older_parameters_is_made_anew() -> None:
    old = QUICK.hash("as it was")
    now = Passwords(time_cost=2, memory_kib=16)
    assert now.verify("as it was", old)
    assert now.needs_rehash(old)
    assert not now.needs_rehash(now.hash("as it was"))


def test_a_flood_waits_in_a_short_queue_and_is_turned_away() -> None:
    passwords = Passwords(time_cost=1, memory_kib=8, concurrent=1, waiting=2)
    hashed = passwords.hash("right")
    entered, leave = threading.Semaphore(0), threading.Event()
    running: list[int] = []

    class Slow(Counting):
        def verify(self, content: bytes, hashed: str) -> bool:
            running.append(1)
            entered.release()
            leave.wait(30)
            running.pop()
            return super().verify(content, hashed)

    passwords._argon2 = Slow(passwords._argon2)  # type: ignore[assignment]
    with ThreadPoolExecutor(3) as pool:
        inside = [pool.submit(passwords.verify, "right", hashed) for _ in range(3)]
        assert entered.acquire(timeout=30)
        while passwords._room._value:
            pass
        assert len(running) == 1
        with pytest.raises(BusyError) as refused:
            passwords.verify("right", hashed)
        leave.set()
        assert all(each.result() for each in inside)
    assert refused.value.retry_after == 1
    assert passwords.verify("right", hashed), "the room is free again"


def test_an_error_leaves_its_place_in_the_queue() -> None:
    passwords = Passwords(time_cost=1, memory_kib=8, concurrent=1, waiting=0)
    for _ in range(3):
        with pytest.raises(PasswordError):
            passwords.hash("x" * 2000)
    assert passwords.verify("right", passwords.hash("right"))


def test_the_commonest_passwords_are_refused() -> None:
    common = FREQUENCY_LISTS["passwords"]
    taken = [word for word in common[:3000] if strength(word).ok]
    assert taken == []
    assert not strength(next(word for word in common[20_000:] if len(word) >= 10)).ok


@pytest.mark.parametrize(
    "password",
    [
        "dana.levi1",
        "Dana-Levi-2024",
        "shop.example",
        "DANA@SHOP",
        "omnix2024",
        "LeviLevi99",
        "danadana",
    ],
)
def test_what_is_known_of_a_person_is_refused(password: str) -> None:
    assert not strength(password, ["dana.levi@shop.example", "Dana Levi"]).ok


@pytest.mark.parametrize(
    "password", ["correct horse battery", "workshop tulip ladder", "tvqzpkwxhh", "סוס נכון סוללה"]
)
def test_no_digit_or_sign_is_asked_for(password: str) -> None:
    check(password, ["dana.levi@shop.example", "Dana Levi"])


def test_too_short_is_told_in_characters_after_composition() -> None:
    with pytest.raises(PasswordError, match="at least 8 characters"):
        check("e\u0301" * 7)


def test_what_is_refused_names_the_field_and_the_next_step() -> None:
    with pytest.raises(PasswordError) as refused:
        check("password1", field="newPassword")
    assert refused.value.errors[0]["field"] == "newPassword"
    assert refused.value.step
    assert "password1" not in str(refused.value)


@given(st.text(max_size=1100), st.lists(st.text(max_size=20), max_size=3))
def test_any_text_is_scored(password: str, context: list[str]) -> None:
    found = strength(password, context)
    assert 0 <= found.score <= 4
    assert found.ok is (found.score >= 2)
    assert found.ok or found.warning


def test_scoring_people_at_once_does_not_mix_what_is_known_of_them() -> None:
    mine = [(f"{word}{word[::-1]}77", word) for word in ("zaphodian", "quixotriel", "umbraldene")]
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda pair: strength(pair[0], [pair[1]]).score, mine * 20))
    assert found == [strength(password, [word]).score for password, word in mine] * 20
