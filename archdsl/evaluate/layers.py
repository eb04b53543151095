"""Layer expressions, resolved: each knows how to apply itself to what flows in.

``apply(frame, takes, run)`` gives the graph node for an input type. Nothing here raises for a good
spec, prints, or knows torch; a bad one raises :class:`SpecError` with the place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.diagnostics import Diagnostic, SpecError
from archdsl.evaluate.arithmetic import kind_of
from archdsl.evaluate.frames import Closure, Frame, Pending, Tensor
from archdsl.evaluate.points import ChoicePoint
from archdsl.evaluate.run import refuse_thrown_away
from archdsl.evaluate.scalars import NOTHING, Scalar, Series, truth
from archdsl.graph import build
from archdsl.graph.nodes import Branch, ModuleRef, Node, Ref, Slot
from archdsl.syntax.bounds import raising

if TYPE_CHECKING:
    from archdsl.evaluate.points import Spellings
    from archdsl.evaluate.reading import FlowReading
    from archdsl.evaluate.run import Run
    from archdsl.evaluate.selections import Order, Rows, ValueRow
    from archdsl.source import Span
    from archdsl.types import TensorType


class Layer:
    """A layer expression. ``free`` are the names it reads.

    ``hands_on``: it makes no choice of its own and reads no value, so a run over all designs goes
    straight on to its parts.
    """

    __slots__ = ("free", "span")
    hands_on = False

    def __init__(self, span: Span, free: frozenset[str] = NOTHING) -> None:
        self.span = span
        self.free = free

    def apply(self, frame: Frame, takes: TensorType, run: Run) -> Node:
        raise NotImplementedError

    def reads_flow(self, frame: Frame, reading: FlowReading) -> bool:
        """Whether some option of it reads what flows into it; a tensor's name does not."""
        return True


class Identity(Layer):
    """``identity``, which leaves no trace in chains."""

    __slots__ = ()
    hands_on = True

    def apply(self, frame: Frame, takes: TensorType, run: Run) -> Node:
        return build.chain([], takes, self.span)


class Mistaken(Layer):
    """A layer expression with a mistake that has been told: what reads it says nothing more."""

    __slots__ = ()

    def apply(self, frame: Frame, takes: TensorType, run: Run) -> Node:
        raise SpecError


class Variable(Layer):
    """A name bound to a tensor, or to a layer handed in as an argument."""

    __slots__ = ("label", "name", "refs")
    hands_on = True

    def __init__(self, name: str, label: str, span: Span) -> None:
        super().__init__(span, frozenset((name,)))
        self.name = name
        self.label = label
        self.refs: dict[Any, Ref] = {}

    @property
    def tensor_name(self) -> str:
        return self.name

    def apply(self, frame: Frame, takes: TensorType, run: Run) -> Node:
        bound = frame.env[self.name]
        if type(bound) is Tensor:
            return self._ref(frame.depth - frame.home, bound.type)
        if type(bound) is not Closure:
            raise SpecError(_not_a_layer(self.name, bound, self.span))
        entered = bound.entered_from(frame, self.label)
        if bound.module:
            return self._module(bound, entered, takes, run)
        apply = run.apply if bound.path is None else run.once
        layer = apply(bound.layer, entered, takes)
        if type(layer) is Ref:
            return layer
        return Slot(self.name, layer, self.span, layer.refs)

    def _module(self, bound: Closure, entered: Frame, takes: TensorType, run: Run) -> Node:
        layer = run.module(bound, entered, takes)
        up = entered.depth - entered.home
        module = ModuleRef(bound.module, up, layer.out, self.span, takes)
        return Slot(self.name, layer, self.span, layer.refs | {module}, module)

    def reads_flow(self, frame: Frame, reading: FlowReading) -> bool:
        bound = frame.env.get(self.name)
        if type(bound) is Closure:
            return reading.one(bound.layer, bound.frame)
        return type(bound) is not Tensor

    def _ref(self, up: int, out: TensorType) -> Ref:
        key = (up, out)
        ref = self.refs.get(key)
        if ref is None:
            ref = self.refs[key] = Ref(self.name, up, out, self.span)
        return ref


def _not_a_layer(name: str, bound: Any, span: Span) -> Diagnostic:
    return Diagnostic(
        "E211",
        f"`{name}` is {kind_of(bound)}, not a layer",
        span,
        needed="a layer, or a name bound to a tensor",
    )


