"""Another model for the same data: the one that `archdsl new` starts from."""

from __future__ import annotations

from textwrap import indent
from typing import TYPE_CHECKING

from archdsl.diagnostics import Edit
from archdsl.rules.writing import without
from archdsl.spec.catalog import words
from archdsl.syntax import nodes as ast

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.evaluate.program import Program
    from archdsl.record import Record
    from archdsl.source import Span
    from archdsl.starting.description import Description
    from archdsl.starting.sizing import SizedDesign


def anew(program: Program, tree: ast.File) -> tuple[str, list[Edit]] | None:
    """A title and the edits that replace the model of an architecture by another one; None where
    the spec says too little about its data, or no design fits."""
    from archdsl.starting.choosing import NoDesignFits, choose

    description = described(program)
    if description is None:
        return None
    try:
        trial = choose(description).trial
    except NoDesignFits:
        return None
    (arch,) = [i for i in tree.items if isinstance(i, ast.Arch) and i.name.id == program.name]
    title = f"another model, the {trial.family.name} that `archdsl new` starts from for such data"
    return title, list(_edits(arch, trial))


def described(program: Program) -> Description | None:
    """The data and the task of a program as the description that `archdsl new` takes."""
    from archdsl.starting.description import SIZES, Description

    data, task = program.clauses.data, program.clauses.task
    kind = _word(program, "data")
    if len(data.inputs()) > 1:
        return None
    many = getattr(data, "graphs", None)
    samples = many or data.samples
    if task is None or len(task.heads) > 1 or samples is None or kind not in SIZES:
        return None
    size = tuple(getattr(data, name) for name in SIZES[kind])
    asked = _word(program, "task")
    if asked not in words("task") or None in size:
        return None
    targets = next(iter(task.names().values()), 1)
    return Description(kind, size, samples, asked, targets, bool(many), data.pretrained)


def _word(program: Program, clause: str) -> str:
    """The word behind a clause's keyword: ``image``, ``classify``."""
    call = program.clauses.calls.get(clause)
    return call.function.id if call is not None else ""


def _edits(arch: ast.Arch, trial: SizedDesign) -> Iterator[Edit]:
    """The edits that put a new model and its train clause in the place of the old ones."""
    from archdsl.starting.clauses import train_clause

    family = trial.family
    old = [item for item in arch.items if isinstance(item, ast.Model) or _is_idle(item, arch)]
    trained = [i for i in arch.items if isinstance(i, ast.Clause) and i.keyword == "train"]
    train = train_clause(family.data, family, trial.batch)
    model = family.model(trial.size)
    new = model if trained else f"{train}\n{model}"
    yield Edit(old[0].span, indent(new, "  ").lstrip())
    yield from without(item.span for item in old[1:])
    yield from (Edit(item.span, train) for item in trained)
    if family.blocks(trial.size):
        yield Edit(_before(arch.span), family.blocks(trial.size))


def _is_idle(item: Record, arch: ast.Arch) -> bool:
    """Whether an item is a ``let`` that nothing but lets and the model may read."""
    if not isinstance(item, ast.Let):
        return False
    others = [other for other in arch.items if not isinstance(other, (ast.Let, ast.Model))]
    read = {n.id for other in others for n in other.within() if isinstance(n, ast.Name)}
    for let in reversed([other for other in arch.items if isinstance(other, ast.Let)]):
        if let.name.id in read:
            read |= {node.id for node in let.value.within() if isinstance(node, ast.Name)}
    return item.name.id not in read


def _before(span: Span) -> Span:
    return span._replace(end=span.start)
