"""The ops as the test of what they read calls them, each with every option that matters."""

from __future__ import annotations

from itertools import combinations, product
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.ops import catalog
from archdsl.ops.plumbing._named import names
from archdsl.types import Image, Nodes, Sequence, Vector, Volume, channels, shape
from tests.ops.along_edges import by_name

if TYPE_CHECKING:
    from archdsl.ops.base import Op
    from archdsl.types import TensorType

s, v, i, o = Sequence(7, 4), Vector(5), Image(2, 4, 3), Volume(2, 3, 2, 2)
n = Nodes(7, 3, 9)
PAIRS = ("subtract", "divide", "maximum", "minimum")
POSITIVE = ("log", "sqrt", "pow")  # of what is no less than 0, they are numbers


class Case(NamedTuple):
    """An op as it is called, with what flows in."""

    word: str
    arguments: dict[str, Any]
    takes: tuple[TensorType, ...]

    @property
    def op(self) -> Op:
        kind = catalog.find(self.word)
        assert kind is not None
        return by_name(kind(**self.arguments))

    def __str__(self) -> str:
        given = ",".join(f"{name}={value}" for name, value in self.arguments.items())
        return f"{self.word}({given})-{'-'.join(one.kind for one in self.takes)}"


CASES: list[Case] = []


def add(word: str, *takes: TensorType, **arguments: Any) -> None:
    CASES.append(Case(word, arguments, takes))


def _pointwise() -> None:
    words = [w for w in catalog.words() if catalog.family(w) == "activation"]
    for word in [*words, "identity", "dropout", "layer_scale", "batch_norm", "zero"]:
        for x in (s, i, o, Vector(4), Nodes(7, 4, 9)):
            add(word, x)
    for x in (s, i, o):
        add("prelu", x, per_channel=True)
        add("drop_path", x, rate=0.4)
        add("instance_norm", x)
        add("instance_norm", x, affine=True)
        add("group_norm", x, groups=2 if x is s else 1)
        add("batch_norm", x, affine=False)
        add("local_response_norm", x, size=2)
        add("local_response_norm", Sequence(3, 7), size=5)
        for word in ("global_avg_pool", "global_max_pool", "flatten"):
            add(word, x)


def _norms() -> None:
    for word in ("layer_norm", "rms_norm", "l2_norm"):
        for x in (s, Image(4, 3, 2), Vector(4), Nodes(5, 4, 6)):
            add(word, x)
    for x in (s, Image(2, 3, 2), Volume(2, 1, 2, 2), Vector(4)):
        add("layer_norm", x, over="all")
    add("group_norm", Vector(8), groups=2)
    add("group_norm", Nodes(5, 6, 6), groups=2)


def _dense() -> None:
    add("flatten", v)
    for x, word in product((s, v, n), ("linear",)):
        add(word, x, features=3)
        add(word, x, features=3, bias=False)
        add(word, x, features=3, weights="spectral_norm")
        add(word, x, features=3, weights="weight_norm")
    for x in (s, v, n):
        add("bilinear", x, x, features=3)


def _convolutions() -> None:
    for kernel, stride, dilation, padding in product((1, 2, 3), (1, 2, 3), (1, 2), (None, 0, 2)):
        sizes = {"kernel": kernel, "stride": stride, "dilation": dilation, "padding": padding}
        add("conv", s, channels=2, **sizes)
    for x in (i, Image(4, 5, 4)):
        add("conv", x, channels=4, kernel=(3, 2), stride=(2, 1), groups=2)
        add("conv", x, channels=3, kernel=3, padding=(0, 1))
    for kernel, stride, dilation in product((1, 2, 3, 5), (1, 2, 3), (1, 2)):
        sizes = {"kernel": kernel, "stride": stride, "dilation": dilation, "padding": "same"}
        add("conv", s, channels=2, **sizes)
    add("conv", Image(4, 5, 4), channels=4, kernel=3, stride=2, groups=2, padding="same")
    add("conv", s, channels=8, kernel=3, groups=4)
    for weights in ("weight_norm", "spectral_norm"):
        add("conv", i, channels=4, kernel=3, groups=2, weights=weights)
        add("conv_transpose", s, channels=2, kernel=3, weights=weights)
    add("deform_conv", Image(2, 3, 4), channels=2, kernel=(2, 3))
    add("std_conv", s, channels=8, kernel=3, groups=4)
    add("std_conv", i, channels=3, kernel=(3, 2), stride=2, scaled=True, gamma=1.7)
    add("conv", o, channels=2, kernel=2, stride=(1, 2, 1))
    for kernel, stride, padding in product((1, 2, 3, 4), (1, 2, 3), (None, 0, 1)):
        if kernel - 2 * (padding or 0) > 0:
            add("conv_transpose", s, channels=2, kernel=kernel, stride=stride, padding=padding)
    add("conv_transpose", s, channels=2, kernel=3, stride=2, output_padding=1)
    add("conv_transpose", s, Sequence(14, 3), channels=2, kernel=3, stride=2)
    add("conv_transpose", i, Image(1, 8, 6), channels=2, kernel=(3, 2), stride=2, padding=(1, 0))
    for stride, dilation in product((1, 2, 3), (2, 3, 4)):
        add("conv_transpose", s, channels=2, kernel=3, stride=stride, dilation=dilation)
    add("conv_transpose", Image(4, 3, 2), channels=4, kernel=(3, 2), stride=(2, 1), groups=2)


