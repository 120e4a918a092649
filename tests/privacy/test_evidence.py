from __future__ import annotations

from math import comb

import numpy as np
import pytest

from omnix.privacy.evidence import TRUSTABLE, Shape, Tally, tail
from omnix.privacy.ordered import distinct
from privacy.plant import pans


@pytest.mark.parametrize(("hits", "tries", "chance"), [(3, 5, 0.1), (10, 10, 0.12), (40, 200, 0.1)])
def test_tail_is_the_binomial_upper_tail(hits: int, tries: int, chance: float) -> None:
    exact = sum(
        comb(tries, k) * chance**k * (1 - chance) ** (tries - k) for k in range(hits, tries + 1)
    )
    assert tail(hits, tries, chance) == pytest.approx(exact, rel=1e-9)


def test_tail_below_the_mean_says_nothing() -> None:
    assert tail(5, 100) == tail(0, 0) == 1.0


def numbers(values: list[str]) -> np.ndarray:
    return distinct(np.array([int(value) for value in values], dtype=np.uint64))


def unlucky(count: int) -> list[str]:
    """Numbers of Visa's range that fail Luhn."""
    return [str(4000000000000001 + 10 * i) for i in range(1, count)]


def test_cards_are_proven_by_their_number() -> None:
    trust = Tally().trust({Shape.WHOLE: numbers(pans(100))})
    assert trust.proven
    assert trust.shapes == TRUSTABLE
    assert trust.why.startswith("100 of 100 distinct numbers")


def test_chance_proves_nothing() -> None:
    every_tenth = numbers([str(4000000000000000 + 7 * i) for i in range(50_000)])
    trust = Tally().trust({Shape.WHOLE: every_tenth, Shape.PLAIN: every_tenth})
    assert not trust.proven
    assert not trust.shapes


def test_six_bare_numbers_are_enough_and_five_are_not() -> None:
    assert Tally().trust({Shape.WHOLE: numbers(pans(6))}).proven
    assert not Tally().trust({Shape.WHOLE: numbers(pans(5))}).shapes


def test_a_few_in_a_cards_layout_are_believed_unless_most_fail() -> None:
    assert Shape.LAYOUT in Tally().trust({Shape.LAYOUT: numbers(pans(1))}).shapes
    many = numbers(pans(3) + unlucky(10))
    assert Shape.LAYOUT not in Tally().trust({Shape.LAYOUT: many}).shapes


def test_evidence_adds_up_over_chunks() -> None:
    tally = Tally()
    first, second = pans(8)[:4], pans(8)[4:]
    assert not tally.trust({Shape.WHOLE: numbers(first)}).proven
    tally.add({Shape.WHOLE: numbers(first)})
    assert tally.trust({Shape.WHOLE: numbers(second)}).proven


def test_the_same_number_again_is_no_new_evidence() -> None:
    tally = Tally()
    for _ in range(20):
        same = {Shape.WHOLE: numbers(["4111111111111111"])}
        assert not tally.trust(same).proven
        tally.add(same)
