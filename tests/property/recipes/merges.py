"""Merges: several layers applied to what flows in, brought together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.types import Sequence, channels, with_channels
from tests.property.pen import Step
from tests.property.recipes import FEATURES, GRIDS, recipe

if TYPE_CHECKING:
    from archdsl.types import TensorType
    from tests.property.pen import Pen

GATES = ("sigmoid", "hard_sigmoid", "tanh", "softmax")
ACTS = ("relu", "gelu", "silu", "mish", "elu", "relu6")


def widen(pen: Pen, x: TensorType, width: int) -> str:
    """A layer that gives ``width`` channels and leaves the rest as it is."""
    if x.kind in GRIDS:
        return f"conv({pen.number(width)}, {pen.among(1, 3)})"
    return f"linear({pen.number(width)})"


def branch(pen: Pen, x: TensorType) -> str:
    """A layer that gives what it takes."""
    bound = [name for name, kind in pen.tensors.items() if kind == x]
    options = [f"{widen(pen, x, channels(x))} -> {pen.among(*ACTS)}", pen.among(*ACTS)]
    options += [widen(pen, x, channels(x)), "identity", *bound]
    return pen.among(*options)


def branches(pen: Pen, x: TensorType, count: int) -> list[str]:
    """Branches of which no two are the same text, and one at least reads what flows in."""
    first = [branch(pen, x) for _ in range(count)]
    if all(text in pen.tensors for text in first):
        first[0] = "identity"
    return [
        text if text not in first[:i] else f"{text} -> {ACTS[i]}" for i, text in enumerate(first)
    ]


@recipe("add", *FEATURES, keeps=True)
def add(pen: Pen, x: TensorType) -> Step:
    return Step(f"add({', '.join(branches(pen, x, pen.among(2, 2, 3)))})", x)


@recipe("add", *GRIDS, keeps=True)
def add_at_each_position(pen: Pen, x: TensorType) -> Step:
    vector = f"global_avg_pool -> linear({pen.number(channels(x))})"
    return Step(f"add({pen.among(f'identity, {vector}', f'{vector}, {branch(pen, x)}')})", x)


@recipe("add", *FEATURES, keeps=True)
def add_picked(pen: Pen, x: TensorType) -> Step | None:
    if not pen.choices:
        return None
    first = widen(pen, x, channels(x))
    word = pen.among("add", "mul", "add")
    return Step(f"{word}(pick({pen.among(1, 2)}, {first}, relu, identity, tanh))", x)


@recipe("mul", *FEATURES, keeps=True)
def mul(pen: Pen, x: TensorType) -> Step:
    gate = f"{widen(pen, x, channels(x))} -> {pen.among(*GATES)}"
    if x.kind in GRIDS and pen.chance(0.4):
        gate = f"global_avg_pool -> linear({pen.number(channels(x))}) -> {pen.among(*GATES)}"
    if x.kind == "image" and pen.chance(0.3):
        gate = f"conv(1, 3) -> {pen.among(*GATES[:3])}"
    return Step(f"mul({branch(pen, x)}, {gate})", x)


@recipe("subtract", *FEATURES, keeps=True)
@recipe("divide", keeps=True)
@recipe("maximum", keeps=True)
@recipe("minimum", keeps=True)
def pair(pen: Pen, x: TensorType) -> Step:
    word = pen.among("subtract", "divide", "maximum", "minimum")
    first, second = branches(pen, x, 2)
    if x.kind in GRIDS and pen.chance(0.3):
        second = f"{pen.among('global_avg_pool', 'global_max_pool')} -> tanh"
    if x.kind == "image" and pen.chance(0.3):
        first = "conv(1, 3)"
        second = "identity"
    form = pen.among("{0}({1}, {2})", "{0}(b={2}, a={1})")
    return Step(form.format(word, first, second), x)


@recipe("mix", *FEATURES, keeps=True)
def mix(pen: Pen, x: TensorType) -> Step:
    gate = f"{widen(pen, x, channels(x))} -> sigmoid"
    form = pen.among("mix({0}, {1}, {2})", "mix(a={1}, b={2}, gate={0})", "mix({0}, {1}, b={2})")
    return Step(form.format(gate, *branches(pen, x, 2)), x)


@recipe("concat", *FEATURES)
def concat(pen: Pen, x: TensorType) -> Step:
    widths = [pen.among(1, 2, 3) for _ in range(pen.among(2, 3))]
    parts = [f"{widen(pen, x, width)} -> {act}" for width, act in zip(widths, ACTS, strict=False)]
    total = sum(widths)
    if pen.chance(0.4) and channels(x) < 8:
        parts.insert(0, pen.among("identity", "relu"))
        total += channels(x)
    axis = pen.among("", "", ", axis=channels")
    return Step(f"concat({', '.join(parts)}{axis})", with_channels(x, total))


@recipe("concat", "sequence")
def concat_length(pen: Pen, x: Sequence) -> Step | None:
    if x.length > 16:
        return None
    norm = "layer_norm" if x.features > 1 else "tanh"
    other = pen.among("tanh", "slice(0, 1, axis=length)", norm)
    out = Sequence(x.length + (1 if "slice" in other else x.length), x.features)
    return Step(f"concat(identity, {other}, axis=length)", out)


@recipe("residual", *FEATURES, keeps=True)
def residual(pen: Pen, x: TensorType) -> Step:
    inner = f"{widen(pen, x, channels(x))} -> {pen.among(*ACTS)}"
    return Step(f"residual({pen.among(inner, f'f={inner}')})", x)
