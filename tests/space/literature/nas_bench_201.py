"""NAS-Bench-201 (Dong and Yang 2020) on CIFAR-10."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.space.literature.costs import FREE, Cost, Span, conv, norm
from tests.space.literature.hierarchical import NODES, fixed, half

if TYPE_CHECKING:
    from collections.abc import Mapping

EDGES, CELLS = 6, 5
OPS = {"zero": 0, "identity": 0, "avg_pool": 0, "relu_conv_bn(width, 1)": 1}
CONV3X3 = "relu_conv_bn(width, 3)"


def count() -> int:
    """Five ops on each of six edges."""
    return 5**EDGES


def network(kernels: list[int]) -> Cost:
    """Three stacks of five cells with convolutions of these kernels on their edges; 0 is none."""
    found, channels, size = fixed(), 16, 32
    for stack in range(3):
        edges = [conv(channels, channels, k, size) + norm(channels) for k in kernels if k]
        found += sum(edges, FREE).times(CELLS)
        if stack < 2:
            found += half(channels, size)
            channels, size = 2 * channels, size // 2
    return found


def bounds() -> Span:
    """Nothing on the edges, and the widest convolution on all."""
    return Span(network([0] * EDGES), network([3] * EDGES))


def cost(design: Mapping[str, str]) -> Cost:
    """A design of specs/spaces/nas_bench_201.arch."""
    edges = [design[f"cell.{node.replace('op', 'edge')}"] for node in NODES]
    return network([{**OPS, CONV3X3: 3}[edge] for edge in edges])
