"""How long each top-level layer of a model takes in the forward pass."""

from __future__ import annotations

import time
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import nn

BETWEEN = "(between, and the loss)"


class LayerTime(NamedTuple):
    """Seconds of one forward pass; ``share`` is of the whole."""

    name: str
    kind: str
    seconds: float
    share: float


def layer_times(
    module: nn.Module, forward: Callable[[], Any], times: int, device: str
) -> tuple[LayerTime, ...]:
    """The layers in the order of the model; last, what runs between and after them."""
    layers = _top_level(module)
    spent: dict[str, list[float]] = {name: [] for name in layers}
    hooks = [hook for name, layer in layers.items() for hook in _timed(layer, spent[name], device)]
    whole: list[float] = []
    try:
        for _ in range(times):
            start = _now(device)
            forward()
            whole.append(_now(device) - start)
    finally:
        for hook in hooks:
            hook.remove()
    seconds = {name: median(found) for name, found in spent.items() if found}
    kinds = {name: type(layers[name]).__name__ for name in seconds}
    seconds[BETWEEN] = max(median(whole) - sum(seconds.values()), 0.0)
    total = sum(seconds.values()) or 1.0
    return tuple(
        LayerTime(name, kinds.get(name, ""), own, own / total) for name, own in seconds.items()
    )


def _top_level(module: nn.Module) -> dict[str, nn.Module]:
    """The children of a module, or of its only child."""
    children = dict(module.named_children())
    if len(children) != 1:
        return children
    ((name, only),) = children.items()
    inner = _top_level(only)
    return {f"{name}.{below}": layer for below, layer in inner.items()} or children


def _timed(layer: nn.Module, spent: list[float], device: str) -> list[Any]:
    """Hooks that note the seconds of every call of a layer."""
    starts: list[float] = []

    def begin(*_: Any) -> None:
        starts.append(_now(device))

    def end(*_: Any) -> None:
        spent.append(_now(device) - starts.pop())

    return [layer.register_forward_pre_hook(begin), layer.register_forward_hook(end)]


def _now(device: str) -> float:
    if device == "cuda":
        import torch

        torch.cuda.synchronize()
    return time.perf_counter()
