"""One evaluation of one design: who answers the choices, what was asked, what may be spent."""

from __future__ import annotations

from collections.abc import Callable, Set
from typing import TYPE_CHECKING, Any

from archdsl.diagnostics import Diagnostic, SpecError
from archdsl.evaluate.bounds import DEFAULT, Bounds, nested_too_deep
from archdsl.evaluate.frames import Closure
from archdsl.evaluate.points import ChoicePoint
from archdsl.evaluate.reading import FlowReading
from archdsl.evaluate.sharing import found_alike, refuse_reading
from archdsl.graph import build
from archdsl.graph.nodes import Ref
from archdsl.syntax.bounds import raising

if TYPE_CHECKING:
    from archdsl.evaluate.frames import Applicable, Frame, Pending
    from archdsl.graph.nodes import Fragment, ModuleRef, Node
    from archdsl.source import Span
    from archdsl.types import TensorType


OTHER_OPTIONS = "E506"
NO_NAMES: frozenset[str] = frozenset()


__all__ = ["Answer", "BoundMet", "ChoicePoint", "Chooser", "Run", "no_choices", "other_options"]


class BoundMet(SpecError):
    """An evaluation took more than it may: nothing is known of the design, trying more is idle."""


Chooser = Callable[[str, ChoicePoint], Any]
Alike = tuple[Callable[["TensorType"], Any], Any]  # a function of types, and what it has to say
Answer = tuple[str, ChoicePoint, Any]  # a path, the point met there, and the answer to it


def no_choices(path: str, point: ChoicePoint) -> Any:
    """The chooser of a run in which no choice can be met."""
    raise AssertionError(f"{path} is chosen where nothing can be")


class Run:
    """Answers each choice once, by path, and keeps the order in which they were asked.

    ``deepest`` is how deep calls nest inside the body under evaluation.
    ``effort`` counts the layers, values and answers worked out so far, ``options`` those that had
    to be listed to know what a choice offers.
    ``unmet`` collects the requirements inside bodies that do not hold; a run with
    ``strict_requires`` refuses the design instead.
    """

    __slots__ = (
        "answers",
        "asked",
        "bodies",
        "bounds",
        "chooser",
        "deepest",
        "effort",
        "options",
        "unmet",
    )
    strict_requires = False
    decides_early = False  # whether requirements are held where the last let they read is bound
    holds_requirements = True

    def __init__(self, chooser: Chooser, bounds: Bounds = DEFAULT) -> None:
        self.chooser = chooser
        self.bounds = bounds
        self.answers: dict[str, Answer] = {}
        self.asked: list[Answer] = []
        self.bodies = 0
        self.deepest = 0
        self.effort = 0
        self.options = 0
        self.unmet: list[Diagnostic] = []

    def ask(self, path: str, point: ChoicePoint) -> Any:
        """The answer at a path: the index of an option, or the number of a continuous choice.

        Raises :class:`SpecError` when the choice was met before with other options: then one
        answer would mean two things.
        """
        answer = self.answers.get(path)
        if answer is None:
            answer = self.answers[path] = (path, point, self.chooser(path, point))
        elif answer[1] is not point and answer[1].labels != point.labels:
            raise other_options(path, answer[1], point)
        self.asked.append(answer)
        self.effort += 1
        return answer[2]

    # What follows is how an expression reaches its parts. A run over one design just evaluates
    # them; a run over all designs takes each part by itself (archdsl.space.explore). ``rest`` are
    # the names that are read beside the part in the same expression; None when that is not known.

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
        """A layer inside another, applied to what flows in.

        ``alike`` tells what types it may give: those of which its function says the same as it
        has. The layer ``lends`` when others borrow its weights; ``live`` are lets that something
        reads, whether this does or not. Raises :class:`SpecError`.
        """
        self.effort += 1
        if self.effort > self.bounds.effort:
            raise self.too_much(layer.span)
        return layer.apply(frame, takes, self)

    def once(self, layer: Applicable, frame: Frame, takes: TensorType) -> Node:
        """A ``let`` outside bodies applied: its choices are made once for the whole model."""
        return layer.apply(frame, takes, self)

    def module(
        self, closure: Closure, frame: Frame, takes: TensorType, lends: bool = False
    ) -> Node:
        """A ``module`` applied: its choices are made once, where it is made. It ``lends`` when
        others borrow its weights. Raises :class:`SpecError` where it reads more than what flows
        into it."""
        node = self.apply(closure.layer, frame, takes)
        refuse_reading(closure, node)
        return node

    def make(self, module: Any, frame: Frame) -> Closure:
        """What a ``module`` is bound to that is made in a frame."""
        return Closure(module.layer, frame, frame.path, module.name)

    def same_weights(
        self, closure: Closure, fragment: Fragment, first: ModuleRef, other: ModuleRef
    ) -> bool:
        """Whether a module of a body has the same weights for two types that flow into it."""
        return found_alike(fragment, first, other)

    def row(self, owner: Any, path: str, steps: list[tuple[Any, Frame]], takes: TensorType) -> Node:
        """Layers of ``owner``, which stands at a ``path``, one after another, each in its frame.
        Raises :class:`SpecError`."""
        nodes: list[Node] = []
        flowing = takes
        for layer, frame in steps:
            node = self.apply(layer, frame, flowing)
            if nodes:
                refuse_thrown_away(node, layer, frame)
            nodes.append(node)
            flowing = node.out
        return build.chain(nodes, takes, owner.span)

    def default(self, default: Any, inner: Frame) -> Any:
        """What a parameter is bound to where it is left out; ``inner`` binds those before it."""
        return default.value(inner, self)

    def call(self, layer: Any, inner: Frame, takes: TensorType) -> Node:
        """A block's body applied, its arguments bound in ``inner``."""
        node: Node = layer.called(inner, takes, self)
        return node

    def read_besides(self, body: Any, frame: Frame) -> dict[str, frozenset[str]]:
        """For each let of a body, those of which it makes no difference whether it reads them."""
        return {}

    def tail(self, body: Any, start: int, frame: Frame, takes: TensorType) -> Node | None:
        """The rest of a body from a let on, where it is to be taken by itself."""
        return None

    def model(self, body: Any, frame: Frame, takes: TensorType, rest: Set[str]) -> Any:
        """The model's body applied; ``rest`` are the names that are read beside it."""
        return body.evaluate(frame, takes, self)

    def value(self, scalar: Any, frame: Frame, rest: Set[str] | None = None) -> Any:
        """The value of a value expression inside another."""
        self.effort += 1
        return scalar.value(frame, self)

    def bind(
        self,
        scalar: Any,
        frame: Frame,
        private: frozenset[str] = frozenset(),
        decided: Any = None,
    ) -> Any:
        """What a ``let`` that is a value is bound to; ``private`` are the lets that it alone
        reads, ``decided`` the requirements that a run over all designs holds at once."""
        return scalar.value(frame, self)

    def read(self, pending: Pending) -> Any:
        """The value of a ``let`` that is looked up when it is needed."""
        raise NotImplementedError("a run over one design has no pending values")

    def listed(self, options: int, span: Span) -> None:
        """Account for options that are listed one by one. Raises when there are too many."""
        self.options += options
        if self.options > self.bounds.options:
            raise BoundMet(too_many_options(self.bounds.options, span))

    def spend_body(self, depth: int, span: Span) -> None:
        """Account for one block body. Raises when calls nest too deep or there are too many."""
        self.bodies += 1
        self.reach(depth, span)
        if self.bodies > self.bounds.bodies:
            raise BoundMet(_too_much(self.bounds.bodies, span))

    def too_much(self, span: Span) -> BoundMet:
        """The error for a design that takes more than it may."""
        return BoundMet(_too_much_effort(self.bounds.effort, span))

    def reach(self, depth: int, span: Span) -> None:
        """Note that calls nest so deep here. Raises when that is too deep."""
        if depth > self.bounds.calls:
            what, end = "blocks call each other", "when(depth > 0, …)"
            raise SpecError(nested_too_deep(what, end, self.bounds.calls, span))
        self.deepest = max(self.deepest, depth)


