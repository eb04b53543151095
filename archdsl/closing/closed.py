"""Spec and design to the text of a spec without choices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.closing.places import Disagree, Unmet
from archdsl.closing.spec import Closing
from archdsl.diagnostics import SpecError
from archdsl.evaluate.bounds import DEFAULT, Bounds
from archdsl.evaluate.designs import Given
from archdsl.evaluate.run import no_choices
from archdsl.graph.flat import Flat
from archdsl.limits.telling import DIGITS, shown
from archdsl.rendering.escape import visible
from archdsl.resolve.loading import load
from archdsl.source import Source
from archdsl.syntax.bounds import DEFAULT_LIMITS, Limits
from archdsl.syntax.carried import written
from archdsl.syntax.parser import parse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from archdsl.evaluate.program import Evaluation, Program
    from archdsl.resolve.loading import Spec
    from archdsl.syntax import nodes

EXACT = DIGITS[1]  # significant digits of a number in the head comment


def closed_text(
    spec: Spec,
    program: Program,
    design: Mapping[str, Any],
    head: Sequence[str] = (),
    bounds: Bounds = DEFAULT,
    limits: Limits = DEFAULT_LIMITS,
) -> str:
    """The text of an architecture of a spec as one of its designs has it.

    ``design`` has to be one that evaluates; ``head`` are comment lines for the top. Raises
    :class:`~archdsl.diagnostics.SpecError` where that takes too much.
    """
    closing = Closing(spec, program, design, bounds)
    meant = program.evaluate(Given(design), bounds)
    files = _files(spec, limits)
    for writes_inline in (True, False):  # blocks that stay blocks are shorter, and less deep
        try:
            text = written(closing.items(writes_inline), files, head, limits)
        except SpecError:
            if not writes_inline:
                raise
            continue
        except (Disagree, Unmet):
            continue
        found = load(Source(text), limits=limits).program(program.name)
        if says(found, meant, bounds):
            return text
    raise RuntimeError("this design cannot be written as a spec: a mistake of archdsl")


def says(program: Program, meant: Evaluation, bounds: Bounds = DEFAULT) -> bool:
    """Whether a program has one design, and that is what another one's is: the same ops in the same
    order, reading each other alike and with the same weights, the same data, task and training."""
    found = program.evaluate(no_choices, bounds)
    return _said(found) == _said(meant)


def _said(evaluation: Evaluation) -> tuple[Any, ...]:
    flat = Flat(evaluation.graph)
    steps = [(step.node.op, step.inputs, step.node.out, step.weights) for step in flat.steps]
    clauses = evaluation.clauses
    return flat.output, steps, clauses.data, clauses.task, clauses.train


def head_of(metrics: Mapping[str, Any]) -> list[str]:
    """Comment lines that tell numbers by their names: ``# params: 1,531,546``."""
    return [f"# {visible(name)}: {visible(shown(value, EXACT))}" for name, value in metrics.items()]


def _files(spec: Spec, limits: Limits) -> list[nodes.File]:
    """The text of a spec and those of the files it uses."""
    sources = {item.span.source: None for item in spec.declared}
    sources.pop(spec.tree.source, None)
    return [spec.tree, *(parse(source, limits) for source in sources)]
