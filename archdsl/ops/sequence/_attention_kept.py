"""What autograd keeps of attention that makes its queries, keys and values itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.ops.base import Saves
from archdsl.ops.sequence._kept import Parts, is_fused, of_mask

if TYPE_CHECKING:
    from archdsl.ops.sequence._attention_text import Form
    from archdsl.ops.sequence._heads import Sizes


def kept_in_attention(form: Form, sizes: Sizes, turned: int, places: tuple[int, ...]) -> Saves:
    """``turned`` are the features of a head that rotary positions turn, ``places`` the inputs that
    are projected."""
    fixed = 4 * (sizes.length + sizes.span) * turned * (form.rotary is not None)
    masks = of_mask(form.scores, _parts(sizes), is_unfused(form, sizes))
    fixed += masks.fixed
    fixed += 4 * sizes.heads * form.scores.cosine
    several, one = (_Kept(form, sizes, single).numbers() for single in (False, True))
    each = 4 * several + masks.per_sample
    return Saves(places, fixed=fixed, per_sample=each, alone=4 * (one - several))


def is_unfused(form: Form, sizes: Sizes) -> bool:
    """Whether the fused kernel does not take it: turned heads of width 2 do not lie as it asks."""
    narrow = form.rotary is not None and sizes.heads > 1 and sizes.width == 2
    return narrow or not is_fused(form.scores, _parts(sizes))


def _parts(sizes: Sizes) -> Parts:
    heads = (sizes.width, sizes.value_width, sizes.kv_heads)
    return Parts(sizes.heads, sizes.length, sizes.span, *heads)


class _Kept:
    """Numbers kept for each sample of a batch; of a ``single`` sample more are views, which keep
    all of the projection that they show a part of."""

    def __init__(self, form: Form, sizes: Sizes, single: bool) -> None:
        self.form, self.sizes, self.parts = form, sizes, _parts(sizes)
        self.views = single or sizes.heads == 1
        self.pinned: set[str] = set()
        self.made = False  # whether queries and keys are no longer views of projections

    def numbers(self) -> int:
        """All together."""
        unfused = is_unfused(self.form, self.sizes)
        found = self._before() + (self._step_by_step() if unfused else self._by_kernel())
        found += self.sizes.length * self.sizes.attended
        return found + sum(self._projections()[name] for name in self.pinned)

    def _before(self) -> int:
        """Of norms, turning, and lengths made one."""
        parts, found = self.parts, 0
        compared = parts.queries + parts.keys
        if self.form.norm:
            self._pin("qk")
            rows = compared // parts.width
            found += compared + rows if self.form.norm == "rms_norm" else 2 * rows
        self.made = bool(self.form.norm or self.form.rotary)
        if self.form.scores.cosine:
            found += self._as_they_are("qk")
            found += parts.queries + 2 * (compared // parts.width)
            self.made = True
        return found

    def _by_kernel(self) -> int:
        """Queries, keys, values and log-sum-exp; where it lays its result out as the queries that
        were made, the heads are copied."""
        self._pin("v")
        found = self._as_they_are("qk") + self.parts.heads * self.parts.length
        laid = self.form.norm or self.form.rotary
        copied = laid and self.parts.heads > 1
        return found + self.sizes.length * self.sizes.attended * bool(copied)

    def _step_by_step(self) -> int:
        """Queries, keys and values, each head by itself, and the scores: with dropout before it,
        after it, and its mask."""
        parts, scores = self.parts, self.form.scores
        share = parts.heads // parts.kv_heads
        found = parts.scores * (1 + 2 * scores.dropping + scores.capped)
        found += parts.heads * parts.length * scores.sinks
        found += self._copied("q", parts.queries, scores.stepwise and not self.made)
        own = not self.form.grouped
        found += self._copied("k", share * parts.keys, own and scores.stepwise and not self.made)
        return found + self._copied("v", share * parts.values, own)

    def _copied(self, name: str, numbers: int, may_be_view: bool) -> int:
        """A copy, or a view of its projection."""
        if may_be_view and self.views:
            self._pin(name)
            return 0
        return numbers

    def _as_they_are(self, names: str) -> int:
        """Queries and keys: views of their projections, or what was made of them."""
        if self.made:
            return self.parts.queries + self.parts.keys
        self._pin(names)
        return 0

    def _pin(self, names: str) -> None:
        for name in names:
            self.pinned.update(whole for whole in self._projections() if name in whole)

    def _projections(self) -> dict[str, int]:
        """The numbers that each projection gives, by what they hold."""
        parts = self.parts
        if self.form.apart:
            return {"q": parts.queries, "k": parts.keys, "v": parts.values}
        if self.form.cross or self.form.grouped:
            return {"q": parts.queries, "kv": parts.keys + parts.values}
        return {"qkv": parts.queries + parts.keys + parts.values}
