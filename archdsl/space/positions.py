"""Positions in a diagram: a part of it, with all that is chosen after it, under a budget."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from archdsl.space.diagram import Part, Product

if TYPE_CHECKING:
    from archdsl.space.bounds import Ends


class Result(NamedTuple):
    """What is left of a position under each budget from ``least`` to ``most`` (None: without end);
    ``part`` is None where no design is left."""

    least: int | None
    most: int | None
    part: Part | None


class Position:
    """A part of a diagram and all that comes after it; their totals together keep to a budget.

    ``part.times`` says how often the part counts in the whole diagram. ``least`` and ``largest``
    are the bounds of the total, ``whole`` is the position without a limit. ``inside`` are the
    positions that it leads to, once they are known. Between the bounds, ``results`` are those
    found so far, each for other budgets, in order.
    """

    __slots__ = ("after", "inside", "largest", "least", "part", "results", "starts", "whole")

    def __init__(
        self, part: Part, after: Position | None, ends: Ends, zero: tuple[int, ...]
    ) -> None:
        self.part = part
        self.after = after
        self.inside: list[Position] | None = None
        self.least: int = part.times * ends.least + (after.least if after else 0)
        self.largest: int = part.times * ends.largest + (after.largest if after else 0)
        self.whole = part
        if after is not None:
            both = (Part(part.node, "", None, part.times), after.whole)
            self.whole = Part(Product((), both, zero), part.path, part.place)
        self.starts: list[int] = []
        self.results: list[Result] = []

    def result(self, budget: int) -> Result | None:
        """What is left under a budget; None where that is not known yet."""
        if budget < self.least:
            return Result(None, self.least - 1, None)
        if budget >= self.largest:
            return Result(self.largest, None, self.whole)
        index = bisect_right(self.starts, budget) - 1
        if index < 0:
            return None
        found = self.results[index]
        assert found.most is not None, "only what is whole has no end"
        return found if budget <= found.most else None

    def add(self, result: Result) -> None:
        """Takes down what is left under the budgets of a result."""
        assert result.least is not None, "only where nothing is left there is no beginning"
        index = bisect_right(self.starts, result.least)
        self.starts.insert(index, result.least)
        self.results.insert(index, result)
