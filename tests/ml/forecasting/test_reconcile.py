"""Reconciled forecasts add up, and no point that adds up lies nearer to what was forecast."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import nnls

from omnix.ml.errors import ModelError
from omnix.ml.forecasting.reconcile import Structure, gaps, reconcile


def grouped(stores: int, kinds: int) -> tuple[list[str], Structure, np.ndarray]:
    """A total over stores and over kinds of goods, both over their crossing; and its summing matrix."""
    a, b = (
        [f"{letter}{n}" for n in range(count)] for letter, count in (("s", stores), ("k", kinds))
    )
    bottom = [f"{one}/{other}" for one in a for other in b]
    sums = {
        **{one: [f"{one}/{other}" for other in b] for one in a},
        **{other: [f"{one}/{other}" for one in a] for other in b},
    }
    structure = Structure((("all", tuple(a)), ("all", tuple(b)), *sums.items()))
    ids = ["all", *a, *b, *bottom]
    parts = np.array([
        [one == "all" or one == each or one in each.split("/") for each in bottom] for one in ids
    ])  # fmt: skip
    return ids, structure, parts.astype(float)


@st.composite
def forecasts(draw: st.DrawFn):
    ids, structure, parts = grouped(draw(st.integers(1, 4)), draw(st.integers(1, 4)))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    steps = draw(st.integers(1, 3))
    level = draw(st.sampled_from([1e-3, 1.0, 1e7]))
    points = rng.normal(draw(st.sampled_from([-1.0, 0.3, 3.0])), 2, (len(ids), steps)) * level
    points[rng.random(len(ids)) < 0.2] = 0.0
    return ids, structure, parts, points, np.exp(rng.normal(0, 2, len(ids))) * level**2


def distance(moved: np.ndarray, points: np.ndarray, variances: np.ndarray) -> np.ndarray:
    return (((moved - points) ** 2) / variances[:, None]).sum(axis=0)


@settings(deadline=None)
@given(forecasts())
def test_it_is_mintrace_over_the_bottom(case) -> None:
    """The published form, over the bottom series, gives the same point."""
    ids, structure, parts, points, variances = case
    found = reconcile(points, variances, ids, structure, nonnegative=False)
    weighed = parts.T / variances
    twin = parts @ np.linalg.solve(weighed @ parts, weighed @ points)
    assert np.allclose(found, twin, rtol=0, atol=1e-6 * np.abs(points).max(initial=1e-9))


@settings(deadline=None)
@given(forecasts())
def test_nothing_above_nought_that_adds_up_lies_nearer(case) -> None:
    ids, structure, parts, points, variances = case
    found = reconcile(points, variances, ids, structure)
    assert (found >= 0).all()
    scale = 1 / np.sqrt(variances)
    for step in range(points.shape[1]):
        bottom, _ = nnls(parts * scale[:, None], points[:, step] * scale)
        twin = parts @ bottom
        ours, theirs = (distance(each[:, None], points[:, [step]], variances)[0] for each in (found[:, step], twin))  # fmt: skip
        assert ours <= theirs * (1 + 1e-7) + 1e-9


@settings(deadline=None)
@given(forecasts(), st.booleans())
def test_sums_hold(case, floor) -> None:
    ids, structure, _, points, variances = case
    found = reconcile(points, variances, ids, structure, nonnegative=floor)
    assert np.abs(gaps(found, ids, structure)).max() <= 1e-9 * np.abs(points).max()


@settings(deadline=None)
@given(forecasts())
def test_what_adds_up_already_stays(case) -> None:
    ids, structure, parts, points, variances = case
    coherent = parts @ np.abs(points[-parts.shape[1] :])
    found = reconcile(coherent, variances, ids, structure)
    assert np.allclose(found, coherent, rtol=1e-8, atol=1e-9 * coherent.max(initial=0.0))


@settings(deadline=None)
@given(forecasts(), st.floats(1e-4, 1e4), st.floats(1e-4, 1e4))
def test_another_unit_gives_the_same(case, unit, certainty) -> None:
    ids, structure, _, points, variances = case
    found = reconcile(points, variances, ids, structure)
    scaled = reconcile(points * unit, variances * certainty, ids, structure)
    assert np.allclose(scaled, found * unit, rtol=0, atol=1e-7 * np.abs(points).max() * unit)


@settings(deadline=None)
@given(forecasts(), st.integers(0, 2**32 - 1))
def test_the_order_of_the_series_is_no_matter(case, seed) -> None:
    ids, structure, _, points, variances = case
    order = np.random.default_rng(seed).permutation(len(ids))
    found = reconcile(points, variances, ids, structure)
    mixed = reconcile(points[order], variances[order], [ids[at] for at in order], structure)
    assert np.allclose(mixed, found[order], rtol=0, atol=1e-7 * np.abs(points).max(initial=1e-9))


def test_levels_that_share_no_bottom() -> None:
    """A shop is the sum of its countries and of its categories; of products only one category's are known."""
    structure = Structure((("shop", ("gb", "fr")), ("shop", ("toys", "books")), ("toys", ("p1", "p2"))))  # fmt: skip
    ids = ["shop", "gb", "fr", "toys", "books", "p1", "p2"]
    points = np.array([[100.0], [70.0], [20.0], [50.0], [60.0], [20.0], [20.0]])
    found = reconcile(points, np.ones(7), ids, structure)
    assert np.allclose(gaps(found, ids, structure), 0)
    # Against a penalty on the sums that is all but infinite.
    sums = structure.matrix(ids).toarray()
    twin, _ = nnls(np.vstack([np.eye(7), 1e5 * sums]), np.concatenate([points[:, 0], np.zeros(3)]))
    assert np.allclose(found[:, 0], twin, atol=1e-3)


