"""Whether several layers come to no more than one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.diagnostics import Diagnostic, Severity
from archdsl.ops.base import Trait
from archdsl.runtime.live.verifying.subject import size_of
from archdsl.types import is_ids

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.runtime.live.verifying.subject import Subject

APART = 1e-4  # of what the input changes in the answers
HEARD = 1e-3  # of the answers: less of a change drowns in what rounding does


def probe(subject: Subject) -> Iterator[Diagnostic]:
    """V307: the answers for a sum of inputs are the sum of the answers."""
    weighted = [s for s in subject.steps if Trait.WEIGHTED in s.node.op.traits]
    if len(weighted) < 2 or any(map(is_ids, subject.inputs)):
        return
    count = len(subject.inputs)  # a graph's edges stay what they are
    drawn = subject.batch()
    first, rest = drawn[:count], drawn[count:]
    other, nothing = subject.batch()[:count], [x * 0 for x in first]
    both = [x + y for x, y in zip(first, other, strict=True)]
    given = (first, other, nothing, both)
    pairs = zip(*(subject.answers([*x, *rest]) for x in given), strict=True)
    for one, two, base, summed in pairs:
        change = size_of(one - base)
        if change < HEARD * size_of(base) or size_of(one + two - base - summed) > APART * change:
            return
    yield subject.places.at(
        Diagnostic(
            "V307",
            f"{len(weighted)} layers with weights come to one linear map",
            severity=Severity.WARNING,
            label="is linear from end to end",
            needed="an activation between layers, or one layer",
            help="`-> relu` behind each layer but the last; or one `linear` as a baseline",
        )
    )
