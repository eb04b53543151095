"""How long each top-level layer of a model takes in the forward pass."""

from __future__ import annotations

import time
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import nn

BETWEEN = "(between, and the loss)"
ROWS = 40  # of a table that is still read at a glance


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
    layers = _layers(module)
    spent: dict[str, list[float]] = {name: [] for name in layers}
    hooks = [hook for name, layer in layers.items() for hook in _timed(layer, spent[name], device)]
    whole: list[float] = []
    passes: list[dict[str, float]] = []
    try:
        for _ in range(times):
            start = now(device)
            forward()
            whole.append(now(device) - start)
            passes.append({name: sum(calls) for name, calls in spent.items() if calls})
            for calls in spent.values():
                calls.clear()
    finally:
        for hook in hooks:
            hook.remove()
    seconds = {name: median(one[name] for one in passes) for name in passes[0]}
    kinds = {name: type(layers[name]).__name__ for name in seconds}
    seconds[BETWEEN] = max(median(whole) - sum(seconds.values()), 0.0)
    total = sum(seconds.values()) or 1.0
    return tuple(
        LayerTime(name, kinds.get(name, ""), own, own / total) for name, own in seconds.items()
    )


def _layers(module: nn.Module) -> dict[str, nn.Module]:
    """The top level of a module, and instead of a sequence its members while rows are few."""
    from torch import nn

    rows = _top_level(module)
    for name, layer in list(rows.items()):
        inner = {f"{name}.{below}": child for below, child in layer.named_children()}
        is_called = not isinstance(layer, nn.ModuleList)
        if is_called and (
            not isinstance(layer, nn.Sequential) or len(rows) + len(inner) > ROWS + 1
        ):
            continue
        rows = _instead(rows, name, inner)
    return rows


def _instead(
    rows: dict[str, nn.Module], name: str, inner: dict[str, nn.Module]
) -> dict[str, nn.Module]:
    """The rows, with others in the place of one."""
    found: dict[str, nn.Module] = {}
    for own, layer in rows.items():
        found.update(inner if own == name else {own: layer})
    return found


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
        starts.append(now(device))

    def end(*_: Any) -> None:
        spent.append(now(device) - starts.pop())

    return [layer.register_forward_pre_hook(begin), layer.register_forward_hook(end)]


def now(device: str) -> float:
    """Seconds on a clock, once the device has done what it was given."""
    if device == "cuda":
        import torch

        torch.cuda.synchronize()
    return time.perf_counter()
