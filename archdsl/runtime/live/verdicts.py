"""What the gradients of a model's layers come to: vanishing, exploding, dead or fine.

Glorot and Bengio (2010) ask that gradients keep their size from the last layer to the first. Here
a layer's gradient is taken relative to its weights (root mean squares), for that is how much of
itself a step would change, and compared with the best of the last quarter of the layers:

* *exploding*: not finite; or more than ``FAR`` times the last layers', or the weights themselves.
  (ResNet-152 begins with 1,300 times in batches of two, and trains well: batch norm makes weights
  of any size do the same. Fifty plain layers with it do explode: Yang et al., 2019,
  arXiv:1902.08129.)
* *dead*: more than ``MOST`` of its units had gradients of exactly zero in every batch. (Half of
  the units of a ReLU layer may be off for all of a small batch without harm.)
* *vanishing*: less than 1/``FAR`` of the last layers'. When those move by a usual thousandth of
  themselves in a step, this layer moves by less than float32 resolves. A layer is excused when
  layers before it get more and it fell in one leap: a branch that starts scaled down
  (LayerScale, ReZero) grows by itself. So is one whose gradient is more than ``GROWN`` times what
  it was before training. Nothing excuses a gradient below ``FLOOR`` (root mean
  square), however small the last layers' are: Adam adds 1e-8 to what it divides by, so the step
  is less than a hundredth of its rate.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archdsl.runtime.live.gradients import LayerGradient

FAR = 1e4
LEAP = 1e3  # from one layer to the next
MOST = 0.9
GROWN = 10.0  # times what it was before the first step
FLOOR = 1e-10

FINE, VANISHING, EXPLODING, DEAD = "fine", "vanishing", "exploding", "dead"


class Verdict(NamedTuple):
    """``word`` is vanishing, exploding, dead or fine; ``reason`` the numbers behind it."""

    word: str
    reason: str


def judge(layers: Sequence[LayerGradient]) -> list[Verdict]:
    """A verdict for each layer, given in the order of the forward pass."""
    if not layers:
        return []
    last = reference(layers)
    return [_judged(layers, place, last) for place in range(len(layers))]


def reference(layers: Sequence[LayerGradient]) -> float:
    """The largest relative gradient in the last quarter of the layers."""
    tail = layers[-max(1, len(layers) // 4) :]
    return max((layer.relative for layer in tail if math.isfinite(layer.relative)), default=0.0)


def _judged(layers: Sequence[LayerGradient], place: int, last: float) -> Verdict:
    layer = layers[place]
    exploding = _exploding(layer.relative, last)
    if exploding:
        return Verdict(EXPLODING, exploding)
    if layer.relative == 0 and _faded_after(layers, place, last):
        return Verdict(VANISHING, "too small for float32, after a fall over the layers behind it")
    if layer.relative == 0 or (layer.unmoved or 0) > MOST:
        share = 100 * (1.0 if layer.unmoved is None else layer.unmoved)
        return Verdict(DEAD, f"{share:.0f} % of its units got exactly zero in every batch")
    if layer.size < FLOOR:
        return Verdict(VANISHING, f"{layer.size:.1e} in itself, too small for Adam")
    ratio = layer.relative / last if last else math.inf
    if ratio * FAR >= 1:
        return Verdict(FINE, f"{_times(ratio)} the last layers'")
    if layer.start is not None and layer.size > GROWN * layer.start:
        return Verdict(FINE, f"{_times(ratio)} the last layers', and grows with each step")
    if _is_scaled_branch(layers, place, last):
        return Verdict(FINE, f"{_times(ratio)} the last layers': a branch that starts scaled down")
    return Verdict(VANISHING, f"{_times(ratio)} the last layers'")


def _exploding(relative: float, last: float) -> str:
    if not math.isfinite(relative):
        return "not a finite number"
    if relative > FAR:
        return f"{relative:.1e} times its weights"
    if last and relative > FAR * last:
        return f"{_times(relative / last)} the last layers'"
    return ""


def _faded_after(layers: Sequence[LayerGradient], place: int, last: float) -> bool:
    """Whether the first layer after this one that gets anything gets very little."""
    after = (layer.relative for layer in layers[place + 1 :] if layer.relative > 0)
    return next(after, last) * FAR < last


def _is_scaled_branch(layers: Sequence[LayerGradient], place: int, last: float) -> bool:
    """Whether layers before this one get more, and it fell in one leap from a layer after it."""
    healthy = last / FAR
    if all(layer.relative < healthy for layer in layers[:place]):
        return False
    after = place + 1
    while after < len(layers) and layers[after].relative < healthy:
        after += 1
    return after < len(layers) and layers[after].relative > LEAP * layers[after - 1].relative


def _times(ratio: float) -> str:
    """``0.31 ×``, ``1/52,000 of``"""
    if ratio >= 1e5:
        return f"{ratio:.1e} times"
    if ratio >= 0.01:
        return f"{ratio:.3g} times"
    return f"1/{1 / ratio:,.0f} of" if ratio > 1e-9 else f"{ratio:.1e} of"


def overall(verdicts: Sequence[Verdict]) -> Verdict:
    """The worst of the layers' verdicts, with how many of them there are."""
    for word in (EXPLODING, VANISHING, DEAD):
        count = sum(verdict.word == word for verdict in verdicts)
        if count:
            return Verdict(word, f"in {count} of {len(verdicts)} layers")
    return Verdict(FINE, f"in all {len(verdicts)} layers")
