"""A module with the weights of a file: all of them, and nothing left over."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archdsl.runtime.extras import BadInput
from archdsl.runtime.live.learning.renaming import OWN, best, renamed
from archdsl.runtime.live.learning.started import some
from archdsl.runtime.live.learning.weights_file import weights_of
from archdsl.runtime.module import build

if TYPE_CHECKING:
    from pathlib import Path

    from torch import nn

    from archdsl.graph.nodes import Graph
    from archdsl.runtime.live.learning.renaming import Renamed
    from archdsl.spec.key_map import KeyMap


class Loaded(NamedTuple):
    """A module in evaluation mode; ``origin`` is whose names its file has, empty for its own."""

    module: nn.Module
    origin: str
    tensors: int


def loaded(graph: Graph, maps: tuple[KeyMap, ...], path: Path, origin: str | None = None) -> Loaded:
    """The module of a graph with the weights of a file, by the names that one of the maps
    leads from (that of ``origin``, if one is given).

    Raises :class:`BadInput` where the file and the module have not just the same weights, or for an
    origin that there is no map of; OSError for a file that cannot be read.
    """
    asked = maps if origin is None else tuple(one for one in maps if one.origin == origin)
    if origin is not None and not asked:
        known = ", ".join(f"`{one.origin}`" for one in maps)
        there = f"those of {known}" if known else "none"
        raise BadInput(f"the spec tells no names of `{origin}`: its `weights` clauses are {there}")
    tensors = weights_of(path).tensors
    module = build(graph).eval()
    own = module.state_dict()
    found = best(maps, tensors, own) if origin is None else renamed(asked[0], tensors, own)
    if not found.is_whole:
        raise BadInput(_what_differs(path, found))
    module.load_state_dict(found.tensors, strict=False)  # counters may be lacking, nothing else
    return Loaded(module, found.origin, len(found.tensors))


def _what_differs(path: Path, found: Renamed) -> str:
    named = (
        f"by the names of `{found.origin}`" if found.origin != OWN.origin else "by its own names"
    )
    parts = [f"{path} has not the weights of this model, read {named}"]
    if found.lacking:
        parts.append(f"it lacks {some(found.lacking)}")
    if found.unfit:
        parts.append(f"of other sizes {_is(found.unfit)} {some(found.unfit)}")
    if found.unused:
        parts.append(f"nothing here is called {some(found.unused)}")
    return "; ".join(parts)


def _is(names: tuple[str, ...]) -> str:
    return "is" if len(names) == 1 else "are"
