"""What boxes say: an op or a call with the values that its arguments came to, and in a space those
that depend on choices as they are written."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import MISSING
from typing import TYPE_CHECKING, Any

from archdsl.cost.rows import label
from archdsl.evaluate.block_calls import BlockCall, Default
from archdsl.evaluate.layers import Either, Layer, is_value
from archdsl.evaluate.op_calls import OpCall
from archdsl.graph.nodes import CallNode, Chain, OpNode, Repeat, Slot
from archdsl.ops.base import Trait
from archdsl.ops.binding import parameters, spell
from archdsl.rendering.escape import visible
from archdsl.types import Category, Inputs, Outputs, shape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archdsl.evaluate.program import Program
    from archdsl.graph.nodes import Fragment, Node
    from archdsl.source import Span
    from archdsl.types import TensorType

Names = frozenset[str]  # those of a body whose values depend on choices
NONE: Names = frozenset()
OTHER, BLOCK = "other", "block"
FAMILIES = {
    Trait.MESSAGE_PASSING: "graph",
    Trait.ATTENTION: "attention",
    Trait.RECURRENT: "recurrent",
    Trait.CONVOLUTION: "convolution",
    Trait.EMBEDDING: "embedding",
    Trait.DENSE: "dense",
    Trait.NORM: "norm",
    Trait.ACTIVATION: "activation",
    Trait.REGULARIZER: "regularizer",
    Trait.POOLING: "pooling",
    Trait.MERGE: "merge",
}
_NAME = re.compile(r"[^\W\d]\w*\Z")
_BLANKS = re.compile(r"\s+")
LONGEST = 200  # signs of a text of the source that are looked at


def family(node: Node) -> str:
    """Of which kind of layer an op is, by its traits."""
    if not isinstance(node, OpNode):
        return BLOCK
    traits = node.op.traits
    return next((name for trait, name in FAMILIES.items() if trait in traits), OTHER)


def sizes(tensor: TensorType) -> str:
    """The sizes of a tensor without the batch."""
    if isinstance(tensor, (Outputs, Inputs)):
        return ", ".join(sizes(part) for part in tensor.parts)
    if isinstance(tensor, Category):
        return "id"
    return "×".join(map(str, shape(tensor)))


def written(span: Span) -> str:
    """A part of the source on one line."""
    return visible(_BLANKS.sub(" ", span.text[:LONGEST]).strip())


def is_name(text: str) -> bool:
    """Whether an option is called by a name, and not by its text."""
    return _NAME.match(text) is not None


class Wording:
    """Words for the nodes of a graph whose choices stand at some places of the source."""

    def __init__(self, points: Iterable[Span] = ()) -> None:
        self._points: dict[str, list[tuple[int, int]]] = {}
        for span in points:
            self._points.setdefault(span.source.name, []).append((span.start, span.end))
        for places in self._points.values():
            places.sort()

    def is_open(self, thing: Any, names: Names) -> bool:
        """Whether the value of an expression depends on choices."""
        if isinstance(thing, Default):
            thing = thing.thing
        return self.chooses(thing.span) or bool(names & thing.free)

    def chooses(self, span: Span) -> bool:
        """Whether a part of the source has a choice in it."""
        places = self._points.get(span.source.name, [])
        at = bisect_left(places, (span.start, 0))
        return any(end <= span.end for start, end in places[at : at + 64] if start < span.end)

    def label(self, node: Node, names: Names = NONE) -> str:
        """What a node is, in one line."""
        if isinstance(node, OpNode):
            return _called(node.op.word(), self._arguments(node, names))
        if isinstance(node, CallNode):
            return _called(visible(node.fragment.name), self._given(node, names))
        if isinstance(node, Repeat):
            inner = self.label(node.step, names)
            inside = f"({inner})" if isinstance(node.step, Chain) else inner
            return f"{self.times(node, names)} × {inside}"
        if isinstance(node, Chain):
            return " → ".join(self.label(step, names) for step in node.steps[:8])
        if isinstance(node, Slot) or hasattr(node, "layer"):
            return self.label(node.layer, names)
        return visible(label(node))

    def times(self, node: Repeat, names: Names) -> str:
        """How many copies there are."""
        count = getattr(node.call, "count", None)
        if count is not None and self.is_open(count, names):
            return written(count.span)
        return f"{node.count:,}"

    def _arguments(self, node: OpNode, names: Names) -> Iterator[str]:
        """Required values in order, others by name where they are not the default."""
        call = node.call
        given = {p.name: thing for p, thing in call.arguments} if isinstance(call, OpCall) else {}
        for parameter in parameters(type(node.op)):
            value = getattr(node.op, parameter.name, None)
            thing = given.get(parameter.name)
            if thing is not None and self.is_open(thing, names):
                text = written(thing.span)
            elif parameter.default is MISSING or value != parameter.default:
                text = _spelt(value)
            else:
                continue
            yield text if parameter.default is MISSING else f"{parameter.name}={text}"

    def _given(self, node: CallNode, names: Names) -> Iterator[str]:
        """The arguments that a call gives, the first ones without their names."""
        values = dict(node.fragment.arguments)
        if not isinstance(node.call, BlockCall):
            yield from (f"{name}={_spelt(value)}" for name, value in values.items())
            return
        in_order = True
        for name, thing in node.call.arguments:
            if not _is_inside(thing.span, node.span):
                continue  # it is left out
            in_order = in_order and not _is_named(thing.span)
            text = self._argument(thing, values, name, names)
            yield text if in_order else f"{name}={text}"

    def _argument(self, thing: Any, values: dict[str, Any], name: str, names: Names) -> str:
        if name not in values or self.is_open(thing, names):
            return written(thing.span)
        return _spelt(values[name])

    def inside(self, node: CallNode, names: Names) -> Names:
        """The names of a called block whose values depend on choices, before its lets."""
        if not isinstance(node.call, BlockCall):
            return NONE
        found: set[str] = set()
        for name, thing in node.call.arguments:
            here = names if not isinstance(thing, Default) else frozenset(found)
            if not isinstance(thing, Layer) and self.is_open(thing, here):
                found.add(name)
        return frozenset(found)

    def values(self, lets: Iterable[tuple[str, Any]], names: Names) -> tuple[Names, list[str]]:
        """The names with those of some lets that are values; and what is chosen among these."""
        told: list[str] = []
        for name, thing in lets:
            if isinstance(thing, (Layer, Either)) or not is_value(thing):
                continue
            if self.is_open(thing, names):
                names |= {name}
                told.append(f"{name} = {written(thing.span)}")
        return names, told

    def of_body(self, fragment: Fragment, names: Names) -> tuple[Names, list[str]]:
        """The same for the lets of a body."""
        lets = fragment.source.lets if fragment.source is not None else ()
        return self.values(((name, thing) for name, thing, _ in lets), names)

    def of_program(self, program: Program) -> tuple[Names, list[str]]:
        """The same for the lets outside of the model."""
        return self.values(program.lets, NONE)


def _is_named(span: Span) -> bool:
    """Whether an argument is written with its name."""
    return span.source.text[max(0, span.start - 64) : span.start].rstrip().endswith("=")


def _is_inside(span: Span, part: Span) -> bool:
    return part.start <= span.start and span.end <= part.end and span.source == part.source


def _called(word: str, arguments: Iterable[str]) -> str:
    given = ", ".join(arguments)
    return f"{word}({given})" if given else word


def _spelt(value: Any) -> str:
    named = getattr(value, "name", None)
    return visible(str(named) if named is not None else spell(value))
