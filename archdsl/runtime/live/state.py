"""The state dict of a design without its numbers: names and sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from archdsl.runtime.live.learning.renaming import renamed
from archdsl.runtime.module import build
from archdsl.spec.key_map import KeyMap, Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor

    from archdsl.graph.nodes import Graph


def state_of(graph: Graph) -> dict[str, Tensor]:
    """The tensors of a design's module, on the device ``meta``, where they take no memory; of a
    module that looks at its numbers while it is made, on the CPU."""
    try:
        with torch.device("meta"):
            return build(graph).state_dict()
    except (RuntimeError, NotImplementedError):  # what has no numbers cannot be looked at
        return build(graph).state_dict()


def sizes_of(state: dict[str, Tensor]) -> dict[str, tuple[int, ...]]:
    """The sizes of the tensors of a state dict, by name."""
    return {name: tuple(tensor.shape) for name, tensor in state.items()}


def leads(key_map: KeyMap, old: dict[str, Tensor], new: dict[str, Tensor]) -> bool:
    """Whether a ``weights`` clause makes all tensors of a new state dict of all those of an old
    one."""
    return renamed(key_map, old, new).is_whole


def rows_of(rows: Sequence[tuple[str, str | None]]) -> KeyMap:
    """A clause with a row for each of their names and ours (None: dropped)."""
    return KeyMap("old", tuple(Row((theirs,), ours) for theirs, ours in rows))
