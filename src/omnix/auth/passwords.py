"""Passwords: Argon2id at a bounded cost, and a policy about guessability instead of composition.

Sources: OWASP Password Storage Cheat Sheet (19 MiB, t=2, p=1), OWASP ASVS 5.0 §6.2,
NIST SP 800-63B-4 §3.1.1 (normalised, no composition rules, a block list, room for long ones).
"""

from __future__ import annotations

import secrets
import threading
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from omnix.auth.errors import BusyError, PasswordError

MIN_CHARACTERS = 8
MAX_BYTES = 1000
MIN_SCORE = 2

#: What zxcvbn looks at; more would cost time and change no verdict.
_SCORED_CHARACTERS = 72

#: zxcvbn keeps the context words in a module-wide dictionary: two checks at once would mix them.
_scoring = threading.Lock()


@dataclass(frozen=True)
class Strength:
    """How hard a password is to guess: `score` 0 to 4, and what would make it better."""

    score: int
    ok: bool
    warning: str
    suggestions: tuple[str, ...]


class Passwords:
    """Hashes and verifies, at most `concurrent` at a time and `waiting` in the queue.

    An Argon2id pass costs about 44 ms of one core: without a bound a flood of sign-ins would take
    the cores from everybody who is signed in already.
    """

    def __init__(
        self,
        *,
        time_cost: int = 2,
        memory_kib: int = 19_456,
        parallelism: int = 1,
        concurrent: int = 1,
        waiting: int = 8,
    ) -> None:
        hasher = Argon2Hasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=parallelism)
        self._argon2 = PasswordHash((hasher,))
        self._hasher = hasher
        self._room = threading.BoundedSemaphore(concurrent + waiting)
        self._turn = threading.BoundedSemaphore(concurrent)
        self._nobodys = self._argon2.hash(secrets.token_bytes(32))

    def hash(self, password: str) -> str:
        """The Argon2id hash in PHC form, with its own salt.

        Raises:
            PasswordError: it is too long, or no text.
            BusyError: too many hash at this moment.

        """
        content = _content(password)
        with self._my_turn():
            return self._argon2.hash(content)

    def verify(self, password: str, hashed: str | None) -> bool:
        """Whether `password` is the one behind `hashed`. None costs the same, and is never right.

        So the time of an answer does not tell whether the account exists.

        Raises:
            BusyError: too many verify at this moment.

        """
        try:
            content, possible = _content(password), True
        except PasswordError:
            content, possible = b"", False
        with self._my_turn():
            return self._matches(content, hashed) and possible

    def needs_rehash(self, hashed: str) -> bool:
        """Whether `hashed` was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(hashed)

    def _matches(self, content: bytes, hashed: str | None) -> bool:
        if hashed is None or not self._hasher.identify(hashed):
            self._argon2.verify(content, self._nobodys)
            return False
        return self._argon2.verify(content, hashed)

    @contextmanager
    def _my_turn(self) -> Iterator[None]:
        if not self._room.acquire(blocking=False):
            raise BusyError(retry_after=1)
        try:
            with self._turn:
                yield
        finally:
            self._room.release()


def strength(password: str, context: Iterable[str] = ()) -> Strength:
    """How guessable `password` is for one who knows `context`: e-mail, name, the shop's words."""
    reason = _unfit(password)
    if reason:
        return Strength(0, ok=False, warning=reason, suggestions=())
    plain = unicodedata.normalize("NFC", password)
    found = _guessed(plain[:_SCORED_CHARACTERS], _words(context))
    score = min(int(found["score"]), _score_without(plain, _words(context)))
    score = 0 if _is_common(plain) else score
    feedback = found["feedback"]
    warning = str(feedback["warning"] or "")
    if score < MIN_SCORE and not warning:
        warning = "This password is easy to guess."
    return Strength(score, score >= MIN_SCORE, warning, tuple(feedback["suggestions"]))


def _score_without(password: str, words: list[str]) -> int:
    """The score of what is left once the words known of a person are taken out; 4 if none is in it.

    zxcvbn alone lets `dana.levi1` pass for dana.levi@shop.example: each part is cheap to guess,
    but it takes the signs between them for chance.
    """
    rest = password.casefold()
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "")
    if rest == password.casefold():
        return 4
    return int(_guessed(rest[:_SCORED_CHARACTERS], [])["score"]) if rest else 0


def check(password: str, context: Iterable[str] = (), *, field: str = "password") -> None:
    """Refuse a password that is too short, too long or too easy to guess; `field` is whence it came.

    Raises:
        PasswordError: says which, and what would do.

    """
    found = strength(password, context)
    if not found.ok:
        advice = " ".join(found.suggestions) or "Take a few words that do not belong together."
        raise PasswordError(found.warning, advice, field=field)


def _content(password: str) -> bytes:
    try:
        content = unicodedata.normalize("NFC", password).encode()
    except UnicodeEncodeError:
        raise PasswordError("The password holds half a character.", "Type it again.") from None
    if len(content) > MAX_BYTES:
        raise PasswordError(
            f"The password has {len(content):,} bytes; {MAX_BYTES:,} are the most.",
            "Take a shorter one.",
        )
    return content


def _unfit(password: str) -> str:
    try:
        content = _content(password)
    except PasswordError as error:
        return error.what
    if len(content.decode()) < MIN_CHARACTERS:
        return f"A password has at least {MIN_CHARACTERS} characters."
    return ""


def _words(context: Iterable[str]) -> list[str]:
    """The context and its parts: of `dana.levi@shop.example` also `dana`, `levi` and `shop`."""
    whole = [word.casefold() for word in (*context, "omnix") if len(word) > 2]
    parts = [part for word in whole for part in _parts(word)]
    return list(dict.fromkeys([*whole, *parts]))


def _parts(word: str) -> list[str]:
    spaced = "".join(c if c.isalnum() else " " for c in word)
    return [part for part in spaced.split() if len(part) > 2]


def _is_common(password: str) -> bool:
    return password.casefold() in _common_passwords()


@cache
def _common_passwords() -> frozenset[str]:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # type: ignore[import-untyped]

    return frozenset(FREQUENCY_LISTS["passwords"])


def _guessed(password: str, context: list[str]) -> Mapping[str, Any]:
    from zxcvbn import zxcvbn  # type: ignore[import-untyped]

    with _scoring:
        found: Mapping[str, Any] = zxcvbn(password, user_inputs=context)
    return found
