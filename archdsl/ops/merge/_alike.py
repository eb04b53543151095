"""Merges whose inputs must be alike, and what is said when they are not."""

from __future__ import annotations

from math import prod

from archdsl.ops.base import OpError
from archdsl.ops.plumbing._kinds import FEATURES, wrong_kind
from archdsl.types import Image, Nodes, TensorType, Vector, Volume, channels, said, spatial


def check_features(word: str, inputs: tuple[TensorType, ...]) -> None:
    """Each input holds numbers that can be reckoned with."""
    for x in inputs:
        if not isinstance(x, FEATURES):
            raise wrong_kind(word, x)


def unequal(word: str, inputs: tuple[TensorType, ...]) -> OpError:
    """``add cannot bring a 64×56×56 image and a 128×28×28 image together``."""
    first = inputs[0]
    other = next(x for x in inputs if x != first)
    return OpError(
        f"{word} cannot bring {said(first)} and {said(other)} together",
        needed="inputs of one and the same shape",
        help=_bridge(first, other),
    )


def _bridge(first: TensorType, other: TensorType) -> str:
    """A layer that brings the larger of two inputs to the shape of the other."""
    if type(first) is not type(other):
        return pooled_first((first, other))
    large, small = sorted((first, other), key=lambda x: prod(spatial(x)), reverse=True)
    if prod(spatial(large)) == prod(spatial(small)):
        large, small = first, other
    layer = _layer(large, small)
    return f"{layer} brings {said(large)} to {said(small)}" if layer else ""


def pooled_first(inputs: tuple[TensorType, ...]) -> str:
    """What to do where the nodes of a graph meet what is said of the whole graph."""
    kinds = {type(x) for x in inputs}
    return "`graph_pool(mean)` makes one vector of the nodes" if kinds == {Nodes, Vector} else ""


def _layer(large: TensorType, small: TensorType) -> str:
    if spatial(large) == spatial(small) and not isinstance(large, (Image, Volume)):
        return f"linear({channels(small)})"
    sizes = list(zip(spatial(large), spatial(small), strict=True))
    stride = -(-sizes[0][0] // sizes[0][1])
    if any(-(-a // stride) != b for a, b in sizes):
        return ""
    step = "" if stride == 1 else f", stride={stride}"
    return f"conv({channels(small)}, 1{step})"
