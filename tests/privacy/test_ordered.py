from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from omnix.privacy.ordered import distinct, union, without

numbers = st.lists(st.integers(0, 20), max_size=30)


@given(numbers, numbers)
@settings(deadline=None)
def test_the_same_as_python_sets(a: list[int], b: list[int]) -> None:
    x, y = np.array(a, dtype=np.int64), np.array(b, dtype=np.int64)
    assert distinct(x).tolist() == sorted(set(a))
    assert union(x, y).tolist() == sorted(set(a) | set(b))
    assert without(x, distinct(y)).tolist() == sorted(set(a) - set(b))
