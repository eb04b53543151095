"""Files of weights: safetensors, one or in shards, and what ``torch.save`` wrote."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from archdsl.runtime.extras import BadInput
from archdsl.runtime.live.learning.checkpoints import unpacked

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from torch import Tensor

SAVED = (".pt", ".pth", ".bin")  # by torch.save
INSIDE = ("state_dict", "model")  # what holds the tensors in files that hold more
PARALLEL = "module."  # what DataParallel puts before each name


def tensors_of(path: Path) -> dict[str, Tensor]:
    """The tensors of a file by their names: of a .safetensors file; of all that an
    ``….safetensors.index.json`` names; of a .pt, .pth or .bin file, from which tensors alone are
    read. Raises :class:`BadInput` for what is none, OSError for what cannot be read."""
    if path.suffix == ".json":
        return _sharded(path)
    if path.suffix in SAVED:
        return _saved(path)
    return unpacked(path.read_bytes(), path)


def digest_of(path: Path) -> str:
    """What tells the content of a file of weights, with that of its shards, from any other."""
    digest = sha256(path.read_bytes())
    for shard in _shards(path) if path.suffix == ".json" else ():
        digest.update(shard.read_bytes())
    return digest.hexdigest()


def _sharded(path: Path) -> dict[str, Tensor]:
    found: dict[str, Tensor] = {}
    for shard in _shards(path):
        found.update(unpacked(shard.read_bytes(), shard))
    return found


def _shards(path: Path) -> list[Path]:
    try:
        index = json.loads(path.read_text(encoding="utf-8"))["weight_map"]
        names = sorted({str(name) for name in index.values()})
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BadInput(f"{path} names no files of weights") from None
    shards = [path.parent / name for name in names]
    for shard in shards:
        if shard.parent != path.parent:
            raise BadInput(f"{path} names a file of another folder: {shard}")
    return shards


def _saved(path: Path) -> dict[str, Tensor]:
    import pickle

    import torch

    try:
        content: Any = torch.load(path, map_location="cpu", weights_only=True)
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
