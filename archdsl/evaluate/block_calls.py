"""Blocks applied to arguments, each call remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.diagnostics import Label, SpecError
from archdsl.evaluate.frames import MISTAKEN, Closure, Frame, Tensor, key_of
from archdsl.evaluate.layers import Either, Layer, Mistaken, Thing, layer_of
from archdsl.evaluate.memo import LEAVES, Memo, Outcome, Unfit
from archdsl.evaluate.scalars import NOTHING, Constant, Scalar, Variable, beside
from archdsl.graph import build
from archdsl.graph.nodes import Fragment

if TYPE_CHECKING:
    from collections.abc import Set

    from archdsl.evaluate.body import Body
    from archdsl.evaluate.reading import FlowReading
    from archdsl.evaluate.run import Run
    from archdsl.graph.nodes import Node
    from archdsl.source import Span
    from archdsl.types import TensorType


class BlockCall(Layer):
    """A block with its arguments, remembered by what they are and what flows in."""

    __slots__ = (
        "arguments",
        "beside",
        "body",
        "defaults_read_x",
        "label",
        "memo",
        "names",
        "nodes",
        "things",
    )

    def __init__(
        self,
        body: Body,
        arguments: tuple[tuple[str, Thing], ...],
        label: str,
        memo: Memo,
        span: Span,
    ) -> None:
        super().__init__(span, NOTHING.union(*(thing.free for _, thing in arguments)))
        self.body = body
        self.arguments = arguments
        self.label = label
        self.memo = memo
        self.beside = beside([thing for _, thing in arguments])
        defaults = [thing for _, thing in arguments if isinstance(thing, Default)]
        self.defaults_read_x = any("x" in default.thing.free for default in defaults)
        self.names = tuple(name for name, _ in arguments)
        self.things = None if defaults else tuple(thing for _, thing in arguments)
        self.nodes: dict[Fragment, Node] = {}

    def apply(self, frame: Frame, takes: TensorType, run: Run) -> Node:
        inner = self.entered(frame, takes)
        if self.things is None:
            self._defaulted(frame, inner, run)
        else:
            inner.env.update(zip(self.names, self._values(frame, run), strict=True))
        return run.call(self, inner, takes)

    def reads_flow(self, frame: Frame, reading: FlowReading) -> bool:
        inner = Frame({}, "", frame.depth + 1, frame.depth + 1)
        for name, thing in self.arguments:
            given, here = (thing.thing, inner) if isinstance(thing, Default) else (thing, frame)
            layer = layer_of(given)
            if layer is not None:
                inner.env[name] = Closure(layer, here)
        return reading.body(self.body, inner)

    def called(self, inner: Frame, takes: TensorType, run: Run) -> Node:
        """The block's body for the arguments bound in ``inner``; remembered."""
        depth = inner.depth
        keys = [v if type(v) is int else key_of(v, depth) for v in inner.env.values()]
        key = (self.body, takes, inner.learning, *keys)
        start = len(run.asked)
        outcome = self.memo.find(key, inner.path, run)
        if outcome is None:
            outcome = self.evaluated(inner, takes, run)
            self.memo.keep(key, inner.path, run.asked[start:], outcome)
            run.effort += len(run.asked) - start
        elif not isinstance(outcome, SpecError):  # it may have been met less deep before
            run.reach(depth + outcome.nested, self.body.span)
        if not isinstance(outcome, Fragment):
            outcome = self.told(outcome, run)
        return self._node(outcome)

    def _values(self, frame: Frame, run: Run) -> list[Any]:
        """The arguments, when all are given."""
        values: list[Any] = []
        for thing, rest in zip(self.things or (), self.beside, strict=False):
            kind = type(thing)
            if kind is Constant:
                values.append(thing.constant)  # type: ignore[union-attr]
            elif kind is Variable:
                values.append(frame.env[thing.name])  # type: ignore[union-attr]
            elif kind is Either and type(thing.scalar) is Variable:  # type: ignore[union-attr]
                values.append(_handed_on(thing, frame))  # type: ignore[arg-type]
            elif isinstance(thing, Scalar):
                values.append(run.value(thing, frame, rest))
            else:
                values.append(argument(thing, frame, frame, run, rest))
        return values

    def _defaulted(self, frame: Frame, inner: Frame, run: Run) -> None:
        """The arguments, some of them defaults that read those before; bound in ``inner``."""
        for (name, thing), rest in zip(self.arguments, self.beside, strict=True):
            inner.env[name] = argument(thing, frame, inner, run, rest)

    def _node(self, fragment: Fragment) -> Node:
        node = self.nodes.get(fragment)
        if node is None:
            if len(self.nodes) > LEAVES:
                self.nodes.clear()
            node = self.nodes[fragment] = build.call(fragment, self.span, self)
        return node

    def entered(self, frame: Frame, takes: TensorType) -> Frame:
        """The frame of the block's body, its parameters still to be bound."""
        env: dict[str, Any] = {"x": Tensor(takes)} if self.defaults_read_x else {}
        path = f".{self.body.name}" if self.body.shared else frame.path + self.label
        depth = frame.depth + 1
        return Frame(env, path, depth, depth, frame.learning, frame.in_module)

    def evaluated(self, frame: Frame, takes: TensorType, run: Run) -> Outcome:
        """What the body comes to; what it does not meet goes with it, not to the run."""
        before = len(run.unmet)
        try:
            fragment = self.body.evaluate(frame, takes, run)
        except SpecError as error:
            refusal = type(error)(*run.unmet[before:], *error.diagnostics)
            del run.unmet[before:]
            return refusal
        unmet = tuple(run.unmet[before:])
        del run.unmet[before:]
        return Unfit(fragment, unmet) if unmet else fragment

    def told(self, outcome: Unfit | SpecError, run: Run) -> Fragment:
        """The fragment of a call that does not meet its requirements, after the run is told.
        Raises for a call that is refused, or when the run is strict."""
        label = Label(self.span, f"in this call of `{self.body.name}`")
        if isinstance(outcome, SpecError):
            raise type(outcome)(*(finding.through(label) for finding in outcome.diagnostics))
        unmet = [finding.through(label) for finding in outcome.unmet]
        if run.strict_requires:
            raise SpecError(*unmet)
        run.unmet.extend(unmet)
        return outcome.fragment


