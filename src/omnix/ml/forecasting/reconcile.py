"""Forecasts that add up: moved as little as possible, the uncertain ones the most.

MinTrace (Wickramasuriya, Athanasopoulos and Hyndman 2019) with a diagonal W is the projection onto the
sums that hold, in the distance that counts each series in units of its error:

    x = y - W C' (C W C')^-1 C y

C has a row for each sum, so that only a system of as many unknowns as there are sums is solved; levels
need not share one bottom. With x >= 0 (Wickramasuriya, Turlach and Hyndman 2020) the same point solves
C max(0, y - W C' m) = 0, the gradient of a convex function of m: Newton's method on it, whose active set
are the series at nought.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from omnix.ml.errors import ModelError

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Floats: TypeAlias = NDArray[np.float64]

#: What a sum may be off, as a share of the values in it.
_TOLERANCE = 1e-10
#: What counts as nought beside the largest value of a step.
_NOUGHT = 1e-13
_ITERATIONS = 200
#: Added to the diagonal, as sums may follow from one another; refined away.
_RIDGE = 1e-9
_REFINEMENTS = 20
#: Up to so many sums a dense system is quicker than a sparse one.
_DENSE = 1_000


@dataclass(frozen=True)
class Structure:
    """Sums that truly hold: each parent is the sum of its children, all of them.

    A parent some of whose children have no series does not belong here. A series may be in several
    sums, as parent or as child.
    """

    sums: tuple[tuple[str, tuple[str, ...]], ...]

    def within(self, names: Iterable[str]) -> Structure:
        """The sums of which every member is among `names`; the others cannot be held."""
        known = set(names)
        return Structure(
            tuple(each for each in self.sums if each[0] in known and known.issuperset(each[1]))
        )

    def matrix(self, ids: Sequence[str]) -> csr_array:
        """C: a row for each sum whose members are all among `ids`, so that C @ points is 0.

        Raises:
            ModelError: a sum has no children, names one twice, or its parent among them.

        """
        from scipy.sparse import csr_array

        place = {name: at for at, name in enumerate(ids)}
        held = self.within(place.keys()).sums
        for parent, children in held:
            _check_sum(parent, children)
        rows = [at for at, (_, children) in enumerate(held) for _ in range(len(children) + 1)]
        columns = [place[name] for parent, children in held for name in (parent, *children)]
        values = [one for _, children in held for one in (1.0, *[-1.0] * len(children))]
        return csr_array((values, (rows, columns)), shape=(len(held), len(ids)))


def reconcile(
    points: ArrayLike,
    variances: ArrayLike,
    ids: Sequence[str],
    structure: Structure,
    *,
    nonnegative: bool = True,
) -> Floats:
    """`points` (series x steps) moved so that the sums of `structure` hold.

    variances: by series, the mean squared error of its forecasts: how far it may be moved compared with
    the others; above 0. Only sums whose members are all among `ids` can be held. nonnegative: no
    value of a series in a sum is below 0; a step at which all are 0 stays so. Series in no sum are
    left as they are.

    Raises:
        ModelError: shapes differ, an id is there twice, a number is not finite or a variance not above 0.

    """
    y = np.asarray(points, dtype=np.float64)
    spread = np.asarray(variances, dtype=np.float64)
    _check(y, spread, ids)
    sums = structure.matrix(ids)
    members = np.flatnonzero(np.bincount(sums.indices, minlength=len(ids)))
    found = y.copy()
    if len(members) and y.shape[1]:
        found[members] = _projected(
            y[members], spread[members], sums[:, members], nonnegative=nonnegative
        )
    return found


def gaps(points: ArrayLike, ids: Sequence[str], structure: Structure) -> Floats:
    """Sums x steps: how far each parent lies above the sum of its children."""
    return np.asarray(structure.matrix(ids) @ np.asarray(points, dtype=np.float64))


def _projected(y: Floats, spread: Floats, sums: csr_array, *, nonnegative: bool) -> Floats:
    """In units where every variance is one and every row of the sums has length one."""
    system = _System.of(spread, sums)
    # A step's own size is its unit, so that tiny and huge numbers are solved alike.
    size = np.maximum(np.abs(y).max(axis=0), np.finfo(np.float64).tiny)
    start = y / size / system.root[:, None]
    prices = system.solve(system.rows @ start)
    z = start - system.rows.T @ prices
    if nonnegative:
        for step in np.flatnonzero((z < 0).any(axis=0)):
            z[:, step] = _above_nought(system, start[:, step], prices[:, step])
    return np.asarray(z * system.root[:, None] * size)


@dataclass(frozen=True)
class _System:
    """rows: the sums over series in units of their errors; root: these units; heights: of the rows."""

    rows: csr_array
    root: Floats
    heights: Floats

    @classmethod
    def of(cls, spread: Floats, sums: csr_array) -> _System:
        from scipy.sparse import diags_array

        root = np.sqrt(spread / spread.max())
        rows = sums @ diags_array(root)
        heights = np.sqrt(np.asarray(rows.power(2).sum(axis=1)).ravel())
        return cls((diags_array(1 / heights) @ rows).tocsr(), root, heights)

    def solve(self, right: Floats) -> Floats:
        """(rows rows')^-1 right, where `right` is in its range."""
        normal = self.rows @ self.rows.T
        solver = _solver(normal)
        found = solver(right)
        for _ in range(_REFINEMENTS):
            left = right - normal @ found
            if np.abs(left).max(initial=0.0) <= 1e-15 * np.abs(right).max(initial=0.0):
                break
            found = found + solver(left)
        return np.asarray(found)

    def met(self, free: Floats, miss: Floats) -> bool:
        """Whether the sums hold, seen from the values in them (at most about one) and from nought."""
        members = abs(self.rows) @ free
        return bool(
            np.all(np.abs(miss) <= np.maximum(_TOLERANCE * members, _NOUGHT / self.heights))
        )


def _solver(normal: Any) -> Callable[[Floats], Floats]:
    """What solves a symmetric system that may lack a few ranks."""
    from scipy.linalg import cho_factor, cho_solve
    from scipy.sparse import eye_array
    from scipy.sparse.linalg import splu

    count = normal.shape[0]
    if count <= _DENSE:
        dense = normal.toarray() + _RIDGE * np.eye(count)
        factor = cho_factor(dense, lower=True)
        return lambda right: np.asarray(cho_solve(factor, right))
    sparse = splu((normal + _RIDGE * eye_array(count)).tocsc())
    return lambda right: np.asarray(sparse.solve(right))


def _above_nought(system: _System, start: Floats, prices: Floats) -> Floats:
    """One step's nearest point whose sums hold and which is nowhere below nought."""
    rows, back = system.rows, system.rows.T.tocsr()
    z = start - back @ prices
    free: Floats = np.maximum(z, 0.0)
    for _ in range(_ITERATIONS):
        miss = rows @ free
        if system.met(free, miss):
            break
        active = rows.multiply((z > 0)[None, :]).tocsr()
        way = _solver(active @ back)(miss)
        z, prices = _along(z, back @ way, float(free @ free), float(miss @ way), prices, way)
        free = np.maximum(z, 0.0)
    return np.where(free * system.root > _NOUGHT, free, 0.0)


def _along(
    z: Floats, slope: Floats, value: float, gain: float, prices: Floats, way: Floats
) -> tuple[Floats, Floats]:
    """A whole step of Newton's, halved until what is minimised has fallen enough (Armijo's rule)."""
    length = 1.0
    for _ in range(60):
        ahead = z - length * slope
        above = np.maximum(ahead, 0.0)
        if above @ above <= value - 2e-4 * length * gain + 1e-15 * value:
            break
        length /= 2
    return ahead, prices + length * way


def _check(y: Floats, spread: Floats, ids: Sequence[str]) -> None:
    if y.ndim != 2 or len(y) != len(ids) or spread.shape != (len(ids),):
        raise ModelError(
            f"{len(ids)} ids, points of shape {y.shape} and variances of shape {spread.shape} do not fit.",
            "Give a row of points and one variance for each id.",
        )
    if len(set(ids)) != len(ids):
        twice = sorted({name for name in ids if list(ids).count(name) > 1})
        raise ModelError(f"The series {twice[0]!r} is there twice.", "Give each once.")
    if not np.isfinite(y).all() or not np.isfinite(spread).all() or (spread <= 0).any():
        at = int(np.argmax(~np.isfinite(y).all(axis=1) | ~np.isfinite(spread) | (spread <= 0)))
        raise ModelError(
            f"The series {ids[at]!r} has the variance {spread[at]} or points that are not finite.",
            "Give finite points and variances above 0.",
        )


def _check_sum(parent: str, children: tuple[str, ...]) -> None:
    if not children or len({parent, *children}) != len(children) + 1:
        raise ModelError(
            f"The sum {parent!r} = {' + '.join(children[:5]) or 'nothing'} holds a series twice, or none.",
            "Name its parent and each child once.",
        )
