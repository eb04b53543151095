"""Data of every kind in batches for a model, in three parts, augmented as its spec says."""

from __future__ import annotations

from itertools import cycle, islice
from typing import TYPE_CHECKING

from archdsl.runtime.live.arrays import Parts
from archdsl.runtime.live.augmentations import augmentation
from archdsl.runtime.live.batches import Batch, least_batch
from archdsl.runtime.live.data.graph_parts import graph_parts
from archdsl.runtime.live.data.graphs import FittedGraphs
from archdsl.runtime.live.data.text import Text
from archdsl.runtime.live.learning.settled import device_of
from archdsl.runtime.live.learning.splits import Splits, check_rows, in_batches, parted
from archdsl.runtime.live.optimizers import train_or_adam
from archdsl.runtime.live.scoring import BATCHES, usual_samples
from archdsl.types import arguments, given_beside, inputs

if TYPE_CHECKING:
    from archdsl.evaluate.program import Clauses
    from archdsl.graph.nodes import Graph
    from archdsl.runtime.live.data.given import Given
    from archdsl.runtime.live.learning.batches import Augments


def fed(
    data: Given | Parts, graph: Graph, clauses: Clauses, seed: int, device: str | None = None
) -> Splits:
    """Data in three parts, in batches for a model. Samples are parted by chance, of which the seed
    is given, unless they are parted already; a text as it goes on, graphs as their masks say.
    Raises :class:`BadInput` for too little."""
    train, augment = train_or_adam(clauses.train), augment_of(clauses)
    if isinstance(data, FittedGraphs):
        takes, place = graph.model.takes, device_of(device)
        names = (*inputs(takes), *given_beside(takes))
        if data.beside is not None:
            check_rows(graph, dict(zip(arguments(data.beside.takes), data.beside.x, strict=True)))
        parts = graph_parts(data, seed, train.batch, names, place, least_batch(graph), augment)
        return Splits(*parts)
    parted_data = data if isinstance(data, (Parts, Text)) else parted(data, seed)
    return in_batches(parted_data, graph, train, device, augment, clauses.task)


def scored_on(data: Given | Parts, graph: Graph, clauses: Clauses, seed: int) -> list[Batch]:
    """Batches of training samples for :func:`~archdsl.runtime.live.scoring.scored`, the same for
    all designs; where there is but one, it twice. Raises BadInput for too little data."""
    size = usual_samples(graph)
    train = train_or_adam(clauses.train).model_copy(update={"batch": size})
    batches = fed(data, graph, clauses._replace(train=train), seed, "cpu").training.epoch(seed)
    found = [Batch(*batch) for batch in islice(batches, BATCHES)]
    whole = [batch for batch in found if len(batch.target) == len(found[0].target)]
    return list(islice(cycle(whole), BATCHES))


def augment_of(clauses: Clauses) -> Augments | None:
    """What varies the batches of a training, if its data clause wants that; of several inputs what
    varies each."""
    each = [augmentation(one, clauses.task) for one in clauses.data.inputs().values()]
    found = tuple(one.__call__ if one is not None else None for one in each)
    if all(one is None for one in found):
        return None
    return found if len(found) > 1 else found[0]
