"""Alternatives drawn as often as their counts say, exactly."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import numpy as np
import pytest

from archdsl.space.thresholds import Thresholds
from tests.space.chi_square import is_plausible


class Bits:
    """A random generator that gives the bits that it is told."""

    def __init__(self, *words: int) -> None:
        self.words = list(words)

    def integers(self, low: int, high: int, size: int | None = None, dtype: object = None):
        if size is None:
            return self.words.pop(0)
        return np.array([self.words.pop(0) for _ in range(size)], dtype=np.uint64)


@pytest.mark.parametrize(
    "counts",
    [[1], [5, 3], [1, 1, 1], [2**200, 3 * 2**199, 2**201], [10**30 + 1, 10**30, 7 * 10**29]],
)
def test_alternatives_come_as_often_as_their_counts_say(counts: list[int]) -> None:
    taken = Thresholds(counts).draw(40_000, np.random.default_rng(1))
    found = Counter(taken.tolist())
    assert len(found) == len(counts)
    assert len(counts) == 1 or is_plausible([found[i] for i in range(len(counts))], counts)


@pytest.mark.parametrize("word", [0, 1, 2**62, 2**63, 2**64 - 1, 2**64 // 3, 2**64 // 3 + 1])
@pytest.mark.parametrize("more", [0, 2**63, 2**64 - 1])
@pytest.mark.parametrize("counts", [[1, 2], [1, 1], [2**70, 1, 2**70 + 1], [1, 3, 3, 2]])
def test_the_bits_drawn_say_which_alternative_it_is(
    counts: list[int], more: int, word: int
) -> None:
    (taken,) = Thresholds(counts).draw(1, Bits(word, more, more))
    point = Fraction((word << 128) | (more << 64) | more, 1 << 192)
    share = Fraction(point * sum(counts))
    expected = sum(sum(counts[: i + 1]) <= share for i in range(len(counts) - 1))
    assert taken == expected


def test_bits_are_drawn_until_they_decide() -> None:
    third = 2**64 // 3  # the bits of 1/3 go on with the same word for ever
    bits = Bits(third, third, third, 0)
    assert Thresholds([1, 2]).draw(1, bits).tolist() == [0]
    assert bits.words == []


def test_a_limit_whose_bits_end_is_decided_at_once() -> None:
    bits = Bits(2**63)
    assert Thresholds([1, 1]).draw(1, bits).tolist() == [1]
    assert bits.words == []
