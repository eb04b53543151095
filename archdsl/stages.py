"""How a spec is compiled: the stages, in order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.diagnostics import Diagnostic, Edit, Fix, Severity, SpecError
from archdsl.evaluate.designs import load_design
from archdsl.graph.nodes import Chain, OpNode
from archdsl.limits.requirements import check_requirements
from archdsl.resolve.loading import load
from archdsl.syntax.bounds import raising
from archdsl.terms import USUAL, Terms
from archdsl.types import Outputs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from archdsl.evaluate.program import Clauses, Evaluation, Program
    from archdsl.graph.nodes import Node
    from archdsl.resolve.loading import Spec
    from archdsl.source import Source
    from archdsl.spec.outcome import WrongOutput
    from archdsl.syntax import nodes as ast

UNANSWERABLE = "E441"  # a task that asks for what the data has not
MISFIT = "E301"  # layers that do not fit together
UNFIT = "E442"  # an output that is not what the task needs


class Work(NamedTuple):
    """What is asked, and what the stages so far have made of it."""

    source: Source
    root: Path | None = None
    arch: str | None = None
    design: Mapping[str, Any] = {}
    terms: Terms = USUAL
    format: str | None = None  # that it is written in, if not the usual one
    spec: Spec | None = None
    program: Program | None = None
    evaluation: Evaluation | None = None
    text: str = ""
    findings: tuple[Diagnostic, ...] = ()
    typed: frozenset[str] = frozenset()  # the choices of the design that somebody just typed
    tree: ast.File | None = None  # of the source, where it was parsed already

    @property
    def failed(self) -> bool:
        return any(finding.severity is Severity.ERROR for finding in self.findings)

    @property
    def can_be_helped(self) -> bool:
        """Whether checking the whole text may offer more: fixes that were tried, or ways out
        where sizes do not fit."""
        return any(finding.fix or finding.code in (MISFIT, UNFIT) for finding in self.findings)


def resolve(work: Work) -> Work:
    """The text parsed and every name in it resolved."""
    return work._replace(spec=load(work.source, work.root, work.terms.limits, work.tree))


def select(work: Work) -> Work:
    """The architecture asked for, or the only one."""
    assert work.spec is not None
    return work._replace(program=work.spec.program(work.arch))


def evaluate(work: Work) -> Work:
    """The design's typed graph: every shape and cost."""
    assert work.program is not None
    loaded = load_design(work.program, work.design, work.terms.bounds, work.typed)
    return work._replace(evaluation=loaded.evaluation, findings=(*work.findings, *loaded.warnings))


def check(work: Work) -> Work:
    """The graph held to the task, to what the spec requires, and to the principles."""
    assert work.spec is not None
    assert work.program is not None
    assert work.evaluation is not None
    siblings = work.spec.beside(work.program)
    findings = judge(work.program, work.evaluation, work.terms, siblings)
    return work._replace(findings=(*work.findings, *findings))


def emit(work: Work) -> Work:
    """The graph as text of the format asked for."""
    from archdsl.emit.catalog import USUAL, find

    assert work.evaluation is not None
    return work._replace(text=find(work.format or USUAL).emit(work.evaluation.graph))


STAGES: tuple[Callable[[Work], Work], ...] = (resolve, select, evaluate, check, emit)


def run(work: Work, stages: tuple[Callable[[Work], Work], ...] = STAGES) -> Work:
    """The work after the stages, or after the first of them that finds an error."""
    for stage in stages:
        try:
            work = stage(work)
        except SpecError as error:
            return work._replace(findings=(*work.findings, *error.diagnostics))
        if work.failed:
            break
    return work


def judge(
    program: Program,
    evaluation: Evaluation,
    terms: Terms = USUAL,
    siblings: tuple[Program, ...] = (),
) -> list[Diagnostic]:
    """What is wrong with a design that evaluates: its output, what its spec requires, and the
    principles it breaks. One that does not do its task is not held to principles."""
    from archdsl.rules.judging import principles

    findings = unmet(program, evaluation)
    if any(finding.code in (UNANSWERABLE, UNFIT) for finding in findings):
        return findings
    if evaluation.graph.model.size > terms.bounds.judged:
        return [*findings, _too_large(program, evaluation, terms.bounds.judged)]
    broken = principles(program, evaluation, terms.config, siblings)
    return [*findings, *broken]


def _too_large(program: Program, evaluation: Evaluation, most: int) -> Diagnostic:
    return Diagnostic(
        "E607",
        f"the model has {evaluation.graph.model.size:,} ops, too many to hold to the principles",
        program.span,
        needed=f"at most {most:,} ops",
        help=raising("judged"),
    )


def unmet(program: Program, evaluation: Evaluation) -> list[Diagnostic]:
    """Where a design does not do its task, or misses what its spec requires."""
    clauses = evaluation.clauses
    findings: list[Diagnostic] = []
    if clauses.task is not None:
        mismatch = clauses.task.check(evaluation.graph.model.out, clauses.data)
        if mismatch is not None:
            findings.append(_output_finding(mismatch, evaluation.graph.model.result, clauses))
    return [*findings, *evaluation.unmet, *check_requirements(program, evaluation)]


def _output_finding(mismatch: WrongOutput, result: Node, clauses: Clauses) -> Diagnostic:
    if mismatch.code == UNANSWERABLE:  # the place is that of the task
        where = _task_call(clauses, mismatch.place).span
    else:
        result = _answer(result, mismatch.place)
        where = _last(result).span
    return Diagnostic(
        mismatch.code,
        mismatch.message,
        where,
        needed=mismatch.needed,
        help=mismatch.help,
        fix=_head_fix(mismatch, result) if mismatch.head else None,
    )


def _task_call(clauses: Clauses, place: int) -> ast.Call:
    """How one of several tasks is written."""
    assert clauses.task is not None
    name, _ = clauses.task.heads[place]
    return clauses.calls[f"task.{name}" if name else "task"]


def _answer(result: Node, place: int = 0) -> Node:
    """What gives the result that does not fit: of several the one at a place."""
    last = _last(result)
    if isinstance(last, OpNode) and isinstance(last.out, Outputs) and last.branches:
        one = last.branches[place]
        inside = isinstance(one, OpNode) and one.op.auxiliary
        return one.branches[0] if isinstance(one, OpNode) and inside else one
    return result


def _last(node: Node) -> Node:
    """The step that gives a node's result."""
    return node.steps[-1] if isinstance(node, Chain) and node.steps else node


def _head_fix(mismatch: WrongOutput, result: Node) -> Fix:
    """The layer that gives the right output, in place of the last one or after it."""
    last = _last(result).span
    same_op = re.match(r"(\w+)\((\d+)", mismatch.head)
    there = re.match(rf"{same_op.group(1)}\(\s*(\d+)\s*[,)]", last.text) if same_op else None
    if same_op and there:
        start = last.start + there.start(1)
        number = last._replace(start=start, end=last.start + there.end(1))
        return Fix(f"write `{mismatch.head}`", (Edit(number, same_op.group(2)),))
    end = result.span._replace(start=result.span.end)
    return Fix(f"end with `{mismatch.head}`", (Edit(end, f" -> {mismatch.head}"),))