class Flow(Layer):
    """``a -> b -> c``"""

    __slots__ = ("steps",)
    hands_on = True

    def __init__(self, steps: tuple[Layer, ...], span: Span) -> None:
        super().__init__(span, NOTHING.union(*(step.free for step in steps)))
        self.steps = steps

    def apply(self, frame: Frame, takes: TensorType, run: Run) -> Node:
        return run.row(self, frame.path, [(step, frame) for step in self.steps], takes)

    def reads_flow(self, frame: Frame, reading: FlowReading) -> bool:
        return reading.one(self.steps[0], frame)


class Choose(Layer):
    """``a | b | c``"""

    __slots__ = ("label", "options", "point")

    def __init__(
        self,
        label: str,
        options: tuple[Layer, ...],
        labels: tuple[Any, ...],
        spellings: Spellings,
        span: Span,
    ) -> None:
        super().__init__(span, NOTHING.union(*(option.free for option in options)))
        self.label = label
        self.options = options
        spans = tuple(option.span for option in options)
        self.point = ChoicePoint(labels, span, spellings, spans)

    def apply(self, frame: Frame, takes: TensorType, run: Run) -> Node:
        answer = run.ask(frame.path + self.label, self.point)
        return run.apply(self.options[answer], frame, takes, NOTHING)

    def reads_flow(self, frame: Frame, reading: FlowReading) -> bool:
        return reading.any(self.options, frame)


class When(Layer):
    """``when(condition, layer, else=layer)``; only the branch taken is evaluated."""

    __slots__ = ("condition", "no", "yes")

    def __init__(self, condition: Scalar, yes: Layer, no: Layer, span: Span) -> None:
        super().__init__(span, condition.free | yes.free | no.free)
        self.condition = condition
        self.yes = yes
        self.no = no

    def apply(self, frame: Frame, takes: TensorType, run: Run) -> Node:
        taken = truth(self.condition, frame, run, self.yes.free | self.no.free)
        layer = run.apply(self.yes if taken else self.no, frame, takes, self.condition.free)
        if type(layer) is Ref:
            return layer
        return Branch(taken, layer, self.span, layer.refs, self)

    def reads_flow(self, frame: Frame, reading: FlowReading) -> bool:
        return reading.any((self.yes, self.no), frame)


class Repeated(Layer):
    """``n * layer``: copies of one design, so every copy's choices have the same paths."""

    __slots__ = ("count", "layer")

    def __init__(self, count: Scalar, layer: Layer, span: Span) -> None:
        super().__init__(span, count.free | layer.free)
        self.count = count
        self.layer = layer

    def copies(self, frame: Frame, run: Run) -> int:
        """How many. Raises when it is not a whole number in bounds."""
        count = run.value(self.count, frame, self.layer.free)
        if type(count) is int and 0 <= count <= run.bounds.copies:
            return count
        raise SpecError(_bad_count(count, run.bounds.copies, self.count.span))

    def apply(self, frame: Frame, takes: TensorType, run: Run) -> Node:
        copies = left = self.copies(frame, run)
        nodes: list[Node] = []
        flowing = takes
        while left:
            node = run.apply(self.layer, frame, flowing, self.count.free)
            if copies > 1:
                refuse_thrown_away(node, self.layer, frame)
            same = node.out == flowing
            nodes.append(build.repeat(left, node, self.span, self, copies - left) if same else node)
            flowing = node.out
            left = 0 if same else left - 1
        return build.chain(nodes, takes, self.span)

    def reads_flow(self, frame: Frame, reading: FlowReading) -> bool:
        return reading.one(self.layer, frame)


def _bad_count(count: Any, limit: int, span: Span) -> Diagnostic:
    if type(count) is int and count > limit:
        message, needed = f"{count:,} copies are too many", f"at most {limit:,}"
        return Diagnostic("E604", message, span, needed=needed, help=raising("copies"))
    found = count if isinstance(count, (int, float)) else kind_of(count)
    return Diagnostic(
        "E229",
        f"cannot make {found} copies of a layer",
        span,
        needed="a whole number of at least 0 before `*`",
    )


