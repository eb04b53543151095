"""What all sources of data give."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from archdsl.runtime.extras import BadInput
from archdsl.runtime.live.arrays import NUMBERS, WORDS

if TYPE_CHECKING:
    from archdsl.runtime.live.arrays import Array, Arrays


class Fetch(Protocol):
    """Some samples, by their places; what a training step waits for."""

    def __call__(self, places: Array) -> Arrays: ...


class Samples(NamedTuple):
    """``y`` has a row or a number for each sample; ``fetch`` gives their inputs, of several an
    array each (:mod:`archdsl.runtime.live.data.several`); ``named`` is what is right for each of
    several tasks, by their names."""

    name: str
    y: Array
    fetch: Fetch
    named: Mapping[str, Array] | None = None

    @property
    def inputs(self) -> Arrays:
        """All inputs at once."""
        import numpy as np

        return self.fetch(np.arange(len(self.y)))


def in_memory(name: str, x: Any, y: Any) -> Samples:
    """Samples from two arrays (or lists) of equal length, or from one and several by the names of
    their tasks. Raises :class:`BadInput`."""
    if isinstance(y, Mapping):
        return _named(name, x, y)
    inputs, targets = _array(name, "X", x), _array(name, "y", y)
    if not inputs.ndim or not targets.ndim or len(inputs) != len(targets):
        raise BadInput(
            f"{name}: X has shape {inputs.shape} and y {targets.shape}: "
            "both need one entry for each sample"
        )
    if not len(targets):
        raise BadInput(f"{name} holds no samples")
    usable(name, "X", inputs, NUMBERS)
    usable(name, "y", targets, NUMBERS + WORDS)
    return Samples(name, targets, lambda places: inputs[places])


def _named(name: str, x: Any, y: Mapping[str, Any]) -> Samples:
    if not y:
        raise BadInput(f"{name}: y holds nothing")
    each = {str(word): in_memory(f"{name}, {word}", x, one) for word, one in y.items()}
    first = next(iter(each.values()))
    return first._replace(name=name, named={word: one.y for word, one in each.items()})


def _array(name: str, which: str, given: Any) -> Array:
    import numpy as np

    try:
        made = np.asarray(given)
        return np.asarray(made.tolist()) if made.dtype.kind == "O" else made
    except Exception as error:  # arrays of other libraries raise what they like
        raise BadInput(f"{name}: {which} is no array: {error}") from None


def usable(name: str, which: str, array: Array, kinds: str = NUMBERS) -> None:
    """Raises :class:`BadInput` for an array with entries of another kind, or missing ones."""
    import numpy as np

    if array.dtype.kind not in kinds:
        wanted = "numbers or words" if WORDS in kinds else "numbers"
        raise BadInput(f"{name}: {which} holds {array.dtype}, not {wanted}")
    if array.dtype.kind in WORDS:
        odd, how = array == np.array("", array.dtype), "missing"
    else:
        how = "missing, infinite or beyond float32"
        with np.errstate(over="ignore"):
            odd = ~np.isfinite(array.astype("float32"))
    if odd.any():
        count, place = int(odd.sum()), int(np.argwhere(odd)[0][0]) + 1
        are = "values are" if count > 1 else "value is"
        raise BadInput(
            f"{name}: {count:,} {are} {how} in {which}, first in "
            f"sample {place:,}; fill or drop them first"
        )
