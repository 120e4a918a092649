"""Throttling: windows slide, and an attacker closes no door but his own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnix.auth.throttle import (
    ALLOWED,
    SIGN_IN_ACCOUNT,
    SIGN_IN_ADDRESS,
    SIGN_IN_PAIR,
    Decision,
    Limit,
    decide,
    decide_sign_in,
    strictest,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
THREE = Limit(3, timedelta(minutes=10))
seconds = st.lists(st.integers(0, 2000), max_size=30)


def ago(*each: float) -> list[datetime]:
    return [NOW - timedelta(seconds=second) for second in each]


@pytest.mark.parametrize(
    ("failures", "expected"),
    [
        ([], ALLOWED),
        ([1, 2], ALLOWED),
        ([1, 2, 3], Decision(allowed=False, retry_after=597)),
        ([599, 2, 1], Decision(allowed=False, retry_after=1)),
        ([600, 2, 1], ALLOWED),
        ([500, 400, 300, 200], Decision(allowed=False, retry_after=200)),
        ([-60, -60, -60], Decision(allowed=False, retry_after=660)),
    ],
)
def test_a_window_slides(failures: list[int], expected: Decision) -> None:
    assert decide(ago(*failures), NOW, THREE) == expected


@given(seconds)
def test_refused_exactly_when_as_many_failures_lie_in_the_window(failures: list[int]) -> None:
    found = decide(ago(*failures), NOW, THREE)
    assert found.allowed is (sum(second < 600 for second in failures) < 3)


@given(seconds)
def test_after_the_wait_one_may_try_and_not_before(failures: list[int]) -> None:
    moments = ago(*failures)
    found = decide(moments, NOW, THREE)
    if found.allowed:
        assert found.retry_after == 0
        return
    later = NOW + timedelta(seconds=found.retry_after)
    assert decide(moments, later, THREE).allowed
    assert not decide(moments, later - timedelta(seconds=1), THREE).allowed


@given(seconds)
def test_the_order_of_failures_does_not_matter(failures: list[int]) -> None:
    assert decide(ago(*failures), NOW, THREE) == decide(ago(*sorted(failures)), NOW, THREE)


def test_the_longest_wait_counts() -> None:
    short, long = Decision(False, 5), Decision(False, 50)
    assert strictest([ALLOWED, short, long]) == long
    assert strictest([ALLOWED]) == ALLOWED
    assert strictest([]) == ALLOWED


def test_the_eleventh_guess_is_refused() -> None:
    tenth = ago(*range(1, SIGN_IN_PAIR.attempts))
    eleventh = ago(*range(1, SIGN_IN_PAIR.attempts + 1))
    for failures, allowed in ((tenth, True), (eleventh, False)):
        found = decide_sign_in(pair=failures, address=(), account=(), familiar=True, now=NOW)
        assert found.allowed is allowed
    assert SIGN_IN_PAIR.attempts == 10
    assert SIGN_IN_PAIR.window >= timedelta(minutes=30)


def test_spraying_from_one_address_is_refused_for_every_account() -> None:
    sprayed = ago(*[n / 100 for n in range(SIGN_IN_ADDRESS.attempts)])
    found = decide_sign_in(pair=(), address=sprayed, account=(), familiar=True, now=NOW)
    assert not found.allowed


def test_others_cannot_lock_the_owner_out() -> None:
    storm = ago(*[n / 100 for n in range(SIGN_IN_ACCOUNT.attempts * 10)])
    stranger = decide_sign_in(pair=(), address=(), account=storm, familiar=False, now=NOW)
    owner = decide_sign_in(pair=(), address=(), account=storm, familiar=True, now=NOW)
    assert not stranger.allowed
    assert owner.allowed
