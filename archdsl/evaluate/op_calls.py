"""Ops applied to arguments."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from archdsl.diagnostics import Diagnostic, Edit, Fix, Label, SpecError, instead
from archdsl.evaluate.branches import BranchGroup, Pick
from archdsl.evaluate.frames import Closure, Frame, Tensor, Word, key_of
from archdsl.evaluate.layers import Either, Layer, Thing
from archdsl.evaluate.memo import LEAVES
from archdsl.evaluate.results import refuse_several
from archdsl.evaluate.scalars import NOTHING, Constant, Negative, beside
from archdsl.evaluate.several_inputs import takes_several
from archdsl.evaluate.sharing import no_weights
from archdsl.graph import build
from archdsl.graph.nodes import Chain, Explored, Learning, Node, OpNode, Slot
from archdsl.ops.base import Op, OpError, Trait
from archdsl.ops.binding import Parameter, accept
from archdsl.ops.padding import inferred
from archdsl.ops.parameters import Bound
from archdsl.types import UNKNOWN, Inputs, channels, said, shape

if TYPE_CHECKING:
    from collections.abc import Callable, Set

    from archdsl.diagnostics import Meant
    from archdsl.evaluate.reading import FlowReading
    from archdsl.evaluate.run import Run
    from archdsl.source import Span
    from archdsl.types import TensorType


__all__ = ["OpCall", "Pick"]


class OpCall(Layer):
    """An op with its arguments: values by field, and the layers it merges."""

    __slots__ = (
        "agreements",
        "arguments",
        "beside",
        "branches",
        "facts",
        "is_open",
        "memo",
        "op",
        "ops",
        "written",
    )

    def __init__(
        self,
        op: type[Op],
        arguments: tuple[tuple[Parameter, Thing], ...],
        branches: tuple[Layer | BranchGroup, ...],
        span: Span,
    ) -> None:
        parts: list[Any] = [thing for _, thing in arguments]
        super().__init__(span, NOTHING.union(*(part.free for part in [*parts, *branches])))
        self.op = op
        self.arguments = arguments
        self.branches = branches
        self.beside = beside([*parts, *branches])
        self.is_open = any(isinstance(branch, BranchGroup) for branch in branches)
        self.memo: dict[Any, OpNode] = {}
        self.ops: dict[Any, Op] = {}
        self.agreements: dict[Any, Callable[[TensorType], Any]] = {}
        self.facts: dict[Any, tuple[Op, TensorType]] = {}
        constants = [thing.constant for _, thing in arguments if isinstance(thing, Constant)]
        self.written = tuple(constants) if len(constants) == len(arguments) else None

    @property
    def word(self) -> str | None:
        """The op's word when it stands without arguments, so that it can serve as a word."""
        return None if self.arguments or self.branches else self.op.word()

    def apply(self, frame: Frame, takes: TensorType, run: Run) -> Node:
        values = self.written
        if values is None:
            values = self.values(frame, run)
        if self.branches:
            return self._merge(values, frame, takes, run)
        return self.applied(values, takes, frame.learning)

    def reads_flow(self, frame: Frame, reading: FlowReading) -> bool:
        if not self.branches or self.op.branches.with_flow:
            return True
        return reading.any(self.branches, frame)

    def values(self, frame: Frame, run: Run) -> tuple[Any, ...]:
        """The values of its arguments, which do not depend on what flows in."""
        given = zip(self.arguments, self.beside, strict=False)
        return tuple([self.value_of(p, thing, frame, run, rest) for (p, thing), rest in given])

    def applied(
        self,
        values: tuple[Any, ...],
        takes: TensorType,
        learning: Learning = Learning.TRAINED,
    ) -> OpNode:
        """An op that merges nothing, with values for its arguments."""
        key: Any = takes if self.written is not None else (takes, *[key_of(v, 0) for v in values])
        if learning:
            key = (learning, key)
        node = self.memo.get(key)
        if node is None:
            _make_room(self.memo)
            node = self.memo[key] = self.node(values, (), (takes,), learning)
        return node

    def _merge(self, values: tuple[Any, ...], frame: Frame, takes: TensorType, run: Run) -> Node:
        inputs = [takes] if self.op.branches.with_flow else []
        agreement = self.agreement_of(values)
        nodes: list[Node] = []
        frame = self.within(frame)
        for layer, rest in self._chosen(frame, run):
            known = agreement and inputs and inputs[0] is not UNKNOWN
            known = known and type(inputs[0]) is not Inputs
            alike = (agreement, agreement(inputs[0])) if agreement and known else None
            node = run.apply(layer, frame, takes, rest, alike)
            nodes.append(node)
            inputs.append(node.out)
        if self.is_open and self.op.branches.variadic and len(nodes) == 1:
            return nodes[0]  # a merge left with one branch is that branch
        return self.node(values, tuple(nodes), tuple(inputs), frame.learning)

    def within(self, frame: Frame) -> Frame:
        """The frame of the layers that it merges."""
        return frame.of(Learning.AUXILIARY) if self.op.auxiliary else frame

    def agreement_of(self, values: tuple[Any, ...]) -> Callable[[TensorType], Any] | None:
        """What the types that it merges have in common, as its arguments say."""
        if self.op.agreement is Op.agreement:
            return None
        if values not in self.agreements:
            self.agreements[values] = self._bind(values).agreement
        return self.agreements[values]

    def _chosen(self, frame: Frame, run: Run) -> list[tuple[Layer, Set[str]]]:
        """The layers that it merges, with the names read beside each."""
        chosen: list[tuple[Layer, Set[str]]] = []
        for branch, rest in zip(self.branches, self.beside[len(self.arguments) :], strict=True):
            if isinstance(branch, BranchGroup):
                chosen.extend((layer, rest | branch.free) for layer in branch.picked(frame, run))
            else:
                chosen.append((branch, rest))
        if self.is_open and self.op.branches.variadic and not chosen:
            raise SpecError(_nothing_to_merge(self.op.word(), self.span))
        return chosen

    def value_of(
        self,
        parameter: Parameter,
        thing: Thing,
        frame: Frame,
        run: Run,
        rest: Set[str] | None = None,
    ) -> Any:
        """What an argument is in a frame; ``rest`` are the names read beside it."""
        if parameter.accepts.kind == "tensor":
            return _bound(thing, frame, run)
        settled = thing.settled(frame) if isinstance(thing, Either) else thing
        if isinstance(settled, Layer):
            return _as_word(settled, frame)
        return run.value(settled, frame, rest)

    def _bind(self, values: tuple[Any, ...]) -> Op:
        """The op with its arguments; remembered, as many types may flow into it."""
        key = tuple([key_of(value, 0) for value in values])
        op = self.ops.get(key)
        if op is None:
            op = self.ops[key] = self._bound_op(values)
        return op

    def _bound_op(self, values: tuple[Any, ...]) -> Op:
        fields = {}
        for (parameter, _), value in zip(self.arguments, values, strict=False):
            if isinstance(value, Word) and value.unbound and not parameter.accepts.names:
                raise value.unbound.mistake()
            fields[parameter.name] = accept(parameter.name, parameter.accepts, value)
        return self.op(**fields)

    def node(
        self,
        values: tuple[Any, ...],
        branches: tuple[Node, ...],
        inputs: tuple[TensorType, ...],
        learning: Learning = Learning.TRAINED,
    ) -> OpNode:
        """The op for argument values and input types, with its branches applied."""
        key = (inputs, *[key_of(value, 0) for value in values]) if values else inputs
        facts = self.facts.get(key)
        if facts is None:
            _make_room(self.facts)
            try:
                facts = self.facts[key] = self._facts(values, inputs)
            except SpecError as error:
                raise SpecError(*(_with_inputs(f, branches) for f in error.diagnostics)) from None
        op, out = facts
        if op.auxiliary:
            learning = Learning.AUXILIARY
        size = 1
        for node in branches:
            size += node.size
        refs = build.refs_of(branches)
        return OpNode(op, branches, inputs, out, self.span, size, refs, self, learning)

    def _facts(
        self, values: tuple[Any, ...], inputs: tuple[TensorType, ...]
    ) -> tuple[Op, TensorType]:
        several = next((one for one in inputs if type(one) is Inputs), None)
        if several is not None:
            raise SpecError(takes_several(f"`{self.op.word()}`", several, self.span))
        if not self.op.takes_several:
            refuse_several(self.op.word(), inputs, self.span)
        try:
            op = self._bind(values)
            return op, UNKNOWN if UNKNOWN in inputs else inferred(op, *inputs)
        except OpError as misfit:
            raise SpecError(self._diagnostic(misfit, values, inputs)) from None

    def _diagnostic(
        self, misfit: OpError, values: tuple[Any, ...], inputs: tuple[TensorType, ...]
    ) -> Diagnostic:
        span, help, fix = self.span, misfit.help, None
        for (parameter, thing), value in zip(self.arguments, values, strict=False):
            if parameter.name == misfit.argument:
                span = thing.span
                fix = _replacement(misfit.replacement, thing)
                help = help or _of_the_body(thing, value, inputs)
        if misfit.call is not None and not any(thing.free for _, thing in self.arguments):
            help, fix = instead(misfit.call, self.span, help)
        if fix is None:
            help, fix = self._without_channels_in(values, inputs) or (help, None)
        word, message = self.op.word(), misfit.message
        told = message if message.startswith(f"{word} ") else f"{word}: {message}"
        return Diagnostic(misfit.code, told, span, needed=misfit.needed, help=help, fix=fix)

    def _without_channels_in(
        self, values: tuple[Any, ...], inputs: tuple[TensorType, ...]
    ) -> Meant | None:
        """The call without its first argument, where PyTorch has the channels in there and it is
        just these; None where it is not."""
        if not self.op.synonyms.takes or self.op.synonyms.takes[0] or len(inputs) != 1:
            return None
        if len(values) < 2 or inputs[0] is UNKNOWN or values[0] != channels(inputs[0]):
            return None
        texts = [thing.span.text for _, thing in self.arguments]
        if self.span.text != f"{self.op.word()}({', '.join(texts)})":
            return None
        text = f"{self.op.word()}({', '.join(texts[1:])})"
        return instead(text, self.span, f"channels in are not written here: `{text}`")


