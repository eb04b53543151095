"""A graph as a list of ops in the order of the forward pass, each with its inputs' places."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from archdsl.graph.walk import Walker
from archdsl.types import inputs

if TYPE_CHECKING:
    from archdsl.graph.nodes import CallNode, Fragment, Graph, OpNode, Slot
    from archdsl.graph.walk import Several
    from archdsl.source import Span
    from archdsl.types import TensorType

INPUT = -1  # the place of what flows into the model; of several inputs the others are behind it


def is_input(place: int) -> bool:
    """Whether a place is that of an input of the model."""
    return place <= INPUT


def input_places(takes: TensorType) -> dict[int, TensorType]:
    """The places of the inputs of a model, with their types."""
    return {INPUT - number: part for number, part in enumerate(inputs(takes).values())}


class Call(NamedTuple):
    """One call of a block on the way to an op."""

    block: str
    span: Span
    outer: Call | None


class Step(NamedTuple):
    """One op as it runs: ``inputs`` are places in the list, or of an input of the model
    (:func:`is_input`); its weights are those that the op at ``weights`` has: its own place, or an
    earlier one where a module is applied again. ``beside`` tells a further result of the op before
    it, which has the weights of both."""

    place: int
    node: OpNode
    inputs: tuple[int, ...]
    call: Call | None
    weights: int
    beside: bool = False

    @property
    def again(self) -> bool:
        """Whether its weights are those of an earlier one."""
        return self.weights != self.place

    @property
    def calls(self) -> tuple[Call, ...]:
        """The block calls that led here, innermost first."""
        found: list[Call] = []
        call = self.call
        while call is not None:
            found.append(call)
            call = call.outer
        return tuple(found)


class Flat(Walker[int]):
    """All ops of a graph, every copy on its own. ``output`` is the place of the result."""

    def __init__(self, graph: Graph) -> None:
        super().__init__()
        self.graph = graph
        self.steps: list[Step] = []
        self._call: Call | None = None
        self._applied: list[dict[str, int]] = []  # the places of the modules of each body
        self._behind = 0  # how far behind its first application a module that is applied again is
        self.output = self.model(graph.model, INPUT)

    @cached_property
    def readers(self) -> list[list[int]]:
        """The places that read each place's result."""
        found: list[list[int]] = [[] for _ in self.steps]
        for step in self.steps:
            for source in step.inputs:
                if not is_input(source):
                    found[source].append(step.place)
        return found

    def body(self, fragment: Fragment, takes: int | Several[int]) -> int | Several[int]:
        self._applied.append({})
        result = super().body(fragment, takes)
        self._applied.pop()
        return result

    def slot(self, node: Slot, takes: int | Several[int]) -> int | Several[int]:
        if node.module is None:
            return self.node(node.layer, takes)
        outside, here = self._behind, len(self.steps)
        first = self._applied[-1 - node.module.up].setdefault(node.module.name, here)
        self._behind = outside or here - first
        result = self.node(node.layer, takes)
        self._behind = outside
        return result

    def entering(
        self, fragment: Fragment, takes: int | Several[int]
    ) -> dict[str, int | Several[int]]:
        if self.bodies:
            return super().entering(fragment, takes)
        return {name: INPUT - number for number, name in enumerate(inputs(fragment.takes))}

    def call(self, node: CallNode, takes: int | Several[int]) -> int | Several[int]:
        outer = self._call
        self._call = Call(node.fragment.name, node.span, outer)
        result = self.body(node.fragment, takes)
        self._call = outer
        return result

    def results(self, node: OpNode, inputs: list[int]) -> list[int]:
        places = super().results(node, inputs)
        for place in places[1:]:
            self.steps[place] = self.steps[place]._replace(beside=True)
        return places

    def op(self, node: OpNode, inputs: list[int]) -> int:
        place = len(self.steps)
        weights = self.steps[place - self._behind].weights if self._behind else place
        self.steps.append(Step(place, node, tuple(inputs), self._call, weights))
        return place
