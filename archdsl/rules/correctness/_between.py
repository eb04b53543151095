"""An activation put between two weighted layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.diagnostics import Edit, Fix

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.rules.case import Case
    from archdsl.rules.facts_affine import AffinePair

ACTIVATION = "relu"


def bent(pairs: Iterable[AffinePair], case: Case) -> Fix | None:
    """The fix that puts an activation before the second layer of each pair; None where one is not
    written in the spec, or stands elsewhere too, where none is wanted."""
    ends = {pair.second.inputs[0] for pair in pairs}
    spans = {case.steps[place].node.span for place in ends}
    copies = {step.place for span in spans for step in case.written[span]}
    if copies != ends or any(span.source is not case.span.source for span in spans):
        return None
    edits = (
        Edit(span, f"({span.text} -> {ACTIVATION})")
        for span in sorted(spans, key=lambda span: span.start)
    )
    return Fix(f"put `{ACTIVATION}` between the layers", tuple(edits))
