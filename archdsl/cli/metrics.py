"""Metrics as they are given to commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archdsl.diagnostics import SpecError
from archdsl.rendering.escape import visible

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.evaluate.program import Program


def refuse_no_metric(metrics: Iterable[str], program: Program) -> None:
    """Raises UsageError for the first text that is no metric of a program's designs."""
    from archdsl.space.metrics import metric_of

    for text in metrics:
        try:
            metric_of(text, program)
        except SpecError as error:
            found = error.diagnostics[0]
            way = found.help or (found.needed and f"needed: {found.needed}")
            said = f"--by {visible(text)}: {found.message}"
            raise click.UsageError(f"{said}; {way}" if way else said) from None
