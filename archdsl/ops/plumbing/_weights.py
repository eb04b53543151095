"""Weights that are not learned as they are: made of others whenever they are read."""

from __future__ import annotations

from dataclasses import replace
from math import prod
from typing import TYPE_CHECKING, Any

from archdsl.ops.parameters import word

if TYPE_CHECKING:
    from archdsl.ops.base import Construct, Spelling

PLAIN, WEIGHT_NORM, SPECTRAL_NORM = "plain", "weight_norm", "spectral_norm"


def made_weights() -> Any:
    """The argument that says how weights are made.

    ``weight_norm``: a direction and, for each row, a length (Salimans & Kingma, 2016).
    ``spectral_norm``: divided by their largest singular value (Miyato et al., 2018).
    """
    return word(PLAIN, WEIGHT_NORM, SPECTRAL_NORM, default=PLAIN)


def lengths(weights: str, shape: tuple[int, ...]) -> int:
    """The learned numbers beside the weights: with ``weight_norm`` the length of each row."""
    return shape[0] if weights == WEIGHT_NORM else 0


def kept(weights: str, shape: tuple[int, ...], out: int) -> int:
    """Bytes of what autograd keeps of making them: the weights as they are read, and the length of
    each row, or the singular value with its two vectors; ``out`` is the axis of what flows out."""
    if weights == PLAIN:
        return 0
    size = prod(shape)
    if weights == WEIGHT_NORM:
        return 4 * (size + shape[0])
    return 4 * (size + shape[out] + size // shape[out] + 1)


def spelled(spelling: Spelling, weights: str) -> Spelling:
    """A spelling whose module has its weights made so."""
    if weights == PLAIN:
        return spelling
    module: Construct | None = spelling.module
    assert module is not None
    line = f"from torch.nn.utils.parametrizations import {weights}"
    return replace(spelling, module=replace(module, within=weights), imports=(line,))
