"""A Gaussian process over designs: what a design may be worth, and how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.space.arrays import numpy

if TYPE_CHECKING:
    from collections.abc import Sequence

REACH = 0.5  # the length of the kernel, as a share of the choices of a design
NOISE = 0.05  # the variance of a result, where the results together have one of about 1


class Guess(NamedTuple):
    """What is expected of each of some designs, and its standard deviation: arrays."""

    mean: Any
    deviation: Any


class GaussianProcess:
    """A Gaussian process (Rasmussen and Williams 2006) with the kernel exp(-d / l) + x·y / (D / 2).

    d is in how many choices two designs differ, l half of the D choices: so a result tells of
    designs that are near. The second part is linear in the options: each is worth as much wherever
    it is chosen, which tells of all. ``rows`` are vectors of designs (see ``encoding``), ``values``
    results, about standard normal, and ``best`` the greatest of them.
    """

    def __init__(self, rows: Any, values: Sequence[float], choices: float) -> None:
        np = numpy()
        self.rows = rows
        self.best = max(values)
        self.reach = max(REACH * choices, 1e-9)
        self.half = max(choices / 2, 1e-9)
        covariance = self._kernel(rows, rows) + NOISE * np.eye(len(rows))
        self._inverse = np.linalg.inv(np.linalg.cholesky(covariance))
        self._weights = self._inverse.T @ (self._inverse @ np.asarray(values, dtype=float))

    def __call__(self, rows: Any) -> Guess:
        """What is expected of designs, given as an array of their vectors."""
        np = numpy()
        shared = self._kernel(rows, self.rows)
        own = 1 + (rows * rows).sum(1) / self.half
        explained = ((shared @ self._inverse.T) ** 2).sum(1)
        return Guess(shared @ self._weights, np.sqrt(np.maximum(own - explained, 1e-12)))

    def _kernel(self, one: Any, other: Any) -> Any:
        np = numpy()
        products = one @ other.T
        lengths = (one * one).sum(1)[:, None] + (other * other).sum(1)[None, :]
        apart = np.maximum(lengths - 2 * products, 0)
        return np.exp(-apart / self.reach) + products / self.half
