"""Ops and blocks applied to arguments."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

from archdsl.design.frames import Closure, Frame, Tensor, Word, key_of
from archdsl.design.layers import Either, Layer
from archdsl.design.memo import LEAVES, Memo
from archdsl.design.run import Point, Run
from archdsl.design.scalars import NOTHING, Constant, Scalar, Unbound, Variable
from archdsl.diagnostics import Diagnostic, Edit, Fix, Label, SpecError
from archdsl.graph import build
from archdsl.graph.nodes import Binding, Chain, Fragment, Node, OpNode
from archdsl.ops.base import Misfit, Op, Trait
from archdsl.ops.binding import Parameter, accept
from archdsl.ops.parameters import Bound

if TYPE_CHECKING:
    from archdsl.source import Span
    from archdsl.types import TensorType

Thing = Scalar | Layer | Either


class Pick:
    """``pick(k, a, b, c)``: k of several branches of the merge it stands in."""

    __slots__ = ("branches", "free", "label", "labels", "points", "scalar", "span")

    def __init__(
        self,
        label: str,
        scalar: Scalar,
        branches: tuple[Layer, ...],
        labels: tuple[str, ...],
        span: Span,
    ) -> None:
        self.label = label
        self.scalar = scalar
        self.branches = branches
        self.labels = labels
        self.span = span
        self.free = scalar.free.union(*(branch.free for branch in branches))
        self.points: dict[int, tuple[Point, tuple[tuple[int, ...], ...]]] = {}

    def subsets(self, frame: Frame, run: Run) -> tuple[Point, tuple[tuple[int, ...], ...]]:
        """The choice point and, for each option, which branches it picks."""
        count = self.scalar.value(frame, run)
        if type(count) is not int or not 1 <= count <= len(self.branches):
            raise SpecError(_bad_pick(count, len(self.branches), self.span))
        if count not in self.points:
            subsets = tuple(combinations(range(len(self.branches)), count))
            labels = tuple(" ".join(self.labels[i] for i in subset) for subset in subsets)
            self.points[count] = (Point(labels, self.span), subsets)
        return self.points[count]

    def picked(self, frame: Frame, run: Run) -> list[Layer]:
        point, subsets = self.subsets(frame, run)
        chosen = subsets[run.ask(frame.path + self.label, point)]
        return [self.branches[index] for index in chosen]


def _bad_pick(count: Any, among: int, span: Span) -> Diagnostic:
    return Diagnostic(
        "E230",
        f"cannot pick {count} of {among} layers",
        span,
        needed=f"`pick(k, …)` with k from 1 to {among}",
    )


class OpCall(Layer):
    """An op with its arguments: values by field, and the layers it merges."""

    __slots__ = ("arguments", "branches", "facts", "memo", "op", "written")

    def __init__(
        self,
        op: type[Op],
        arguments: tuple[tuple[Parameter, Thing], ...],
        branches: tuple[Layer | Pick, ...],
        span: Span,
    ) -> None:
        parts: list[Any] = [thing for _, thing in arguments]
        super().__init__(span, NOTHING.union(*(part.free for part in [*parts, *branches])))
        self.op = op
        self.arguments = arguments
        self.branches = branches
        self.memo: dict[Any, OpNode] = {}
        self.facts: dict[Any, tuple[Op, TensorType, int, int]] = {}
        constants = [thing.constant for _, thing in arguments if isinstance(thing, Constant)]
        self.written = tuple(constants) if len(constants) == len(arguments) else None

    @property
    def word(self) -> str | None:
        """The op's word when it stands without arguments, so that it can serve as a word."""
        return None if self.arguments or self.branches else self.op.word()

    def apply(self, frame: Frame, takes: TensorType, run: Run) -> Node:
        values = self.written
        if values is None:
            values = tuple([self.value_of(p, thing, frame, run) for p, thing in self.arguments])
        if self.branches:
            return self._merge(values, frame, takes, run)
        key = takes if self.written is not None else (takes, *[key_of(v, 0) for v in values])
        node = self.memo.get(key)
        if node is None:
            node = self.memo[key] = self.node(values, (), (takes,))
        return node

    def _merge(self, values: tuple[Any, ...], frame: Frame, takes: TensorType, run: Run) -> Node:
        layers: list[Any] = []
        for branch in self.branches:
            if type(branch) is Pick:
                layers.extend(branch.picked(frame, run))
            else:
                layers.append(branch)
        nodes = tuple([layer.apply(frame, takes, run) for layer in layers])
        inputs = tuple([node.out for node in nodes])
        if self.op.branches.with_flow:
            inputs = (takes, *inputs)
        return self.node(values, nodes, inputs)

    def value_of(self, parameter: Parameter, thing: Thing, frame: Frame, run: Run) -> Any:
        """What an argument is in a frame."""
        if parameter.accepts.kind == "tensor":
            return _bound(thing, frame)
        settled = thing.settled(frame) if isinstance(thing, Either) else thing
        if isinstance(settled, Layer):
            return _as_word(settled, frame)
        return settled.value(frame, run)

    def _bind(self, values: tuple[Any, ...]) -> Op:
        fields = {}
        for (parameter, thing), value in zip(self.arguments, values, strict=False):
            if isinstance(value, Word) and value not in parameter.accepts.words:
                self._refuse_word(thing, parameter, value)
            fields[parameter.name] = accept(parameter.name, parameter.accepts, value)
        return self.op(**fields)

    def _refuse_word(self, thing: Thing, parameter: Parameter, value: Word) -> None:
        if isinstance(thing, Unbound) and not parameter.accepts.words:
            raise thing.mistake()

    def node(
        self, values: tuple[Any, ...], branches: tuple[Node, ...], inputs: tuple[TensorType, ...]
    ) -> OpNode:
        """The op for argument values and input types, with its branches applied."""
        key = (inputs, *[key_of(value, 0) for value in values]) if values else inputs
        facts = self.facts.get(key)
        if facts is None:
            facts = self.facts[key] = self._facts(values, inputs)
        op, out, params, macs = facts
        size = 1
        for node in branches:
            params += node.params
            macs += node.macs
            size += node.size
        refs = build.refs_of(branches)
        return OpNode(op, branches, inputs, out, params, macs, self.span, size, refs)

    def _facts(
        self, values: tuple[Any, ...], inputs: tuple[TensorType, ...]
    ) -> tuple[Op, TensorType, int, int]:
        try:
            op = self._bind(values)
            return op, op.infer(*inputs), op.params(*inputs), op.macs(*inputs)
        except Misfit as misfit:
            raise SpecError(self._diagnostic(misfit)) from None

    def _diagnostic(self, misfit: Misfit) -> Diagnostic:
        span, fix = self.span, None
        for parameter, thing in self.arguments:
            if parameter.name == misfit.argument:
                span = thing.span
                fix = _replacement(misfit.replacement, span)
        return Diagnostic(
            misfit.code,
            f"{self.op.word()}: {misfit.message}",
            span,
            needed=misfit.needed,
            help=misfit.help,
            fix=fix,
        )


