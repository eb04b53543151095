"""How much a design can learn by heart, and what holds it back. What is frozen learns nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl import types
from archdsl.ops.base import Trait
from archdsl.rules.facts_regularisation import effective_regularisers
from archdsl.rules.facts_trainable import trainable, trained_in

if TYPE_CHECKING:
    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case


def ratio(case: Case) -> float | None:
    """Learned numbers for each sample (or token, or labelled position), embeddings left out."""
    return None if not case.samples else case.fact(body) / case.samples


def tables(case: Case) -> list[Step]:
    """The embeddings of token ids, of whose rows a sample reads, and settles, a few only."""
    found = case.having(Trait.EMBEDDING)
    return [step for step in found if types.is_ids(step.node.inputs[0])]


def embedded(case: Case) -> int:
    """Learned numbers of the embeddings of token ids."""
    return sum(trained_in(case, s.node) for s in case.fact(tables) if not s.again)


def body(case: Case) -> int:
    """Learned numbers of all the rest, which every sample goes through."""
    return case.fact(trainable) - case.fact(embedded)


def lookups(case: Case) -> int:
    """How many ids the data hold, each of which reads a row of an embedding."""
    ids = [types.numel(given) for given in case.inputs.values() if types.is_ids(given)]
    return (case.data.samples or 0) * sum(ids)


def lessons(case: Case) -> int:
    """What training shows a design: its samples, and of a single graph all nodes, labelled or not,
    as a node's neighbours stand in its answer."""
    samples, takes = case.samples or 0, case.takes
    if types.is_one_graph(takes):
        return max(samples, takes.nodes)
    return samples


def regularised(case: Case) -> bool:
    """Whether anything that has an effect holds the design back."""
    return bool(case.fact(effective_regularisers))


def per_unit(case: Case, number: float, above: float = 0) -> str:
    """``19.9 parameters a sample``"""
    return per(case.unit, number, above)


def per(unit: str, number: float, above: float = 0) -> str:
    """``19.9 parameters a sample``"""
    noun = "parameter" if number == 1 else "parameters"
    return f"{plain(number, above)} {noun} a {unit}"


def plain(number: float, above: float = 0) -> str:
    """Three digits, or all before the point: ``0.0123``, ``19.9``, ``10,000``; as many more as it
    takes to show that a number is ``above`` another."""
    shown = f"{number:.3g}"
    if "e+" in shown:
        shown = f"{number:.0f}"
    digits = 3
    while number > above >= float(shown):
        digits += 1
        shown = f"{number:.{digits}g}"
    whole, point, rest = shown.partition(".")
    return f"{int(whole):,}{point}{rest}" if whole.isdigit() else shown
