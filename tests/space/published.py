"""Spaces of the literature as diagrams, from formulas of their parameters."""

from __future__ import annotations

from itertools import combinations

from archdsl.space.diagram import Answer, Part, Product, Union
from tests.space.diagrams import options

NAS_BENCH_201 = (73_306, 1_531_546)  # least and most parameters, as published


def nas_bench_201() -> Product:
    """Six edges with five operations each, in five cells at each of three widths."""
    edge = options(".op", [(0,), (0,), (0,), (_convolutions(1),), (_convolutions(3),)])
    return Product((), tuple(Part(edge, f".edge{i}") for i in range(6)), (NAS_BENCH_201[0],))


def _convolutions(kernel: int) -> int:
    return sum(5 * (kernel**2 * width**2 + 2 * width) for width in (16, 32, 64))


def mobilenet_v2_like() -> Product:
    """Five units of two to four inverted residual blocks, each with one of three kernels and one
    of three expansions; parameters and multiply-accumulates at 224x224."""
    widths = (16, 24, 32, 64, 96, 160)
    sizes = (112, 56, 28, 14, 14, 7)
    units = []
    for i in range(5):
        first = _blocks(widths[i], widths[i + 1], sizes[i], sizes[i + 1])
        later = _blocks(widths[i + 1], widths[i + 1], sizes[i + 1], sizes[i + 1])
        depths = [
            Product(
                (Answer(".depth", None, depth - 2),),  # type: ignore[arg-type]
                (Part(first, ".1"), *[Part(later, f".{j}") for j in range(2, depth + 1)]),
                (0, 0),
            )
            for depth in (2, 3, 4)
        ]
        units.append(Part(Union(tuple(depths)), f".unit{i + 1}"))
    stem = (27 * 16 + 32, 27 * 16 * 112**2)
    head = (160 * 320 + 640 + 320 * 1_000 + 1_000, 160 * 320 * 49 + 320 * 1_000)
    return Product((), tuple(units), (stem[0] + head[0], stem[1] + head[1]))


def _blocks(takes: int, gives: int, size: int, size_after: int) -> Union:
    found = []
    for expand in (3, 4, 6):
        for kernel in (3, 5, 7):
            inner = expand * takes
            params = inner * (takes + 2) + inner * (kernel**2 + 2) + (inner + 2) * gives
            macs = takes * inner * size**2 + inner * (kernel**2 + gives) * size_after**2
            found.append((params, macs))
    return options(".block", found)


def darts() -> Product:
    """A normal and a reduction cell: four nodes, each of two of the nodes before it, with one of
    seven operations on each; 20 cells of 36 channels. All-pooling has 1,370,134 parameters."""
    stays = {36: 6, 72: 6, 144: 6}  # how many normal cells there are of each width
    normal = _cell(lambda width: 0, stays)
    halves = {72: 1, 144: 1}
    reduction = _cell(lambda width: width**2 + 2 * width, halves)
    return Product((), (Part(normal, ".normal"), Part(reduction, ".reduction")), (1_370_134,))


def _cell(skip, widths: dict[int, int]) -> Product:
    """``skip`` is what a skip connection from the cell's inputs costs: it halves the size in a
    reduction cell."""

    def total(cost) -> tuple[int]:
        return (sum(times * cost(width) for width, times in widths.items()),)

    others = [
        total(lambda width, k=kernel, n=n: n * (k**2 * width + width**2 + 2 * width))
        for n, kernel in ((2, 3), (2, 5), (1, 3), (1, 5))
    ]
    nothing = (0,)
    from_input = options(".op", [nothing, nothing, total(skip), *others])
    from_node = options(".op", [nothing, nothing, nothing, *others])
    parts = []
    for node in range(4):
        pairs = list(combinations(range(2 + node), 2))
        ways = [
            Product(
                (Answer(".pair", None, i),),  # type: ignore[arg-type]
                tuple(Part(from_input if j < 2 else from_node, f".from{j}") for j in pair),
                nothing,
            )
            for i, pair in enumerate(pairs)
        ]
        parts.append(Part(Union(tuple(ways)), f".node{node}"))
    return Product((), tuple(parts), nothing)
