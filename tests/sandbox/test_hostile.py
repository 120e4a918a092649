"""The hostile queries against the real endpoint's path, and against the worker without the guard."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from omnix.sandbox.errors import SandboxError
from omnix.sandbox.pool import Query
from sandbox.homes import NOBODY, PERSONAL, ROLES, Canaries, permissions
from sandbox.mutate import corpus, disguises

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="queries need Linux"),
    pytest.mark.slow,
]


def unguarded(home: Canaries, role: str, sql: str, form: Any = "json") -> str:
    """All that comes back of a query that no guard has looked at."""
    pool = home.sql._the_pool()
    exposure = home.sql._exposures.of(permissions(role))
    spec = home.sql._spec(exposure, "tables:personal" in permissions(role))
    try:
        query = Query(sql, 1000, 1 << 20, 2, form)
        return repr(pool._run(exposure.key, spec, query, role, guarded=False))
    except SandboxError as error:
        return f"{type(error).__name__} {error}"


def guarded(home: Canaries, role: str, sql: str) -> str:
    """All that comes back of a query."""
    try:
        return repr(home.sql.run(sql, permissions(role), who=role))
    except SandboxError as error:
        return f"{type(error).__name__} {error}"


def leaks(home: Canaries, role: str, answers: Iterable[tuple[str, str]]) -> list[str]:
    """The queries whose answer holds a canary that the role must not see."""
    return [
        f"{role}: {sql[:200]} -> {answer[:300]}"
        for sql, answer in answers
        for canary in home.seen(role)
        if canary in answer.replace(sql, "")
    ]


@pytest.mark.parametrize("role", ROLES)
def test_no_canary_leaves_by_the_endpoints_path(canary_home: Canaries, role: str) -> None:
    """2,000 and more payloads; those that the guard stops cost no process."""
    from omnix.sandbox.errors import RefusedError
    from omnix.sandbox.guard import examine

    before = canary_home.digest()
    tables = canary_home.sql._exposures.of(permissions(role)).tables
    tried, answers = 0, []
    for seed, (_, sql) in enumerate(corpus(**canary_home.paths)):
        for number, text in enumerate(disguises(sql, seed)):
            if number and (number + seed) % 3:
                continue
            tried += 1
            try:
                examine(text, tables)
            except RefusedError as error:
                answers.append((text, str(error)))
            else:
                answers.append((text, guarded(canary_home, role, text)))
    assert tried >= 2000
    assert leaks(canary_home, role, answers) == []
    assert canary_home.digest() == before


@pytest.mark.parametrize("role", ROLES)
def test_without_the_guard_the_worker_holds_alone(canary_home: Canaries, role: str) -> None:
    before = canary_home.digest()
    answers = []
    for seed, (_, sql) in enumerate(corpus(**canary_home.paths)):
        texts = list(disguises(sql, seed))
        other = [texts[1 + seed % (len(texts) - 1)]] if role == "analyst" else []
        answers += [(t, unguarded(canary_home, role, t)) for t in [texts[0], *other]]
    assert len(answers) > 250
    assert leaks(canary_home, role, answers) == []
    assert canary_home.digest() == before
    assert not (canary_home.home.parent / "out").exists()


def test_the_canaries_are_where_they_were_planted(canary_home: Canaries) -> None:
    """Else the tests above would see nothing because there is nothing."""
    assert PERSONAL in guarded(canary_home, "manager", "select email from customers limit 1")
    held = {n: Path(p).read_bytes() for n, p in canary_home.paths.items() if Path(p).is_file()}
    assert NOBODY.encode() in held["raw"]
    assert NOBODY.encode() in held["secret"]
    assert PERSONAL.encode() in held["personal"]
    assert PERSONAL.encode() not in held["mine"]


@pytest.mark.parametrize(("family", "sql"), corpus("exhausting.sql"))
def test_what_takes_everything_is_ended(canary_home: Canaries, family: str, sql: str) -> None:
    """By the guard, by memory or by time, or it was harmless; and the next query is answered."""
    said = unguarded(canary_home, "analyst", sql)
    assert said.startswith(("StoppedError", "RefusedError", "FailedError", "Answer")), said
    assert "crash" not in said
    assert "'v0'" in guarded(canary_home, "analyst", "select 'v0'").replace('"', "'")
