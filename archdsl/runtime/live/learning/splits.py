"""Data split three ways: to learn from, to choose by, and for the figure that is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archdsl.runtime.extras import BadInput
from archdsl.runtime.live.arrays import TEST, TRAINING, VALIDATION, Part, Parts, Scale, arrays_of
from archdsl.runtime.live.batches import least_batch, least_lengths
from archdsl.runtime.live.learning.batches import ArrayBatches
from archdsl.runtime.live.learning.settled import device_of
from archdsl.types import Outputs, arguments, is_ids, numel, padding, shape

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
    from archdsl.types import TensorType

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
    takes = arguments(data.takes)
    given = dict(zip(takes, arrays_of(data.x), strict=True))
    each = list(zip(given.values(), takes.values(), strict=True))
    inside = [_inside(one, given) for one in takes.values()]
    told = zip(each, inside, strict=True)
    scales = tuple(_input_scale(x, one, learned, where) for (x, one), where in told)
    found = zip(given.values(), scales, inside, strict=True)
    scaled = tuple(_cleared(_scaled(x, scale), where) for x, scale, where in found)
    target = _target_scale(data, learned)
    y = _scaled(data.y, target)
    is_one = not isinstance(data.x, tuple)

    def part(which_one: int) -> Part:
        rows = which == which_one
        x = tuple(one[rows] for one in scaled)
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
    """Raises :class:`BadInput` for rows that are too short to be pooled as the model does it."""
    places = list(arguments(graph.model.takes))
    told = (parts.training, parts.validation, parts.test)
    for name, least in least_lengths(graph).items():
        lengths = [arrays_of(part.x)[places.index(name)] for part in told if part is not None]
        found = min(int(one.min()) for one in lengths)
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


def _scaled(values: Array, scale: Scale | None) -> Array:
    """Standardised numbers; ids and class numbers as they are."""
    if scale is not None:
        return scale.standardised(values)
    return values.astype("int64")


def _input_scale(x: Array, takes: TensorType, learned: Array, inside: Array | None) -> Scale | None:
    if is_ids(takes):
        return None
    mixed = range(1, x.ndim - 1) if takes.kind == "sequence" else range(2, x.ndim)
    if inside is not None:
        return _scale(_shown(x, inside), learned, (0, *mixed))
    return _scale(x, learned, (0, *mixed))


def _inside(takes: TensorType, given: Mapping[str, Array]) -> Array | None:
    """Which positions belong to the rows of an input that is padded: samples x positions."""
    import numpy as np

    rows = padding(takes)
    if rows is None:
        return None
    found: Array = np.arange(shape(takes)[0]) < given[rows.lengths][:, None]
    return found


def _shown(x: Array, inside: Array) -> Array:
    """Numbers whose padding is no number."""
    import numpy as np

    found: Array = np.where(inside[..., None], x, np.nan)
    return found


def _cleared(x: Array, inside: Array | None) -> Array:
    """Standardised numbers, or ids, whose padding is 0."""
    if inside is not None:
        x[~inside] = 0
    return x


def _target_scale(data: Fitted, learned: Array) -> Scale | None:
    if data.classes or data.y.dtype.kind in "iu":
        return None
    scale = _scale(data.y, learned, (0,))
    if not any(data.plain):
        return scale
    import numpy as np

    plain = np.array(data.plain)
    return Scale(np.where(plain, 0.0, scale.mean), np.where(plain, 1.0, scale.deviation))


def _scale(values: Array, learned: Array, axes: tuple[int, ...]) -> Scale:
    import numpy as np

    seen = values[learned]
    hides = bool(np.isnan(seen).any())
    averaged, spread = (np.nanmean, np.nanstd) if hides else (np.mean, np.std)
    mean = averaged(seen, axes, keepdims=True, dtype="float64")
    deviation = spread(seen, axes, keepdims=True, dtype="float64")
    constant = deviation <= 1e-8 * abs(mean)
    return Scale(mean, np.where(constant, 1.0, deviation))
