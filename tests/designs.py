"""Evaluating a design that a test writes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.evaluate.bounds import DEFAULT, Bounds
from archdsl.evaluate.designs import load_design

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archdsl.evaluate.program import Evaluation, Program


def evaluate_design(
    program: Program, design: Mapping[str, Any], bounds: Bounds = DEFAULT
) -> Evaluation:
    """The design given. Raises SpecError when one of its choices is open or unknown."""
    return load_design(program, design, bounds, typed=design).evaluation
