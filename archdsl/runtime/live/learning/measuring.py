"""A model measured on samples, batch by batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.runtime.live.learning.metric import find
from archdsl.runtime.live.learning.tallies import Answers
from archdsl.runtime.live.losses import CROSS_ENTROPY, LOGISTIC, hidden, several

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from torch import Tensor, nn

    from archdsl.runtime.live.learning.batches import Batches
    from archdsl.runtime.live.learning.precision import Precision
    from archdsl.runtime.live.losses import Loss


def measured(words: Iterable[str], classes: int, answers: Iterable[Answers]) -> dict[str, float]:
    """Metrics by name of some answers; ``classes`` is 0 for numbers."""
    metrics = {word: find(word) for word in words}
    kinds = dict.fromkeys(need for metric in metrics.values() for need in metric.needs)
    tallies = {kind: kind(classes) for kind in kinds}
    for some in answers:
        for tally in tallies.values():
            tally.add(some)
    return {
        word: metric.value(*(tallies[need] for need in metric.needs))
        for word, metric in metrics.items()
    }


def answers(
    module: nn.Module, batches: Batches, loss: Loss, precision: Precision
) -> Iterator[Answers]:
    """What a module answers, batch by batch. It answers as in use: without dropout."""
    import torch

    module.eval()
    with torch.inference_mode():
        for inputs, targets in batches.epoch(None):
            with precision.computing():
                result = several(module(*precision.given(inputs)))[0]
            yield _answers(result.float(), targets, loss)


def _answers(result: Tensor, targets: Tensor, loss: Loss) -> Answers:
    """One batch's answers as rows."""
    value = loss(result, targets)
    rows = result.movedim(loss.axis, -1).flatten(0, -2)
    asked = targets.flatten()
    if loss.name not in (CROSS_ENTROPY, LOGISTIC):
        asked = targets.reshape(result.shape).movedim(loss.axis, -1).flatten(0, -2)
    unasked = hidden(asked).reshape(len(rows), -1).any(1)
    if bool(unasked.any()):
        rows, asked = rows[~unasked], asked[~unasked]
    if loss.name == CROSS_ENTROPY:
        return Answers(rows.argmax(-1), asked, rows, value)
    if loss.name == LOGISTIC:
        return Answers((rows[:, 0] > 0).long(), asked, rows, value)
    return Answers(rows, asked, None, value)
