"""LSTM, GRU or temporal convolutions over 128 steps of 9 features, six classes."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

from tests.space.literature.costs import FREE, Cost, Span, either, in_row, just, linear

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

STEPS, FEATURES, CLASSES = 128, 9, 6
WIDTHS, STEMS, READS = (16, 32, 64), ("linear", "conv"), ("last", "mean_over", "max_over")
GATES = {"lstm_stack": 4, "gru_stack": 3}
LAYERS, KERNELS, DEPTHS = (1, 2, 3), (3, 5, 7), (2, 3, 4, 5, 6)


def count() -> int:
    """A stem, a body and a way to read it; blocks of temporal convolutions choose a kernel each."""
    convolutional = sum(len(KERNELS) ** depth for depth in DEPTHS)
    bodies = len(GATES) * len(LAYERS) + convolutional
    return len(WIDTHS) * len(STEMS) * bodies * len(READS)


def conv1d(inside: int, outside: int, kernel: int, steps: int) -> Cost:
    """With a bias, as all here have one."""
    weights = inside * outside * kernel
    return Cost(weights + outside, weights * steps)


def stem(kind: str, width: int) -> tuple[Cost, int]:
    """What it costs, and how many steps it leaves."""
    if kind == "linear":
        return linear(FEATURES, width, STEPS), STEPS
    return conv1d(FEATURES, width, 5, STEPS // 2), STEPS // 2


def recurrent(gates: int, width: int, layers: int, steps: int) -> Cost:
    """PyTorch's layers have a bias for what comes in and one for the state."""
    weights = gates * 2 * width * width
    return Cost(weights + 2 * gates * width, weights * steps).times(layers)


def temporal(width: int, kernels: Sequence[int], steps: int) -> Cost:
    """Two convolutions in each block; no block changes the width."""
    return sum((conv1d(width, width, kernel, steps).times(2) for kernel in kernels), FREE)


def bounds() -> Span:
    """The extremes over everything but the blocks' kernels, which add up."""
    spans = []
    for width, kind in product(WIDTHS, STEMS):
        first, steps = stem(kind, width)
        around = just(first + linear(width, CLASSES))
        for gates, layers in product(GATES.values(), LAYERS):
            spans.append(around.then(just(recurrent(gates, width, layers, steps))))
        block = either(*(just(temporal(width, [kernel], steps)) for kernel in KERNELS))
        spans += [around.then(in_row(*[block] * depth)) for depth in DEPTHS]
    return either(*spans)


def cost(design: Mapping[str, Any]) -> Cost:
    """A design of specs/spaces/sequence.arch."""
    width, kind = design["width"], design["body"]
    found, steps = stem(design["stem"], width)
    if kind in GATES:
        found += recurrent(GATES[kind], width, design[f"body.{kind}.layers"], steps)
    else:
        blocks = range(1, design["body.tcn.depth"] + 1)
        kernels = [design[f"body.tcn.each.{index}.tcn_block.kernel"] for index in blocks]
        found += temporal(width, kernels, steps)
    return found + linear(width, CLASSES)
