"""A training written down after an epoch, so that it can go on: one safetensors file, no pickle.

The file holds tensors by name (``model.``, ``best.`` and ``optimizer.``, this by the number of the
weight), and in its metadata all else as JSON.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.content import replace
from archdsl.runtime.extras import BadInput, needed

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor, nn
    from torch.optim import Optimizer

KEY = "archdsl"  # of the metadata
COUNTS = ("step", "mu_product")  # what torch's optimizers keep on the processor


class Snapshot(NamedTuple):
    """``told`` is JSON: what training came to, without its tensors."""

    tensors: dict[str, Tensor]
    told: dict[str, Any]

    def part(self, name: str) -> dict[str, Tensor]:
        """The tensors of one part, by their own names."""
        whole = f"{name}."
        return {
            key.removeprefix(whole): tensor
            for key, tensor in self.tensors.items()
            if key.startswith(whole)
        }


def named(part: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """Tensors as a part of a file, each with memory of its own."""
    return {f"{part}.{name}": tensor.detach().contiguous() for name, tensor in tensors.items()}


def write(path: Path, snapshot: Snapshot) -> None:
    """Put a snapshot in the place of a file, whole or not at all. Raises OSError."""
    replace(path, packed(snapshot.tensors, snapshot.told))


def packed(tensors: dict[str, Tensor], told: dict[str, Any] | None = None) -> bytes:
    """Tensors as a safetensors file. Those that share memory are written once for each name."""
    safetensors = needed("safetensors.torch", "keeping weights")
    seen: set[int] = set()
    apart = {}
    for name, tensor in tensors.items():
        place = tensor.untyped_storage().data_ptr()
        apart[name] = tensor.clone() if place in seen else tensor
        seen.add(place)
    content: bytes = safetensors.save(apart, {KEY: json.dumps(told)} if told else None)
    return content


def read(path: Path) -> Snapshot | None:
    """The snapshot in a file, None where there is no file. Raises :class:`BadInput` for a file
    that is none, OSError for one that cannot be read."""
    if not path.exists():
        return None
    content = path.read_bytes()
    tensors = unpacked(content, path)
    try:
        length = int.from_bytes(content[:8], "little")
        told = json.loads(json.loads(content[8 : 8 + length])["__metadata__"][KEY])
    except (ValueError, KeyError, TypeError):
        raise BadInput(f"{path} is no checkpoint of archdsl: it holds tensors alone") from None
    return Snapshot(tensors, told)


def unpacked(content: bytes, path: Path) -> dict[str, Tensor]:
    """The tensors of a safetensors file, of which ``path`` tells people. Raises
    :class:`BadInput`."""
    purpose = "reading weights"
    safetensors = needed("safetensors.torch", purpose)
    try:
        tensors: dict[str, Tensor] = safetensors.load(content)
    except (ValueError, needed("safetensors", purpose).SafetensorError) as error:
        raise BadInput(f"{path} is no safetensors file: {error}") from None
    return tensors


def optimizer_tensors(optimizer: Optimizer, module: nn.Module) -> dict[str, Tensor]:
    """What an optimizer remembers of each weight, by the weight's number and its own word."""
    import torch

    found: dict[str, Tensor] = {}
    for number, weight in enumerate(module.parameters()):
        for word, value in optimizer.state.get(weight, {}).items():
            if value is not None:
                found[f"{number}.{word}"] = torch.as_tensor(value)
    return found


def remember(optimizer: Optimizer, module: nn.Module, tensors: dict[str, Tensor]) -> None:
    """Give an optimizer back what it remembered."""
    weights = list(module.parameters())
    for name, tensor in tensors.items():
        number, word = name.split(".", 1)
        weight = weights[int(number)]
        optimizer.state[weight][word] = tensor if word in COUNTS else tensor.to(weight.device)
