"""A model measured on samples, batch by batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.runtime.live.learning.metric import OF_STEP, plain
from archdsl.runtime.live.losses import several

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from torch import nn

    from archdsl.runtime.live.learning.batches import Batches
    from archdsl.runtime.live.learning.precision import Precision
    from archdsl.runtime.live.losses import Loss
    from archdsl.runtime.live.tallies import Answers


def measured(
    words: Iterable[str],
    widths: Mapping[str, int],
    batches: Iterable[Mapping[str, Answers]],
    by_step: bool = False,
) -> dict[str, float]:
    """Metrics by name of some answers, those of several tasks as ``kind.accuracy``. ``widths`` are
    the classes of each task, 0 for numbers. ``by_step`` adds those of each step of a forecast, as
    ``rmse of step 3``."""
    metrics = {word: plain(word) for word in words}
    tallies = {
        (name := word.rpartition(".")[0], need): need(widths.get(name, 0))
        for word, metric in metrics.items()
        for need in metric.needs
    }
    for some in batches:
        for (name, _), tally in tallies.items():
            tally.add(some[name])
    added = {
        word: [tallies[word.rpartition(".")[0], need] for need in metric.needs]
        for word, metric in metrics.items()
    }
    found = {word: metric.value(*added[word]) for word, metric in metrics.items()}
    steps = {
        f"{word}{OF_STEP}{number}": value
        for word, metric in metrics.items()
        for number, value in enumerate(metric.by_step(*added[word]) if by_step else (), 1)
    }
    return {**found, **steps}


def answers(
    module: nn.Module, batches: Batches, loss: Loss, precision: Precision
) -> Iterator[dict[str, Answers]]:
    """What a module answers to each task, batch by batch. It answers as in use: without dropout."""
    import torch

    module.eval()
    with torch.inference_mode():
        for inputs, targets in batches.epoch(None):
            with precision.computing():
                results = several(module(*precision.given(inputs)))
            yield loss.all_answers([result.float() for result in results], targets)