def _replacement(text: str | None, span: Span) -> Fix | None:
    if text is None:
        return None
    return Fix(f"replace `{span.text}` with `{text}`", (Edit(span, text),))


def _as_word(layer: Layer, frame: Frame) -> Any:
    word = getattr(layer, "word", None)
    if word is None and hasattr(layer, "tensor_name"):
        bound = frame.env.get(layer.tensor_name)
        word = getattr(bound.layer, "word", None) if isinstance(bound, Closure) else None
    return Closure(layer, frame) if word is None else Word(word)


def _bound(thing: Thing, frame: Frame) -> Any:
    """The let an op borrows weights from."""
    name = getattr(thing, "tensor_name", None) or getattr(thing, "name", None)
    binding = frame.env.get(name) if name else None
    node = binding.node if isinstance(binding, Tensor) else None
    steps = node.steps if isinstance(node, Chain) else (node,)
    weighted = [s for s in steps if isinstance(s, OpNode) and Trait.WEIGHTED in s.op.traits]
    embedded = [s for s in steps if isinstance(s, OpNode) and Trait.EMBEDDING in s.op.traits]
    for step in embedded or weighted:
        return Bound(str(name), step.op, step.inputs)
    raise SpecError(
        Diagnostic(
            "E215",
            "there are no weights here to share",
            thing.span,
            needed="the name of a `let` of this body that holds one layer with weights",
        )
    )


class Body:
    """A block, or the model: parameters, lets and a result, resolved when first needed."""

    __slots__ = ("braced", "lets", "name", "parameters", "result", "shared", "span")

    def __init__(self, name: str, shared: bool, braced: bool, span: Span) -> None:
        self.name = name
        self.shared = shared
        self.braced = braced
        self.span = span
        self.parameters: tuple[str, ...] = ()
        self.lets: tuple[tuple[str, Thing, Span], ...] = ()
        self.result: Thing

    def evaluate(self, frame: Frame, takes: TensorType, run: Run) -> Fragment:
        """The body applied to an input type; ``frame.env`` holds its arguments."""
        run.spend_body(frame.depth, self.span)
        given = frame.env
        env = frame.env = {**given, "x": Tensor(takes)}
        bindings: list[Binding] = []
        for name, thing, span in self.lets:
            settled = thing.settled(frame) if isinstance(thing, Either) else thing
            if isinstance(settled, Layer):
                node = settled.apply(frame, takes, run)
                bindings.append(Binding(name, node, span))
                env[name] = Tensor(node.out, node)
            else:
                env[name] = settled.value(frame, run)
        result = self.settled_result(frame).apply(frame, takes, run)
        values = tuple((n, given[n]) for n in self.parameters if type(given[n]) is not Closure)
        made = build.fragment(self.name, values, takes, bindings, result, self.span, self.braced)
        if made.size > run.bounds.nodes:
            raise SpecError(_too_large(self.name, run.bounds.nodes, self.span))
        return made

    def settled_result(self, frame: Frame) -> Layer:
        """The result as a layer. Raises when a parameter made it a value."""
        result = self.result
        settled = result.settled(frame) if isinstance(result, Either) else result
        if isinstance(settled, Layer):
            return settled
        raise SpecError(
            Diagnostic(
                "E211",
                f"`{self.name}` gives a value here, not a layer",
                settled.span,
                needed="a layer, such as `conv(64, 3) -> relu`",
            )
        )


