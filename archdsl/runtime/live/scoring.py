"""Training-free scores of designs."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from archdsl.cost.metrics.memory import training
from archdsl.runtime.live.batches import Batch, random_batch, sizes
from archdsl.runtime.live.room import make_room
from archdsl.runtime.live.scores import find, score
from archdsl.runtime.live.tasks import loss_of
from archdsl.runtime.module import build
from archdsl.types import numel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import nn

    from archdsl.evaluate.program import Clauses
    from archdsl.graph.nodes import Graph
    from archdsl.runtime.live.losses import Loss

USUAL, LEAST = 64, 8  # samples of a batch
NUMBERS = 2**20  # that go into a batch or come out, at most, unless that is too few samples
BATCHES = 2  # of random data: what any score reads


def usual_samples(graph: Graph) -> int:
    """Samples of a batch: as many for all designs of a space, since scores compare only so."""
    wide = max(numel(graph.model.takes), numel(graph.model.out), 1)
    return max(LEAST, min(USUAL, NUMBERS // wide))


def random_batches(graph: Graph, module: nn.Module, loss: Loss) -> list[Batch]:
    """As many batches of random data and random targets as any score reads."""
    import torch

    takes, size = graph.model.takes, usual_samples(graph)
    results = [torch.empty(one) for one in sizes(graph.model.out, takes, size)]
    return [
        Batch(tuple(random_batch(takes, module, size)), loss.random_targets(results))
        for _ in range(BATCHES)
    ]


def scored(
    name: str,
    graph: Graph,
    clauses: Clauses,
    batches: Sequence[Batch] | None = None,
    seed: int = 0,
    device: str = "cpu",
) -> float:
    """A training-free score of a design; the more the better.

    ``batches`` are of the data that it will be trained on, all of one size for all designs that
    are compared; None draws normal inputs and random targets. ``seed`` draws these, the same for
    all designs of a space, and the weights.

    Raises :class:`~archdsl.runtime.live.scores.NoScore` where the score is not defined, KeyError
    for an unknown name, :class:`~archdsl.runtime.extras.BadInput` for want of memory.
    """
    import torch

    find(name)
    size = usual_samples(graph) if batches is None else len(batches[0].target)
    make_room(training(graph, None, size).total, f"scoring {graph.name} by {name}")
    loss = loss_of(clauses.task, graph.model.out)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        module = build(graph)
        torch.manual_seed(Random(f"batches {seed}").getrandbits(63))
        given = random_batches(graph, module, loss) if batches is None else batches
    moved = [
        Batch(tuple(x.to(device) for x in batch.inputs), batch.target.to(device)) for batch in given
    ]
    return score(name, module.to(device), moved, loss, seed)
