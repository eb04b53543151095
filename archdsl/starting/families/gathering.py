"""How a baseline reads a sample: as one vector, without looking at its structure."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archdsl.starting.description import Description

CLASSES_A_FEATURE = 8  # that it can tell apart
ENOUGH_FEATURES = 128  # for any number of classes


def gathered(data: Description, side: int, width: int) -> str:
    """What brings a sample into one vector without looking at its structure."""
    if data.is_grid:
        pool = "global_avg_pool" if side == 1 else f"adaptive_avg_pool({side}) -> flatten"
        return f"{pool} -> "
    if data.predicts_tokens:
        return f"embedding({width}) -> "
    if data.kind == "tokens":
        return f"embedding({width}) -> mean_over -> "
    if data.is_forecast:
        return "flatten -> "
    if data.kind == "series":
        return f"adaptive_avg_pool({side}) -> flatten -> " if side > 1 else "mean_over -> "
    return "graph_pool(mean) -> " if data.many_graphs else ""


def thumbnails(data: Description) -> list[int]:
    """Sides of thumbnails for a baseline to read (parts of a series); 1 where there are none."""
    if data.is_forecast or not (data.is_grid or data.kind == "series"):
        return [1]
    sides = (1, 2, 4, 8, 16) if data.is_grid else (1, 2, 4, 8, 16, 32, 64)
    found = [side for side in sides if side <= min(data.spatial)]
    enough = [side for side in found if features(data, side) >= needed(data)]
    return enough if data.is_grid else enough[:1]


def features(data: Description, side: int) -> int:
    """Numbers in the vector that a thumbnail becomes."""
    return data.channels * prod([side] * len(data.spatial))


def needed(data: Description) -> float:
    """Features that it takes to tell the classes apart (P404)."""
    classes = data.classes_apart
    return min(classes / CLASSES_A_FEATURE, ENOUGH_FEATURES)


def over(data: Description) -> str:
    """What a baseline reads, in words."""
    if data.is_grid:
        return "over a thumbnail"
    if data.predicts_tokens:
        return "over the last token alone"
    if data.is_forecast:
        return "over the window"
    words = {"tokens": "over the mean of the tokens' vectors", "series": "over means in time"}
    if data.kind == "graph":
        return "over the mean of the nodes" if data.many_graphs else "over each node's features"
    return words.get(data.kind, "over the features")


def blind(data: Description) -> str:
    """What it does not see."""
    if data.is_grid:
        return "where things stand"
    if data.is_sequence:
        return "the order" if not data.predicts_tokens else "what came before"
    return "the edges" if data.kind == "graph" else "structure"
