"""Whether all of the input is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.diagnostics import Diagnostic, Severity
from archdsl.ops.base import Trait
from archdsl.runtime.live.verifying.subject import differ
from archdsl.types import Nodes, Tokens, Vector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor

    from archdsl.runtime.live.verifying.subject import Subject

MUCH = 0.1  # of the input: a row at the edge that a stride leaves over is no loss
TURNS = 4  # of drawing anew what seems unread


def probe(subject: Subject) -> Iterator[Diagnostic]:
    """V304: a tenth of the input makes no difference, whatever it is."""
    if isinstance(subject.graph.model.takes, Nodes):
        inputs = subject.batch()
        before = subject.answers(inputs)
        inputs[0] = inputs[0] * 2 + 1
        if not differ(before, subject.answers(inputs), 0):
            yield _finding(subject, 1.0)
        return
    unread = _unread(subject)
    share = 0.0 if unread is None else float(unread.double().mean())
    if share > MUCH:
        yield _finding(subject, share)


def _unread(subject: Subject) -> Tensor | None:
    """What no gradient reaches, of those whose every change leaves the answers as they are."""
    inputs = subject.batch()
    unread = None
    for _ in range(TURNS):
        strength = subject.read(inputs)
        if strength is None:
            return None
        found = (strength == 0).all(0)
        if _forgets(subject):
            found = found.all(0, keepdim=True).expand_as(found)
        if isinstance(subject.graph.model.takes, Tokens):
            found = found.squeeze(-1)
        unread = found if unread is None else unread & found
        if float(unread.double().mean()) <= MUCH:
            return unread
        before, other = subject.answers(inputs), subject.batch()[0]
        if not isinstance(subject.graph.model.takes, Tokens):
            other = other * 10
        inputs[0] = inputs[0].where(~unread, other)
        if not differ(before, subject.answers(inputs), 0):
            return unread
    return None


def _forgets(subject: Subject) -> bool:
    """Whether steps that fade with time are another probe's business, and features alone this
    one's."""
    return subject.has(Trait.RECURRENT) and isinstance(subject.graph.model.out, Vector)


def _finding(subject: Subject, share: float) -> Diagnostic:
    if share == 1:
        return subject.places.at(
            Diagnostic(
                "V304",
                "the answers are the same whatever flows in",
                label="reads nothing of its input",
                needed="answers that depend on the input",
                help="a path from the input to the result, through layers that let it pass",
            )
        )
    return subject.places.at(
        Diagnostic(
            "V304",
            f"{100 * share:.0f} % of the input make no difference to any answer",
            severity=Severity.WARNING,
            label="leaves them out",
            needed="that the model reads what it is given",
            help="leave out of the data what is not meant to be read; else `mean_over` or pooling "
            "instead of `first`, `last` or `slice`",
        )
    )
