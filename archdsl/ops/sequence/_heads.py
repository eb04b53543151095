"""Attention heads: how features are shared among them, and what they cost."""

from __future__ import annotations

from typing import NamedTuple

from archdsl.ops.base import DenseLayer, OpError
from archdsl.ops.plumbing._kinds import near_divisors


class Sizes(NamedTuple):
    """What one attention multiplies: queries of ``length`` positions of ``features``, keys and
    values made of ``memory`` features at ``span`` positions."""

    features: int
    memory: int
    length: int
    span: int
    heads: int
    kv_heads: int
    width: int
    value_width: int
    out: int  # features of the result

    @property
    def inner(self) -> int:
        """Features of all queries."""
        return self.heads * self.width

    @property
    def keys(self) -> int:
        """Features of all keys."""
        return self.kv_heads * self.width

    @property
    def values(self) -> int:
        """Features of all values."""
        return self.kv_heads * self.value_width

    @property
    def attended(self) -> int:
        """Features of what the heads give."""
        return self.heads * self.value_width

    def weights(self) -> int:
        """Numbers in the projections, biases left out."""
        around = self.features * self.inner + self.attended * self.out
        return around + self.memory * (self.keys + self.values)

    def projected(self) -> int:
        """Multiply-accumulates of the projections."""
        around = self.length * (self.features * self.inner + self.attended * self.out)
        return around + self.span * self.memory * (self.keys + self.values)


def packed(features: int, rows: int) -> tuple[DenseLayer, ...]:
    """The projections of self-attention: queries, keys and values in one, and the last."""
    return (DenseLayer(features, 3 * features, rows), DenseLayer(features, features, rows))


def check_heads(heads: int, features: int, head_width: int | None) -> int:
    """The width of a head; without ``head_width`` the heads must divide the features."""
    if head_width is not None:
        return head_width
    if features % heads:
        raise indivisible("heads", heads, features, str(features))
    return features // heads


def indivisible(argument: str, value: int, number: int, noun: str) -> OpError:
    """``heads=6 does not divide 512; 4 or 8 do``, the nearest offered."""
    near = near_divisors(number, value)
    words = f"{' or '.join(map(str, near))} {'do' if len(near) > 1 else 'does'}"
    return OpError(
        f"{argument}={value} does not divide {noun}; {words}",
        needed=f"a divisor of {number}",
        argument=argument,
        replacement=str(min(near, key=lambda divisor: abs(divisor - value))),
    )
