"""Parts that are not trained: ``freeze=`` of the ``train`` clause, and their adapters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.emit.pytorch.submodules import channels_last, submodules
from archdsl.runtime.extras import BadInput
from archdsl.runtime.live.learning.adapters import Adapters
from archdsl.runtime.live.resting import rest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import nn

    from archdsl.graph.nodes import Graph


class Frozen:
    """The frozen parts of a module: their weights want no gradient, from now on. With a ``rank``
    their dense layers have adapters of it, which want one. ``tensors`` are the names of all that is
    frozen in the module's state: weights, and statistics.

    Raises :class:`BadInput` where nothing else has weights.
    """

    def __init__(self, module: nn.Module, graph: Graph, rank: int = 0) -> None:
        lets = _frozen(graph)
        named = submodules(graph) if lets else {}
        attributes = [one for let in lets for one in named.get(let, ())]
        self.module = module
        self.graph = graph
        self.attributes = attributes
        self.parts = [module.get_submodule(attribute) for attribute in attributes]
        for name, weight in module.named_parameters():  # a shared weight is its owner's
            if self._holds(name):
                weight.requires_grad_(False)
        self.tensors = [name for name in module.state_dict() if self._holds(name)]
        self.adapters = Adapters(self._dense(), rank) if rank else None
        self.recurrent = {layer: layer.dropout for layer in self._recurrent()}
        if attributes and not self.trained():
            raise BadInput(f"nothing is left to train: {', '.join(lets)} hold all weights")

    def trained(self) -> list[nn.Parameter]:
        """The weights that training changes, in the order of the module."""
        return [weight for weight in self.module.parameters() if weight.requires_grad]

    def in_training(self) -> None:
        """The module as it trains: what is frozen computes as in evaluation, so that norms keep
        their statistics and nothing is dropped there."""
        self.module.train()
        for part in self.parts:
            rest(part)

    def end(self) -> None:
        """The module as it is kept: adapters become part of the weights that they adapt, and
        recurrent layers have their dropout again."""
        if self.adapters is not None:
            self.adapters.merge()
        for layer, dropout in self.recurrent.items():
            layer.dropout = dropout

    def _holds(self, name: str) -> bool:
        """Whether what the module knows by a name is frozen."""
        return name.partition(".")[0] in self.attributes

    def _dense(self) -> Iterator[nn.Linear]:
        """The dense layers that are frozen, those left out whose weights are made of others, and
        what the spec has as 1x1 convolutions."""
        from torch import nn
        from torch.nn.utils.parametrize import is_parametrized

        convolutions = self._convolutions(channels_last(self.graph))
        layers = (part for part in self._within() if isinstance(part, nn.Linear))
        return (one for one in layers if not is_parametrized(one) and one not in convolutions)

    def _convolutions(self, named: frozenset[tuple[str, str]]) -> set[nn.Module]:
        """All modules in the submodules of some classes and attributes."""
        parts = (
            part
            for owner in self.module.modules()
            for name, part in owner.named_children()
            if (type(owner).__name__, name) in named
        )
        return {inner for part in parts for inner in part.modules()}

    def _recurrent(self) -> Iterator[nn.RNNBase]:
        """The recurrent layers that are frozen."""
        from torch import nn

        return (part for part in self._within() if isinstance(part, nn.RNNBase))

    def _within(self) -> Iterator[nn.Module]:
        """The modules that are frozen, and those in them."""
        return (part for name, part in self.module.named_modules() if self._holds(name))


def _frozen(graph: Graph) -> list[str]:
    """The lets and modules of a model that are frozen."""
    return [] if graph.source is None else [*graph.source.model.frozen]
