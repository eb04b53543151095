"""The sizes of a tensor by name; of several results, and of those of training only, with the places
of the parts before the names: ``1.channels``."""

from __future__ import annotations

from typing import Any

from archdsl.types import Auxiliary, Outputs


def sizes_of(tensor: Any) -> dict[str, Any]:
    """All sizes of a tensor, or of each of several."""
    if isinstance(tensor, Auxiliary):
        return sizes_of(tensor.part)
    if isinstance(tensor, Outputs):
        parts = enumerate(tensor.parts)
        return {f"{n}.{name}": v for n, part in parts for name, v in sizes_of(part).items()}
    return {name: size for name, size in tensor._asdict().items() if isinstance(size, int)}


def with_sizes(tensor: Any, sizes: dict[str, Any]) -> Any:
    """The same kind of tensor with other sizes."""
    if isinstance(tensor, Auxiliary):
        return tensor._replace(part=with_sizes(tensor.part, sizes))
    if isinstance(tensor, Outputs):
        parts = (with_sizes(part, _within(sizes, n)) for n, part in enumerate(tensor.parts))
        return tensor._replace(parts=tuple(parts))
    return tensor._replace(**sizes)


def _within(sizes: dict[str, Any], place: int) -> dict[str, Any]:
    """The sizes of one of several."""
    start = f"{place}."
    found = (name for name in sizes if name.startswith(start))
    return {name[len(start) :]: sizes[name] for name in found}


def is_channels(name: str) -> bool:
    """Whether a size is that of the axis that layers mix."""
    return name.rpartition(".")[2] in ("channels", "features")
