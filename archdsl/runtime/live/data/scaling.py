"""Inputs and targets standardised by what is learned from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.runtime.live.arrays import Scale
from archdsl.types import arguments, is_ids, padding, shape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archdsl.runtime.live.arrays import Array
    from archdsl.types import TensorType


def scaled_inputs(
    x: tuple[Array, ...], takes: TensorType, learned: Array
) -> tuple[tuple[Array, ...], tuple[Scale | None, ...]]:
    """The arrays of all that a model is given, standardised by the samples that are ``learned``
    from (ids as they are, and padding 0), and what each was standardised by."""
    types = arguments(takes)
    given = dict(zip(types, x, strict=True))
    inside = [_inside(one, given) for one in types.values()]
    told = zip(given.values(), types.values(), inside, strict=True)
    scales = tuple(_input_scale(one, kind, learned, where) for one, kind, where in told)
    found = zip(given.values(), scales, inside, strict=True)
    return tuple(_cleared(scaled(one, scale), where) for one, scale, where in found), scales


def scaled(values: Array, scale: Scale | None) -> Array:
    """Standardised numbers; ids and class numbers as they are."""
    if scale is not None:
        return scale.standardised(values)
    return values.astype("int64")


def _input_scale(x: Array, takes: TensorType, learned: Array, inside: Array | None) -> Scale | None:
    if is_ids(takes):
        return None
    mixed = range(1, x.ndim - 1) if takes.kind == "sequence" else range(2, x.ndim)
    if inside is not None:
        return scale_of(_shown(x, inside), learned, (0, *mixed))
    return scale_of(x, learned, (0, *mixed))


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


def scale_of(values: Array, learned: Array, axes: tuple[int, ...]) -> Scale:
    """The mean and deviation of what is learned from, over some axes, without what is no number."""
    import numpy as np

    seen = values[learned]
    hides = bool(np.isnan(seen).any())
    averaged, spread = (np.nanmean, np.nanstd) if hides else (np.mean, np.std)
    mean = averaged(seen, axes, keepdims=True, dtype="float64")
    deviation = spread(seen, axes, keepdims=True, dtype="float64")
    constant = deviation <= 1e-8 * abs(mean)
    return Scale(mean, np.where(constant, 1.0, deviation))