class Each(Layer):
    """``each(i = 1 to 3, layer)``: a row whose copies count and choose for themselves. With several
    names, each value is a row and gives an item to each name."""

    __slots__ = ("label", "layer", "names", "series")

    def __init__(
        self,
        names: tuple[str, ...],
        series: Series | ValueRow | Rows,
        layer: Layer,
        label: str,
        span: Span,
    ) -> None:
        super().__init__(span, series.free | (layer.free - {*names}))
        self.names = names
        self.series = series
        self.layer = layer
        self.label = label

    def copies(self, frame: Frame, run: Run) -> list[Frame]:
        """The frame of each copy: its value bound, its choices under a path of its own."""
        base = frame.path + self.label
        if len(self.names) == 1:
            (name,) = self.names
            return [
                frame.binding(name, value, f"{base}.{number}")
                for number, value in self.series.numbered(frame, run)
            ]
        return [
            frame.with_names(self._unpacked(value, place, run), f"{base}.{number}")
            for place, (number, value) in enumerate(self.series.numbered(frame, run), 1)
        ]

    def _unpacked(self, row: Any, place: int, run: Run) -> dict[str, Any]:
        """The names of a copy, bound to the items of its row. Raises where they do not pair up."""
        row = run.read(row) if type(row) is Pending else row
        if isinstance(row, tuple) and len(row) == len(self.names):
            return dict(zip(self.names, row, strict=True))
        raise SpecError(_no_row(row, place, self.names, self.series.span))

    def apply(self, frame: Frame, takes: TensorType, run: Run) -> Node:
        copies = [(self.layer, copy) for copy in self.copies(frame, run)]
        return run.row(self, frame.path, copies, takes)

    def reads_flow(self, frame: Frame, reading: FlowReading) -> bool:
        return reading.one(self.layer, frame)


def _no_row(row: Any, place: int, names: tuple[str, ...], span: Span) -> Diagnostic:
    told = f"({', '.join(names)})"
    found = f"has {len(row)} of them" if isinstance(row, tuple) else f"is {kind_of(row)}"
    return Diagnostic(
        "E238",
        f"`{told}` takes rows of {len(names)} items, and the {_ordinal(place)} {found}",
        span,
        needed=f"rows such as `[{', '.join(names)}]`",
        help="" if isinstance(row, tuple) else f"for values that are no rows: `{names[0]} = …`",
    )


def _ordinal(place: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{'th' if place % 100 in (11, 12, 13) else ending}"


class Permute(Layer):
    """``permute(a, b, c)``: the layers in a row, in some order."""

    __slots__ = ("layers", "order", "rows")

    def __init__(self, order: Order, layers: tuple[Layer, ...], span: Span) -> None:
        super().__init__(span, NOTHING.union(*(layer.free for layer in layers)))
        self.order = order
        self.layers = layers
        self.rows: dict[tuple[int, ...], Flow] = {}

    def apply(self, frame: Frame, takes: TensorType, run: Run) -> Node:
        places = self.order.chosen(frame, run)
        row = self.rows.get(places)
        if row is None:
            steps = tuple([self.layers[place] for place in places])
            row = self.rows[places] = Flow(steps, self.span)
        return run.apply(row, frame, takes)

    def reads_flow(self, frame: Frame, reading: FlowReading) -> bool:
        return reading.any(self.layers, frame)


class Module(Layer):
    """What ``module`` binds a name to: ``layer``, with the same weights wherever it is applied."""

    __slots__ = ("layer", "name")

    def __init__(self, name: str, layer: Layer) -> None:
        super().__init__(layer.span, layer.free)
        self.name = name
        self.layer = layer

    def reads_flow(self, frame: Frame, reading: FlowReading) -> bool:
        return reading.one(self.layer, frame)


class Either:
    """An expression that is a value or a layer by what a parameter holds."""

    __slots__ = ("free", "layer", "probe", "scalar", "span")

    def __init__(self, probe: str, scalar: Scalar, layer: Layer) -> None:
        self.probe = probe
        self.scalar = scalar
        self.layer = layer
        self.span = layer.span
        self.free = scalar.free | layer.free

    def settled(self, frame: Frame) -> Scalar | Layer:
        """The one of the two that it is in a frame."""
        is_layer = isinstance(frame.env[self.probe], (Closure, Tensor))
        return self.layer if is_layer else self.scalar


Thing = Scalar | Layer | Either  # any expression, resolved


def is_value(thing: Thing) -> bool:
    """Whether an expression is a value, whatever parameters hold."""
    return not isinstance(thing, (Layer, Either))


def layer_of(thing: Thing) -> Layer | None:
    """The layer that an expression is, or would be if its parameter held one; None for a value."""
    if isinstance(thing, Either):
        return thing.layer
    return thing if isinstance(thing, Layer) else None
