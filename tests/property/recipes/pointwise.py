"""Activations, norms and regularizers: all but glu keep what flows in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.types import channels, numel, with_channels
from tests.property.pen import Step, arguments, divisors
from tests.property.recipes import FEATURES, GRIDS, recipe

if TYPE_CHECKING:
    from archdsl.types import TensorType
    from tests.property.pen import Pen
    from tests.property.recipes import Write

PLAIN = (
    "relu relu6 mish silu hard_swish hard_sigmoid sigmoid tanh softmax softplus identity"
).split()


def _plain(word: str) -> Write:
    return lambda pen, x: Step(word, x)


for _word in PLAIN:
    recipe(_word, *FEATURES, keeps=True)(_plain(_word))


@recipe("elu", *FEATURES, keeps=True)
def elu(pen: Pen, x: TensorType) -> Step:
    return Step(pen.among("elu", "elu(0.5)", "elu(alpha=2)"), x)


@recipe("gelu", *FEATURES, keeps=True)
def gelu(pen: Pen, x: TensorType) -> Step:
    return Step(pen.among("gelu", "gelu(tanh)", "gelu(approximate=none)"), x)


@recipe("leaky_relu", *FEATURES, keeps=True)
def leaky_relu(pen: Pen, x: TensorType) -> Step:
    return Step(pen.among("leaky_relu", "leaky_relu(0.2)", "leaky_relu(slope=0.1)"), x)


@recipe("prelu", *FEATURES, keeps=True)
def prelu(pen: Pen, x: TensorType) -> Step:
    return Step(pen.among("prelu", "prelu(per_channel=true)"), x)


@recipe("glu", *FEATURES)
def glu(pen: Pen, x: TensorType) -> Step | None:
    if channels(x) % 2:
        return None
    return Step("glu", with_channels(x, channels(x) // 2))


@recipe("batch_norm", *FEATURES, keeps=True)
def batch_norm(pen: Pen, x: TensorType) -> Step:
    given = arguments(pen.option("eps", pen.among("1e-5", "0.001"), "1e-5"))
    return Step(pen.among("batch_norm", f"batch_norm{given}", "batch_norm(affine=false)"), x)


@recipe("layer_norm", *FEATURES, keeps=True)
def layer_norm(pen: Pen, x: TensorType) -> Step | None:
    if channels(x) == 1:
        return None
    ways = ["layer_norm", "layer_norm(eps=1e-6)", "layer_norm(bias=false)"]
    ways += [] if x.kind == "nodes" else ["layer_norm(over=all)"]
    return Step(pen.among(*ways), x)


@recipe("rms_norm", *FEATURES, keeps=True)
@recipe("l2_norm", keeps=True)
def rms_norm(pen: Pen, x: TensorType) -> Step | None:
    if channels(x) == 1:
        return None
    return Step(pen.among("rms_norm", "rms_norm(1e-6)", "l2_norm"), x)


@recipe("group_norm", *FEATURES, keeps=True)
def group_norm(pen: Pen, x: TensorType) -> Step | None:
    if numel(x) == 1 or (x.kind == "nodes" and channels(x) == 1):
        return None
    alone = x.kind in ("vector", "nodes") or numel(x) == channels(x)
    most = channels(x) // 2 if alone else channels(x)
    groups = pen.among(*(n for n in divisors(channels(x)) if n <= most))
    return Step(f"group_norm({pen.number(groups)}{pen.flag('affine', True)[0]})", x)


@recipe("instance_norm", *GRIDS, keeps=True)
def instance_norm(pen: Pen, x: TensorType) -> Step | None:
    if numel(x) == channels(x):
        return None
    return Step(pen.among("instance_norm", "instance_norm(affine=true)"), x)


@recipe("local_response_norm", *GRIDS, keeps=True)
def local_response_norm(pen: Pen, x: TensorType) -> Step:
    more = pen.among("", ", alpha=0.001", ", k=2")
    return Step(f"local_response_norm({pen.among(3, 5)}{more})", x)


@recipe("dropout", *FEATURES, keeps=True)
def dropout(pen: Pen, x: TensorType) -> Step:
    rates = ("0.1", "rate=0", "0.0 to 0.3 by 0.1", "0.1 to 0.5", "rate = 1e-3 to 1e-1 log")
    rate = pen.among(*(rates if pen.choices else rates[:2]))
    return Step(pen.among("dropout", f"dropout({rate})"), x)


@recipe("drop_path", *FEATURES, keeps=True)
def drop_path(pen: Pen, x: TensorType) -> Step | None:
    if x.kind == "nodes":
        return None
    return Step(f"drop_path({pen.among('0.1', '0.2')})", x)


@recipe("layer_scale", *FEATURES, keeps=True)
def layer_scale(pen: Pen, x: TensorType) -> Step:
    return Step(pen.among("layer_scale", "layer_scale(0.1)", "layer_scale(init=1)"), x)


@recipe("abs", *FEATURES, keeps=True)
@recipe("exp", keeps=True)
@recipe("log", keeps=True)
@recipe("sqrt", keeps=True)
@recipe("sin", keeps=True)
@recipe("cos", keeps=True)
def function(pen: Pen, x: TensorType) -> Step:
    one = ("abs -> scale(-1) -> exp", "abs", "softplus -> shift(0.1) -> log", "sigmoid -> sqrt")
    return Step(pen.among(*one, "scale(3.0) -> sin", "cos"), x)


@recipe("pow", *FEATURES, keeps=True)
@recipe("clamp", keeps=True)
def bounded(pen: Pen, x: TensorType) -> Step:
    one = ("pow(2)", "pow(power=3)", "clamp(-1, 1)", "clamp(min=0)", "clamp(max=0.5)")
    return Step(pen.among(*one), x)


@recipe("scale", *FEATURES, keeps=True)
def scale(pen: Pen, x: TensorType) -> Step:
    factors = ("0.5", "-1", "0.0, learned=true", "1, learned=true", "0.1 to 0.5")
    return Step(f"scale({pen.among(*(factors if pen.choices else factors[:4]))})", x)


@recipe("shift", *FEATURES, keeps=True)
def shift(pen: Pen, x: TensorType) -> Step:
    return Step(f"shift({pen.among('0.5', '-0.25', '0.0, learned=true', '1, learned=true')})", x)


@recipe("zero", *FEATURES, keeps=True)
def zero(pen: Pen, x: TensorType) -> Step:
    return Step("add(identity, zero)", x)
