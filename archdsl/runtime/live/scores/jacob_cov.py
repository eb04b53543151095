from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.runtime.live.losses import several
from archdsl.runtime.live.scores import NoScore, Score
from archdsl.runtime.live.scores._samples import compared

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor, nn

    from archdsl.runtime.live.batches import Batch
    from archdsl.runtime.live.losses import Loss

SMALL = 1e-5  # added to the eigenvalues, as in the paper


class JacobCov(Score):
    """How differently a network answers to different samples: with the eigenvalues v of the
    correlations between the samples' Jacobians (of the summed outputs with respect to the input),
    minus the sum of log(v + 1e-5) + 1 / (v + 1e-5). Of graphs the samples are nodes; of more
    than 128 samples, so many evenly spaced are compared.

    Mellor, Turner, Storkey and Crowley, Neural Architecture Search without Training, the first
    version of arXiv:2006.04647; ``naswot`` is what its published version puts in its place.
    """

    def of(self, module: nn.Module, batches: Sequence[Batch], loss: Loss) -> float:
        import torch

        x, *others = batches[0].inputs
        if not x.is_floating_point():
            raise NoScore("jacob_cov asks how outputs change with the input; ids do not change")
        x = x.detach().clone().requires_grad_()
        flow = loss.joined(several(module(x, *others)))[0].sum()
        if not flow.requires_grad:
            raise NoScore("jacob_cov: the output does not depend on the input")
        (jacobian,) = torch.autograd.grad(flow, x, allow_unused=True, materialize_grads=True)
        rows = jacobian[compared(len(x)).to(x.device)].flatten(1).double()
        values = torch.linalg.eigvalsh(_correlations(rows))
        return float(-(torch.log(values + SMALL) + 1 / (values + SMALL)).sum())


def _correlations(rows: Tensor) -> Tensor:
    """Between any two rows. Raises :class:`NoScore` where a row does not vary."""
    centred = rows - rows.mean(1, keepdim=True)
    lengths = centred.norm(dim=1, keepdim=True)
    if not lengths.all():
        raise NoScore("jacob_cov: the output does not depend on what is in a sample")
    unit = centred / lengths
    found: Tensor = unit @ unit.T
    return found
