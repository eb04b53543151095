"""Going through a graph in the order of the forward pass, with a value for each tensor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar, cast

from archdsl.graph.nodes import (
    Branch,
    CallNode,
    Chain,
    Explored,
    Fragment,
    OpNode,
    Ref,
    Repeat,
    Slot,
)
from archdsl.ops.merge.outputs import Outputs as PutTogether
from archdsl.ops.result import Result
from archdsl.types import Outputs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.graph.nodes import Node

Value = TypeVar("Value")


class Several(Generic[Value]):
    """The values of several results, and the op that puts them together."""

    def __init__(self, values: list[Value], node: OpNode) -> None:
        self.values = values
        self.node = node


class Walker(Generic[Value]):
    """What every walk shares: chains, repeats, merges, bodies, names and several results.

    A walk says what an op gives from the values of its inputs, and may say what a call gives
    without going into it. It meets no op that puts results together or takes them apart, but for
    the last one of a model: what reads a result has the value of what gives it.
    """

    def __init__(self) -> None:
        self.bodies: list[dict[str, Value | Several[Value]]] = []

    def op(self, node: OpNode, inputs: list[Value]) -> Value:
        """The value that an op gives; ``inputs`` as :class:`archdsl.ops.base.Op` says."""
        raise NotImplementedError

    def results(self, node: OpNode, inputs: list[Value]) -> list[Value]:
        """The values that an op with several results gives."""
        return [self.op(one, inputs) for one in apart(node)]

    def call(self, node: CallNode, takes: Value | Several[Value]) -> Value | Several[Value]:
        """The value that a block call gives: by default its body is gone through."""
        return self.body(node.fragment, takes)

    def named(self, ref: Ref) -> Value | Several[Value]:
        """The value of a tensor bound by name."""
        return self.bodies[-1 - ref.up][ref.name]

    def entering(
        self, fragment: Fragment, takes: Value | Several[Value]
    ) -> dict[str, Value | Several[Value]]:
        """What flows into a body, by its names there."""
        return {"x": takes}

    def model(self, fragment: Fragment, takes: Value) -> Value:
        """A whole model gone through; its results, if they are several, are put together."""
        result = self.body(fragment, takes)
        return self.op(result.node, result.values) if isinstance(result, Several) else result

    def body(self, fragment: Fragment, takes: Value | Several[Value]) -> Value | Several[Value]:
        """A body gone through: its lets, then its result."""
        names = self.entering(fragment, takes)
        self.bodies.append(names)
        for binding in fragment.bindings:
            names[binding.name] = self.node(binding.node, takes)
        result = self.node(fragment.result, takes)
        self.bodies.pop()
        return result

    def node(self, node: Node, takes: Value | Several[Value]) -> Value | Several[Value]:
        """The value that a node gives when it is applied to what has the value ``takes``."""
        if isinstance(node, OpNode):
            return self._of_op(node, takes)
        if isinstance(node, Slot):
            return self.slot(node, takes)
        if not node.size and not node.refs:
            assert not isinstance(node, Explored), "what an explored part holds is not known"
            return takes  # nothing in it, however often
        if isinstance(node, Ref):
            return self.named(node)
        if isinstance(node, Chain):
            for step in node.steps:
                takes = self.node(step, takes)
            return takes
        if isinstance(node, Repeat):
            for _ in range(node.count):
                takes = self.node(node.step, takes)
            return takes
        if isinstance(node, CallNode):
            return self.call(node, takes)
        assert isinstance(node, Branch)
        return self.node(node.layer, takes)

    def slot(self, node: Slot, takes: Value | Several[Value]) -> Value | Several[Value]:
        """The value that a layer bound by name gives."""
        return self.node(node.layer, takes)

    def _of_op(self, node: OpNode, takes: Value | Several[Value]) -> Value | Several[Value]:
        """The value that an op gives, of whatever kind."""
        if isinstance(takes, Several):
            if isinstance(node.op, Result):
                return takes.values[node.op.place]
        elif not (node.branches or node.op.takes_several or isinstance(node.out, Outputs)):
            return self.op(node, [takes])
        inputs = self._inputs(node, takes)
        if node.op.takes_several:
            return inputs[0] if node.op.auxiliary else Several(inputs, node)
        if isinstance(node.out, Outputs):
            return Several(self.results(node, inputs), together(node))
        return self.op(node, inputs)

    def _inputs(self, node: OpNode, takes: Value | Several[Value]) -> list[Value]:
        inputs = [self.node(branch, takes) for branch in node.branches]
        if not inputs or node.op.branches.with_flow:
            inputs.insert(0, takes)
        return cast("list[Value]", inputs)  # ops refuse several where they take one


def apart(node: OpNode) -> tuple[OpNode, ...]:
    """An op that gives several results as ops that each give one of them."""
    assert isinstance(node.out, Outputs)
    known: tuple[OpNode, ...] | None = node.known.get(apart)
    if known is None:
        ops = zip(node.op.apart(*node.inputs), node.out.parts, strict=True)
        known = node.known[apart] = tuple(
            OpNode(op, (), node.inputs, out, node.span, call=node.call, learning=node.learning)
            for op, out in ops
        )
    return known


def together(node: OpNode) -> OpNode:
    """The op that puts the results of one that gives several together."""
    assert isinstance(node.out, Outputs)
    return OpNode(PutTogether(), (), node.out.parts, node.out, node.span)


def every(top: Node | Fragment) -> list[Node | Fragment]:
    """A node of a graph and all below it, each once."""
    found: dict[int, Node | Fragment] = {}
    waiting: list[Node | Fragment] = [top]
    while waiting:
        node = waiting.pop()
        if id(node) not in found:
            found[id(node)] = node
            waiting.extend(_inside(node))
    return list(found.values())


def _inside(node: Node | Fragment) -> tuple[Node | Fragment, ...]:
    """As ``children``, and into bodies and called blocks."""
    if isinstance(node, Fragment):
        return tuple(body(node))
    return (node.fragment,) if isinstance(node, CallNode) else children(node)


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly inside, those of a called block left out."""
    if isinstance(node, Chain):
        return node.steps
    if isinstance(node, OpNode):
        return node.branches
    if isinstance(node, Repeat):
        return (node.step,)
    if isinstance(node, (Slot, Branch)):
        return (node.layer,)
    return ()


def body(fragment: Fragment) -> Iterator[Node]:
    """The nodes a fragment is made of."""
    for binding in fragment.bindings:
        yield binding.node
    yield fragment.result
