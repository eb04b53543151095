"""How a baseline reads a sample: as one vector, without looking at its structure."""

from __future__ import annotations

from math import ceil, pow, prod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archdsl.starting.description import Description

CLASSES_A_FEATURE = 8  # that it can tell apart
ENOUGH_FEATURES = 128  # for any number of classes
WIDEST = 50  # features of an id of a large vocabulary
OF_TEXT = 16  # features of a token, of a text that stands beside other inputs


def embedding_width(vocab: int) -> int:
    """Features of an id that is a column of a table: 1.6 n^0.56, the rule of thumb of fastai."""
    return min(ceil(1.6 * pow(vocab, 0.56)), WIDEST)


def chain(*steps: str) -> str:
    """Steps one after another, empty ones left out."""
    return " -> ".join(filter(None, steps))


def gathered(data: Description, side: int, width: int) -> str:
    """The chain that brings a sample into one vector without looking at its structure, several
    inputs beside each other; empty where it is one."""
    if data.inputs:
        parts = (beside(name, part, side, width) for name, part in data.parts.items())
        return f"concat({', '.join(parts)})"
    if data.kind == "category":
        return f"embedding({embedding_width(data['vocab'])})"
    if data.is_grid:
        return "global_avg_pool" if side == 1 else f"adaptive_avg_pool({side}) -> flatten"
    if data.predicts_tokens:
        return f"embedding({width})"
    if data.kind == "tokens":
        return f"embedding({width}) -> mean_over"
    if data.is_forecast:
        return "flatten"
    if data.kind == "series":
        return f"adaptive_avg_pool({side}) -> flatten" if side > 1 else "mean_over"
    return "graph_pool(mean)" if data.many_graphs else ""


def beside(name: str, part: Description, side: int, width: int) -> str:
    """One of several inputs as a vector."""
    return chain(name, gathered(part, _side_of(part, side), width))


def thumbnails(data: Description) -> list[int]:
    """Sides of thumbnails for a baseline to read (parts of a series); 1 where there are none."""
    enough = [side for side in _sides(data) if features(data, side) >= needed(data)]
    if data.inputs or data.is_grid:
        return enough
    return enough[:1] if data.kind == "series" and not data.is_forecast else [1]


def _sides(data: Description) -> list[int]:
    if data.inputs:
        return sorted({side for part in data.parts.values() for side in _sides(part)})
    if data.is_forecast or not (data.is_grid or data.kind == "series"):
        return [1]
    sides = (1, 2, 4, 8, 16) if data.is_grid else (1, 2, 4, 8, 16, 32, 64)
    return [side for side in sides if side <= min(data.spatial)]


def _side_of(part: Description, side: int) -> int:
    """The largest side up to another that one of several inputs has."""
    return max(one for one in _sides(part) if one <= side)


def features(data: Description, side: int) -> int:
    """Numbers in the vector that a thumbnail becomes."""
    if data.inputs:
        return sum(features(part, _side_of(part, side)) for part in data.parts.values())
    if data.kind in ("tokens", "category"):
        return OF_TEXT if data.kind == "tokens" else embedding_width(data["vocab"])
    return data.channels * prod([side] * len(data.spatial))


def needed(data: Description) -> float:
    """Features that it takes to tell the classes apart (P404)."""
    classes = data.classes_apart
    return min(classes / CLASSES_A_FEATURE, ENOUGH_FEATURES)


def over(data: Description) -> str:
    """What a baseline reads, in words."""
    if data.inputs:
        return "over the numbers of all inputs, beside each other"
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
