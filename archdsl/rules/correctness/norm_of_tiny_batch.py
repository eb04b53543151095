"""P810: batch norm over one or two samples."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from archdsl import types
from archdsl.diagnostics import Amount, Severity
from archdsl.ops.base import Trait
from archdsl.rules.base import Finding, Rule, count, place, trail

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case


class NormOfTinyBatch(Rule):
    """A norm over the batch sees enough samples.

    What: batch norm where `train` writes a batch of 2 samples or of 1. One value for each channel
    is norm_of_one_value. Among the nodes of a graph the batch is the nodes, and not meant. What is
    not written is unknown, and silent.

    Why: in training each sample is normalised by the mean and variance of itself and at most one
    other, in use by averages over all: the model that is used is another than was trained. And
    what sets samples apart in mean and contrast is taken away.

    Evidence: Wu and He 2018 (arXiv:1803.08494, figure 1, ResNet-50 on ImageNet): with 32 samples a
    batch 23.6 % error, with 4 it is 27.3 %, with 2 it is 34.7 %; group norm stays at 24.1 %. Ioffe
    2017 (arXiv:1702.03275) on how training and use differ in small batches. Isensee et al. 2018
    (arXiv:1809.10486) train volumes in batches of 2 with instance norm.

    Example:

    ```arch
    arch Example {
      data  image(3, 32, 32)
      train adam(batch=1)
      model = conv(32, 3, bias=false) -> batch_norm -> relu -> global_avg_pool -> linear(1)
    }
    ```

    Instead: `conv(32, 3) -> group_norm(8) -> relu`, or a larger batch
    """

    code = "P810"
    of_training = True
    thresholds: ClassVar[Mapping[str, float]] = {"samples": 2}

    def check(self, case: Case) -> Iterable[Finding]:
        batch = case.train.batch if case.train is not None else None
        if batch is None or batch > self.settings["samples"]:
            return
        norms = [s for s in case.having(Trait.OVER_BATCH) if _is_over_samples(s, batch)]
        if not norms:
            return
        first, least = norms[0], self.settings["samples"] + 1
        yield Finding(
            Severity.WARNING,
            f"batch norm over {count(batch, 'sample')} a batch: training and use differ",
            place(case, first),
            measured=f"{count(batch, 'sample')} a batch, {count(len(norms), 'norm')}",
            threshold=f"at least {least:g}, better 16",
            amount=Amount(batch, least),
            help=_ways_out(norms),
            also=trail(case, first),
        )


def _is_over_samples(step: Step, batch: int) -> bool:
    """Whether its statistics are those of a few samples, of more than one value."""
    x = step.node.inputs[0]
    values = batch * types.numel(x) // types.channels(x)
    return values > 1 and not isinstance(x, types.Nodes)


def _ways_out(norms: list[Step]) -> str:
    """A norm of a sample does where each has more than one channel."""
    if any(types.channels(step.node.out) == 1 for step in norms):
        return "nothing but a larger batch"
    return "a larger batch; or a norm of each sample, such as `group_norm` or `layer_norm`"
