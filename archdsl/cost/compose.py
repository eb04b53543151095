"""Costs that compose: what a part of a graph costs follows from what the parts inside it cost.

A part's :class:`Summary` holds *amounts*, whole numbers that add up over parts that do not overlap,
and a *border*, what neighbours must know of the part: which tensors from outside it keeps, what its
result is. Each :class:`Composition` says how the summary of a larger part follows from those of
smaller ones, and a body remembers its summaries, so only what is new is ever computed.

Tensors from outside a part are its *sources*: what flows into it, or a tensor bound by name
(:class:`~archdsl.graph.nodes.Ref`), ``up`` counted from the body that the part stands in. Where
several results flow in, or a name holds several, each of them is a source (:func:`result_of`).
"""

from __future__ import annotations

from abc import ABCMeta
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, TypeVar
from weakref import WeakValueDictionary

from archdsl.graph.nodes import (
    Branch,
    CallNode,
    Chain,
    Explored,
    Fragment,
    Learning,
    Node,
    OpNode,
    Ref,
    Repeat,
    Slot,
)
from archdsl.ops.result import Result
from archdsl.types import Inputs, Outputs, inputs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archdsl.graph.nodes import Graph
    from archdsl.types import TensorType

Part = Node | Fragment
Source = tuple[str, int]  # a tensor bound by name: the name, and how many bodies further out
FLOW: Source = ("", 0)  # what flows into a part
ENTRY: Source = ("x", 0)  # what flows into a body, by its name there
RESULT = "."  # between the name of several results and the place of one; in no name of a spec

P = TypeVar("P")


def result_of(source: Source, place: int) -> Source:
    """One of several results, as a source of its own."""
    name, up = source
    return (f"{name}{RESULT}{place}", up)


def sources_of(source: Source, tensor: TensorType) -> tuple[Source, ...]:
    """Where a source holds several results each of them, else the source."""
    if not isinstance(tensor, Outputs):
        return (source,)
    return tuple(result_of(source, place) for place in range(len(tensor.parts)))


class Results(tuple[P, ...]):
    """What is known of each of several results."""

    __slots__ = ()


def bound(source: Source, value: P | Results[P]) -> Iterator[tuple[Source, P | Results[P]]]:
    """What a source holds, and where it holds several results what each of them is."""
    yield source, value
    if isinstance(value, Results):
        for place, one in enumerate(value):
            yield result_of(source, place), one


class Shown(NamedTuple):
    """Several results, as a border tells them: each a source that it shows, or the place of one of
    the ``own`` storages made inside, which several may show."""

    each: tuple[Source | int, ...]
    own: tuple[int, ...]


def entered(takes: TensorType) -> dict[Source, Source]:
    """What flows into a body, by its names there."""
    names = {ENTRY: FLOW}
    if isinstance(takes, Outputs):
        names |= dict(zip(sources_of(ENTRY, takes), sources_of(FLOW, takes), strict=True))
    return names


class Summary(NamedTuple):
    """What a part of a graph costs, and what its neighbours must know of it."""

    amounts: tuple[int, ...]
    border: Any = None


class _OneEach(ABCMeta):
    """Gives the same instance for the same class and fields, so that looking one up is quick."""

    _made: ClassVar[WeakValueDictionary[tuple[Any, ...], Any]] = WeakValueDictionary()

    def __call__(cls, *arguments: Any, **named: Any) -> Any:
        made = super().__call__(*arguments, **named)
        return cls._made.setdefault((cls, *made.settings()), made)


@dataclass(frozen=True, eq=False)
class Composition(metaclass=_OneEach):
    """How one cost composes. There is one instance for the same class and fields.

    ``then`` must be associative, and what ``copies`` and ``row`` give must follow from it.
    """

    amounts: ClassVar[int] = 0  # how many
    in_use: ClassVar[bool] = (
        False  # whether results of training only, and their layers, cost nothing
    )

    def settings(self) -> tuple[Any, ...]:
        """The values of its fields."""
        return tuple(getattr(self, one.name) for one in fields(self))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), self.settings()

    def of(self, part: Part) -> Summary:
        """What a part of a graph costs; bodies and ops remember it."""
        if isinstance(part, Chain):
            return self.row([(step, self.of(step)) for step in part.steps])
        if isinstance(part, CallNode):
            inside = self.of(part.fragment)
            return self.call(inside) if part.refs else inside
        if isinstance(part, (Fragment, OpNode)):
            found: Summary | None = part.known.get(self)
            return found or self._remembered(part)
        if isinstance(part, Repeat):
            return self.copies(part.count, part.step, self.of(part.step))
        if isinstance(part, Ref):
            return self.ref(part)
        return self.explored(part) if isinstance(part, Explored) else self.of(part.layer)

    def _remembered(self, part: Fragment | OpNode) -> Summary:
        if isinstance(part, OpNode):
            found = self._op(part)
        else:
            lets = [self.of(binding.node) for binding in part.bindings]
            found = self.body(part, lets, self.of(part.result))
        part.known[self] = found
        return found

    def _op(self, node: OpNode) -> Summary:
        if self.in_use and node.learning is Learning.AUXILIARY:
            return self.absent
        if isinstance(node.op, Result):
            return self.source(result_of(FLOW, node.op.place))
        return self.op(node, [self.of(branch) for branch in node.branches])

    @property
    def absent(self) -> Summary:
        """Of layers that are not run: they read nothing, and nobody reads them."""
        raise NotImplementedError

    def source(self, source: Source) -> Summary:
        """Of a tensor from outside, as it is."""
        raise NotImplementedError

    @property
    def nothing(self) -> Summary:
        """Of no layers at all: what flows in flows out."""
        raise NotImplementedError

    def op(self, node: OpNode, branches: list[Summary]) -> Summary:
        """Of an op and the layers it merges."""
        raise NotImplementedError

    def ref(self, ref: Ref) -> Summary:
        """Of a tensor bound by name."""
        raise NotImplementedError

    def then(self, first: Summary, second: Summary) -> Summary:
        """Of two parts, the second applied to what the first gives."""
        raise NotImplementedError

    def row(self, steps: Sequence[tuple[Node, Summary]]) -> Summary:
        """Of parts one after another, each applied to what the one before gives."""
        whole = self.nothing
        for _, summary in steps:
            whole = self.then(whole, summary)
        return whole

    def copies(self, count: int, step: Node, summary: Summary) -> Summary:
        """Of ``count`` ≥ 1 equal parts one after another: put together by doubling."""
        whole, power = self.nothing, summary
        while count:
            whole = self.then(whole, power) if count & 1 else whole
            count >>= 1
            power = self.then(power, power) if count else power
        return whole

    def body(self, fragment: Fragment, lets: list[Summary], result: Summary) -> Summary:
        """Of a body: ``lets`` are those of its bindings, in order."""
        raise NotImplementedError

    def call(self, summary: Summary) -> Summary:
        """Of a body as the body around it sees it: tensors bound by name are one body closer."""
        raise NotImplementedError

    def explored(self, node: Explored) -> Summary:
        """Of what a part of a space may come to: its amounts are counted where it is explored."""
        return Summary((0,) * self.amounts, node.parts[node.costs.index(self)])

    def total(self, takes: TensorType, summary: Summary) -> tuple[int, ...]:
        """Of a whole model, what flows in and out of it included; ``summary`` is its body's."""
        raise NotImplementedError


