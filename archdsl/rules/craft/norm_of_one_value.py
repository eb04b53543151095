"""P709: a norm over the batch that sees one value."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archdsl import types
from archdsl.diagnostics import Amount, Severity
from archdsl.ops.base import Trait
from archdsl.rules.base import Finding, Rule, count, place, trail

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case


class Batch(NamedTuple):
    """The smallest batch that training meets: how many samples, and why so few."""

    samples: int
    why: str
    instead: str


class NormOfOneValue(Rule):
    """What a norm over the batch normalises in training is more than one value.

    What: a batch norm for which the batch of the `train` clause, or what `samples=` leaves over
    for the last batch of an epoch, has one value for each channel: one sample with one position.
    A single graph is a batch of its nodes. Without a `train` clause nothing is known, and said.

    Why: a value less its own mean is 0, so nothing of it is left, and PyTorch refuses to train
    such a layer at all.

    Evidence: PyTorch's `F.batch_norm` raises "Expected more than 1 value per channel when
    training". Ioffe & Szegedy 2015 (arXiv:1502.03167), section 3: over a batch of m values, of
    which the variance is that of a sample only when m > 1. Wu & He 2018 (arXiv:1803.08494): with
    few samples a batch, norms over a sample are ahead.

    Example:

    ```arch
    arch Example {
      data  table(20)
      train adam(batch=1)
      model = linear(64) -> batch_norm -> relu -> linear(1)
    }
    ```

    Instead: `linear(64) -> layer_norm -> relu -> linear(1)`, which reads one sample at a time, or a
    larger batch
    """

    code = "P709"
    of_training = True

    def check(self, case: Case) -> Iterable[Finding]:
        norms = case.having(Trait.OVER_BATCH)
        batch = _smallest(case) if norms else None
        alone = [step for step in norms if batch and batch.samples * _positions(step) == 1]
        if not batch or not alone:
            return
        step = alone[0]
        others = f", and in {count(len(alone) - 1, 'norm')} more" if len(alone) > 1 else ""
        yield Finding(
            Severity.ERROR,
            f"this norm sees one value for each channel in training: {batch.why}",
            place(case, step),
            measured=f"1 value a channel{others}",
            threshold="at least 2",
            amount=Amount(1, 2),
            help=_ways_out(batch, alone),
            also=trail(case, step),
        )


def _positions(step: Step) -> int:
    """How many values of a channel one sample has."""
    x = step.node.inputs[0]
    return types.numel(x) // types.channels(x)


def _smallest(case: Case) -> Batch | None:
    """None where nothing is said of training."""
    if case.train is None:
        return None
    batch, samples = case.train.batch, case.data.samples
    if types.is_one_graph(case.takes):
        return Batch(1, "the one node of the graph", "more nodes")
    if batch == 1:
        return Batch(1, "`batch=1`", "`batch=2` or more")
    left = (samples or 0) % batch
    if left:
        why = f"of {samples:,} samples, batches of {batch:,} leave {left:,} for the last one"
        return Batch(left, why, "another batch or number of samples, so that the last has two")
    return Batch(batch, "", "")


def _ways_out(batch: Batch, alone: list[Step]) -> str:
    """A norm over a sample does where each has more than one channel."""
    if any(types.channels(step.node.out) == 1 for step in alone):
        return batch.instead
    return f"{batch.instead}; or `layer_norm`, which reads one sample at a time"