def refuse_thrown_away(node: Node, layer: Any, frame: Frame) -> None:
    """Raises when a step that is not the first ignores what flows into it, whichever of its options
    are taken: where only some do, designs with those do without the steps before it."""
    if not build.reads_flow(node) and not FlowReading().one(layer, frame):
        raise SpecError(_thrown_away(node, layer.span))


def _thrown_away(node: Node, span: Span) -> Diagnostic:
    names = sorted({ref.name for ref in node.refs})
    quoted = " and ".join(f"`{name}`" for name in names)
    into = quoted if type(node) is Ref else f"a layer that reads {quoted} alone"
    return Diagnostic(
        "E214",
        f"what flows into {into} is thrown away",
        span,
        needed="a layer here that reads it: a name bound to a tensor ignores what flows in",
        help=f"merge the two, for instance `-> add(identity, {names[0]})`, or begin a new `let`",
    )


def other_options(path: str, before: ChoicePoint, here: ChoicePoint) -> SpecError:
    """What is wrong where a choice that was met ``before`` has other options ``here``."""
    found = f"has {before.size} options before and {here.size} here"
    if before.size == here.size:
        found = f"is {before.offered()} before and {here.offered()} here"
    return SpecError(
        Diagnostic(
            OTHER_OPTIONS,
            f"`{path[1:]}` is chosen once, and {found}",
            here.span,
            needed="the same options at each place that one choice is made for",
            help="copies that choose for themselves: `each(i = 1 to n, …)` instead of `n * …`, "
            "a `block` that is not `shared`",
        )
    )


def too_many_options(limit: int, span: Span) -> Diagnostic:
    """The error for choices that offer more than may be listed."""
    return Diagnostic(
        "E610",
        f"the choices up to here have more than {limit:,} options, each listed",
        span,
        needed="fewer ways to `pick` or `permute`, or larger steps in a range",
        help=raising("options"),
    )


def _too_much_effort(limit: int, span: Span) -> Diagnostic:
    return Diagnostic(
        "E609",
        f"one design takes more than {limit:,} layers, values and answers to work out",
        span,
        needed="fewer copies that are not alike, or shorter expressions in them",
        help=raising("effort"),
    )


def _too_much(limit: int, span: Span) -> Diagnostic:
    return Diagnostic(
        "E602",
        f"the model evaluates more than {limit:,} different block bodies",
        span,
        needed=f"at most {limit:,}",
        help=raising("bodies"),
    )
