"""Another model for the same data: the one that a first design of it would have."""

from __future__ import annotations

from textwrap import indent
from typing import TYPE_CHECKING

from archdsl.diagnostics import Edit
from archdsl.rules.writing import without
from archdsl.syntax import nodes as ast

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.design.program import Program
    from archdsl.source import Span
    from archdsl.starting.description import Description
    from archdsl.starting.sizing import Trial


def anew(program: Program, tree: ast.File) -> tuple[str, list[Edit]] | None:
    """What is put in the place of an architecture's model, and the edits that do; None for data
    of which too little is known."""
    from archdsl.starting.choosing import Unmet, choose

    description = described(program)
    if description is None:
        return None
    try:
        trial = choose(description).trial
    except Unmet:
        return None
    (arch,) = [i for i in tree.items if isinstance(i, ast.Arch) and i.name.id == program.name]
    title = f"another model, the {trial.family.name} that `archdsl new` starts from for such data"
    return title, list(_edits(arch, trial))


def described(program: Program) -> Description | None:
    """The data and the task of a program as `archdsl new` asks for them."""
    from archdsl.starting.description import SIZES, Description

    data, task = program.clauses.data, program.clauses.task
    kind = type(data).__name__.lower()
    many = getattr(data, "graphs", None)
    samples = many or data.samples
    if task is None or samples is None or kind not in SIZES:
        return None
    size = tuple(getattr(data, name) for name in SIZES[kind])
    asked = {"Classify": "classify", "Regress": "regress", "NextToken": "next_token"}
    if type(task).__name__ not in asked or None in size:
        return None
    targets = next(iter(task.names().values()), 1)
    return Description(
        kind, size, samples, asked[type(task).__name__], targets, bool(many), data.pretrained
    )


def _edits(arch: ast.Arch, trial: Trial) -> Iterator[Edit]:
    """The model for the old lets and model; how it is trained for how that was."""
    from archdsl.starting.clauses import train_clause

    family = trial.family
    old = [item for item in arch.items if isinstance(item, (ast.Let, ast.Model))]
    trained = [i for i in arch.items if isinstance(i, ast.Clause) and i.keyword == "train"]
    train = train_clause(family.data, family, trial.batch)
    model = family.model(trial.size)
    new = model if trained else f"{train}\n{model}"
    yield Edit(old[0].span, indent(new, "  ").lstrip())
    yield from without(item.span for item in old[1:])
    yield from (Edit(item.span, train) for item in trained)
    if family.blocks():
        yield Edit(_before(arch.span), family.blocks())


def _before(span: Span) -> Span:
    return span._replace(end=span.start)
