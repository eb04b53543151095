"""Data split three ways: to learn from, to choose by, and for the figure that is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archdsl.runtime.extras import BadInput
from archdsl.runtime.live.arrays import TEST, TRAINING, VALIDATION, Part, Parts, Scale, arrays_of
from archdsl.runtime.live.batches import least_batch, least_lengths
from archdsl.runtime.live.data.scaling import scale_of, scaled, scaled_inputs
from archdsl.runtime.live.learning.batches import ArrayBatches
from archdsl.runtime.live.learning.settled import device_of
from archdsl.types import Outputs, arguments, numel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archdsl.graph.nodes import Graph
    from archdsl.runtime.live.arrays import Array
    from archdsl.runtime.live.data import text
    from archdsl.runtime.live.data.fitting import Fitted
    from archdsl.runtime.live.data.text import Text
    from archdsl.runtime.live.learning.batches import Augments, Batches
    from archdsl.spec.task import Task
    from archdsl.spec.train import Train

TESTED = VALIDATED = 0.2  # of all samples, each
FEWEST = 10
SEEN, NUMBERS = 256, 2**22  # samples that are measured at once, and numbers in them


class Splits(NamedTuple):
    """The three parts in batches. Only the figure that is told at the end is of ``test``."""

    training: Batches
    validation: Batches | None
    test: Batches


def parted(data: Fitted, seed: int, validated: bool = True) -> Parts:
    """A fifth of the samples for testing; a fifth for validation, unless nothing is ``validated``.
    The samples for testing are the same ones either way.

    Raises :class:`BadInput` for too little data.
    """
    import numpy as np

    if len(data.y) < FEWEST:
        raise BadInput(f"{data.name} has {len(data.y)} samples; splitting takes at least {FEWEST}")
    which = _drawn(data, seed)
    if not validated:
        which[which == VALIDATION] = TRAINING
    wanted = (TRAINING, VALIDATION, TEST) if validated else (TRAINING, TEST)
    if len(np.unique(which)) < len(wanted):
        raise BadInput(
            f"{data.name} has too few samples of each class to put any aside for testing"
        )
    learned = which == TRAINING
    arrays, scales = scaled_inputs(arrays_of(data.x), data.takes, learned)
    target = _target_scale(data, learned)
    y = scaled(data.y, target)
    is_one = not isinstance(data.x, tuple)

    def part(which_one: int) -> Part:
        rows = which == which_one
        x = tuple(one[rows] for one in arrays)
        return Part(x[0] if is_one else x, y[rows])

    parts = {one: part(one) for one in wanted}
    training, validation, test = parts[TRAINING], parts.get(VALIDATION), parts[TEST]
    by = (scales[0] if is_one else scales, target)
    return Parts(data.takes, data.classes, seed, training, validation, test, by)


def _drawn(data: Fitted, seed: int) -> Array:
    """The part of each sample: as the data say, else by chance."""
    import numpy as np

    if data.parts is not None:
        given: Array = data.parts.copy()
        return given
    chance = np.random.default_rng(seed)
    which = np.full(len(data.y), TRAINING)
    is_class = data.classes and data.y.ndim == 1
    groups = data.y if is_class else np.zeros(len(data.y), dtype=int)
    for group in np.unique(groups):
        places = chance.permutation(np.flatnonzero(groups == group))
        tested = round(TESTED * len(places))
        which[places[:tested]] = TEST
        which[places[tested : tested + round(VALIDATED * len(places))]] = VALIDATION
    return which


def in_batches(
    parts: Parts | Text,
    graph: Graph,
    train: Train,
    device: str | None = None,
    augment: Augments | None = None,
    task: Task | None = None,
) -> Splits:
    """The parts of samples or of a text in batches for a model, on a device as of
    :func:`~archdsl.runtime.live.learning.settled.device_of`. ``augment`` changes those of training.
    Where the ``task`` compares the samples of a batch, as many are measured at once as are trained.
    """
    _check_rows(parts, graph)
    compares = task is not None and task.compares
    place, seen = device_of(device), train.batch if compares else seen_at_once(graph, train.batch)
    least = least_batch(graph, task)
    drawn = _drawn_in(parts, graph)

    def measured(part: Part | text.Part) -> Batches:
        return ArrayBatches(part.x, part.y, seen, place, drawn=drawn)

    x, y = parts.training
    training = ArrayBatches(x, y, train.batch, place, least, augment, drawn)
    validation = measured(parts.validation) if parts.validation is not None else None
    return Splits(training, validation, measured(parts.test))


def _check_rows(parts: Parts | Text, graph: Graph) -> None:
    names = list(arguments(graph.model.takes))
    for part in (parts.training, parts.validation, parts.test):
        if part is not None:
            check_rows(graph, dict(zip(names, arrays_of(part.x), strict=True)))


def check_rows(graph: Graph, arrays: Mapping[str, Array]) -> None:
    """Raises :class:`BadInput` for rows that are too short to be pooled as the model does it;
    ``arrays`` hold their lengths by the names of these."""
    for name, least in least_lengths(graph).items():
        found = int(arrays[name].min())
        if found < least:
            raise BadInput(
                f"{graph.name} takes rows of at least {least} positions, so that its layers leave "
                f"one of each; the data has one of {found}"
            )


def _drawn_in(parts: Parts | Text, graph: Graph) -> dict[int, int]:
    """The inputs that are drawn at random, by their places, with how many numbers they have."""
    sizes = [numel(one) for one in arguments(graph.model.takes).values()]
    found = enumerate(arrays_of(parts.training.x))
    return {at: sizes[at] for at, one in found if one.shape[1:] == (0,)}


def seen_at_once(graph: Graph, batch: int) -> int:
    """Samples that a model is measured on at once: those of a training step, more of small ones."""
    model = graph.model
    out = model.out.parts[0] if isinstance(model.out, Outputs) else model.out
    return max(batch, min(SEEN, NUMBERS // max(numel(model.takes), numel(out), 1)))


def _target_scale(data: Fitted, learned: Array) -> Scale | None:
    if data.classes or data.y.dtype.kind in "iu":
        return None
    scale = scale_of(data.y, learned, (0,))
    if not any(data.plain):
        return scale
    import numpy as np

    plain = np.array(data.plain)
    return Scale(np.where(plain, 0.0, scale.mean), np.where(plain, 1.0, scale.deviation))
