"""Whether the padding of rows of different lengths makes a difference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.diagnostics import Diagnostic
from archdsl.runtime.live.batches import least_lengths
from archdsl.runtime.live.verifying.subject import differ
from archdsl.types import arguments, lengths_beside, padding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor

    from archdsl.runtime.live.verifying.subject import Subject
    from archdsl.types import TensorType

APART = 1e-5  # of the size of the answers


def probe(subject: Subject) -> Iterator[Diagnostic]:
    """V310: answers are the same whatever stands behind the ends of rows."""
    takes = arguments(subject.graph.model.takes)
    if not lengths_beside(subject.graph.model.takes):
        return
    given = dict(zip(takes, subject.batch(), strict=True)) | _lengths(subject)
    other = dict(zip(takes, subject.batch(), strict=True))
    changed = {
        name: _joined(x, other[name], takes[name], given) if padding(takes[name]) else x
        for name, x in given.items()
    }
    out = subject.graph.model.out
    one, two = (
        tuple(_joined(x, x * 0, out, given) for x in subject.answers([*some.values()]))
        for some in (given, changed)
    )
    if differ(one, two, APART):
        yield subject.places.at(
            Diagnostic(
                "V310",
                "the answers change with what stands in the padding of rows",
                label="reads padding",
                needed="answers that rest on the positions within the rows alone",
                help="layers of the spec leave padding out; a module that was changed by hand has "
                "to do so, too",
            )
        )


def _lengths(subject: Subject) -> dict[str, Tensor]:
    """Rows of which most are shorter than they may be."""
    import torch

    least, takes = least_lengths(subject.graph), subject.graph.model.takes
    return {
        name: torch.randint(least[name], max(x.length, least[name] + 1), (subject.few,))
        for name, x in lengths_beside(takes).items()
    }


def _joined(x: Tensor, behind: Tensor, takes: TensorType, given: dict[str, Tensor]) -> Tensor:
    """What is within the rows of one tensor, and another behind their ends."""
    import torch

    rows = padding(takes)
    if rows is None:
        return x
    lengths = (given[rows.lengths] + rows.more) // rows.per
    inside = torch.arange(x.shape[1]) < lengths[:, None]
    return x.where(inside.reshape(*inside.shape, *[1] * (x.dim() - 2)), behind)
