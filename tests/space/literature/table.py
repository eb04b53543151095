"""Gorishniy et al. 2021's families for tables: an MLP, a ResNet, an FT-Transformer; 8 features."""

from __future__ import annotations

from itertools import pairwise, product
from typing import TYPE_CHECKING, Any

from tests.space.literature.costs import Cost, Span, either, just, linear, norm, total

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

FEATURES = 8
MLP_WIDTHS, MLP_DEPTHS = (64, 128, 256, 512), range(1, 7)
RESNET_WIDTHS, RESNET_FACTORS, RESNET_DEPTHS = (64, 128, 256), (1, 2, 4), range(1, 7)
FT_WIDTHS, FT_FACTORS, FT_DEPTHS, FT_HEADS = (64, 128, 192), (1, 2), range(1, 5), (4, 8)


def mlp(widths: Sequence[int]) -> Cost:
    """Dense layers, the last of one number."""
    sizes = [FEATURES, *widths, 1]
    return total(*(linear(a, b) for a, b in pairwise(sizes)))


def resnet(width: int, factor: int, depth: int) -> Cost:
    """Norm, two dense layers and a way around, so often; a norm before the head."""
    hidden = factor * width
    block = total(norm(width), linear(width, hidden), linear(hidden, width))
    return total(linear(FEATURES, width), block.times(depth), norm(width), linear(width, 1))


def ft_transformer(width: int, factor: int, depth: int) -> Cost:
    """A vector and a bias for each feature, a token to read from, blocks with a gated MLP."""
    tokens = FEATURES + 1
    hidden = factor * width
    attention = linear(width, 3 * width, tokens) + linear(width, width, tokens)
    products = Cost(0, 2 * tokens * tokens * width)
    gated = linear(width, hidden, tokens).times(2) + linear(hidden, width, tokens)
    block = total(norm(width).times(2), attention, products, gated)
    embedding = Cost(2 * FEATURES * width, FEATURES * width)
    read = norm(width) + linear(width, 1)
    return total(embedding, Cost(width), block.times(depth), read)


def designs() -> Iterator[Cost]:
    """What each of them costs; the number of heads changes nothing."""
    for depth in MLP_DEPTHS:
        yield from (mlp(widths) for widths in product(MLP_WIDTHS, repeat=depth))
    yield from (resnet(*d) for d in product(RESNET_WIDTHS, RESNET_FACTORS, RESNET_DEPTHS))
    for _ in FT_HEADS:
        yield from (ft_transformer(*d) for d in product(FT_WIDTHS, FT_FACTORS, FT_DEPTHS))


def count() -> int:
    """One by one."""
    return sum(1 for _ in designs())


def bounds() -> Span:
    """One by one."""
    return either(*map(just, designs()))


_FACTORS = {"width": 1, "2 * width": 2, "4 * width": 4}


def cost(design: Mapping[str, Any]) -> Cost:
    """A design of specs/spaces/table.arch."""
    kind = design["body"]
    path = f"body.{kind}"
    depth = design[f"{path}.depth"]
    if kind == "mlp_net":
        return mlp([design[f"{path}.each.{i}.linear.features"] for i in range(1, depth + 1)])
    factor = _FACTORS[design[f"{path}.hidden"]]
    return (resnet if kind == "resnet" else ft_transformer)(design[f"{path}.width"], factor, depth)