class Sums(Composition):
    """One amount, added up over ops; nothing is seen at borders.

    This is what a search asks of every design, so its parts are gone through in one short loop.
    """

    amounts = 1

    def own(self, node: OpNode) -> int:
        """What an op costs without the layers it merges."""
        raise NotImplementedError

    def of(self, part: Part) -> Summary:
        return Summary((self._sum((part,)),))

    def _sum(self, parts: Sequence[Any]) -> int:
        total = 0
        for part in parts:
            kind = type(part)
            if kind is CallNode:
                part = part.fragment
            elif kind is Chain:
                total += self._sum(part.steps)
                continue
            elif kind is not OpNode and kind is not Fragment:
                total += self._inside(part)
                continue
            found: int | None = part.known.get(self)
            total += self._new(part) if found is None else found
        return total

    def _inside(self, part: Any) -> int:
        if isinstance(part, Repeat):
            return part.count * self._sum((part.step,))
        return self._sum((part.layer,)) if isinstance(part, (Slot, Branch)) else 0

    def _new(self, part: OpNode | Fragment) -> int:
        if isinstance(part, OpNode):
            found = self.counted(part) + self._sum(part.branches)
        else:
            found = self._sum([part.result, *[binding.node for binding in part.bindings]])
        part.known[self] = found
        return found

    @property
    def nothing(self) -> Summary:
        return Summary((0,))

    def op(self, node: OpNode, branches: list[Summary]) -> Summary:
        return _added([Summary((self.counted(node),)), *branches])

    def counted(self, node: OpNode) -> int:
        """What an op adds: nothing where it is not run."""
        return 0 if self.in_use and node.learning is Learning.AUXILIARY else self.own(node)

    def ref(self, ref: Ref) -> Summary:
        return self.nothing

    def then(self, first: Summary, second: Summary) -> Summary:
        return _added([first, second])

    def copies(self, count: int, step: Node, summary: Summary) -> Summary:
        return Summary((count * summary.amounts[0],))

    def body(self, fragment: Fragment, lets: list[Summary], result: Summary) -> Summary:
        return _added([*lets, result])

    def call(self, summary: Summary) -> Summary:
        return summary

    def total(self, takes: TensorType, summary: Summary) -> tuple[int, ...]:
        return summary.amounts


def _added(summaries: list[Summary]) -> Summary:
    return Summary((sum([summary.amounts[0] for summary in summaries]),))


def summary(composition: Composition, part: Part) -> Summary:
    """What a part of a graph costs. Bodies and ops remember it."""
    return composition.of(part)


def total(composition: Composition, graph: Graph) -> tuple[int, ...]:
    """What a whole design costs."""
    return composition.total(graph.model.takes, summary(composition, graph.model))


def entries(takes: TensorType) -> dict[Source, TensorType]:
    """The inputs of a model as its summary names them: what flows in, or each of several by name,
    which no body binds."""
    if isinstance(takes, Inputs):
        return {(name, 0): part for name, part in inputs(takes).items()}
    return {FLOW: takes}


def outside(result: Source | int | Shown) -> Source | int | Shown:
    """A result of a body as the body around it sees it."""
    if isinstance(result, Shown):
        each = (one if isinstance(one, int) else from_outside(one) for one in result.each)
        return Shown(tuple(each), result.own)
    return result if isinstance(result, int) else from_outside(result)


def from_outside(source: Source) -> Source:
    """A source of a body as the body around it names it: what flows in stays what it is."""
    name, up = source
    return (name, up - 1) if name and name[0] != RESULT else source
