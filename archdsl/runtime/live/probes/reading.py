"""Whether all of the input is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.diagnostics import Diagnostic, Severity
from archdsl.ops.base import Trait
from archdsl.runtime.live.verifying.subject import differ
from archdsl.types import Nodes, Vector, is_ids

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor

    from archdsl.runtime.live.verifying.subject import Subject

MUCH = 0.1  # of the input: a row at the edge that a stride leaves over is no loss
TURNS = 4  # of drawing anew what seems unread


def probe(subject: Subject) -> Iterator[Diagnostic]:
    """V304: a tenth of the input makes no difference, whatever it is."""
    for number, takes in enumerate(subject.inputs):
        share = _of_nodes(subject, number) if isinstance(takes, Nodes) else _share(subject, number)
        if share > MUCH:
            yield _finding(subject, share, number)


def _of_nodes(subject: Subject, number: int) -> float:
    """Of a graph, whether all is unread: 1 where its nodes make no difference."""
    inputs = subject.batch()
    before = subject.answers(inputs)
    inputs[number] = inputs[number] * 2 + 1
    return float(not differ(before, subject.answers(inputs), 0))


def _share(subject: Subject, number: int) -> float:
    """The share of an input that is unread."""
    unread = _unread(subject, number)
    return 0.0 if unread is None else float(unread.double().mean())


def _unread(subject: Subject, number: int) -> Tensor | None:
    """Of an input, what no gradient reaches, of those whose every change leaves the answers as
    they are."""
    inputs = subject.batch()
    unread = None
    for _ in range(TURNS):
        strength = subject.read(inputs, number)
        if strength is None:
            return None
        found = (strength == 0).all(0)
        if _forgets(subject):
            found = found.all(0, keepdim=True).expand_as(found)
        if is_ids(subject.inputs[number]):
            found = found.squeeze(-1)
        unread = found if unread is None else unread & found
        if float(unread.double().mean()) <= MUCH:
            return unread
        before, other = subject.answers(inputs), subject.batch()[number]
        if not is_ids(subject.inputs[number]):
            other = other * 10
        inputs[number] = inputs[number].where(~unread, other)
        if not differ(before, subject.answers(inputs), 0):
            return unread
    return None


def _forgets(subject: Subject) -> bool:
    """Whether steps that fade with time are another probe's business, and features alone this
    one's."""
    return subject.has(Trait.RECURRENT) and isinstance(subject.graph.model.out, Vector)


def _finding(subject: Subject, share: float, number: int = 0) -> Diagnostic:
    several = len(subject.inputs) > 1
    name = f"`{subject.names[number]}`" if several else "the input"
    if share == 1:
        return subject.places.at(
            Diagnostic(
                "V304",
                "the answers are the same whatever " + (f"{name} is" if several else "flows in"),
                label=f"reads nothing of {name if several else 'its input'}",
                needed=f"answers that depend on {name}",
                help="a path from the input to the result, through layers that let it pass",
            )
        )
    return subject.places.at(
        Diagnostic(
            "V304",
            f"{100 * share:.0f} % of {name} make no difference to any answer",
            severity=Severity.WARNING,
            label="leaves them out",
            needed="that the model reads what it is given",
            help="leave out of the data what is not meant to be read; else `mean_over` or pooling "
            "instead of `first`, `last` or `slice`",
        )
    )
