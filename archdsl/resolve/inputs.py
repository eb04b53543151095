"""The ``data`` clauses of an ``arch``: one, or several with a name each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl import types
from archdsl.diagnostics import Diagnostic, Edit, Fix, Label, meant
from archdsl.resolve.scope import Hint
from archdsl.syntax import nodes as ast
from archdsl.types import UNKNOWN, Inputs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from archdsl.diagnostics import Meant
    from archdsl.evaluate.program import Clauses
    from archdsl.spec.data import Data
    from archdsl.types import TensorType

USUAL = {
    "image": "picture",
    "volume": "scan",
    "series": "signal",
    "tokens": "text",
    "table": "facts",
    "graph": "network",
    "category": "kind",
    "noise": "noise",
}


class ModelInputs(NamedTuple):
    """The inputs of an ``arch``: their names in the order of the clauses, of which one alone may
    have none, and whether that one is all there is."""

    names: tuple[str, ...]
    alone: bool

    @classmethod
    def of(cls, clauses: Sequence[ast.Clause]) -> ModelInputs:
        """What the ``data`` clauses call them."""
        names = dict.fromkeys(clause.name.id for clause in clauses if clause.name is not None)
        return cls(tuple(names), len(clauses) < 2)

    def bound(self) -> tuple[str, ...]:
        """The names that the model knows them by."""
        return ("x", *self.names) if self.alone else self.names

    def aliases(self) -> dict[str, str]:
        """What the name of the only input stands for."""
        return dict.fromkeys(self.names, "x") if self.alone else {}

    def unknown(self) -> TensorType:
        """What flows in where the clauses of the data cannot be read."""
        return UNKNOWN if self.alone else Inputs(self.names, (UNKNOWN,) * len(self.names))

    def hints(self, clauses: Clauses | None) -> dict[str, Hint]:
        """What to say where the model speaks of what flows in, or of a size that several inputs
        have."""
        if self.alone or not self.names:
            return {}
        told = ", ".join(f"`{name}`" for name in self.names)
        found = {"x": Hint(f"the model has several inputs, by their names: {told}")}
        several = clauses.data.inputs() if clauses is not None else {}
        sizes = [f"`{name}.vocab`" for name, one in several.items() if "vocab" in one.names()]
        if len(sizes) > 1:
            found["vocab"] = Hint(f"several inputs have one: {', '.join(sizes)}")
        return found

    def mistakes(
        self,
        clauses: Sequence[ast.Clause],
        tasks: Sequence[ast.Clause],
        constants: Mapping[str, Any],
    ) -> list[Diagnostic]:
        """Names that are taken, and a task about an input that there is not."""
        owners = {name.partition(".")[0] for name in constants if "." in name}
        taken = ("x", *constants, *owners)
        found = [
            bound_already(clause.name)
            for clause in clauses
            if clause.name is not None and clause.name.id in taken
        ]
        for argument in (one for task in tasks for one in task.call.arguments):
            value = argument.value
            if argument.name == "of" and isinstance(value, ast.Name) and value.id not in self.names:
                near = meant(value.id, self.names, value.span)
                found.append(_no_such_input(argument, self.names, near))
        return found


def named(clauses: Sequence[ast.Clause], findings: list[Diagnostic]) -> list[ast.Clause]:
    """The clauses that are inputs: all that have a name of their own, or the only one."""
    if len(clauses) < 2:
        return [*clauses]
    taken = {clause.name.id: clause for clause in reversed(clauses) if clause.name is not None}
    found = []
    for clause in clauses:
        if clause.name is None:
            findings.append(_unnamed(clause, [*taken]))
        elif taken[clause.name.id] is not clause:
            findings.append(_same_name(clause.name, taken[clause.name.id]))
        else:
            found.append(clause)
    return found


def disagreements(clauses: Sequence[ast.Clause], told: Sequence[Data]) -> list[Diagnostic]:
    """Where clauses say different things of the samples that they share, or cannot be put
    together."""
    if len(clauses) < 2:
        return []
    counts = ((clause, data.counted) for clause, data in zip(clauses, told, strict=True))
    counted = [(clause, count) for clause, count in counts if count is not None]
    found = [
        _other_count(clause, count, counted[0][0])
        for clause, count in counted[1:]
        if count != counted[0][1]
    ]
    return [*found, *_graphs(clauses, told), *_named_as_what_is_beside(clauses, told)]


def _graphs(clauses: Sequence[ast.Clause], told: Sequence[Data]) -> list[Diagnostic]:
    """A graph beside another one, or one graph that holds all samples beside inputs of which each
    sample has one."""
    tensors = [(clause, data.tensor()) for clause, data in zip(clauses, told, strict=True)]
    graphs = [clause for clause, one in tensors if isinstance(one, types.Nodes)]
    whole = [_one_graph(clause) for clause, one in tensors if types.is_one_graph(one)]
    return whole or [_second_graph(clause, graphs[0]) for clause in graphs[1:]]


def _named_as_what_is_beside(
    clauses: Sequence[ast.Clause], told: Sequence[Data]
) -> list[Diagnostic]:
    """Inputs that are called as what the model is given beside another one: the lengths of its
    rows, or its edges."""
    each = [(clause, clause.name, d.tensor()) for clause, d in zip(clauses, told, strict=True)]
    beside: dict[str, tuple[ast.Clause, str, str]] = {}
    for clause, name, tensor in each:
        if name is not None and types.padding(tensor) is not None:
            lengths = "the lengths of the rows of another input"
            beside[f"{name.id}_lengths"] = (clause, lengths, "its rows are padded")
        if isinstance(tensor, types.Nodes):
            parts = "a part of the graph that is another input"
            beside |= dict.fromkeys(types.CONTEXT, (clause, parts, "the graph"))
    return [
        Diagnostic(
            "E207",
            f"`{name.id}` is what the model calls {beside[name.id][1]}",
            name.span,
            trail=(Label(beside[name.id][0].span, beside[name.id][2]),),
            needed="another name",
        )
        for _, name, _ in each
        if name is not None and name.id in beside
    ]


def _unnamed(clause: ast.Clause, taken: list[str]) -> Diagnostic:
    word = clause.call.function.id
    usual = USUAL.get(word, word)
    names = [usual, *(f"{usual}_{number}" for number in range(2, len(taken) + 3))]
    name = next(one for one in names if one not in taken)
    at = clause.settings.span
    return Diagnostic(
        "E425",
        "each of several inputs has a name, and this one has none",
        clause.span,
        needed=f"`data {name} = {word}(…)`",
        help=f"the model reads it by that name: `{name} -> …`",
        fix=Fix(f"call it `{name}`", (Edit(at._replace(end=at.start), f"{name} = "),)),
    )


def _same_name(name: ast.Name, first: ast.Clause) -> Diagnostic:
    return Diagnostic(
        "E207",
        f"`{name.id}` is bound already",
        name.span,
        trail=(Label(first.span, "the first one"),),
        needed="another name",
    )


def bound_already(name: ast.Name) -> Diagnostic:
    """The finding for an input that is called as something else."""
    return Diagnostic("E207", f"`{name.id}` is bound already", name.span, needed="another name")


def _other_count(clause: ast.Clause, count: int, first: ast.Clause) -> Diagnostic:
    named = {one.name: one for one in clause.call.arguments}
    argument = named.get("samples", named.get("graphs"))
    return Diagnostic(
        "E426",
        f"one input has {count:,} samples, and another has not as many",
        argument.span if argument is not None else clause.span,
        trail=(Label(first.span, "the samples are counted here already"),),
        needed="the same `samples`, or `samples` in one clause: a sample is one of each input",
    )


def _one_graph(clause: ast.Clause) -> Diagnostic:
    return Diagnostic(
        "E427",
        "a graph beside other inputs is one of many, as each sample has one",
        clause.settings.span,
        needed="`graphs=`, the number of graphs",
        help="of a single graph the nodes are the samples: what is said of one is a feature of it",
    )


def _second_graph(clause: ast.Clause, first: ast.Clause) -> Diagnostic:
    return Diagnostic(
        "E427",
        "a model reads one graph at most, and this is another",
        clause.span,
        trail=(Label(first.span, "the first graph"),),
        needed="one graph beside other inputs",
        help="two graphs of a sample can be one, in two parts that no edge joins: a feature of the "
        "nodes tells which is which",
    )


def _no_such_input(given: ast.Argument, names: Sequence[str], near: Meant) -> Diagnostic:
    """The finding for a task about an input that there is not."""
    text = given.value.span.text
    return Diagnostic(
        "E428",
        f"the task is about `{text}`, and no input is called so",
        given.value.span,
        needed=f"one of {', '.join(names)}" if names else "a `data` clause with that name",
        help=near.help,
        fix=near.fix,
    )
