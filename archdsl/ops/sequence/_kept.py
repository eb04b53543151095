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
    masks = of_mask(scores, parts, not fused)
    fixed = masks.fixed
    compared = parts.queries + parts.keys
    normed = 0
    if scores.cosine:
        fixed += 4 * parts.heads
        normed = parts.queries + 2 * (compared // parts.width)
    if fused:
        normed += compared * scores.cosine
        numbers = normed + parts.heads * parts.length
        each = 4 * numbers + masks.per_sample
        return Saves((QUERIES, KEYS, VALUES), output=True, fixed=fixed, per_sample=each)
    share = parts.heads // parts.kv_heads
    numbers = normed + parts.queries + share * (parts.keys + parts.values)
    numbers += parts.scores * (1 + 2 * scores.dropping + scores.capped)
    numbers += parts.heads * parts.length * scores.sinks
    given = (QUERIES, KEYS) if scores.cosine else ()
    return Saves(given, fixed=fixed, per_sample=4 * numbers + masks.per_sample)


def of_mask(scores: Scores, parts: Parts, unfused: bool) -> Saves:
    """Of numbers where the fused kernel adds it, else of what fills; of padded rows each sample has
    its own."""
    if not scores.masked:
        return Saves()
    places = parts.length * parts.span if scores.positional else parts.span
    kept = places * (scores.stepwise or scores.biased) if unfused else 4 * places
    return Saves(per_sample=kept) if scores.padded else Saves(fixed=kept)


def is_fused(scores: Scores, parts: Parts) -> bool:
    """Whether the fused kernel of PyTorch takes it (that of processors)."""
    alike = parts.width == parts.value_width
    return alike and not (scores.stepwise or scores.dropping or scores.biased)
