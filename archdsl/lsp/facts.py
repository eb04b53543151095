"""What is known of each place of a text: the types that layers there take and give, and costs.

It is read off the graphs of designs. A place in a block is met once for each call that came out
another way, and a place in a space once for each design that was looked at.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.cost.counts import macs, params
from archdsl.graph.nodes import Branch, CallNode, Chain, OpNode, Ref, Repeat, Slot

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from archdsl.evaluate.program import Evaluation
    from archdsl.graph.nodes import Fragment, Node
    from archdsl.source import Span
    from archdsl.types import TensorType

Place = tuple[int, int]  # the first character, and that behind the last


class Fact(NamedTuple):
    """One layer, or several in a row, as they came out: what they take, where they read no name
    instead, and what they give; ``macs`` and ``params`` are their own."""

    takes: TensorType | None
    out: TensorType
    params: int
    macs: int


class Cost(NamedTuple):
    """What all that a place makes of a design takes together, wherever it is called."""

    times: int = 0
    params: int = 0
    macs: int = 0

    def plus(self, times: int, fact: Fact) -> Cost:
        """With a layer that is met so often."""
        return Cost(
            self.times + times, self.params + times * fact.params, self.macs + times * fact.macs
        )


class Facts:
    """``at`` each place what was met there; ``costs`` of it in the first design that has it, by
    its architecture; ``arguments`` what the parameters of each block were given."""

    def __init__(self, name: str, rows: Sequence[Place]) -> None:
        self.name = name
        self.rows = rows
        self.at: dict[Place, dict[Fact, None]] = defaultdict(dict)
        self.costs: dict[tuple[str, Place], Cost] = {}
        self.arguments: dict[tuple[Place, str], dict[str, None]] = defaultdict(dict)
        self.hints: dict[bool, Any] = {}  # what is shown of it beside the text, once that is asked

    def add(self, arch: str, evaluation: Evaluation, is_first: bool) -> None:
        """What one design says."""
        bodies = list(_bodies(evaluation.graph.model, self.name, self.rows))
        for body in bodies:
            for place, fact, _ in body.met:
                self.at[place][fact] = None
            for name, value in body.fragment.arguments:
                if body.fragment.span.source.name == self.name:
                    key = (body.fragment.span.start, body.fragment.span.end), name
                    self.arguments[key][str(value)] = None
        if is_first:
            self._cost(arch, bodies)

    def _cost(self, arch: str, bodies: Sequence[_Body]) -> None:
        times: dict[int, int] = defaultdict(int)
        times[id(bodies[-1].fragment)] = 1
        for body in reversed(bodies):  # callers before what they call
            often = times[id(body.fragment)]
            for called, count in body.calls:
                times[id(called)] += often * count
            for place, fact, count in body.met:
                key = arch, place
                self.costs[key] = self.costs.get(key, Cost()).plus(often * count, fact)


def facts_of(
    name: str, rows: Sequence[Place], designs: Mapping[str, Sequence[Evaluation]]
) -> Facts:
    """What designs say of the text of a name. ``rows`` are places, such as ``each(…)``, whose
    layers stand in a row with others."""
    facts = Facts(name, rows)
    for arch, evaluations in designs.items():
        for number, evaluation in enumerate(evaluations):
            facts.add(arch, evaluation, is_first=not number)
    return facts


class _Body:
    """One body as it came out: what is met in it and how often, and the bodies it calls."""

    def __init__(self, fragment: Fragment, name: str, rows: Sequence[Place]) -> None:
        self.fragment = fragment
        self.name = name
        self.rows = rows
        self.met: list[tuple[Place, Fact, int]] = []
        self.calls: list[tuple[Fragment, int]] = []
        self.modules: set[str] = set()
        for binding in (*fragment.bindings, *fragment.dead):
            times = 1 if binding in fragment.bindings else 0
            self._meet(binding.node, None, times, binding.span)
            self._node(binding.node, fragment.takes, times)
        self._node(fragment.result, fragment.takes, 1)

    def _meet(
        self, node: Node, takes: TensorType | None, times: int, span: Span | None = None
    ) -> None:
        where = node.span if span is None else span
        if where.source.name == self.name:
            fact = Fact(takes, node.out, params(node), macs(node))
            self.met.append(((where.start, where.end), fact, times))

    def _node(self, node: Node, takes: TensorType, times: int) -> None:
        if isinstance(node, Chain):
            self._chain(node, takes, times)
            return
        if not isinstance(node, Ref):
            self._meet(node, takes, times)
        if isinstance(node, CallNode):
            self.calls.append((node.fragment, times))
        elif isinstance(node, Repeat):
            self._node(node.step, takes, times * node.count)
        elif isinstance(node, (Slot, Branch)):
            self._layer(node, takes, times)
        elif isinstance(node, OpNode):
            for branch in node.branches:
                self._node(branch, takes, times)

    def _layer(self, node: Slot | Branch, takes: TensorType, times: int) -> None:
        """What a name stands for; a module is looked into once."""
        module = node.module if isinstance(node, Slot) else None
        if module is not None and module.name in self.modules:
            return
        self.modules |= {module.name} if module is not None else set()
        self._node(node.layer, takes, times)

    def _chain(self, chain: Chain, takes: TensorType, times: int) -> None:
        before = [takes, *(step.out for step in chain.steps)]
        if chain.span.source.name == self.name:
            reads = chain.steps and isinstance(chain.steps[0], Ref)
            self._meet(chain, None if reads else takes, times)
            for row in self.rows:
                self._row(chain, before, row, times)
        for step, flowing in zip(chain.steps, before, strict=False):
            self._node(step, flowing, times)

    def _row(self, chain: Chain, before: Sequence[TensorType], row: Place, times: int) -> None:
        """The steps of a chain that come from one place."""
        if row[1] < chain.span.start or chain.span.end < row[0]:
            return
        inside = [i for i, step in enumerate(chain.steps) if _within(step, row)]
        if not inside or len(inside) == len(chain.steps):
            return
        steps = [chain.steps[i] for i in inside]
        fact = Fact(
            before[inside[0]], steps[-1].out, sum(map(params, steps)), sum(map(macs, steps))
        )
        self.met.append((row, fact, times))


def _within(node: Node, row: Place) -> bool:
    return row[0] <= node.span.start and node.span.end <= row[1]


def _bodies(model: Fragment, name: str, rows: Sequence[Place]) -> Iterator[_Body]:
    """All bodies of a design, each once, and behind those that it calls."""
    done: set[int] = set()
    open_: list[tuple[_Body, Iterator[Fragment]]] = []

    def begin(fragment: Fragment) -> None:
        done.add(id(fragment))
        body = _Body(fragment, name, rows)
        open_.append((body, iter([called for called, _ in body.calls])))

    begin(model)
    while open_:
        left = open_[-1][1]
        called = next(left, None)
        if called is None:
            yield open_.pop()[0]
        elif id(called) not in done:
            begin(called)
