"""Every mistake of a design: after one of them an unknown type flows on, and what follows from an
unknown type or value is no mistake of its own."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from archdsl.diagnostics import LIBRARY, Label, SpecError
from archdsl.evaluate.bounds import DEFAULT, Bounds
from archdsl.evaluate.frames import MISTAKEN, Closure, Frame, Tensor
from archdsl.evaluate.layers import Either, Layer, Mistaken, Module
from archdsl.evaluate.run import NO_NAMES, BoundMet, Chooser, Run, refuse_thrown_away
from archdsl.graph import build
from archdsl.graph.nodes import Explored
from archdsl.types import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Set

    from archdsl.diagnostics import Diagnostic
    from archdsl.evaluate.body import Body
    from archdsl.evaluate.frames import Applicable
    from archdsl.evaluate.layers import Thing
    from archdsl.evaluate.program import Program
    from archdsl.evaluate.run import Alike
    from archdsl.graph.nodes import Node
    from archdsl.source import Span
    from archdsl.types import TensorType

BODIES = 2_000  # block bodies looked at: no call is remembered
EFFORT = 40_000  # layers and values looked at
MOST = 20  # mistakes told of one architecture


def mistakes_of(
    program: Program, chooser: Chooser | None = None, bounds: Bounds = DEFAULT
) -> list[Diagnostic]:
    """What is wrong with the design that the answers of a chooser make, or without one with the
    only design; nothing of a space, whose other designs may be right."""
    lets, model, takes = program.lets, program.model, program.input
    return mistakes(program.constants, lets, model, takes, chooser, bounds)


def further(
    error: SpecError, program: Program, chooser: Chooser | None, bounds: Bounds = DEFAULT
) -> SpecError:
    """The mistake that refuses a design, and those beside it that do not follow from it."""
    if isinstance(error, BoundMet):
        return error
    told = {(f.code, f.span) for f in error.diagnostics}
    others = mistakes_of(program, chooser, bounds)
    return SpecError(*error.diagnostics, *(f for f in others if (f.code, f.span) not in told))


def mistakes(
    constants: Mapping[str, Any],
    lets: Iterable[tuple[str, Thing]],
    model: Body,
    takes: TensorType,
    chooser: Chooser | None = None,
    bounds: Bounds = DEFAULT,
) -> list[Diagnostic]:
    """As :func:`mistakes_of`, of the parts of a program that may be mistaken themselves."""
    run = _GoingOn(chooser or _first, bounds)
    with suppress(BoundMet, RecursionError):  # what was found so far is so all the same
        run.all_of(dict(constants), lets, model, takes)
    if run.asked and chooser is None:
        return []
    return list({(f.code, f.span): f for f in reversed(run.told)}.values())[::-1][:MOST]


def _first(path: str, point: Any) -> Any:
    return point.at(0)


class _GoingOn(Run):
    """A run that tells a mistake and goes on: a layer that is refused gives an unknown type, a
    value an unknown value. It remembers no call, as other runs are to be refused."""

    __slots__ = ("told",)
    holds_requirements = False

    def __init__(self, chooser: Chooser, bounds: Bounds) -> None:
        bodies, effort = min(bounds.bodies, BODIES), min(bounds.effort, EFFORT)
        super().__init__(chooser, bounds._replace(bodies=bodies, effort=effort))
        self.told: list[Diagnostic] = []

    def all_of(
        self,
        env: dict[str, Any],
        lets: Iterable[tuple[str, Thing]],
        model: Body,
        takes: TensorType,
    ) -> None:
        """Go through the lets outside of the model, and through the model."""
        for name, thing in lets:
            frame = Frame(env, f".{name}", 0, 0)
            settled = thing.settled(frame) if isinstance(thing, Either) else thing
            if isinstance(settled, Mistaken):
                env[name] = MISTAKEN
            elif type(settled) is Module:
                env[name] = self.make(settled, frame)
            elif isinstance(settled, Layer):
                env[name] = Closure(settled, frame, f".{name}")
            else:
                env[name] = self.bind(settled, frame.at(""))
        frame = Frame(dict(env), "", 0, 0)
        self._told(lambda: model.evaluate(frame, takes, self), None)

    def apply(
        self,
        layer: Applicable,
        frame: Frame,
        takes: TensorType,
        rest: Set[str] | None = None,
        alike: Alike | None = None,
        lends: bool = False,
        live: Set[str] = NO_NAMES,
    ) -> Node:
        attempt = super().apply
        node: Node = self._told(lambda: attempt(layer, frame, takes), unknown(layer.span))
        return node

    def once(self, layer: Applicable, frame: Frame, takes: TensorType) -> Node:
        return self.apply(layer, frame, takes)

    def row(self, owner: Any, path: str, steps: list[tuple[Any, Frame]], takes: TensorType) -> Node:
        nodes: list[Node] = []
        flowing = takes
        for layer, frame in steps:
            node = self.apply(layer, frame, flowing)
            if nodes and node.out is not UNKNOWN:
                self._told(lambda: refuse_thrown_away(node, layer, frame), None)  # noqa: B023
            nodes.append(node)
            flowing = node.out
        return build.chain(nodes, takes, owner.span)

    def call(self, layer: Any, inner: Frame, takes: TensorType) -> Node:
        before = len(self.told)
        try:
            return build.call(layer.body.evaluate(inner, takes, self), layer.span)
        finally:
            label = Label(layer.span, f"in this call of `{layer.body.name}`")
            is_ours = layer.body.span.source.name.startswith(LIBRARY)
            # a block of the library is right: all that is wrong in it comes of this one call
            new = self.told[before : before + 1] if is_ours else self.told[before:]
            self.told[before:] = [finding.through(label) for finding in new]

    def value(self, scalar: Any, frame: Frame, rest: Set[str] | None = None) -> Any:
        found = super().value(scalar, frame, rest)
        if isinstance(found, Tensor) and found.type is UNKNOWN:
            raise SpecError
        return found

    def bind(
        self,
        scalar: Any,
        frame: Frame,
        private: frozenset[str] = NO_NAMES,
        decided: Any = None,
    ) -> Any:
        return self._told(lambda: scalar.value(frame, self), MISTAKEN)

    def _told(self, attempt: Callable[[], Any], otherwise: Any) -> Any:
        """What an attempt gives, or something else once its mistakes are told."""
        try:
            return attempt()
        except BoundMet:
            raise
        except SpecError as error:
            self.told.extend(error.diagnostics)
            return otherwise


def unknown(span: Span) -> Node:
    """A layer that is mistaken, applied."""
    return Explored(UNKNOWN, frozenset(), (), (), span=span)
