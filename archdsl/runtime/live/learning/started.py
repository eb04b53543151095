"""Weights that a training starts from: those of another training, by their names."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from archdsl.runtime.extras import BadInput
from archdsl.runtime.live.learning.checkpoints import unpacked

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from torch import Tensor, nn

NAMED = 3  # weights that are told by name


class Start(NamedTuple):
    """Tensors by their names in the module, the file they come from and its digest."""

    path: Path
    tensors: Mapping[str, Tensor]
    digest: str


def start_of(path: Path) -> Start:
    """The weights in a safetensors file. Raises :class:`BadInput` for what is none, OSError for a
    file that cannot be read."""
    content = path.read_bytes()
    return Start(path, unpacked(content, path), sha256(content).hexdigest())


def take(module: nn.Module, start: Start, frozen: Collection[str] = ()) -> nn.Module:
    """A module with all weights that the file has for it; the others, such as those of a head for
    other classes, stay as they are.

    Raises :class:`BadInput` where it has none, or not all of the ``frozen`` ones.
    """
    own = module.state_dict()
    fitting = {
        name: tensor
        for name, tensor in start.tensors.items()
        if name in own and own[name].shape == tensor.shape
    }
    if not fitting:
        raise BadInput(f"{start.path} has no weight of this model, by its name and shape")
    lacking = [name for name in frozen if name not in fitting]
    if lacking:
        more = f" and {len(lacking) - NAMED} more" if len(lacking) > NAMED else ""
        names = ", ".join(lacking[:NAMED])
        raise BadInput(f"{start.path} lacks weights that are frozen: {names}{more}")
    module.load_state_dict(fitting, strict=False)
    return module
