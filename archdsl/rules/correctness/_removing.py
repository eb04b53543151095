"""Layers taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.diagnostics import Fix
from archdsl.rules.writing import without_steps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case


def removed(steps: Sequence[Step], case: Case) -> Fix | None:
    """The fix that takes layers away; None where one is not written in the spec, or is written
    once for several."""
    spans = sorted({step.node.span for step in steps}, key=lambda span: span.start)
    copies = [step for span in spans for step in case.written[span]]
    if len(copies) > len(steps) or any(span.source is not case.span.source for span in spans):
        return None
    names = " and ".join(f"`{span.text}`" for span in spans)
    return Fix(f"remove {names}", without_steps(spans)) if spans else None
