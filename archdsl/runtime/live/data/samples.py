"""What all sources of data give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]


class Fetch(Protocol):
    """Some samples, by their places; what a training step waits for."""

    def __call__(self, places: Array) -> Array: ...


class Samples(NamedTuple):
    """``y`` has a row or a number for each sample; ``fetch`` gives their inputs."""

    name: str
    y: Array
    fetch: Fetch

    @property
    def inputs(self) -> Array:
        """All inputs at once."""
        import numpy as np

        return self.fetch(np.arange(len(self.y)))


def in_memory(name: str, x: Any, y: Any) -> Samples:
    """Samples from two arrays (or lists) of equal length. Raises :class:`Unfit`."""
    import numpy as np

    from archdsl.runtime.live.extras import Unfit

    inputs, targets = np.asarray(x), np.asarray(y)
    if not inputs.ndim or not targets.ndim or len(inputs) != len(targets):
        raise Unfit(
            f"{name}: X has shape {inputs.shape} and y {targets.shape}: "
            "both need one entry for each sample"
        )
    if inputs.dtype.kind not in "biuf":
        raise Unfit(f"{name}: X holds {inputs.dtype}, not numbers")
    if inputs.dtype.kind == "f" and not np.isfinite(inputs).all():
        missing = int((~np.isfinite(inputs)).sum())
        raise Unfit(f"{name}: {missing:,} values of X are missing or infinite; fill them first")
    return Samples(name, targets, lambda places: inputs[places])
