"""Whether answers for many positions differ from each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.diagnostics import Diagnostic
from archdsl.runtime.live.verifying.subject import size_of
from archdsl.types import Nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor

    from archdsl.runtime.live.verifying.subject import Subject

APART = 1e-6  # of the size of the answers


def probe(subject: Subject) -> Iterator[Diagnostic]:
    """V309: the same answer for every pixel, token or node."""
    result = _by_position(subject, subject.answers(subject.batch(2))[0])
    if result is None or result.shape[1] < 2 or not size_of(result):
        return
    spread = float((result - result[:, :1]).abs().max())
    if spread <= APART * size_of(result):
        yield subject.places.at(
            Diagnostic(
                "V309",
                f"all {result.shape[1]:,} answers of a sample are the same",
                label="forgets where its positions are",
                needed="answers that differ from place to place",
                help="no pooling over all positions on the only way to the result; a skip from "
                "before it, as in a U-Net (`unet_up`)",
            )
        )


def _by_position(subject: Subject, result: Tensor) -> Tensor | None:
    """Answers as samples × positions × numbers."""
    takes, out = subject.graph.model.takes, subject.graph.model.out
    if isinstance(out, Nodes):
        return None if isinstance(takes, Nodes) and takes.graphs else result[None]
    if result.dim() < 3:
        return None
    return result.movedim(subject.loss.axis, -1).flatten(1, -2)
