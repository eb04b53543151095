"""DARTS (Liu et al. 2019) on CIFAR-10, 36 channels and 20 cells, without the auxiliary head."""

from __future__ import annotations

from itertools import combinations, product
from math import comb
from typing import TYPE_CHECKING

from tests.space.literature.costs import FREE, Cost, Span, conv, linear, norm, total

if TYPE_CHECKING:
    from collections.abc import Mapping

SEP3, SEP5, DIL3, DIL5 = "sep_conv_3x3", "sep_conv_5x5", "dil_conv_3x3", "dil_conv_5x5"
MAX, AVG, SKIP = "max_pool_3x3", "avg_pool_3x3", "skip_connect"
OPS = (SEP3, SEP5, DIL3, DIL5, MAX, AVG, SKIP)
NODES, CELLS, CHANNELS, SIZE, CLASSES = 4, 20, 36, 32, 10
REDUCTIONS = (CELLS // 3, 2 * CELLS // 3)

Edge = tuple[str, int]  # an op, and which predecessor it reads: 0 and 1 are the cells before
Cell = tuple[Edge, ...]  # two edges for each node

# The cells found in the paper's second-order run, as its authors' genotypes.py lists them.
DARTS_V2 = (
    (
        *((SEP3, 0), (SEP3, 1), (SEP3, 0), (SEP3, 1)),
        *((SEP3, 1), (SKIP, 0), (SKIP, 0), (DIL3, 2)),
    ),
    (
        *((MAX, 0), (MAX, 1), (SKIP, 2), (MAX, 1)),
        *((MAX, 0), (SKIP, 2), (SKIP, 2), (MAX, 1)),
    ),
)


def count() -> int:
    """Two cells; in each, every node reads two of those before it through one of the ops."""
    cell = 1
    for node in range(NODES):
        cell *= comb(node + 2, 2) * len(OPS) ** 2
    return cell**2


def uniform(op: str) -> tuple[Cell, Cell]:
    """One op everywhere; every node reads the two cells before."""
    cell = tuple((op, source % 2) for source in range(2 * NODES))
    return cell, cell


def network(normal: Cell, reduction: Cell) -> Cost:
    """A network of these cells."""
    before = last = 3 * CHANNELS
    found = conv(3, last, 3, SIZE) + norm(last)
    width, size, before_size = CHANNELS, SIZE, SIZE
    for index in range(CELLS):
        halves = index in REDUCTIONS
        width *= 1 + halves
        found += _preprocessing(before, last, width, size, halved=before_size > size)
        before_size, size = size, size // (1 + halves)
        for op, source in reduction if halves else normal:
            found += _op(op, width, size, stride=1 + (halves and source < 2))
        before, last = last, NODES * width
    return found + linear(last, CLASSES)


def _preprocessing(before: int, last: int, width: int, size: int, halved: bool) -> Cost:
    older = _factorized(before, width, size) if halved else conv(before, width, 1, size)
    newer = conv(last, width, 1, size) + norm(width)
    return older + newer + (FREE if halved else norm(width))


def _factorized(inside: int, outside: int, size: int) -> Cost:
    return conv(inside, outside // 2, 1, size).times(2) + norm(outside)


def _op(op: str, width: int, size: int, stride: int) -> Cost:
    if op == SKIP and stride == 2:
        return _factorized(width, width, size)
    if op in (MAX, AVG, SKIP):
        return FREE
    kernel = 3 if op in (SEP3, DIL3) else 5
    once = total(
        conv(width, width, kernel, size, groups=width), conv(width, width, 1, size), norm(width)
    )
    return once.times(2) if op in (SEP3, SEP5) else once


def bounds() -> Span:
    """The extremes: what a node's edges cost does not depend on the other nodes."""
    plain = uniform(MAX)
    low = high = base = network(*plain)
    for kind, node in product(range(2), range(NODES)):
        extra = []
        for sources in combinations(range(node + 2), 2):
            for ops in product(OPS, repeat=2):
                cells = [list(cell) for cell in plain]
                cells[kind][2 * node : 2 * node + 2] = zip(ops, sources, strict=True)
                found = network(*map(tuple, cells))
                extra.append(Cost(found.params - base.params, found.macs - base.macs))
        low += Cost(min(e.params for e in extra), min(e.macs for e in extra))
        high += Cost(max(e.params for e in extra), max(e.macs for e in extra))
    return Span(low, high)


# The design of a genotype ---------------------------------------------------------------------

_LABELS = {
    SEP3: "sep_conv(3, stride)",
    SEP5: "sep_conv(5, stride)",
    DIL3: "dil_conv(3, stride)",
    DIL5: "dil_conv(5, stride)",
    MAX: "max_pool",
    AVG: "avg_pool",
    SKIP: "skip",
}


def design(normal: Cell, reduction: Cell) -> dict[str, str]:
    """What specs/spaces/darts.arch calls these cells."""
    found: dict[str, str] = {}
    for name, cell in (("normal", normal), ("reduction", reduction)):
        for node in range(NODES):
            edges = sorted(cell[2 * node : 2 * node + 2], key=lambda edge: edge[1])
            found |= _node(f"{name}.cell.node{node + 1}", edges, first=node == 0)
    return found


def _node(path: str, edges: list[Edge], first: bool) -> dict[str, str]:
    inside = path if first else f"{path}.pick"
    found = {} if first else {inside: " ".join(_branch(source) for _, source in edges)}
    for op, source in edges:
        suffix = f"_{source + 1}" if source else ""
        found[f"{inside}.edge{suffix}"] = _LABELS[op]
    return found


def _branch(source: int) -> str:
    return f"s{source} -> edge(stride)" if source < 2 else f"node{source - 1} -> edge"


def cells(design: Mapping[str, str]) -> tuple[Cell, Cell]:
    """The genotype that a design of specs/spaces/darts.arch spells."""
    ops = {label: op for op, label in _LABELS.items()}
    found = []
    for name in ("normal", "reduction"):
        edges: list[Edge] = []
        for node in range(NODES):
            inside = f"{name}.cell.node{node + 1}{'.pick' if node else ''}"
            picked = design.get(inside, " ".join(map(_branch, range(2))))
            for source in range(node + 2):
                if _branch(source) in picked:
                    suffix = f"_{source + 1}" if source else ""
                    edges.append((ops[design[f"{inside}.edge{suffix}"]], source))
        found.append(tuple(edges))
    return found[0], found[1]


def cost(design: Mapping[str, str]) -> Cost:
    """A design of specs/spaces/darts.arch."""
    return network(*cells(design))