class ModuleBody(BlockCall):
    """The layer of a module that is more than one op or block: a block that nothing else calls.
    It is given the names that it reads."""

    __slots__ = ()


def _handed_on(thing: Either, frame: Frame) -> Any:
    """A name of the caller as an argument, whatever it is bound to."""
    bound = frame.env[thing.probe]
    wrapped = type(bound) is Tensor and bound is not MISTAKEN
    return Closure(thing.layer, frame) if wrapped else bound


def argument(thing: Thing, frame: Frame, inner: Frame, run: Run, rest: Set[str]) -> Any:
    """What a parameter of the frame ``inner`` is bound to, given from ``frame``; ``rest`` are the
    names that the other arguments read."""
    settled = thing.settled(frame) if isinstance(thing, Either) else thing
    if isinstance(settled, Default):
        return run.default(settled, inner)
    if isinstance(settled, Mistaken):
        return MISTAKEN
    if isinstance(settled, Layer):
        passed = frame.env.get(getattr(settled, "tensor_name", ""))
        as_it_is = type(passed) is Closure or passed is MISTAKEN
        return passed if as_it_is else Closure(settled, frame)
    return run.value(settled, frame, rest)


class Default(Scalar):
    """A parameter left out: its default is read among the parameters before it. Those of a
    ``shared`` block choose once, as its body does."""

    __slots__ = ("shared", "thing")
    direct = False

    def __init__(self, thing: Thing, shared: bool) -> None:
        super().__init__(thing.span)
        self.thing = thing
        self.shared = shared

    def settled(self, frame: Frame) -> Scalar | Layer:
        """The value or the layer that it is in a frame."""
        return self.thing.settled(frame) if isinstance(self.thing, Either) else self.thing

    def value(self, frame: Frame, run: Run) -> Any:
        thing = self.settled(frame)
        if isinstance(thing, Mistaken):
            return MISTAKEN
        return Closure(thing, frame) if isinstance(thing, Layer) else run.value(thing, frame)
