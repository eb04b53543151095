"""Low-rank adapters of dense layers whose weights stay: ``adapter_rank=`` of the ``train`` clause.

Hu et al. (2021, arXiv:2106.09685): a layer that gives W·x + b is trained as W·x + b + s·B·A·x,
where A is rank × in and drawn at random, B is out × rank and begins as 0, and s = ALPHA / rank, so
that a learning rate suits other ranks as well. Only A and B are trained.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from torch import Tensor, nn

ALPHA = 8
DOWN, UP = "adapter_down", "adapter_up"  # A and B, by their names in the module


class Adapters:
    """The adapters of some dense layers, from now on: parameters of theirs, which a forward hook
    reads. A is normal with a standard deviation of 1 / √in."""

    def __init__(self, layers: Iterable[nn.Linear], rank: int) -> None:
        self.layers = list(layers)
        self.scale = ALPHA / rank
        self.hooks = []
        for layer in self.layers:
            _give(layer, rank)
            self.hooks.append(layer.register_forward_hook(self._adapted))

    def _adapted(self, layer: nn.Module, given: tuple[Tensor, ...], result: Tensor) -> Tensor:
        import torch
        from torch.nn import functional

        down, up = layer.get_parameter(DOWN), layer.get_parameter(UP)
        inside = functional.linear(given[0], down)
        return torch.add(result, functional.linear(inside, up), alpha=self.scale)

    def merge(self) -> None:
        """Add them to the weights of their layers, which are plain layers again."""
        import torch

        with torch.no_grad():
            for layer in self.layers:
                down, up = layer.get_parameter(DOWN), layer.get_parameter(UP)
                change = self.scale * (up.float() @ down.float())
                layer.weight.copy_(layer.weight.float() + change)
                del layer._parameters[DOWN], layer._parameters[UP]
        for hook in self.hooks:
            hook.remove()
        self.layers = []


def _give(layer: nn.Linear, rank: int) -> None:
    """Drawn on the processor, so that a seed means the same on every device."""
    import torch
    from torch import nn

    drawn = torch.randn(rank, layer.in_features) / layer.in_features**0.5
    like: Any = {"device": layer.weight.device, "dtype": layer.weight.dtype}
    layer.register_parameter(DOWN, nn.Parameter(drawn.to(**like)))
    layer.register_parameter(UP, nn.Parameter(torch.zeros(layer.out_features, rank, **like)))
