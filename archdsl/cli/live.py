"""What the commands on live models share: a design to build, refusals, tables."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from archdsl import stages
from archdsl.cli.principled import Asked
from archdsl.cli.refused import Refused
from archdsl.cli.specs import Told, code_of, told, worked
from archdsl.diagnostics import Severity
from archdsl.rendering.escape import visible, width

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archdsl.cli.console import Console
    from archdsl.evaluate.program import Clauses
    from archdsl.graph.nodes import Graph
    from archdsl.terms import Terms

ELSEWHERE = "`archdsl train --weights FILE` brings others"
WRONG_OUTPUT = (stages.UNANSWERABLE, stages.UNFIT)


class Design(NamedTuple):
    """One design of a spec, the clauses it stands under, and the exit code that its findings
    alone would give."""

    graph: Graph
    clauses: Clauses
    code: int


def design_of(
    console: Console,
    file: str,
    arch: str | None,
    design: str | None,
    choose: Sequence[str],
    within: Terms,
) -> Design:
    """The design asked for. What principles reject is measured all the same, and they are told.

    Raises :class:`SpecError` when there is none or its output is not what the task wants.
    """
    terms = Asked().over(within, file)
    work = worked(file, arch, design, choose, stages.STAGES[:3], terms=terms)
    assert work.program is not None
    assert work.evaluation is not None
    findings = told(stages.check(work))
    errors = [found for found in findings if found.severity is Severity.ERROR]
    if any(found.code in WRONG_OUTPUT for found in errors):
        raise Told(*errors)
    console.remark(errors)
    return Design(work.evaluation.graph, work.evaluation.clauses, code_of(errors))


@contextmanager
def live(purpose: str) -> Iterator[None]:
    """What is missing or does not fit inside is told in words, with the code of wrong usage."""
    from archdsl.runtime.extras import BadInput, MissingPackage, needing
    from archdsl.runtime.live.room import ran_out

    try:
        with needing(purpose):
            yield
    except (MissingPackage, BadInput) as problem:
        raise Refused(visible(str(problem))) from None
    except (MemoryError, RuntimeError) as error:
        if not ran_out(error):
            raise
        raise Refused(f"{purpose} needs more memory than there is: try a smaller batch") from None


def tell_random_start(console: Console, clauses: Clauses, way: str = ELSEWHERE) -> None:
    """Say that training begins with random weights, where the spec speaks of pretrained ones:
    ``way`` is how others are brought."""
    if not clauses.data.pretrained:
        return
    stay = ", and what `freeze` names keeps them" if clauses.train and clauses.train.freeze else ""
    console.progress(f"`pretrained=true`, but training begins with random weights{stay}: {way}")


def aligned(rows: Sequence[Sequence[str]], left: int = 1) -> list[str]:
    """Rows as lines of equal columns: the first ``left`` flush left, the others right."""
    columns = range(max(len(row) for row in rows))
    widths = [max(width(row[c]) for row in rows if c < len(row)) for c in columns]
    return [_line(row, widths, left) for row in rows]


def _line(row: Sequence[str], widths: Sequence[int], left: int) -> str:
    cells = []
    for column, cell in enumerate(row):
        gap = " " * (widths[column] - width(cell))
        cells.append(cell + gap if column < left else gap + cell)
    return "  ".join(cells).rstrip()
