"""Whether the answer for a sample depends on the samples beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.diagnostics import Diagnostic
from archdsl.runtime.live.verifying.subject import differ
from archdsl.types import graph_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.runtime.live.verifying.subject import Subject

APART = 1e-3  # of the size of the answers: other kernels for other batches come to less


def probe(subject: Subject) -> Iterator[Diagnostic]:
    """V305: in evaluation, a sample alone gives what it gives among others."""
    if graph_of(subject.graph.model.takes) is not None:
        return
    inputs = subject.batch(2)
    together = subject.answers(inputs)
    alone = subject.answers([given[:1] for given in inputs])
    if differ(tuple(result[:1] for result in together), alone, APART):
        yield subject.places.at(
            Diagnostic(
                "V305",
                "in evaluation the answer for a sample depends on those beside it",
                label="mixes samples",
                needed="the same answer for a sample in every batch",
                help="statistics that are kept from training, or those of each sample alone",
            )
        )
