"""q-values against their slow twin."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omnix.ml.multiplicity import benjamini_hochberg


@given(st.lists(st.one_of(st.floats(0, 1), st.just(float("nan"))), max_size=20))
@settings(max_examples=100, deadline=None)
def test_it_is_the_least_line_that_would_find_the_test(chances):
    q = benjamini_hochberg(chances)
    made = [p for p in chances if not np.isnan(p)]
    for p, own in zip(chances, q, strict=True):
        if np.isnan(p):
            assert np.isnan(own)
            continue
        slow = min(
            min(line * len(made) / sum(each <= line for each in made), 1.0)
            for line in made
            if line >= p
        )
        assert own == pytest.approx(slow)


def test_nothing_is_found_in_nothing():
    assert benjamini_hochberg([]).shape == (0,)
