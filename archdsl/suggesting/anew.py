"""Another model for the same data: the one that `archdsl new` starts from."""

from __future__ import annotations

from textwrap import indent
from typing import TYPE_CHECKING

from archdsl.diagnostics import Edit
from archdsl.rules.writing import without
from archdsl.syntax import nodes as ast

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archdsl.evaluate.program import Program
    from archdsl.record import Record
    from archdsl.source import Span
    from archdsl.spec.data import Data
    from archdsl.spec.task import Task
    from archdsl.starting.description import Description, Input
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
    heads = program.clauses.task.heads if program.clauses.task is not None else ()
    return title, list(_edits(arch, trial, _model(trial, heads)))


def described(program: Program) -> Description | None:
    """The data and the task of a program as the description that `archdsl new` takes; of several
    tasks the one with the widest answer. None where the spec says too little of them."""
    from archdsl.starting.description import SEVERAL, Description

    data, task = program.clauses.data, program.clauses.task
    many = getattr(data, "graphs", None)
    samples = many or data.samples
    given = _inputs(data)
    if task is None or samples is None or given is None or (len(given) > 1 and data.pretrained):
        return None
    heads = [one for _, one in task.heads]
    asked = max(heads, key=lambda one: one.width(data))
    if asked.vectors > 1 and len(given) != asked.vectors:
        return None
    targets = next(iter(asked.names().values()), 1)
    kind, size = (SEVERAL, ()) if len(given) > 1 else (given[0].kind, given[0].size)
    return Description(
        kind,
        size,
        samples,
        asked.word(),
        targets,
        bool(many),
        data.pretrained,
        inputs=tuple(given) if len(given) > 1 else (),
        beside=len(heads) > 1,
    )


def _inputs(data: Data) -> list[Input] | None:
    """The inputs with their sizes; None where one is of a kind that `archdsl new` does not know, or
    has a size that is a choice."""
    from archdsl.starting.description import BESIDE, SIZES, Input, sizes_of

    several = data.inputs()
    known = BESIDE if len(several) > 1 else SIZES
    found = []
    for name, one in several.items():
        kind = type(one).__name__.lower()
        size = tuple(getattr(one, side) for side in sizes_of(kind)) if kind in known else (None,)
        if None in size:
            return None
        found.append(Input(name, kind, size))
    return found


def _model(trial: SizedDesign, heads: Sequence[tuple[str, Task]]) -> str:
    """The model, with a result for each task."""
    from archdsl.starting.families import body

    if len(heads) == 1:
        return trial.family.model(trial.size)
    lets, vector = trial.family.tower(trial.size)
    results = (f"linear({name}.{next(iter(task.names()), 1)})" for name, task in heads)
    told = ", ".join(f"features -> {result}" for result in results)
    return body(*lets, f"let features = {vector}", f"return {told}")


def _edits(arch: ast.Arch, trial: SizedDesign, model: str) -> Iterator[Edit]:
    """The edits that put a new model and its train clause in the place of the old ones."""
    from archdsl.starting.clauses import train_clause

    family = trial.family
    old = [item for item in arch.items if isinstance(item, ast.Model) or _is_idle(item, arch)]
    trained = [i for i in arch.items if isinstance(i, ast.Clause) and i.keyword == "train"]
    train = train_clause(family.data, family, trial.batch)
    new = model if trained else f"{train}\n{model}"
    yield Edit(old[0].span, indent(new, "  ").lstrip())
    yield from without(item.span for item in old[1:])
    yield from (Edit(item.span, train) for item in trained)
    if blocks := family.blocks(trial.size):
        yield Edit(_before(arch.span), blocks)


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
