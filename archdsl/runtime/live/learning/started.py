"""Weights that a training starts from: those of another training, or published ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archdsl.runtime.extras import BadInput
from archdsl.runtime.live.learning.renaming import best
from archdsl.runtime.live.learning.weights_file import weights_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from torch import Tensor, nn

    from archdsl.spec.key_map import KeyMap

NAMED = 3  # weights that are told by name


class Start(NamedTuple):
    """Tensors by their names in the file that they come from, and its digest; ``maps`` are what
    the spec says of names that others give."""

    path: Path
    tensors: Mapping[str, Tensor]
    digest: str
    maps: tuple[KeyMap, ...] = ()


def start_of(path: Path, maps: tuple[KeyMap, ...] = ()) -> Start:
    """The weights in a file. Raises :class:`BadInput` for what is none, OSError for a file that
    cannot be read."""
    weights = weights_of(path)
    return Start(path, weights.tensors, weights.digest(), maps)


def take(module: nn.Module, start: Start, frozen: Collection[str] = ()) -> nn.Module:
    """A module with all weights that the file has for it; the others, such as those of a head for
    other classes, stay as they are.

    Raises :class:`BadInput` where it has none, or not all of the ``frozen`` ones.
    """
    fitting = best(start.maps, start.tensors, module.state_dict()).tensors
    if not fitting:
        raise BadInput(f"{start.path} has no weight of this model, by its name and shape")
    lacking = [name for name in frozen if name not in fitting]
    if lacking:
        raise BadInput(f"{start.path} lacks weights that are frozen: {some(lacking)}")
    module.load_state_dict(fitting, strict=False)
    return module


def some(names: Collection[str]) -> str:
    """The first of some names, and how many there are besides."""
    first = ", ".join([*names][:NAMED])
    return first if len(names) <= NAMED else f"{first} and {len(names) - NAMED} more"
