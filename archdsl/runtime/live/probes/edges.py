"""Whether the edges of a graph make a difference."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

from archdsl.diagnostics import Diagnostic, Severity
from archdsl.ops.base import Trait
from archdsl.runtime.live.verifying.subject import differ

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.runtime.live.verifying.subject import Subject


def probe(subject: Subject) -> Iterator[Diagnostic]:
    """V308: message passing whose messages do not matter."""
    if not subject.has(Trait.MESSAGE_PASSING):
        return
    inputs = subject.batch()
    names = inspect.signature(subject.module.forward).parameters
    given = dict(zip(names, inputs, strict=True))
    none = {"edge_index": given["edge_index"][:, :0]}
    if "edge_attr" in given:
        none["edge_attr"] = given["edge_attr"][:0]
    bare = list({**given, **none}.values())
    if differ(subject.answers(inputs), subject.answers(bare), 0):
        return
    steps = subject.places.steps
    layer = next((p for p, s in steps.items() if Trait.MESSAGE_PASSING in s.node.op.traits), "")
    yield subject.places.at(
        Diagnostic(
            "V308",
            "without its edges the graph gives the same answers",
            severity=Severity.WARNING,
            label="passes no messages",
            needed="edges, where layers pass messages along them",
            help="say how many there are, `data graph(…, edges=…)`; or `linear` for this layer",
        ),
        layer,
    )
