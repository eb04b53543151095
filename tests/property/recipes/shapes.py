"""Dense layers and layers that move numbers about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.types import Image, Sequence, Vector, channels, numel, shape, with_channels
from tests.property.pen import Step, divisors
from tests.property.recipes import FEATURES, GRIDS, ROWS, recipe

if TYPE_CHECKING:
    from archdsl.types import TensorType, Volume
    from tests.property.pen import Pen


@recipe("linear", *ROWS)
def linear(pen: Pen, x: TensorType) -> Step:
    width = pen.among(2, 3, 4, 6, 8)
    made = pen.among("weight_norm", "spectral_norm") if pen.chance(0.1) else "plain"
    more = pen.flag("bias", True)[0] + pen.option("weights", made, "plain")
    return Step(f"linear({pen.number(width)}{more})", with_channels(x, width))


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
    text = pen.among("", "(length, features)", "(channels, second=length)")
    return Step(f"transpose{text}", Sequence(x.features, x.length))


@recipe("transpose", "image")
def transpose_image(pen: Pen, x: Image) -> Step:
    text, out = pen.among(
        ("height, width", Image(x.channels, x.width, x.height)),
        ("channels, width", Image(x.width, x.height, x.channels)),
        ("height, channels", Image(x.height, x.channels, x.width)),
    )
    return Step(f"transpose({text})", out)


@recipe("first", "image")
@recipe("last", "image")
def end_of_image(pen: Pen, x: Image) -> Step:
    axis, out = pen.among(
        ("height", Sequence(x.width, x.channels)), ("width", Sequence(x.height, x.channels))
    )
    return Step(f"{pen.among('first', 'last')}(axis={axis})", out)


@recipe("first", "volume")
@recipe("last", "volume")
def end_of_volume(pen: Pen, x: Volume) -> Step:
    axis, out = pen.among(
        ("depth", Image(x.channels, x.height, x.width)),
        ("height", Image(x.channels, x.depth, x.width)),
    )
    return Step(f"{pen.among('first', 'last')}(axis={axis})", out)


@recipe("roll", *GRIDS, keeps=True)
def roll(pen: Pen, x: TensorType) -> Step:
    axis = {"sequence": "length", "image": "width", "volume": "depth"}[x.kind]
    return Step(pen.among("roll(1)", "roll(-2)", f"roll(by=1, axis={axis})"), x)


@recipe("parameter", *GRIDS, "vector", keeps=True)
@recipe("constant", keeps=True)
def tensor(pen: Pen, x: TensorType) -> Step | None:
    numbers = ", ".join(map(pen.number, shape(x)))
    size = numbers if x.kind == "vector" else f"size({numbers})"
    given = [f"constant({pen.among('1', '-0.5')})"]
    if x.kind != "volume":
        given += [f"parameter({size})", f"parameter({size}, init=1)", f"constant(0.5, {size})"]
    return Step(f"{pen.among('add', 'mul', 'subtract')}(identity, {pen.among(*given)})", x)


@recipe("parameter", *FEATURES, "tokens")
def tensor_of_size(pen: Pen, x: TensorType) -> Step | None:
    if x.kind == "nodes":
        width = pen.among(2, 3)
        text = pen.among(f"parameter({width})", f"constant(1, {width})")
        return Step(text, with_channels(x, width))
    size, out = pen.among(
        ("4", Vector(4)), ("size(3, 4)", Sequence(3, 4)), ("size(2, 3, 3)", Image(2, 3, 3))
    )
    return Step(pen.among(f"parameter({size})", f"constant(0.1, size={size})"), out)


@recipe("matmul", "sequence")
def matmul(pen: Pen, x: Sequence) -> Step:
    if pen.chance(0.5):
        text = f"matmul(identity, linear({pen.number(x.features)}), transposed=true)"
        return Step(text, Sequence(x.length, x.length))
    width = pen.among(2, 3)
    text = f"matmul(identity, parameter(size({pen.number(x.features)}, {width})))"
    return Step(text, Sequence(x.length, width))


@recipe("matmul", "image", keeps=True)
def matmul_image(pen: Pen, x: Image) -> Step:
    square = f"parameter(size({x.channels}, {x.width}, {pen.number(x.width)}))"
    return Step(f"matmul(identity, {square})", x)


@recipe("matmul", "vector")
def matmul_vector(pen: Pen, x: Vector) -> Step:
    return Step(f"matmul(identity, linear({pen.number(x.features)}))", Vector(1))


@recipe("softmax", *GRIDS, keeps=True)
def softmax(pen: Pen, x: TensorType) -> Step:
    axis = {"sequence": "length", "image": "width", "volume": "height"}[x.kind]
    return Step(f"softmax(axis={pen.among(axis, 'channels')})", x)


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
