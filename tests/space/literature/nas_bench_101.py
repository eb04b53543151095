"""NAS-Bench-101 (Ying et al. 2019): cells of seven vertices, and the network made of them.

Vertex 0 is the input of the cell and the last one its output; edges lead from lower to higher
numbers. A cell is an edge set in which every vertex lies on a way from the input to the output,
and an op for each vertex between.
"""

from __future__ import annotations

from itertools import combinations, permutations
from typing import TYPE_CHECKING, Any

from tests.space.literature.costs import FREE, Cost, Span, conv, either, linear, norm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

VERTICES, MOST_EDGES = 7, 9
CONV3, CONV1, POOL = "conv3x3-bn-relu", "conv1x1-bn-relu", "maxpool3x3"
OPS = (CONV3, CONV1, POOL)
STEM, STACKS, CELLS, SIZE, CLASSES = 128, 3, 3, 32, 10

Edges = frozenset[tuple[int, int]]

DIFFERENT = 423_624  # cells of two to seven vertices, as published


def wirings(vertices: int = VERTICES) -> Iterator[Edges]:
    """All edge sets in which no vertex is idle."""
    pairs = list(combinations(range(vertices), 2))
    for number in range(vertices - 1, MOST_EDGES + 1):
        for edges in combinations(pairs, number):
            starts, ends = ({pair[side] for pair in edges} for side in (0, 1))
            if len(starts) == len(ends) == vertices - 1:
                yield frozenset(edges)


def is_spelled(edges: Edges) -> bool:
    """Whether specs/spaces/nas_bench_101.arch has a wiring: there a vertex between feeds the output
    or the vertex after it."""
    last = max(end for _, end in edges)
    return all((v, last) in edges or (v, v + 1) in edges for v in range(1, last))


def count() -> int:
    """The wirings that are spelled, and an op for each of the five vertices between."""
    return sum(map(is_spelled, wirings())) * len(OPS) ** (VERTICES - 2)


def different(vertices: int, among: Callable[[Edges], bool] = lambda edges: True) -> int:
    """How many cells are different networks: wirings and ops up to the names of vertices.

    Burnside's lemma: of a wiring, the labellings with ops that differ are as many as a renaming
    that keeps the wiring leaves alone in the mean.
    """
    valid, seen, found = set(wirings(vertices)), set[Edges](), 0
    renamings = [(0, *inner, vertices - 1) for inner in permutations(range(1, vertices - 1))]
    for edges in filter(among, valid):
        if edges in seen:
            continue
        renamed = {names: frozenset((names[a], names[b]) for a, b in edges) for names in renamings}
        seen |= set(renamed.values())
        kept = [names for names, other in renamed.items() if other == edges]
        found += sum(len(OPS) ** _cycles(names) for names in kept) // len(kept)
    return found


def _cycles(names: Sequence[int]) -> int:
    """How many cycles a renaming has between the input and the output."""
    waiting, found = set(range(1, len(names) - 1)), 0
    while waiting:
        found += 1
        vertex = min(waiting)
        while vertex in waiting:
            waiting.remove(vertex)
            vertex = names[vertex]
    return found


def channels(edges: Edges, outside: int) -> dict[int, int]:
    """Channels of each vertex between: the output's are dealt out to those that feed it, the
    first ones taking what remains; others are as wide as the widest that they feed."""
    last = max(end for _, end in edges)
    feeding = sorted(start for start, end in edges if end == last and start)
    found: dict[int, int] = {}
    for rank, vertex in enumerate(feeding):
        found[vertex] = outside // len(feeding) + (rank < outside % len(feeding))
    for vertex in range(last - 1, 0, -1):
        if vertex not in found:
            found[vertex] = max(found[end] for start, end in edges if start == vertex)
    return found


def cell(edges: Edges, ops: Sequence[str], inside: int, outside: int, size: int) -> Cost:
    """A cell: what the input feeds is projected by a 1 × 1 convolution, each op has its norm."""
    widths = channels(edges, outside)
    last = max(end for _, end in edges)
    found = FREE
    for start, end in edges:
        if start == 0:
            width = widths.get(end, outside)
            found += conv(inside, width, 1, size) + norm(width)
    for vertex in range(1, last):
        if ops[vertex - 1] != POOL:
            width, kernel = widths[vertex], 3 if ops[vertex - 1] == CONV3 else 1
            found += conv(width, width, kernel, size) + norm(width)
    return found


def network(edges: Edges, ops: Sequence[str]) -> Cost:
    """A network: the stem, three stacks of three cells, each stack twice as wide on half the map,
    and the head."""
    found = conv(3, STEM, 3, SIZE) + norm(STEM)
    inside = STEM
    for stack in range(STACKS):
        outside, size = STEM * 2**stack, SIZE // 2**stack
        for _ in range(CELLS):
            found += cell(edges, ops, inside, outside, size)
            inside = outside
    return found + linear(inside, CLASSES)


def bounds(among: Callable[[Edges], bool] = is_spelled) -> Span:
    """The extremes: of a wiring, pooling everywhere is least and wide convolutions are most."""
    inner = VERTICES - 2
    spans = [
        Span(network(edges, [POOL] * inner), network(edges, [CONV3] * inner))
        for edges in filter(among, wirings())
    ]
    return either(*spans)


# A design of specs/spaces/nas_bench_101.arch ---------------------------------------------------

_LABELS = {
    "conv_bn_act(width, 3)": CONV3,
    "conv_bn_act(width, 1)": CONV1,
    "max_pool": POOL,
}


def cost(design: Mapping[str, Any]) -> Cost:
    """Reads the edges and the ops from the design."""
    inner = range(1, VERTICES - 1)
    ops = [_LABELS[design[f"cell.wired.v{vertex}.op"]] for vertex in inner]
    return network(edges_of(design), ops)


def edges_of(design: Mapping[str, Any]) -> Edges:
    """The wiring that a design spells."""
    last = VERTICES - 1
    outs = {vertex for vertex in range(1, last - 1) if design[f"cell.wired.out{vertex}"]}
    edges = {(0, 1), (last - 1, last), *((vertex, last) for vertex in outs)}
    if design[f"cell.wired.more{last}"]:
        edges.add((0, last))
    for vertex in range(2, last):
        edges |= {(start, vertex) for start in _read(design, vertex, vertex - 1 in outs)}
    return frozenset(edges)


def _read(design: Mapping[str, Any], vertex: int, free: bool) -> set[int]:
    """What a vertex reads; one that is not free to leave it reads the vertex before."""
    more, found = design[f"cell.wired.more{vertex}"], set[int]()
    if not free:
        found.add(vertex - 1)
    if more:
        path = f"cell.wired.v{vertex}.pick"
        picked = design.get(path if free else f"{path}_2", "projection")
        found |= {start for start in range(vertex) if _mentions(picked, start, vertex)}
    return found


def _mentions(picked: str, start: int, vertex: int) -> bool:
    """Whether a label names a vertex; where there is one to cut alone, it is called `cut`."""
    if start == 0:
        return "projection" in picked
    alone = start == 1 and "cut" in picked.split()
    return alone or f"cut(v{start}, w{vertex})" in picked
