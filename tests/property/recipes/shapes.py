"""Dense layers and layers that move numbers about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.types import Image, Sequence, Vector, channels, numel, with_channels
from tests.property.pen import Step, divisors
from tests.property.recipes import FEATURES, GRIDS, ROWS, recipe

if TYPE_CHECKING:
    from archdsl.types import TensorType, Volume
    from tests.property.pen import Pen


@recipe("linear", *ROWS)
def linear(pen: Pen, x: TensorType) -> Step:
    width = pen.among(2, 3, 4, 6, 8)
    text = f"linear({pen.number(width)}{pen.flag('bias', True)[0]})"
    return Step(text, with_channels(x, width))


@recipe("linear", *ROWS, keeps=True)
def linear_inside(pen: Pen, x: TensorType) -> Step:
    act = pen.among("relu", "gelu(tanh)", "tanh")
    text = f"(linear({pen.width()}) -> {act} -> linear({pen.number(channels(x))}))"
    return Step(text, x)


@recipe("linear", *ROWS, keeps=True)
def linear_same(pen: Pen, x: TensorType) -> Step:
    return Step(f"linear({pen.number(channels(x))})", x)


@recipe("bilinear", *ROWS)
def bilinear(pen: Pen, x: TensorType) -> Step:
    width = pen.among(2, 4)
    left, right = f"linear({pen.among(2, 3)})", pen.among("identity", "tanh", "linear(3)")
    bias = pen.flag("bias", True)[0]
    return Step(f"bilinear({left}, {right}, {pen.number(width)}{bias})", with_channels(x, width))


@recipe("flatten", *GRIDS, "vector")
def flatten(pen: Pen, x: TensorType) -> Step:
    return Step("flatten", Vector(numel(x)))


@recipe("reshape", "vector")
def reshape_vector(pen: Pen, x: Vector) -> Step:
    width = pen.among(*divisors(x.features))
    rest = x.features // width
    if pen.chance(0.5):
        return Step(f"reshape({width}, length={pen.number(rest)})", Sequence(rest, width))
    height = pen.among(*divisors(rest))
    wide = rest // height
    return Step(f"reshape({width}, {pen.number(height)}, {wide})", Image(width, height, wide))


@recipe("reshape", "image", "volume", "sequence")
def reshape(pen: Pen, x: TensorType) -> Step:
    return Step(f"reshape({numel(x)})", Vector(numel(x)))


@recipe("slice", *FEATURES)
def slice_channels(pen: Pen, x: TensorType) -> Step | None:
    if channels(x) < 3:
        return None
    start, stop = pen.among(0, 1), channels(x) - pen.among(0, 1)
    told = "" if stop == channels(x) and pen.chance(0.5) else f", {pen.number(stop)}"
    step = pen.among(1, 1, 2)
    width = len(range(start, stop, step))
    return Step(f"slice({start}{told}{pen.option('step', step, 1)})", with_channels(x, width))


@recipe("slice", "sequence")
def slice_length(pen: Pen, x: Sequence) -> Step | None:
    if x.length < 3:
        return None
    stop = x.length - 1
    return Step(f"slice(0, {pen.number(stop)}, axis=length)", Sequence(stop, x.features))


@recipe("channel_shuffle", "image", "volume", keeps=True)
def channel_shuffle(pen: Pen, x: Image | Volume) -> Step:
    return Step(f"channel_shuffle({pen.number(pen.among(*divisors(x.channels)))})", x)


@recipe("transpose", "sequence")
def transpose(pen: Pen, x: Sequence) -> Step:
    return Step("transpose", Sequence(x.features, x.length))


@recipe("to_image", "sequence")
def to_image(pen: Pen, x: Sequence) -> Step:
    height = pen.among(*divisors(x.length))
    width = x.length // height
    return Step(f"to_image({pen.number(height)}, {width})", Image(x.features, height, width))


@recipe("class_token", "sequence")
def class_token(pen: Pen, x: Sequence) -> Step:
    return Step("class_token", Sequence(x.length + 1, x.features))


@recipe("first", "sequence")
@recipe("last", "sequence")
@recipe("mean_over", "sequence")
@recipe("max_over", "sequence")
def over(pen: Pen, x: Sequence) -> Step:
    return Step(pen.among("first", "last", "mean_over", "max_over"), Vector(x.features))