def _pools() -> None:
    for word, kernel, stride in product(("max_pool", "avg_pool"), (1, 2, 3), (None, 1, 2)):
        for padding, ceil in product((None, 0, kernel // 2), (False, True)):
            sizes = {"kernel": kernel, "stride": stride, "padding": padding, "ceil": ceil}
            add(word, Sequence(7, 2), **sizes)
    for word, kernel, stride in product(("max_pool", "avg_pool"), (1, 2, 3), (None, 1, 2, 3)):
        add(word, Sequence(7, 2), kernel=kernel, stride=stride, padding="same")
    add("max_pool", Image(2, 4, 5), kernel=3, stride=2, padding="same")
    add("avg_pool", i, kernel=3, stride=1, count_include_pad=False)
    add("max_pool", i, kernel=(2, 3), stride=(1, 2))
    for mode, stride in product(("zeros", "reflect", "replicate", "circular"), (1, 2, 3)):
        add("blur_pool", Sequence(5, 2), kernel=5, stride=stride, mode=mode)
        add("blur_pool", Image(1, 5, 3), stride=(stride, 1), mode=mode)
    for size in (1, 2, 3, 5, 7, 9):
        add("adaptive_avg_pool", Sequence(7, 2), size=size)
    add("adaptive_avg_pool", i, size=(2, 3))


def _resized() -> None:
    for scale, mode in product((1, 2, 3, 4), ("nearest", "bilinear")):
        add("upsample", Sequence(4, 2), scale=scale, mode=mode)
    add("upsample", Image(1, 3, 2), scale=(1, 2), mode="bilinear")
    add("upsample", Image(1, 2, 2), scale=(3, 2))
    add("upsample", Volume(1, 2, 2, 2), scale=2, mode="bilinear")
    for count, mode in product((1, 2, 3, 5, 7, 11), ("nearest", "bilinear", "area")):
        add("resize", Sequence(5, 2), size=count, mode=mode)
    for count, corners in product((1, 2, 3, 5, 9), (False, True)):
        add("resize", Sequence(5, 2), size=count, mode="bilinear", align_corners=corners)
    for size, mode in product(((2, 3), (5, 4), (6, 7)), ("bilinear", "bicubic")):
        for corners, smooth in product((False, True), (False, True)):
            options = {"align_corners": corners, "antialias": smooth}
            add("resize", Image(1, 5, 4), size=size, mode=mode, **options)
    add("resize", i, Image(1, 5, 4))
    add("resize", o, size=(2, 3, 4), mode="bilinear")
    add("crop", s, size=4)
    add("crop", i, size=(3, 1))
    add("crop", o, Volume(1, 2, 1, 2))
    add("crop", i, size=2, start=(1, 0))
    add("pad", Sequence(5, 2), before=-1, after=-2)
    add("pad", Sequence(5, 2), before=-1, after=2)
    add("pixel_shuffle", Image(8, 2, 3), factor=2)
    add("pixel_unshuffle", Image(2, 4, 6), factor=2)
    add("channel_shuffle", Image(6, 2, 2), groups=3)
    add("channel_shuffle", Image(6, 2, 2), groups=2)
    for mode, (before, after) in product(
        ("zeros", "reflect", "replicate", "circular"), ((2, 0), (0, 3), (1, None), (3, 2))
    ):
        add("pad", Sequence(5, 2), before=before, after=after, mode=mode)
    add("pad", i, before=(1, 2), after=(0, 1), mode="reflect")


def _plumbing() -> None:
    for start, stop, step in ((0, 3, 1), (1, None, 2), (2, 4, 1)):
        add("slice", s, start=start, stop=stop, step=step)
        add("slice", s, start=start, stop=stop, step=step, axis="length")
    add("slice", i, start=1, axis="height")
    add("slice", o, start=1, axis="depth")
    add("slice", v, start=1, step=2)
    for word in ("first", "last", "mean_over", "max_over", "transpose", "class_token"):
        add(word, s)
    for x in (s, i, o):
        for first, second in combinations(names(x), 2):
            add("transpose", x, first=first, second=second)
        for axis in names(x):
            add("softmax", x, axis=axis)
            add("roll", x, by=-2, axis=axis)
            if shape(x)[names(x).index(axis)] % 2 == 0:
                add("chunk", x, count=2, axis=axis)
            if axis != "channels" or x is s:
                add("first", x, axis=axis)
                add("last", x, axis=axis)
    for x, by in ((s, 3), (i, (1, -2)), (o, 1)):
        add("roll", x, by=by)
    add("fourier", Sequence(5, 3))
    add("fourier", Sequence(5, 3), axis="length")
    add("fourier", Image(3, 5, 7))
    add("chunk", Vector(6), count=3)
    add("segment_embedding", s)
    add("position_embedding", s)
    add("position_embedding", s, offset=2)
    add("position_embedding", s, kind="sinusoidal")
    add("position_embedding", s, kind="sinusoidal", offset=3)
    add("position_embedding", Image(4, 3, 2), kind="sinusoidal")
    add("position_embedding", Image(4, 3, 2), kind="sinusoidal", normalize=True)
    add("to_sequence", i)
    add("to_sequence", o)
    add("to_image", Sequence(6, 2), height=3, width=2)
    add("reshape", Vector(12), channels=2, height=3, width=2)
    add("reshape", Sequence(6, 4), channels=3, length=8)
    add("reshape", i, channels=24)
    add("reshape", i, channels=1, depth=2, height=3, width=4)


def _recurrent() -> None:
    for word, layers, both in product(("rnn", "gru", "lstm"), (1, 2), (False, True)):
        add(word, s, features=2, layers=layers, bidirectional=both)
    add("gru", s, Vector(3), features=3)
    add("rnn", s, Sequence(4, 3), features=3, layers=2, bidirectional=True)


def _sequences() -> None:
    _recurrent()
    add("selective_scan", Sequence(5, 3), state=2, rank=1)
    for options in ({}, {"causal": True}, {"rotary": True}, {"causal": True, "rotary": True}):
        add("attention", s, heads=2, **options)
        add("attention", s, heads=2, kv_heads=1, head_width=4, **options)
    for options in ({"qk_norm": "rms_norm"}, {"cosine": True}, {"softcap": 2.0}, {"sinks": True}):
        add("attention", s, heads=2, value_width=3, features=5, **options)
    for options in ({"reach": 2}, {"reach": 2, "causal": True}, {"reach": 1, "global_tokens": 2}):
        add("attention", s, heads=2, **options)
        add("attention", s, Image(2, 7, 7), heads=2, **options)
    add("attention", s, heads=1, rotary=True, theta=100.0, rotary_width=2)
    add("attention", s, Sequence(5, 6), heads=2)
    add("attention", s, Sequence(5, 6), Image(2, 7, 5), heads=2)
    add("attention", s, Sequence(1, 6), heads=2)
    add("attention", s, Sequence(1, 6), heads=2, sinks=True)
    _dot_products()
    _position_biases()
    for reach, causal in product((1, 2, 3, 6, 9), (False, True)):
        add("local_attention", s, heads=2, reach=reach, causal=causal)
    for reach, tokens in product((1, 2, 6), (0, 1, 2, 5, 7)):
        add("local_attention", s, heads=2, reach=reach, global_tokens=tokens)
    for size, shift in ((2, 0), (2, 1), (3, 1), (3, 2), (4, 1), (5, 2)):
        add("window_attention", Image(2, 5, 4), heads=1, size=size, shift=shift)
    for size in (1, 2, 3, 4, 6):
        add("window_attention", Image(2, 5, 4), heads=1, size=size, grid=True)
    add("window_attention", Image(4, 4, 4), heads=2, size=2, cosine=True, distances="mlp", hidden=8)


def _dot_products() -> None:
    where = [
        *({}, {"causal": True}, {"reach": 2}, {"reach": 1, "causal": True}),
        *({"reach": 1, "global_tokens": 2}, {"reach": 1, "global_tokens": 3, "causal": True}),
    ]
    for options in where:
        add("dot_product_attention", s, s, Sequence(7, 6), heads=2, **options)
        add("dot_product_attention", s, s, s, Image(2, 7, 7), heads=2, **options)
        add("dot_product_attention", s, s, s, heads=2, sinks=True, **options)
    q, k, v = Sequence(5, 12), Sequence(3, 6), Sequence(3, 4)
    for more in ((), (Image(4, 5, 3),)):
        add("dot_product_attention", q, k, v, *more, heads=4, kv_heads=2)
    for more in ((), (Image(4, 5, 1),)):
        given = (k._replace(length=1), v._replace(length=1))
        add("dot_product_attention", q, *given, *more, heads=4, kv_heads=2)
        add("dot_product_attention", q, *given, *more, heads=4, kv_heads=2, sinks=True)
    add("dot_product_attention", s, s, s, heads=2, cosine=True)
    add("dot_product_attention", s, s, s, heads=1, softcap=2.0)
    for options in ({}, {"theta": 50.0}, {"rotary_width": 2}):
        add("rotary_embedding", Sequence(5, 8), heads=2, **options)


def _position_biases() -> None:
    add("alibi", s, heads=3)
    add("bucketed_position_bias", s, heads=2, buckets=8, max_distance=6)
    add("bucketed_position_bias", s, heads=2, causal=True)
    add("relative_position_bias", s, heads=2)
    add("relative_position_bias", s, heads=2, absolute=True)
    add("relative_position_bias", i, heads=2)
    add("relative_position_bias", i, heads=2, absolute=True, stride=2)
    add("continuous_position_bias", i, heads=2)


def _merges() -> None:
    for x in (s, i, o, v, n):
        add("add", x, x, x)
        if x in (s, i, o):
            add("add", x, Vector(channels(x)))
        add("mul", x, x)
        add("mix", x, x, x)
        add("concat", x, x, x)
        for word in PAIRS:
            add(word, x, x)
        add("outputs", x, v)
    add("concat", s, Sequence(3, 4), s, axis="length")
    add("concat", s, Sequence(7, 2))
    for word in ("mul", *PAIRS):
        add(word, i, Vector(2))
        add(word, Vector(4), s)
        add(word, Image(2, 1, 1), i)
        add(word, Image(1, 4, 3), i)
        add(word, Sequence(1, 4), s)
        add(word, Sequence(7, 1), s)
        add(word, Vector(1), Vector(5))
        add(word, o, Vector(2))
    add("mix", Vector(4), s, s)
    add("mix", Image(2, 1, 1), i, i)


def _matrices() -> None:
    add("matmul", s, Sequence(4, 5))
    add("matmul", s, Sequence(5, 4), transposed=True)
    add("matmul", i, Image(2, 3, 5))
    add("matmul", i, Image(2, 5, 3), transposed=True)
    add("matmul", v, v)


def _arithmetic() -> None:
    for x in (s, i, o, Vector(4)):
        for size in (3, (3, 2), (2, 3, 4)):
            add("parameter", x, size=size)
            add("constant", x, size=size, value=0.5)
        add("constant", x, value=-2.0)
    add("parameter", Nodes(7, 4, 9), size=5, init=1.0)
    add("constant", Nodes(7, 4, 9), size=5, value=1.0)
    for x in (s, i, o, Vector(4), Nodes(7, 4, 9)):
        for word in ("abs", "cos", "exp", "log", "sin", "sqrt"):
            add(word, x)
        for power in (2.0, 3.0, -1.0, 0.5):
            add("pow", x, power=power)
        add("clamp", x, min=-0.5, max=0.75)
        add("clamp", x, min=0.0)
        add("clamp", x, max=1.0)
        for learned in (False, True):
            add("scale", x, factor=0.5, learned=learned)
            add("shift", x, amount=-0.5, learned=learned)


def _graphs() -> None:
    for word in ("gcn", "gin", "sage", "gat", "cheb", "graph_conv", "arma"):
        add(word, n, features=3)
    add("gin", n, features=3, layers=1)
    add("gat", n, features=2, heads=2, concat=False)
    for aggregate in ("mean", "max", "sum"):
        add("sage", n, features=3, aggregate=aggregate)
        add("graph_conv", n, features=3, aggregate=aggregate)
        add("graph_pool", n._replace(graphs=1), how=aggregate)
    linked = n._replace(edge_features=2)
    for word in ("gatv2", "transformer_conv", "gine", "nn_conv", "pna"):
        add(word, linked, features=4)
    joined = n._replace(nodes=5)  # a node without neighbours reads not even itself
    add("edge_conv", joined, features=4)
    for word in ("gatv2", "transformer_conv"):
        add(word, n, features=2, heads=2, concat=False)
    add("gatv2", linked, features=2, heads=2, shared=True, residual=True)
    add("transformer_conv", linked, features=2, heads=2, gated=True)
    add("gine", linked, features=3, layers=1)
    add("nn_conv", linked, features=3, aggregate="mean")
    add("pna", n._replace(features=4), features=4, towers=2, split=True)
    for aggregate in ("mean", "max", "sum"):
        add("edge_conv", joined, features=3, layers=1, aggregate=aggregate)
    add("graph_pool", n._replace(graphs=1), how="attention")
    add("set2set", n._replace(graphs=1), steps=2)
    add("cheb", n, features=3, terms=4)
    add("propagate", n)
    add("propagate", n, steps=3, restart=0.5)
    add("arma", n, features=3, stacks=2, layers=3)


_pointwise()
_norms()
_dense()
_convolutions()
_pools()
_resized()
_plumbing()
_sequences()
_merges()
_matrices()
_arithmetic()
_graphs()
