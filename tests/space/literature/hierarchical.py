"""The hierarchical NAS-Bench-201 (Schrodi et al. 2023) on CIFAR-10, by its grammar."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tests.space.literature.costs import (
    FREE,
    NOTHING,
    Cost,
    Span,
    conv,
    either,
    in_row,
    just,
    linear,
    norm,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

EDGES = 6
BLOCKS = 3 * 3 * 3  # an activation, a convolution and a norm
OPS = 3 + BLOCKS  # zero, identity, average pooling and the convolution blocks

# In a row `a -> b`, or side by side `add(a -> b, c)`: what is called with which channels. A rule
# is a tuple of alternatives, each a tuple of branches, each a tuple of rules in a row.
GRAMMAR = {
    "c": ((("cell",) * 2,), (("cell",) * 3,), (("cell",) * 2, ("cell",))),
    "down": ((("cell", "half"),), (("cell", "cell", "half"),), (("cell", "half"), ("half",))),
    "d0": ((("c", "c", "cell"),), (("c", "c", "c", "cell"),), (("c", "c", "cell"), ("cell",))),
    "d1": ((("c", "c", "down"),), (("c", "c", "c", "down"),), (("c", "c", "down"), ("down",))),
    "d2": ((("d1", "d1", "d0"),), (("d0", "d1", "d1"),), (("d1", "d1", "d0", "d0"),)),
}
HALVING = {"half": 1, "down": 1, "d1": 1}  # how often a symbol halves the map


def count(symbol: str = "d2", ops: int = OPS) -> int:
    """How many designs a symbol of the grammar derives."""
    if symbol not in GRAMMAR:
        return {"cell": ops**EDGES, "half": 1}[symbol]
    found = 0
    for branches in GRAMMAR[symbol]:
        product = 1
        for name in (name for branch in branches for name in branch):
            product *= count(name, ops)
        found += product
    return found


def half(channels: int, size: int) -> Cost:
    """NAS-Bench-201's residual block between stacks; it takes ``size`` × ``size``."""
    width, after = 2 * channels, size // 2
    body = conv(channels, width, 3, after) + conv(width, width, 3, after) + norm(width).times(2)
    return body + conv(channels, width, 1, after)


def op(kernel: int, depthwise: bool, channels: int, size: int) -> Cost:
    """A convolution block; all three norms learn a scale and a shift for each channel."""
    groups = channels if depthwise else 1
    return conv(channels, channels, kernel, size, groups) + norm(channels)


def span(symbol: str = "d2", channels: int = 16, size: int = 32) -> Span:
    """The extremes of what a symbol derives, on maps of ``size`` × ``size``."""
    if symbol == "half":
        return just(half(channels, size))
    if symbol == "cell":
        blocks = [op(3, False, channels, size), op(1, False, channels, size)]
        edge = either(NOTHING, *map(just, [*blocks, op(3, True, channels, size)]))
        return in_row(*[edge] * EDGES)
    return either(
        *(in_row(*(_row(b, channels, size) for b in branches)) for branches in GRAMMAR[symbol])
    )


def _row(names: tuple[str, ...], channels: int, size: int) -> Span:
    found = NOTHING
    for name in names:
        found = found.then(span(name, channels, size))
        times = 2 ** HALVING.get(name, 0)
        channels, size = channels * times, size // times
    return found


def fixed() -> Cost:
    """The stem, the last norm and the head."""
    return conv(3, 16, 3, 32) + norm(16) + norm(64) + linear(64, 10)


def bounds() -> Span:
    """The extremes of whole networks."""
    return just(fixed()).then(span())


# A design of specs/spaces/hierarchical_nas_bench_201.arch ---------------------------------------

NODES = ("node1.op", "node2.op", "node2.op_2", "node3.op", "node3.op_2", "node3.op_3")
_CONVS = {"conv3x3": (3, False), "conv1x1": (1, False), "dconv3x3": (3, True)}


def cost(design: Mapping[str, str]) -> Cost:
    """Reads the derivation from the design."""
    return fixed() + _derived(design, "body.d2", 16, 32)


def _derived(design: Mapping[str, str], path: str, channels: int, size: int) -> Cost:
    symbol = _symbol(path.rsplit(".", 1)[-1])
    if symbol == "half":
        return half(channels, size)
    if symbol == "cell":
        return _cell(design, path, channels, size)
    found = FREE
    for branch in _branches(symbol, design[path]):
        width, here = channels, size
        for label in branch:
            found += _derived(design, f"{path}.{label}", width, here)
            times = 2 ** HALVING.get(_symbol(label), 0)
            width, here = width * times, here // times
    return found


def _branches(symbol: str, chosen: str) -> list[list[str]]:
    """The branches of the alternative that a label names; each call is labelled by how many of
    its name stand before it in the rule."""
    seen: Counter[str] = Counter()
    for branches in GRAMMAR[symbol]:
        labelled = [[_label(name, seen) for name in branch] for branch in branches]
        if chosen == ("add" if len(branches) > 1 else " -> ".join(branches[0])):
            return labelled
    raise ValueError(chosen)


def _symbol(label: str) -> str:
    """`cell` of `cell_3`."""
    return label.partition("_")[0]


def _label(name: str, seen: Counter[str]) -> str:
    seen[name] += 1
    return name if seen[name] == 1 else f"{name}_{seen[name]}"


def _cell(design: Mapping[str, str], path: str, channels: int, size: int) -> Cost:
    found = FREE
    for node in NODES:
        if design[f"{path}.{node}"] == "conv_block":
            kind = design[f"{path}.{node}.conv_block.conv"]
            found += op(*_CONVS[kind], channels, size)
    return found
