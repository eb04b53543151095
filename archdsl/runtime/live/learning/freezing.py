"""Parts that are not trained: ``freeze=`` of the ``train`` clause."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.emit.pytorch.submodules import submodules
from archdsl.graph.nodes import OpNode
from archdsl.graph.walk import every
from archdsl.runtime.extras import BadInput

if TYPE_CHECKING:
    from torch import nn

    from archdsl.graph.nodes import Graph


class Frozen:
    """The frozen parts of a module: their weights want no gradient, from now on.

    Raises :class:`BadInput` where nothing else has weights.
    """

    def __init__(self, module: nn.Module, graph: Graph) -> None:
        lets = _frozen(graph)
        named = submodules(graph) if lets else {}
        attributes = [one for let in lets for one in named.get(let, ())]
        self.module = module
        self.attributes = attributes
        self.parts = [module.get_submodule(attribute) for attribute in attributes]
        for name, weight in module.named_parameters():  # a shared weight is its owner's
            if name.partition(".")[0] in attributes:
                weight.requires_grad_(False)
        if attributes and not self.trained():
            raise BadInput(f"nothing is left to train: {', '.join(lets)} hold all weights")

    def tensors(self) -> list[str]:
        """The names of all that is frozen in the module's state: weights, and statistics."""
        return [name for name in self.module.state_dict() if name.split(".")[0] in self.attributes]

    def trained(self) -> list[nn.Parameter]:
        """The weights that training changes, in the order of the module."""
        return [weight for weight in self.module.parameters() if weight.requires_grad]

    def in_training(self) -> None:
        """The module as it trains: what is frozen computes as in evaluation, so that norms keep
        their statistics and nothing is dropped there."""
        self.module.train()
        for part in self.parts:
            part.eval()


def _frozen(graph: Graph) -> list[str]:
    """The lets of a model that are frozen."""
    return [
        binding.name
        for binding in graph.model.bindings
        if any(isinstance(part, OpNode) and part.learning for part in every(binding.node))
    ]
