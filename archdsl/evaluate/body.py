"""The body of a block or a model, and how it is evaluated."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from archdsl.diagnostics import Diagnostic, SpecError
from archdsl.evaluate.frames import Closure, Frame, Tensor, holds_layers
from archdsl.evaluate.layers import Either, Layer, Module, Thing, is_value, layer_of
from archdsl.evaluate.requirements import Decided, Requirement, decided_by, hold
from archdsl.evaluate.scalars import NOTHING, beside
from archdsl.evaluate.several_inputs import gives_several
from archdsl.evaluate.sharing import refuse_other_weights, refuse_unapplied
from archdsl.graph import build
from archdsl.graph.nodes import Binding, Fragment, Node
from archdsl.syntax.bounds import raising
from archdsl.types import Inputs, inputs

if TYPE_CHECKING:
    from collections.abc import Mapping, Set

    from archdsl.evaluate.reading import FlowReading
    from archdsl.evaluate.run import Run
    from archdsl.graph.nodes import Learning
    from archdsl.source import Span
    from archdsl.types import TensorType


class Body:
    """A block, or the model: parameters, lets and a result, resolved when first needed."""

    __slots__ = (
        "__dict__",
        "auxiliary",
        "braced",
        "defaults",
        "frozen",
        "lent",
        "lets",
        "modules",
        "name",
        "outer_modules",
        "parameters",
        "requirements",
        "result",
        "shared",
        "span",
    )

    def __init__(self, name: str, shared: bool, braced: bool, span: Span) -> None:
        self.name = name
        self.shared = shared
        self.braced = braced
        self.span = span
        self.parameters: tuple[str, ...] = ()
        self.defaults: dict[str, Any] = {}  # of the parameters, those that are one value
        self.frozen: Mapping[str, Learning] = {}  # lets of the model that `train` freezes
        self.auxiliary: Mapping[str, Learning] = {}  # lets that results of training only read
        self.lent: frozenset[str] = frozenset()
        self.lets: tuple[tuple[str, Thing, Span], ...] = ()
        self.modules: frozenset[str] = frozenset()  # those of its lets that are modules
        self.outer_modules: frozenset[str] = frozenset()  # of the model, those outside of it
        self.requirements: tuple[tuple[int, Requirement], ...] = ()  # and the lets before each
        self.result: Thing

    @cached_property
    def free(self) -> frozenset[str]:
        """The names of outer lets that it reads."""
        return NOTHING.union(*(part.free for part in self._parts()))

    def _parts(self) -> list[Any]:
        """Everything in it that reads names: its lets, its result, its requirements."""
        conditions = [requirement.condition for _, requirement in self.requirements]
        return [*(thing for _, thing, _ in self.lets), self.result, *conditions]

    @cached_property
    def beside(self) -> tuple[Set[str], ...]:
        """For each let, and behind them for the result, the names that the others read."""
        return beside(self._parts())

    @cached_property
    def private(self) -> tuple[frozenset[str], ...]:
        """For each let, the names of other lets that it alone reads."""
        names = [name for name, _, _ in self.lets]
        free = [thing.free & {*names} for _, thing, _ in self.lets]
        return tuple(own - rest for own, rest in zip(free, self.beside, strict=False))

    @cached_property
    def decided(self) -> tuple[Decided, ...]:
        """For each let, the requirements that can be decided when it is bound."""
        needs = [requirement for _, requirement in self.requirements]
        return decided_by([(name, is_value(thing)) for name, thing, _ in self.lets], needs)

    @cached_property
    def needs_decided(self) -> frozenset[Requirement]:
        """The requirements that some let decides."""
        return frozenset(need for decided in self.decided for need in decided.needs)

    @cached_property
    def free_from(self) -> tuple[frozenset[str], ...]:
        """For each let, the names that it, the lets behind it or the result read."""
        parts = self._parts()
        return tuple(NOTHING.union(*(t.free for t in parts[k:])) for k in range(len(self.lets) + 1))

    def evaluate(self, frame: Frame, takes: TensorType, run: Run, start: int = 0) -> Fragment:
        """The body applied to an input type; ``frame.env`` holds its arguments. From the let
        ``start`` on it is its tail only, and ``frame.env`` holds the lets before it, too."""
        given = frame.env
        outside, run.deepest = run.deepest, frame.depth
        if not start:
            run.spend_body(frame.depth, self.span)
            frame.env = {**given, **_entering(takes, frame)}
        env = frame.env
        besides = run.read_besides(self, frame) if self.lets else {}
        bindings: list[Binding] = []
        tail: Node | None = None
        modules = NOTHING if start else self.outer_modules
        for index, (name, thing, span) in enumerate(self.lets[start:], start):
            if self.requirements:
                self._hold(index, frame, run)
            settled = thing.settled(frame) if isinstance(thing, Either) else thing
            learning = self.frozen.get(name) or self.auxiliary.get(name)
            here = frame if learning is None else frame.of(learning)
            if type(settled) is Module:
                env[name] = run.make(settled, here)
                modules |= {name}
            elif isinstance(settled, Layer):
                live = besides.get(name, NOTHING)
                node, env[name] = self._applied(index, settled, here, takes, run, live)
                bindings.append(Binding(name, node, span))
                tail = run.tail(self, index + 1, frame, takes)
            else:
                env[name] = run.bind(settled, frame, self.private[index], self.decided[index])
            if tail is not None:
                break
        if self.requirements and tail is None:
            self._hold(len(self.lets), frame, run)
        whole = self.settled_result(frame)
        result = tail or run.apply(whole, frame, takes, self.beside[len(self.lets)])
        values = tuple((n, given[n]) for n in self.parameters if not holds_layers(given[n]))
        made = build.fragment(
            self.name,
            values,
            takes,
            bindings,
            result,
            self.span,
            self.braced,
            tail=start > 0,
            nested=run.deepest - frame.depth,
            source=self,
            modules=modules,
        )
        run.deepest = max(run.deepest, outside)
        self._refuse(made, env, run, frame.depth)
        return made

    def _applied(
        self, index: int, layer: Layer, here: Frame, takes: TensorType, run: Run, live: Set[str]
    ) -> tuple[Node, Tensor]:
        """A let that holds a tensor: the node that makes it, and what its name is bound to."""
        lends = self.lets[index][0] in self.lent
        node = run.apply(layer, here, takes, self.beside[index], lends=lends, live=live)
        return node, Tensor(node.out, node if lends else None)

    def _refuse(self, made: Fragment, env: Mapping[str, Any], run: Run, depth: int) -> None:
        """Raises for what is too large, where one module would need different weights, and for a
        model that gives its inputs as they are."""
        if made.modules:
            refuse_other_weights(made, env, run.same_weights)
            if lent := self.lent & made.modules:
                refuse_unapplied(made, lent)
        if made.size > run.bounds.nodes:
            raise SpecError(_too_large(self.name, run.bounds.nodes, self.span))
        if type(made.out) is Inputs and not depth:
            raise SpecError(gives_several(self.name, made.out, made.result.span))

    def reads_flow(self, frame: Frame, reading: FlowReading) -> bool:
        """Whether what it gives depends on what flows into it, by `x` or by a layer applied to it;
        its lets are what they hold."""
        inner = Frame(dict(frame.env), "", frame.depth, frame.home)
        for name, thing, _ in self.lets:
            layer = layer_of(thing)
            if layer is not None:
                inner.env[name] = Closure(
                    layer, Frame(dict(inner.env), "", frame.depth, frame.home)
                )
        result = layer_of(self.result)
        return result is not None and reading.one(result, inner)

    def _hold(self, place: int, frame: Frame, run: Run) -> None:
        """Hold the requirements that stand after so many lets."""
        early = self.needs_decided if run.decides_early else frozenset()
        for lets_before, requirement in self.requirements:
            if lets_before == place and requirement not in early and run.holds_requirements:
                hold(requirement, frame, run)

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


def _entering(takes: TensorType, frame: Frame) -> dict[str, Tensor]:
    """What flows into a body by its names there: only the model knows several inputs apart."""
    if frame.depth:
        return {"x": Tensor(takes)}
    return {name: Tensor(part) for name, part in inputs(takes).items()}


def _too_large(name: str, limit: int, span: Span) -> Diagnostic:
    return Diagnostic(
        "E605",
        f"`{name}` comes to more than {limit:,} ops",
        span,
        needed=f"a model of at most {limit:,} ops",
        help=raising("nodes"),
    )