def _with_inputs(found: Diagnostic, branches: tuple[Node, ...]) -> Diagnostic:
    """What is wrong with a merge, with what each branch gives and how that came to be."""
    if found.code != "E301" or any(type(branch) is Explored for branch in branches):
        return found
    told = [branch.layer if isinstance(branch, Slot) else branch for branch in branches]
    ways = tuple(Label(b.span, f"gives {said(b.out)}{_way(b)}", b.out) for b in told)
    return replace(found, trail=(*found.trail, *ways))


STEPS = 4  # of a way that are told


def _way(node: Node) -> str:
    """The last steps of a row with the sizes that they give."""
    if not isinstance(node, Chain) or len(node.steps) < 2:
        return ""
    steps = [f"`{step.span.text}` {_sizes(step.out)}" for step in node.steps[-STEPS:]]
    return f": {'…, ' if len(node.steps) > STEPS else ''}{', '.join(steps)}"


def _sizes(tensor: TensorType) -> str:
    return "×".join(map(str, shape(tensor)))


def _nothing_to_merge(word: str, span: Span) -> Diagnostic:
    return Diagnostic(
        "E234",
        f"`{word}` has nothing to merge: each of its branches is `none`",
        span,
        needed="a branch that is always there",
        help=f"`{word}(identity, …)` merges with what flows in",
    )


