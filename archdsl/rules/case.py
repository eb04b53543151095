"""The input of rules: a design with its clauses, and facts about its graph, each computed once."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from archdsl import types
from archdsl.cost.counts import macs, params
from archdsl.graph.flat import INPUT, Flat, input_places, is_input
from archdsl.graph.walk import every
from archdsl.ops.base import Trait

if TYPE_CHECKING:
    from collections.abc import Callable

    from archdsl.cost.saved import Saved
    from archdsl.evaluate.program import Evaluation, Program
    from archdsl.graph.flat import Step
    from archdsl.graph.nodes import Fragment, Node
    from archdsl.source import Span
    from archdsl.spec.data import Data
    from archdsl.spec.task import Task
    from archdsl.spec.train import Train


Fact = TypeVar("Fact")


class Case:
    """One design that is checked. ``siblings`` are the other architectures of its file."""

    def __init__(
        self,
        program: Program,
        evaluation: Evaluation,
        siblings: tuple[Program, ...] = (),
    ) -> None:
        self.program = program
        self.evaluation = evaluation
        self.graph = evaluation.graph
        self.siblings = siblings
        self._facts: dict[Callable[[Case], Any], Any] = {}

    def fact(self, of: Callable[[Case], Fact]) -> Fact:
        """The result of a function of ``facts_*.py`` for this design, computed once."""
        if of not in self._facts:
            self._facts[of] = of(self)
        found: Fact = self._facts[of]
        return found

    @property
    def data(self) -> Data:
        return self.evaluation.clauses.data

    @property
    def task(self) -> Task | None:
        return self.evaluation.clauses.task

    @property
    def train(self) -> Train | None:
        return self.evaluation.clauses.train

    @property
    def takes(self) -> types.TensorType:
        """The type of one sample."""
        return self.program.input

    @cached_property
    def inputs(self) -> dict[int, types.TensorType]:
        """The types of what flows in, by their places; mostly it is one."""
        return input_places(self.takes)

    def given(self, place: int) -> types.TensorType:
        """The type of the result at a place, or of the input."""
        return self.inputs[place] if is_input(place) else self.flat.steps[place].node.out

    def input_name(self, place: int) -> str:
        """What an input is called where people are told of it."""
        if len(self.inputs) == 1:
            return "the input"
        return f"`{list(types.inputs(self.takes))[INPUT - place]}`"

    @cached_property
    def subject(self) -> int:
        """The place of the input that the answers are about."""
        if self.task is None:
            return INPUT
        about = self.task.subject(self.data)
        several = enumerate(self.data.inputs().values())
        return INPUT - next((number for number, one in several if one is about), 0)

    @property
    def span(self) -> Span:
        """The name of the ``arch``: where a finding about the whole design points."""
        return self.program.span

    @property
    def unit(self) -> str:
        """What one label belongs to: a sample, pixel, token or node.

        Without a task it is a node or a token where the model answers for each of them.
        """
        if self.task is not None:
            return self.task.unit(self.data)
        out = self.graph.model.out
        answer = out.parts[0] if isinstance(out, types.Outputs) else out
        if isinstance(answer, types.Nodes):
            return "node"
        takes = self.takes
        each = isinstance(takes, types.Tokens) and types.spatial(answer) == (takes.length,)
        return "token" if each else "sample"

    @cached_property
    def samples(self) -> int | None:
        """The number of labelled units in the training data; None when the spec does not say."""
        about = self.data if self.task is None else self.task.subject(self.data)
        return about.labelled(self.unit)

    @cached_property
    def flat(self) -> Flat:
        """All ops in the order of the forward pass."""
        return Flat(self.graph)

    @cached_property
    def nodes(self) -> list[Node | Fragment]:
        """All that the graph is made of, its bodies among it, each once."""
        return every(self.graph.model)

    @cached_property
    def steps(self) -> list[Step]:
        """All ops in that order; sums and concatenations leave out inputs that are all zeros."""
        return _without_zeros(self.flat.steps)

    def having(self, trait: Trait) -> list[Step]:
        """The ops with a trait, in order."""
        return self._by_trait.get(trait, [])

    @cached_property
    def _by_trait(self) -> dict[Trait, list[Step]]:
        found: dict[Trait, list[Step]] = {}
        for step in self.steps:
            for trait in step.node.op.traits:
                found.setdefault(trait, []).append(step)
        return found

    @cached_property
    def written(self) -> dict[Span, list[Step]]:
        """The ops by their span in the source: all copies of one, in order."""
        found: dict[Span, list[Step]] = {}
        for step in self.steps:
            found.setdefault(step.node.span, []).append(step)
        return found

    @cached_property
    def weighted(self) -> list[Step]:
        """The layers with a learned matrix or kernel, in order."""
        return [step for step in self.having(Trait.WEIGHTED) if not step.beside]

    @cached_property
    def depths(self) -> list[int]:
        """For each op, the largest number of weighted layers on any path from the input to it."""
        found: list[int] = []
        for step in self.steps:
            before = max([0 if is_input(source) else found[source] for source in step.inputs])
            found.append(before + (Trait.WEIGHTED in step.node.op.traits))
        return found

    @property
    def depth(self) -> int:
        """Weighted layers on the longest path."""
        return max(self.depths, default=0)

    @cached_property
    def widths(self) -> list[tuple[Step, int]]:
        """Each weighted layer with its channels or features, in order."""
        return [(step, types.channels(step.node.out)) for step in self.weighted]

    @cached_property
    def params(self) -> int:
        """The number of parameters."""
        return params(self.graph)

    @cached_property
    def macs(self) -> int:
        """Multiply-accumulates for one sample."""
        return macs(self.graph)

    @cached_property
    def saved(self) -> Saved:
        """Bytes kept for backward in fp32."""
        from archdsl.cost.saved import saved_for_backward

        return saved_for_backward(self.graph)


def _without_zeros(steps: list[Step]) -> list[Step]:
    """The ops without the paths whose result is all zeros, which are no skips."""
    if not any(map(_is_zero, steps)):
        return steps
    zeros: set[int] = set()
    found: list[Step] = []
    for step in steps:
        traits = step.node.op.traits
        live = tuple(source for source in step.inputs if source not in zeros)
        if _is_zero(step) or not live:
            zeros.add(step.place)
        merges = traits & {Trait.ADDITIVE, Trait.CONCATENATIVE}
        found.append(step._replace(inputs=live) if merges and live else step)
    return found


def _is_zero(step: Step) -> bool:
    """Whether it gives zeros, whatever flows in."""
    return Trait.CONSTANT in step.node.op.traits and step.node.bounds() == (0, 0)
