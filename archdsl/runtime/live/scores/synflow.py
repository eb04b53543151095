from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.runtime.live.losses import several
from archdsl.runtime.live.resting import rest
from archdsl.runtime.live.scores import Score
from archdsl.runtime.live.scores._weights import layer_weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor, nn

    from archdsl.runtime.live.batches import Batch
    from archdsl.runtime.live.losses import Loss


class Synflow(Score):
    """How much flows through: with every parameter made positive and an input of ones, the sum over
    all weights of weight * gradient of the summed outputs.

    It needs no data. Norms are taken out, for the paper's product over paths has none (as
    Abdelfattah et al. do); token ids are read as embeddings of ones. In float64, for the sum grows
    with each layer.

    Tanaka, Kunin, Yamins and Ganguli, Pruning neural networks without any data by iteratively
    conserving synaptic flow, NeurIPS 2020, arXiv:2006.05467; summed to score a network by
    Abdelfattah et al. 2021, arXiv:2101.08134.
    """

    def of(self, module: nn.Module, batches: Sequence[Batch], loss: Loss) -> float:
        import torch

        rest(module.double())
        for parameter in module.parameters():
            parameter.data.abs_()
        _pass_norms_and_tables(module)
        usual = torch.get_default_dtype()
        torch.set_default_dtype(torch.float64)
        try:
            flow = loss.joined(several(module(*_ones(batches[0].inputs))))[0].sum()
        finally:
            torch.set_default_dtype(usual)
        if not flow.requires_grad:
            return 0.0
        weights = layer_weights(module)
        found = torch.autograd.grad(flow, weights, allow_unused=True, materialize_grads=True)
        return sum(float((w.detach() * g).abs().sum()) for w, g in zip(weights, found, strict=True))


def _ones(inputs: tuple[Tensor, ...]) -> list[Tensor]:
    """One sample of ones; ids, edges and the graph of each node as they are."""
    import torch

    if len(inputs) == 1:
        inputs = (inputs[0][:1],)
    return [torch.ones_like(x, dtype=torch.float64) if x.is_floating_point() else x for x in inputs]


def _pass_norms_and_tables(module: nn.Module) -> None:
    """Norms give what they are given, tables give ones."""
    from torch import nn

    norms = (
        nn.modules.batchnorm._NormBase,
        nn.GroupNorm,
        nn.LayerNorm,
        nn.RMSNorm,
        nn.LocalResponseNorm,
    )
    for part in module.modules():
        if isinstance(part, norms):
            part.register_forward_hook(lambda _part, given, _result: given[0])
        elif isinstance(part, nn.Embedding):
            part.register_forward_hook(lambda _part, _given, result: result.new_ones(result.shape))
