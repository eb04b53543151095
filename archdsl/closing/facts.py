"""What happened while one design was evaluated, told of the places of its text.

A place of the text is met once for each path that choices made there have: a block is met at the
path of each of its calls. So a fact has two keys, the span of an expression and such a path.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.evaluate.block_calls import Default
from archdsl.evaluate.bounds import DEFAULT, Bounds
from archdsl.evaluate.frames import Closure, Frame
from archdsl.evaluate.layers import Each, Variable
from archdsl.evaluate.run import NO_NAMES, Run
from archdsl.graph import build

if TYPE_CHECKING:
    from collections.abc import Container, Set

    from archdsl.evaluate.frames import Applicable
    from archdsl.evaluate.program import Program
    from archdsl.evaluate.run import Alike, Chooser
    from archdsl.graph.nodes import Node
    from archdsl.source import Span
    from archdsl.types import TensorType

Met = tuple["Span", str]  # an expression, and the path of the choices made there


class Copy(NamedTuple):
    """One copy of an ``each``: the path of its choices and what its names are bound to."""

    path: str
    values: tuple[Any, ...]


class Facts:
    """What is known of each place of a text.

    ``answers`` are the indices of the options taken, ``chosen`` their labels; ``values`` the
    different values that expressions came to; ``calls`` the path inside of a block's call;
    ``copies`` those of an ``each``; ``entered`` the paths at which a layer that was handed in was
    applied, ``sites`` the path at which a parameter was; ``instances`` the paths of all calls of a
    block, ``applied`` all layers; ``given`` and ``left_out`` are the parameters that calls of a
    block at a path give or leave out; ``reads_flow`` tells whether layers depended on what flows
    in.
    """

    def __init__(self) -> None:
        self.answers: dict[Met, Any] = {}
        self.chosen: dict[Met, Any] = {}
        self.values: dict[Met, list[Any]] = defaultdict(list)
        self.calls: dict[Met, str] = {}
        self.copies: dict[Met, dict[tuple[Copy, ...], None]] = defaultdict(dict)
        self.entered: dict[Met, dict[str, None]] = defaultdict(dict)
        self.sites: dict[Met, str] = {}
        self.instances: dict[str, dict[str, None]] = defaultdict(dict)
        self.applied: set[Met] = set()
        self.given: dict[tuple[str, str], set[str]] = defaultdict(set)
        self.left_out: dict[tuple[str, str], set[str]] = defaultdict(set)
        self.reads_flow: dict[Met, set[bool]] = defaultdict(set)


class Choosing(NamedTuple):
    """The blocks, and the arguments by their spans, in whose text something is chosen."""

    blocks: Container[str]
    arguments: Container[Span]


class _Recording(Run):
    """A run that notes the facts. Of calls that were remembered it looks into those in whose text
    something is chosen."""

    __slots__ = ("choosing", "facts", "path")

    def __init__(self, chooser: Chooser, choosing: Choosing, bounds: Bounds) -> None:
        super().__init__(chooser, bounds)
        self.choosing = choosing
        self.facts = Facts()
        self.path = ""

    def ask(self, path: str, point: Any) -> Any:
        answer = super().ask(path, point)
        self.facts.answers[point.span, self.path] = answer
        self.facts.chosen[point.span, self.path] = point.labels[answer]
        return answer

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
        self._note_parameter(layer, frame)
        self.facts.applied.add((layer.span, frame.path))
        outside, self.path = self.path, frame.path
        try:
            node = super().apply(layer, frame, takes, rest, alike, lends, live)
        finally:
            self.path = outside
        self.facts.reads_flow[layer.span, frame.path].add(build.reads_flow(node))
        return node

    def once(self, layer: Applicable, frame: Frame, takes: TensorType) -> Node:
        return self.apply(layer, frame, takes)

    def row(self, owner: Any, path: str, steps: list[tuple[Any, Frame]], takes: TensorType) -> Node:
        if isinstance(owner, Each):
            copies = tuple(
                Copy(frame.path, tuple(frame.env[name] for name in owner.names))
                for _, frame in steps
            )
            self.facts.copies[owner.span, path][copies] = None
        return super().row(owner, path, steps, takes)

    def call(self, layer: Any, inner: Frame, takes: TensorType) -> Node:
        self.facts.calls[layer.span, self.path] = inner.path
        self.facts.instances[layer.body.name][inner.path] = None
        start, bodies = len(self.asked), self.bodies
        again = inner.among(dict(inner.env))
        node = super().call(layer, inner, takes)
        self._note_arguments(layer, inner)
        counts = len(self.asked) > start or self._may_choose(layer, again)
        if counts and self.bodies == bodies:  # remembered: nothing was noted
            layer.evaluated(again, takes, self)
        return node

    def value(self, scalar: Any, frame: Frame, rest: Set[str] | None = None) -> Any:
        outside, self.path = self.path, frame.path
        try:
            found = super().value(scalar, frame, rest)
        finally:
            self.path = outside
        known = self.facts.values[scalar.span, frame.path]
        if not any(type(one) is type(found) and one == found for one in known):
            known.append(found)
        return found

    def bind(
        self,
        scalar: Any,
        frame: Frame,
        private: frozenset[str] = NO_NAMES,
        decided: Any = None,
    ) -> Any:
        return self.value(scalar, frame)

    def _note_arguments(self, layer: Any, inner: Frame) -> None:
        """Note which parameters a call gives, and which it leaves out."""
        for name, thing in layer.arguments:
            known = self.facts.left_out if isinstance(thing, Default) else self.facts.given
            known[layer.body.name, inner.path].add(name)

    def _may_choose(self, layer: Any, inner: Frame) -> bool:
        """Whether something is chosen in the text of a block or of the layers handed in, though
        this call may have asked nothing."""
        return layer.body.name in self.choosing.blocks or any(
            self._chooses(bound) for bound in inner.env.values() if type(bound) is Closure
        )

    def _chooses(self, closure: Closure) -> bool:
        if closure.layer.span in self.choosing.arguments:
            return True
        env = closure.frame.env
        read = (env[name] for name in closure.layer.free if name in env)
        return any(self._chooses(bound) for bound in read if type(bound) is Closure)

    def _note_parameter(self, layer: Any, frame: Frame) -> None:
        """Note where a layer goes that was handed in by the name of a parameter."""
        bound = frame.env.get(layer.name) if type(layer) is Variable else None
        if type(bound) is Closure and bound.path is None:
            path = bound.entered_from(frame, layer.label).path
            self.facts.entered[bound.layer.span, bound.frame.path][path] = None
            self.facts.sites[layer.span, frame.path] = path


def facts_of(
    program: Program, chooser: Chooser, choosing: Choosing, bounds: Bounds = DEFAULT
) -> Facts:
    """What happens where in the design that a chooser's answers make.

    Raises :class:`~archdsl.diagnostics.SpecError` when that is none, or takes too much.
    """
    run = _Recording(chooser, choosing, bounds)
    program.clauses_of(run)
    values = program.values(run)
    program.model.evaluate(Frame(dict(values), "", 0, 0), program.input, run)
    return run.facts