def _make_room(remembered: dict[Any, Any]) -> None:
    """Forget all when there is much of it: values of a continuous choice hardly repeat."""
    if len(remembered) > LEAVES:
        remembered.clear()


def _replacement(text: str | None, thing: Thing) -> Fix | None:
    """The fix that writes another value for one that is written out there; one that is given
    elsewhere, or chosen, is the author's to change."""
    written = isinstance(thing, (Constant, Negative, Layer, Either)) and not thing.free
    if text is None or not written:
        return None
    return Fix(f"replace `{thing.span.text}` with `{text}`", (Edit(thing.span, text),))


def _of_the_body(thing: Thing, value: Any, inputs: tuple[TensorType, ...]) -> str:
    """What `x.channels` is, where other channels flow into the op than came into the body."""
    flows = inputs[0] if inputs else UNKNOWN
    if thing.span.text not in ("x.channels", "x.features") or flows is UNKNOWN:
        return ""
    if value == channels(flows):
        return ""
    noun = thing.span.text.removeprefix("x.")
    return f"`x` is what came into this body; what flows in here has {channels(flows)} {noun}"


def _as_word(layer: Layer, frame: Frame) -> Any:
    word = getattr(layer, "word", None)
    if word is None and hasattr(layer, "tensor_name"):
        bound = frame.env.get(layer.tensor_name)
        word = getattr(bound.layer, "word", None) if isinstance(bound, Closure) else None
        _refuse_unknown(bound)
    return Closure(layer, frame) if word is None else Word(word)


