"""Convolutions and pooling."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from archdsl.types import Image, Sequence, Vector, Volume, channels, resized, spatial
from tests.property.pen import Step, arguments, divisors
from tests.property.recipes import GRIDS, recipe

if TYPE_CHECKING:
    from archdsl.types import TensorType
    from tests.property.pen import Pen


def sizes(pen: Pen, value: tuple[int, ...]) -> str:
    """An extent: one number where all are equal (now and then), else ``size(…)``."""
    if len(set(value)) == 1 and (len(value) == 1 or pen.chance(0.8)):
        return pen.number(value[0])
    return f"size({', '.join(map(pen.number, value))})"


def default_padding(kernel: int, stride: int, dilation: int = 1) -> int:
    return max(0, (dilation * (kernel - 1) + 1 - stride + 1) // 2)


def unequal_kernel(pen: Pen, x: TensorType, most: int) -> tuple[int, ...]:
    """A kernel that fits without padding, mostly equal on all axes."""
    equal = pen.random.randint(1, min(most, *spatial(x)))
    if pen.chance(0.8):
        return (equal,) * len(spatial(x))
    return tuple(pen.random.randint(1, min(most, size)) for size in spatial(x))


@recipe("conv", *GRIDS)
def conv(pen: Pen, x: TensorType) -> Step:
    kernel = unequal_kernel(pen, x, 3)
    stride = pen.among(1, 1, 2)
    wide = min(spatial(x)) > 4 and max(kernel) > 1
    dilation = 2 if wide and pen.chance(0.2) and max(kernel) * 2 <= min(spatial(x)) else 1
    padding = [default_padding(k, stride, dilation) for k in kernel]
    told = ""
    if pen.chance(0.25):
        given = pen.among(0, 1, 2)
        padding, told = [given] * len(kernel), f", padding={given}"
    width = pen.among(2, 3, 4, 6, 8)
    groups = pen.among(*divisors(channels(x), width))
    out = tuple(
        (n + 2 * p - (dilation * (k - 1) + 1)) // stride + 1
        for n, p, k in zip(spatial(x), padding, kernel, strict=True)
    )
    word, weights = weights_of(pen, channels(x) // groups * prod(kernel))
    options = (
        pen.option("stride", pen.number(stride), "1") if stride > 1 or pen.chance(0.1) else "",
        told,
        pen.option("dilation", dilation, 1),
        pen.option("groups", groups, 1),
        pen.flag("bias", True)[0],
        weights,
    )
    head = f"{pen.number(width)}, {sizes(pen, kernel)}"
    named = f"kernel={sizes(pen, kernel)}, channels={pen.number(width)}"
    text = f"{word}({named if pen.chance(0.1) else head}{''.join(options)})"
    return Step(text, resized(x, width, out))


@recipe("conv", *GRIDS)
def rounded_up(pen: Pen, x: TensorType) -> Step:
    """Padding as TensorFlow has it."""
    stride, kernel = pen.among(1, 2, 2, 3), pen.among(2, 3, 4)
    if x.kind == "volume" and kernel > min(spatial(x)):
        kernel = 1
    out = tuple(-(-n // stride) for n in spatial(x))
    width = pen.among(2, 4)
    word, gives = pen.among(
        (f"conv({pen.number(width)}, ", width),
        ("max_pool(", channels(x)),
        ("avg_pool(", channels(x)),
    )
    return Step(f"{word}{kernel}, stride={stride}, padding=same)", resized(x, gives, out))


def weights_of(pen: Pen, fan_in: int) -> tuple[str, str]:
    """A convolution, and how its weights are made."""
    if fan_in > 1 and pen.chance(0.1):
        return "std_conv", pen.among("", ", scaled=true", ", scaled=true, gamma=1.7, eps=0.001")
    made = pen.among("plain", "weight_norm", "spectral_norm") if pen.chance(0.2) else "plain"
    return "conv", pen.option("weights", made, "plain")


@recipe("std_conv", *GRIDS, keeps=True)
def std_conv(pen: Pen, x: TensorType) -> Step:
    scaled = pen.among("", ", scaled=true", ", bias=false", ", scaled=true, gamma=1.7")
    return Step(f"std_conv({pen.number(channels(x))}, {pen.among(3, 5)}{scaled})", x)


@recipe("deform_conv", "image", keeps=True)
def deform_conv(pen: Pen, x: Image) -> Step:
    groups = pen.option("groups", pen.among(*divisors(x.channels)), 1)
    more = groups + pen.flag("bias", True)[0]
    return Step(f"deform_conv({pen.number(x.channels)}, {pen.among(1, 3)}{more})", x)


@recipe("conv", *GRIDS, keeps=True)
def conv_inside(pen: Pen, x: TensorType) -> Step:
    first = f"conv({pen.width()}, {pen.among(1, 3)}{pen.flag('bias', True)[0]})"
    back = f"conv({pen.number(channels(x))}, {pen.among(1, 3, 5)})"
    return Step(f"({first} -> {pen.among('relu', 'gelu', 'silu')} -> {back})", x)


@recipe("conv", *GRIDS, keeps=True)
def conv_same(pen: Pen, x: TensorType) -> Step:
    groups = pen.option("groups", pen.among(*divisors(channels(x))), 1)
    return Step(f"conv({pen.number(channels(x))}, {pen.among(1, 3, 5)}{groups})", x)


@recipe("conv_transpose", *GRIDS)
def conv_transpose(pen: Pen, x: TensorType) -> Step:
    stride = pen.among(1, 2)
    kernel = stride + pen.among(0, 2)
    extra = 1 if stride == 2 and pen.chance(0.2) else 0
    width = pen.among(2, 3, 4)
    groups = pen.among(*divisors(channels(x), width))
    dilation = pen.among(1, 1, 2)
    kernel = kernel if dilation == 1 else 3
    out = tuple(n * stride + extra - (dilation == stride == 2) for n in spatial(x))
    if max(out) > 16:
        stride, kernel, extra, dilation, out = 1, 1, 0, 1, spatial(x)
    options = pen.option("stride", stride, 1) + pen.option("output_padding", extra, 0)
    options += pen.option("groups", groups, 1) + pen.flag("bias", True)[0]
    options += pen.option("dilation", dilation, 1)
    if pen.chance(0.2):
        options += f", weights={pen.among('weight_norm', 'spectral_norm')}"
    return Step(f"conv_transpose({pen.number(width)}, {kernel}{options})", resized(x, width, out))


@recipe("conv_transpose", *GRIDS)
def conv_transpose_like(pen: Pen, x: TensorType) -> Step | None:
    named = [
        name
        for name, kind in pen.tensors.items()
        if kind.kind == x.kind
        and all(
            2 * n <= more < 2 * n + 2 for n, more in zip(spatial(x), spatial(kind), strict=True)
        )
    ]
    if not named:
        return None
    name = pen.among(*named)
    out = resized(x, 2, spatial(pen.tensors[name]))
    return Step(f"conv_transpose(2, 2, stride=2, like={name})", out)


@recipe("max_pool", *GRIDS)
@recipe("avg_pool", *GRIDS)
def pool(pen: Pen, x: TensorType) -> Step:
    kernel = pen.random.randint(1, min(3, *spatial(x)))
    stride = pen.among(None, 1, 2)
    step = stride or kernel
    padding = pen.random.randint(0, kernel // 2) if pen.chance(0.3) else None
    pad = default_padding(kernel, step) if padding is None else padding
    told, ceil = pen.flag("ceil", False) if pen.chance(0.3) else ("", False)
    options = "" if stride is None else f", stride={stride}"
    options += "" if padding is None else f", padding={padding}"
    out = tuple(positions(n, kernel, step, pad, ceil) for n in spatial(x))
    word, more = pen.among(("max_pool", ""), ("avg_pool", pen.flag("count_include_pad", True)[0]))
    text = f"{word}({pen.number(kernel)}{options}{told}{more})"
    return Step(text, resized(x, channels(x), out))


def positions(size: int, kernel: int, stride: int, padding: int, ceil: bool) -> int:
    room = size + 2 * padding - kernel
    if not ceil:
        return room // stride + 1
    count = -(-room // stride) + 1
    return count - 1 if (count - 1) * stride >= size + padding else count


@recipe("blur_pool", *GRIDS)
def blur_pool(pen: Pen, x: TensorType) -> Step:
    kernel, stride = pen.among(3, 3, 5), pen.among(1, 2, 2, 3)
    modes = ["zeros", "replicate"]
    modes += ["reflect", "reflect"] if kernel // 2 < min(spatial(x)) else []
    modes += ["circular"] if kernel // 2 <= min(spatial(x)) else []
    options = pen.option("stride", pen.number(stride), "2")
    options += pen.option("mode", pen.among(*modes), "reflect")
    size = "" if kernel == 3 and pen.chance(0.5) else pen.number(kernel)
    out = tuple(-(-n // stride) for n in spatial(x))
    return Step(f"blur_pool{arguments(size, options)}", resized(x, channels(x), out))


@recipe("adaptive_avg_pool", *GRIDS)
def adaptive_avg_pool(pen: Pen, x: TensorType) -> Step:
    out = tuple(pen.among(1, 2, 3) for _ in spatial(x))
    if pen.chance(0.5):
        out = out[:1] * len(out)
    return Step(f"adaptive_avg_pool({sizes(pen, out)})", resized(x, channels(x), out))


@recipe("global_avg_pool", *GRIDS)
@recipe("global_max_pool", *GRIDS)
def whole(pen: Pen, x: TensorType) -> Step:
    return Step(pen.among("global_avg_pool", "global_max_pool"), Vector(channels(x)))


@recipe("upsample", *GRIDS)
def upsample(pen: Pen, x: TensorType) -> Step | None:
    if max(spatial(x)) > 6:
        return None
    mode = pen.option("mode", pen.among("nearest", "bilinear"), "nearest")
    out = tuple(2 * n for n in spatial(x))
    return Step(f"upsample({pen.number(2)}{mode})", resized(x, channels(x), out))


@recipe("resize", *GRIDS)
def resize(pen: Pen, x: TensorType) -> Step:
    out = tuple(pen.among(1, 2, 3, 5, 6) for _ in spatial(x))
    modes = ["", ", mode=area", ", mode=bilinear", ", mode=bilinear, align_corners=true"]
    if x.kind == "image":
        modes += [", mode=bicubic", ", mode=bilinear, antialias=true"]
    mode = pen.among(*modes)
    like = [name for name, kind in pen.tensors.items() if kind.kind == x.kind]
    if like and pen.chance(0.4):
        name = pen.among(*like)
        return Step(
            f"resize(like={name}{mode})", resized(x, channels(x), spatial(pen.tensors[name]))
        )
    return Step(f"resize({sizes(pen, out)}{mode})", resized(x, channels(x), out))


@recipe("resize", *GRIDS, keeps=True)
def pyramid(pen: Pen, x: TensorType) -> Step | None:
    named = [name for name, kind in pen.tensors.items() if kind == x]
    if not named:
        return None
    name = pen.among(*named)
    return Step(f"add(identity, avg_pool(1, stride=2) -> resize(like={name}))", x)


@recipe("crop", *GRIDS)
def crop(pen: Pen, x: TensorType) -> Step:
    out = tuple(pen.among(1, max(1, n - 1), n) for n in spatial(x))
    start = pen.among("", ", start=0")
    like = [
        name
        for name, kind in pen.tensors.items()
        if kind.kind == x.kind
        and all(a <= b for a, b in zip(spatial(kind), spatial(x), strict=True))
    ]
    if like and pen.chance(0.4):
        name = pen.among(*like)
        return Step(
            f"crop(like={name}{start})", resized(x, channels(x), spatial(pen.tensors[name]))
        )
    return Step(f"crop({sizes(pen, out)}{start})", resized(x, channels(x), out))


@recipe("pixel_shuffle", "image")
def pixel_shuffle(pen: Pen, x: Image) -> Step | None:
    if x.channels % 4 or x.height > 8:
        return Step(
            f"(conv(8, 1) -> pixel_shuffle({pen.number(2)}))", Image(2, x.height * 2, x.width * 2)
        )
    return Step("pixel_shuffle(2)", Image(x.channels // 4, x.height * 2, x.width * 2))


@recipe("pixel_unshuffle", "image")
def pixel_unshuffle(pen: Pen, x: Image) -> Step | None:
    if x.height % 2 or x.width % 2 or x.channels > 8:
        return None
    return Step("pixel_unshuffle(2)", Image(x.channels * 4, x.height // 2, x.width // 2))


@recipe("pad", *GRIDS)
def pad(pen: Pen, x: TensorType) -> Step:
    mode = pen.among("zeros", "reflect", "replicate", "circular")
    before = 1 if min(spatial(x)) > 1 else 0
    if mode == "zeros":
        before = pen.among(0, 1, 2, -1 if min(spatial(x)) > 2 else 1)
    after = pen.among(None, 0) if before else None
    told = "" if after is None else f", after={after}"
    grow = before + (before if after is None else after)
    out = tuple(n + grow for n in spatial(x))
    text = f"pad({before}{told}{pen.option('mode', mode, 'zeros')})"
    return Step(text, resized(x, channels(x), out))


@recipe("to_sequence", "image", "volume")
def to_sequence(pen: Pen, x: Image | Volume) -> Step | None:
    area = 1
    for size in spatial(x):
        area *= size
    if area > 72:
        return Step("(adaptive_avg_pool(2) -> to_sequence)", _flat(x))
    return Step("to_sequence", Sequence(area, x.channels))


def _flat(x: Image | Volume) -> Sequence:
    return Sequence(2 ** len(spatial(x)), x.channels)
