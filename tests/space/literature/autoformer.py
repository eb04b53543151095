"""AutoFormer's tiny supernet (Chen et al. 2021), without its tables of relative positions."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

from tests.space.literature.costs import Cost, Span, either, in_row, just, linear, norm, total

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WIDTHS, DEPTHS, RATIOS, HEADS = (192, 216, 240), (12, 13, 14), (3, 3.5, 4), (3, 4)
PATCHES = 14 * 14
POSITIONS = PATCHES + 1  # and the class token
HEAD_WIDTH = 64

# The network that the authors found and released as AutoFormer-tiny, of 5.7 million parameters.
AUTOFORMER_T = {
    "width": 192,
    "ratios": (3.5, 3.5, 3, 3.5, 3, 3, 4, 4, 3.5, 4, 3.5, 4, 3.5),
    "heads": (3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 4, 3, 3),
}


def count() -> int:
    """A width for all; 12 to 14 blocks, each with heads and an MLP's ratio."""
    return len(WIDTHS) * sum((len(RATIOS) * len(HEADS)) ** depth for depth in DEPTHS)


def block(width: int, heads: int, ratio: float) -> Cost:
    """A pre-norm layer whose heads have 64 features whatever the width."""
    inner, hidden = heads * HEAD_WIDTH, int(ratio * width)
    attention = total(
        linear(width, 3 * inner, POSITIONS),
        Cost(0, 2 * POSITIONS * POSITIONS * inner),
        linear(inner, width, POSITIONS),
    )
    mlp = linear(width, hidden, POSITIONS) + linear(hidden, width, POSITIONS)
    return total(norm(width), attention, norm(width), mlp)


def fixed(width: int) -> Cost:
    """Patches, class token, positions, the last norm and the head."""
    patches = linear(3 * 16 * 16, width, PATCHES)
    return total(patches, Cost(width + POSITIONS * width), norm(width), linear(width, 1000))


def network(width: int, heads: Sequence[int], ratios: Sequence[float]) -> Cost:
    """A design."""
    layers = [block(width, h, r) for h, r in zip(heads, ratios, strict=True)]
    return total(fixed(width), *layers)


def bounds() -> Span:
    """The extremes: for a width and a depth, blocks choose for themselves."""
    return either(*(_span(width, depth) for width, depth in product(WIDTHS, DEPTHS)))


def _span(width: int, depth: int) -> Span:
    layer = either(*(just(block(width, h, r)) for h, r in product(HEADS, RATIOS)))
    return in_row(just(fixed(width)), *[layer] * depth)


def design(width: int, heads: Sequence[int], ratios: Sequence[float]) -> dict[str, Any]:
    """What specs/spaces/autoformer_tiny.arch calls a network."""
    found: dict[str, Any] = {"width": width, "depth": len(heads)}
    for index, (h, r) in enumerate(zip(heads, ratios, strict=True), start=1):
        found |= {f"layers.{index}.layer.heads": h, f"layers.{index}.layer.ratio": r}
    return found


def cost(design: Mapping[str, Any]) -> Cost:
    """A design of specs/spaces/autoformer_tiny.arch."""
    layers = [f"layers.{index}.layer" for index in range(1, design["depth"] + 1)]
    heads = [design[f"{layer}.heads"] for layer in layers]
    return network(design["width"], heads, [design[f"{layer}.ratio"] for layer in layers])
