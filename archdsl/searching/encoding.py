"""Designs as vectors, so that two designs are as far apart as the choices in which they differ."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, Any

from archdsl.searching.scales import Scale
from archdsl.space.arrays import numpy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from archdsl.searching.moves import Choice


class Encoding:
    """A vector for each design: the squared distance of two is the number of choices that differ.

    Options in an order count half for differing and half for how far apart they lie; a continuous
    choice counts its squared distance on its scale. A choice that a design does not make is one
    more option of it. Of D choices a vector is at most √(D / 2) long.
    """

    def __init__(self, choices: Sequence[Choice]) -> None:
        self.scales = tuple(Scale(choice) for choice in choices)
        self._table = [_columns(scale) for scale in self.scales]
        starts = [0]
        for columns in self._table:
            starts.append(starts[-1] + len(columns[None]))
        self.width = starts[-1]
        self._starts = starts

    def __call__(self, designs: Sequence[Mapping[str, Any]]) -> Any:
        """An array of shape (designs, width)."""
        np = numpy()
        rows = np.zeros((len(designs), self.width))
        for row, design in zip(rows, designs, strict=True):
            for scale, columns, start in zip(self.scales, self._table, self._starts, strict=False):
                value = design.get(scale.path)
                if scale.is_continuous:
                    share = None if value is None else scale.share(value)
                    row[start] = 0.5 if share is None else share
                    row[start + 1] = share is None
                else:
                    place = None if value is None else scale.place(value)
                    vector = columns[place]
                    row[start : start + len(vector)] = vector
        return rows


def _columns(scale: Scale) -> dict[int | None, list[float]]:
    """The vector of each option by its place, and of a choice that is not made."""
    if scale.is_continuous:
        return {None: [0.5, 1.0]}
    same = 0.5 if scale.is_ordered else sqrt(0.5)
    steps = scale.size - 1 if scale.is_ordered else 0
    step = sqrt(0.5 / steps) if steps else 0.0
    absent = [0.0] * scale.size + [sqrt(0.5)] + [0.0] * steps
    found: dict[int | None, list[float]] = {None: absent}
    for place in range(scale.size):
        which = [same if i == place else 0.0 for i in range(scale.size)]
        found[place] = [*which, 0.0, *(step if i < place else 0.0 for i in range(steps))]
    return found
