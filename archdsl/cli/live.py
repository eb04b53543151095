"""What the commands on live models share: a design to build, refusals, tables."""

from __future__ import annotations

import math
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl import stages
from archdsl.cli.refused import Refused
from archdsl.cli.specs import worked
from archdsl.diagnostics import SpecError
from archdsl.rendering.escape import visible, width

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archdsl.design.program import Clauses
    from archdsl.graph.nodes import Graph

WRONG_OUTPUT = ("E441", "E442")
NO_MEMORY = "t allocate memory"  # how torch says so, on a processor and on a graphics card


class Design(NamedTuple):
    """One design of a spec, and the clauses it stands under."""

    graph: Graph
    clauses: Clauses


def design_of(file: str, arch: str | None, design: str | None, choose: Sequence[str]) -> Design:
    """The design asked for, whatever the principles say of it: here it is measured.

    Raises :class:`SpecError` when there is none or its output is not what the task wants.
    """
    work = worked(file, arch, design, choose, stages.STAGES[:3])
    assert work.program is not None
    assert work.evaluation is not None
    findings = stages.judge(work.program, work.evaluation)
    wrong = [found for found in findings if found.code in WRONG_OUTPUT]
    if wrong:
        raise SpecError(*wrong)
    return Design(work.evaluation.graph, work.program.clauses)


@contextmanager
def live(purpose: str) -> Iterator[None]:
    """What is missing or does not fit inside is told in words, with the code of wrong usage."""
    from archdsl.runtime.live.extras import Missing, Unfit, needing

    try:
        with needing(purpose):
            yield
    except (Missing, Unfit) as problem:
        raise Refused(visible(str(problem))) from None
    except (MemoryError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and NO_MEMORY not in str(error):
            raise
        raise Refused(f"{purpose} needs more memory than there is: try a smaller --batch") from None


def finite(value: Any) -> Any:
    """A document for JSON, which has no words for what is not finite: there it says null."""
    if isinstance(value, dict):
        return {name: finite(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


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