def _refuse_unknown(bound: Any) -> None:
    """Raises, with nothing to tell, for a name bound to something mistaken."""
    if isinstance(bound, Tensor) and bound.type is UNKNOWN:
        raise SpecError


def _bound(thing: Thing, frame: Frame, run: Run) -> Any:
    """The let, or the module, that an op borrows weights from."""
    name = getattr(thing, "tensor_name", None) or getattr(thing, "name", None)
    binding = frame.env.get(name) if name else None
    _refuse_unknown(binding)
    lent = lent_by(binding.node) if isinstance(binding, Tensor) and binding.node else None
    if isinstance(binding, Closure) and binding.module and frame.depth == binding.frame.home:
        lent = _lent_by_module(binding, frame, run)
    if lent is not None:
        return Bound(str(name), *lent)
    raise SpecError(no_weights(thing.span))


Lent = tuple[Op, "tuple[TensorType, ...]"]


def lent_by(node: Node) -> Lent | None:
    """The layer of a ``let`` whose weights another op may borrow, with its input types: the first
    embedding in its row, else the first op with weights."""
    steps = node.steps if isinstance(node, Chain) else (node,)
    offered = [lent for lent in map(_lent, steps) if lent is not None]
    embedded = [lent for lent in offered if Trait.EMBEDDING in lent[0].traits]
    return next(iter(embedded or offered), None)


def _lent_by_module(module: Closure, frame: Frame, run: Run) -> Lent | None:
    """The layer of a module whose weights another op may borrow: as it is for the first tensor of
    the body that it can be applied to."""
    for bound in frame.env.values():
        if type(bound) is not Tensor or bound.type is UNKNOWN:
            continue
        try:
            node = run.module(module, module.entered_from(frame, ""), bound.type, lends=True)
        except SpecError:
            continue
        lent = lent_by(node)
        if lent is not None:
            return lent
    return None


def _lent(step: Node) -> Lent | None:
    if isinstance(step, Slot) and isinstance(step.layer, Explored):
        step = step.layer
    if isinstance(step, Explored):
        return step.lends
    traits = step.op.traits if isinstance(step, OpNode) else frozenset()
    if isinstance(step, OpNode) and traits & {Trait.WEIGHTED, Trait.EMBEDDING}:
        return step.op, step.inputs
    return None
