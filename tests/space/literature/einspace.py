"""A grammar like einspace's (Ericsson et al. 2024) on 64 patches of 32 features, three deep."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from tests.space.literature.costs import FREE, Cost, Span, either, just, linear, norm

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

DEPTH, PATCHES, WIDTH, CLASSES = 3, 64, 32, 10
COMPUTATIONS = (
    "identity",
    "linear",
    "layer_norm",
    "leaky_relu",
    "softmax",
    "position_embedding",
)

Shape = tuple[int, int]  # positions, features
Derived = dict[Shape, tuple[int, Span]]  # by what comes out: how many designs, and their extremes


def computation(name: str, shape: Shape) -> Cost:
    """A computation, which keeps the shape."""
    positions, features = shape
    if name == "linear":
        return linear(features, features, positions)
    if name == "layer_norm":
        return norm(features)
    return Cost(positions * features) if name == "position_embedding" else FREE


def halves(shape: Shape) -> tuple[Shape, Shape]:
    """The first and the second half of the features."""
    positions, features = shape
    return (positions, features // 2), (positions, features - features // 2)


def beside(one: Shape, other: Shape) -> Shape | None:
    """Features side by side, where there are as many positions."""
    return (one[0], one[1] + other[1]) if one[0] == other[0] else None


def equal(one: Shape, other: Shape) -> Shape | None:
    """What a sum or a product needs."""
    return one if one == other else None


def turned(shape: Shape) -> Shape:
    """Positions as features."""
    return shape[1], shape[0]


def derive(depth: int, shape: Shape) -> Derived:
    """All designs of a module that may be so many deep, by the shape that comes out."""
    own = [(shape, 1, just(computation(name, shape))) for name in COMPUTATIONS]
    if depth == 0:
        return _gathered(own)
    below = derive(depth - 1, shape)
    parts = [derive(depth - 1, half) for half in halves(shape)]
    return _gathered(
        [
            *own,
            *_rows(depth, below),
            *_merged(below, below, equal),
            *_merged(below, below, equal),
            *_merged(below, below, beside),
            *_merged(*parts, beside),
            *((turned(out), n, s) for out, (n, s) in derive(depth - 1, turned(shape)).items()),
        ]
    )


def _rows(depth: int, firsts: Derived) -> Iterable[tuple[Shape, int, Span]]:
    for between, (n, span) in firsts.items():
        for out, (m, other) in derive(depth - 1, between).items():
            yield out, n * m, span.then(other)


def _merged(ones, others, agree) -> Iterable[tuple[Shape, int, Span]]:
    for (one, (n, span)), (other, (m, more)) in product(ones.items(), others.items()):
        out = agree(one, other)
        if out is not None:
            yield out, n * m, span.then(more)


def _gathered(found: Iterable[tuple[Shape, int, Span]]) -> Derived:
    gathered: Derived = {}
    for out, number, span in found:
        before, known = gathered.get(out, (0, span))
        gathered[out] = before + number, either(known, span)
    return gathered


def fixed(features: int) -> Cost:
    """Patches of 4 × 4, and a head on so many features."""
    return linear(3 * 4 * 4, WIDTH, PATCHES) + linear(features, CLASSES)


def count() -> int:
    """All of them fit: whatever comes out has positions to average over."""
    return sum(number for number, _ in derive(DEPTH, (PATCHES, WIDTH)).values())


def bounds() -> Span:
    """The extremes, head included."""
    derived = derive(DEPTH, (PATCHES, WIDTH))
    return either(*(span.then(just(fixed(out[1]))) for out, (_, span) in derived.items()))


# A design of specs/spaces/einspace_like.arch ----------------------------------------------------


def cost(design: Mapping[str, str]) -> Cost:
    """Follows the derivation that the design spells."""
    out, found = _module(design, "body.motif", DEPTH, (PATCHES, WIDTH))
    return found + fixed(out[1])


def _module(design: Mapping[str, str], path: str, depth: int, shape: Shape) -> tuple[Shape, Cost]:
    if depth == 0:
        return shape, computation(design[f"{path}.computation"], shape)
    path += ".composed"
    if design[path] == "computation":
        return shape, computation(design[f"{path}.computation"], shape)
    if design[path] == "branching":
        return _branching(design, f"{path}.branching", depth, shape)
    if design[path] == "routing":
        out, found = _module(design, f"{path}.routing.motif", depth - 1, turned(shape))
        return turned(out), found
    between, first = _module(design, f"{path}.motif", depth - 1, shape)
    out, second = _module(design, f"{path}.motif_2", depth - 1, between)
    return out, first + second


_BRANCHINGS = ("add", "mul", "concat(motif(depth), motif(depth))")


def _branching(
    design: Mapping[str, str], path: str, depth: int, shape: Shape
) -> tuple[Shape, Cost]:
    kind = design[path]
    number = _BRANCHINGS.index(kind) if kind in _BRANCHINGS else 3
    shapes = halves(shape) if number == 3 else (shape, shape)
    found, outs = FREE, []
    for index, taken in enumerate(shapes, start=2 * number + 1):
        label = "motif" if index == 1 else f"motif_{index}"
        out, cost = _module(design, f"{path}.{label}", depth - 1, taken)
        found += cost
        outs.append(out)
    together = equal(*outs) if number < 2 else beside(*outs)
    assert together is not None
    return together, found
