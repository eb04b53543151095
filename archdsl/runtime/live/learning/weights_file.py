"""Files of weights: safetensors, one or in shards, and what ``torch.save`` wrote."""

from __future__ import annotations

import json
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.runtime.extras import BadInput
from archdsl.runtime.live.learning.checkpoints import unpacked

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from torch import Tensor

SAVED = (".pt", ".pth", ".bin")  # by torch.save
INSIDE = ("state_dict", "model")  # what holds the tensors in files that hold more
PARALLEL = "module."  # what DataParallel puts before each name


class Weights(NamedTuple):
    """The tensors of a file by their names, and the bytes that were read of it and its shards."""

    tensors: dict[str, Tensor]
    contents: tuple[bytes, ...]

    def digest(self) -> str:
        """What tells the content of a file from any other."""
        found = sha256()
        for content in self.contents:
            found.update(content)
        return found.hexdigest()


def weights_of(path: Path) -> Weights:
    """What a file holds: a .safetensors file; all that an ``….safetensors.index.json`` names; a
    .pt, .pth or .bin file, from which tensors alone are read. Raises :class:`BadInput` for what is
    none, OSError for what cannot be read."""
    content = path.read_bytes()
    if path.suffix == ".json":
        return _sharded(path, content)
    read = _saved if path.suffix in SAVED else unpacked
    return Weights(read(content, path), (content,))


def _sharded(path: Path, index: bytes) -> Weights:
    found: dict[str, Tensor] = {}
    contents = [index]
    for shard in _shards(path, index):
        contents.append(shard.read_bytes())
        found.update(unpacked(contents[-1], shard))
    return Weights(found, tuple(contents))


def _shards(path: Path, index: bytes) -> list[Path]:
    try:
        names = sorted({str(name) for name in json.loads(index)["weight_map"].values()})
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BadInput(f"{path} names no files of weights") from None
    shards = [path.parent / name for name in names]
    for shard in shards:
        if shard.parent != path.parent:
            raise BadInput(f"{path} names a file of another folder: {shard}")
    return shards


def _saved(saved: bytes, path: Path) -> dict[str, Tensor]:
    import pickle

    import torch

    try:
        content: Any = torch.load(BytesIO(saved), map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, EOFError, ValueError, KeyError) as error:
        reason = str(error).strip().partition("\n")[0]
        raise BadInput(f"{path} holds no tensors that can be read: {reason}") from None
    for key in INSIDE:
        if isinstance(content, dict) and isinstance(content.get(key), dict):
            content = content[key]
    if not isinstance(content, dict):
        raise BadInput(f"{path} holds no tensors by name")
    tensors = {str(k): value for k, value in content.items() if isinstance(value, torch.Tensor)}
    if not tensors:
        raise BadInput(f"{path} holds no tensors by name")
    return _plain(tensors)


def _plain(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Without what parallel training puts before all names."""
    if not all(name.startswith(PARALLEL) for name in tensors):
        return dict(tensors)
    return {name.removeprefix(PARALLEL): tensor for name, tensor in tensors.items()}
