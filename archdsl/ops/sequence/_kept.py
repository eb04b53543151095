"""What autograd keeps of queries compared with keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archdsl.ops.base import Saves

if TYPE_CHECKING:
    from archdsl.ops.sequence._scores_text import Scores

QUERIES, KEYS, VALUES = 0, 1, 2


class Parts(NamedTuple):
    """Sizes of what is multiplied, of a sample."""

    heads: int
    length: int
    span: int
    width: int
    value_width: int
    kv_heads: int

    @property
    def queries(self) -> int:
        return self.heads * self.length * self.width

    @property
    def keys(self) -> int:
        return self.kv_heads * self.span * self.width

    @property
    def values(self) -> int:
        return self.kv_heads * self.span * self.value_width

    @property
    def scores(self) -> int:
        return self.heads * self.length * self.span


def kept(scores: Scores, parts: Parts) -> Saves:
    """Of queries, keys and values that were given, and of the result where the fused kernel runs
    (that of processors)."""
    fused = is_fused(scores, parts)
    fixed = of_mask(scores, parts, not fused)
    compared = parts.queries + parts.keys
    normed = 0
    if scores.cosine:
        fixed += 4 * parts.heads
        normed = parts.queries + 2 * (compared // parts.width)
    if fused:
        normed += compared * scores.cosine
        numbers = normed + parts.heads * parts.length
        return Saves((QUERIES, KEYS, VALUES), output=True, fixed=fixed, per_sample=4 * numbers)
    share = parts.heads // parts.kv_heads
    numbers = normed + parts.queries + share * (parts.keys + parts.values)
    numbers += parts.scores * (1 + 2 * scores.dropping + scores.capped)
    numbers += parts.heads * parts.length * scores.sinks
    given = (QUERIES, KEYS) if scores.cosine else ()
    return Saves(given, fixed=fixed, per_sample=4 * numbers)


def of_mask(scores: Scores, parts: Parts, unfused: bool) -> int:
    """Bytes: of numbers where the fused kernel adds it, else of what fills."""
    if not scores.masked:
        return 0
    if not unfused:
        return 4 * parts.length * parts.span
    return parts.length * parts.span * (scores.stepwise or scores.biased)


def is_fused(scores: Scores, parts: Parts) -> bool:
    """Whether the fused kernel of PyTorch takes it (that of processors)."""
    alike = parts.width == parts.value_width
    return alike and not (scores.stepwise or scores.dropping or scores.biased)
