"""Parameters and MACs of layers by the textbook, for calculators of spaces; nothing of archdsl.

MACs are those that ``torch.utils.flop_counter`` counts: convolutions and products of matrices.
"""

from __future__ import annotations

from typing import NamedTuple


class Cost(NamedTuple):
    """What a design costs for one sample."""

    params: int = 0
    macs: int = 0

    def __add__(self, other: object) -> Cost:
        assert isinstance(other, Cost)
        return Cost(self.params + other.params, self.macs + other.macs)

    def times(self, count: int) -> Cost:
        """So many copies, each with weights of its own."""
        return Cost(count * self.params, count * self.macs)


FREE = Cost()


def total(*costs: Cost) -> Cost:
    """All of them together."""
    return sum(costs, FREE)


def conv(
    inside: int, outside: int, kernel: int, size: int, groups: int = 1, bias: bool = False
) -> Cost:
    """A square convolution that gives maps of ``size`` × ``size``."""
    weights = outside * (inside // groups) * kernel * kernel
    return Cost(weights + bias * outside, weights * size * size)


def norm(channels: int) -> Cost:
    """A scale and a shift for each channel."""
    return Cost(2 * channels)


def linear(inside: int, outside: int, positions: int = 1, bias: bool = True) -> Cost:
    """A dense layer at each of so many positions."""
    return Cost(inside * outside + bias * outside, inside * outside * positions)


class Span(NamedTuple):
    """The least and the largest parameters, and the least and the largest MACs."""

    low: Cost
    high: Cost

    def then(self, other: Span) -> Span:
        """One choice and another that knows nothing of it."""
        return Span(self.low + other.low, self.high + other.high)


NOTHING = Span(FREE, FREE)


def just(cost: Cost) -> Span:
    """No choice."""
    return Span(cost, cost)


def either(*spans: Span) -> Span:
    """One of several, each metric by itself."""
    low = Cost(*(min(values) for values in zip(*(span.low for span in spans), strict=True)))
    high = Cost(*(max(values) for values in zip(*(span.high for span in spans), strict=True)))
    return Span(low, high)


def in_row(*spans: Span) -> Span:
    """Choices that know nothing of each other."""
    found = NOTHING
    for span in spans:
        found = found.then(span)
    return found