def _too_large(name: str, limit: int, span: Span) -> Diagnostic:
    return Diagnostic(
        "E605",
        f"`{name}` comes to more than {limit} ops",
        span,
        needed=f"a model of at most {limit} ops (raise the bound with --bound nodes=…)",
    )


class BlockCall(Layer):
    """A block with its arguments, remembered by what they are and what flows in."""

    __slots__ = (
        "arguments",
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
        defaults = [thing for _, thing in arguments if isinstance(thing, Default)]
        self.defaults_read_x = any("x" in default.thing.free for default in defaults)
        self.names = tuple(name for name, _ in arguments)
        self.things = None if defaults else tuple(thing for _, thing in arguments)
        self.nodes: dict[Fragment, Node] = {}

    def apply(self, frame: Frame, takes: TensorType, run: Run) -> Node:
        depth = frame.depth + 1
        path = f".{self.body.name}" if self.body.shared else frame.path + self.label
        inner = None if self.things is not None else self.entered(frame, takes)
        values = self._values(frame, run) if inner is None else self._defaulted(frame, inner, run)
        keys = [v if type(v) is int else key_of(v, depth) for v in values]
        key = (self.body, takes, *keys)
        start = len(run.asked)
        outcome = self.memo.find(key, path, run)
        if outcome is None:
            inner = inner or Frame(dict(zip(self.names, values, strict=True)), path, depth, depth)
            outcome = self._evaluate(inner, takes, run)
            self.memo.keep(key, path, run.asked[start:], outcome)
        if type(outcome) is SpecError:
            raise self._led_here(outcome)
        return self._node(outcome)  # type: ignore[arg-type]

    def _values(self, frame: Frame, run: Run) -> list[Any]:
        """The arguments, when all are given."""
        values: list[Any] = []
        for thing in self.things or ():
            kind = type(thing)
            if kind is Constant:
                values.append(thing.constant)  # type: ignore[union-attr]
            elif kind is Either and type(thing.scalar) is Variable:  # type: ignore[union-attr]
                values.append(_handed_on(thing, frame))  # type: ignore[arg-type]
            elif isinstance(thing, Scalar):
                values.append(thing.value(frame, run))
            else:
                values.append(argument(thing, frame, frame, run))
        return values

    def _defaulted(self, frame: Frame, inner: Frame, run: Run) -> list[Any]:
        """The arguments, some of them defaults that read those before; bound in ``inner``."""
        for name, thing in self.arguments:
            inner.env[name] = argument(thing, frame, inner, run)
        return list(inner.env.values())

    def _node(self, fragment: Fragment) -> Node:
        node = self.nodes.get(fragment)
        if node is None:
            if len(self.nodes) > LEAVES:
                self.nodes.clear()
            node = self.nodes[fragment] = build.call(fragment, self.span)
        return node

    def entered(self, frame: Frame, takes: TensorType) -> Frame:
        """The frame of the block's body, its parameters still to be bound."""
        env: dict[str, Any] = {"x": Tensor(takes)} if self.defaults_read_x else {}
        path = f".{self.body.name}" if self.body.shared else frame.path + self.label
        return Frame(env, path, frame.depth + 1, frame.depth + 1)

    def _evaluate(self, frame: Frame, takes: TensorType, run: Run) -> Fragment | SpecError:
        try:
            return self.body.evaluate(frame, takes, run)
        except SpecError as error:
            return error

    def _led_here(self, error: SpecError) -> SpecError:
        label = Label(self.span, f"in this call of `{self.body.name}`")
        return SpecError(*(finding.through(label) for finding in error.diagnostics))


def _handed_on(thing: Either, frame: Frame) -> Any:
    """A name of the caller as an argument, whatever it is bound to."""
    bound = frame.env[thing.probe]
    return Closure(thing.layer, frame) if type(bound) is Tensor else bound


def argument(thing: Thing, frame: Frame, inner: Frame, run: Run) -> Any:
    """What a parameter of the frame ``inner`` is bound to, given from ``frame``."""
    settled = thing.settled(frame) if isinstance(thing, Either) else thing
    if isinstance(settled, Default):
        return settled.value(inner, run)
    if isinstance(settled, Layer):
        passed = frame.env.get(getattr(settled, "tensor_name", ""))
        return passed if type(passed) is Closure else Closure(settled, frame)
    return settled.value(frame, run)


class Default(Scalar):
    """A parameter left out: its default is read among the parameters before it."""

    __slots__ = ("thing",)
    direct = False

    def __init__(self, thing: Thing) -> None:
        super().__init__(thing.span)
        self.thing = thing

    def value(self, frame: Frame, run: Run) -> Any:
        thing = self.thing.settled(frame) if isinstance(self.thing, Either) else self.thing
        return Closure(thing, frame) if isinstance(thing, Layer) else thing.value(frame, run)