def test_the_uncertain_move_most() -> None:
    structure = Structure((("shop", ("a", "b")),))
    found = reconcile([[100.0], [40.0], [40.0]], [1.0, 1.0, 18.0], ["shop", "a", "b"], structure)
    assert np.allclose(found[:, 0] - [100, 40, 40], [-1, 1, 18])


def test_a_parent_whose_children_are_not_all_there_is_left_alone() -> None:
    structure = Structure((("shop", ("a", "b")), ("b", ("x", "y"))))
    points = np.array([[10.0], [3.0], [3.0], [9.0]])
    found = reconcile(points, np.ones(4), ["shop", "a", "b", "x"], structure)
    assert np.allclose(found[3], 9.0)
    assert found[0] == pytest.approx(found[1] + found[2])
    alone = reconcile(points[[0, 1]], np.ones(2), ["shop", "a"], structure)
    assert (alone == points[[0, 1]]).all()


def test_closed_steps_stay_nought_and_strangers_stay() -> None:
    structure = Structure((("shop", ("a", "b")),))
    points = np.array([[9.0, 0, 4], [5.0, 0, -3], [5.0, 0, 5], [-7.0, 0, -1]])
    found = reconcile(points, np.ones(4), ["shop", "a", "b", "other"], structure)
    assert (found[:, 1] == 0).all()
    assert (found[3] == points[3]).all()
    assert (found[:3] >= 0).all()


def test_many_series_and_sums_that_follow_from_others() -> None:
    ids, structure, parts = grouped(20, 30)
    rng = np.random.default_rng(3)
    points = rng.normal(1, 3, (len(ids), 5))
    variances = np.where(np.arange(len(ids)) < 20, 1e-6, 1.0) * rng.gamma(0.5, 1, len(ids)) + 1e-9
    found = reconcile(points, variances, ids, structure)
    assert np.abs(gaps(found, ids, structure)).max() < 1e-6
    assert (found >= 0).all()
    scale = 1 / np.sqrt(variances)
    bottom, _ = nnls(parts * scale[:, None], points[:, 0] * scale)
    ours, theirs = (distance(each, points[:, [0]], variances)[0] for each in (found[:, [0]], (parts @ bottom)[:, None]))  # fmt: skip
    assert ours <= theirs * (1 + 1e-6)


def test_more_sums_than_a_dense_system_takes() -> None:
    sums = {f"c{n}": [f"c{n}/a", f"c{n}/b"] for n in range(1200)}
    ids = sorted({*sums, *(child for each in sums.values() for child in each)})
    points = np.random.default_rng(1).normal(1, 1, (len(ids), 2))
    structure = Structure(tuple(sums.items()))
    found = reconcile(points, np.ones(len(ids)), ids, structure)
    assert np.abs(gaps(found, ids, structure)).max() < 1e-8
    part = Structure(structure.sums[:3])
    few = [name for each in part.sums for name in (each[0], *each[1])]
    places = [ids.index(name) for name in few]
    assert np.allclose(found[places], reconcile(points[places], np.ones(9), few, part))


def test_nothing_to_hold_changes_nothing() -> None:
    points = np.array([[-1.0, 2.0]])
    assert (reconcile(points, [1.0], ["a"], Structure(())) == points).all()
    assert reconcile(np.empty((1, 0)), [1.0], ["a"], Structure(())).shape == (1, 0)


@pytest.mark.parametrize(
    ("points", "variances", "ids", "told"),
    [
        ([[1.0], [1.0]], [1.0], ["a", "b"], "do not fit"),
        ([[1.0], [1.0]], [1.0, 1.0], ["a", "a"], "twice"),
        ([[1.0], [np.nan]], [1.0, 1.0], ["a", "b"], "'b'"),
        ([[1.0], [1.0]], [1.0, 0.0], ["a", "b"], "variance 0.0"),
    ],
)
def test_wrong_input_is_told(points, variances, ids, told) -> None:
    with pytest.raises(ModelError, match=told):
        reconcile(points, variances, ids, Structure(()))


@pytest.mark.parametrize("sums", [("a", ()), ("a", ("a", "b")), ("a", ("b", "b"))])
def test_a_sum_that_cannot_be_is_told(sums) -> None:
    with pytest.raises(ModelError, match="holds a series twice"):
        reconcile([[1.0], [1.0]], [1.0, 1.0], ["a", "b"], Structure((sums,)))
