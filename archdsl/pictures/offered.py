"""A design of a space with what it might be instead: the other options of its choices, evaluated
where they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.diagnostics import SpecError
from archdsl.evaluate.branches import Absent, Alternatives, BranchGroup, Pick
from archdsl.evaluate.layers import Choose, Each, Layer, Permute, Repeated
from archdsl.evaluate.op_calls import OpCall
from archdsl.evaluate.points import as_text
from archdsl.evaluate.run import NO_NAMES, Run
from archdsl.evaluate.scalars import Constant
from archdsl.graph.build import refs_of
from archdsl.graph.nodes import OpNode, Repeat, Slot

if TYPE_CHECKING:
    from collections.abc import Iterator, Set

    from archdsl.evaluate.bounds import Bounds
    from archdsl.evaluate.frames import Applicable, Frame
    from archdsl.evaluate.program import Evaluation, Program
    from archdsl.evaluate.run import Alike, Chooser
    from archdsl.graph.nodes import Node, Ref
    from archdsl.types import TensorType

DEEPEST = 2  # choices inside each other whose options are evaluated; of further ones they are named
MOST = 2_000  # options that are evaluated besides those of the design


class Option(NamedTuple):
    """One option of a choice by its label; ``node`` is None where it does not fit, or was not
    evaluated."""

    label: str
    node: Node | None


@dataclass(frozen=True, eq=False, repr=False)
class Offer(Slot):
    """A choice of a layer, applied: ``layer`` is as the design has it, ``options`` are all."""

    options: tuple[Option, ...] = ()


@dataclass(frozen=True, eq=False, repr=False)
class OpenMerge(Slot):
    """A merge of branches some of which are chosen. ``merge`` has all that there may be; those at
    the places in ``optional`` are there in some designs only. ``told`` says how many are taken."""

    merge: OpNode | None = None
    optional: frozenset[int] = frozenset()
    told: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False, repr=False)
class OpenRow(Slot):
    """A part whose number of copies, or their order, may be chosen: ``count`` is the expression
    that tells it, ``title`` what is said of it, ``one`` a copy where the design has none."""

    count: Any = None
    title: str = ""
    one: Node | None = None


class OfferingRun(Run):
    """A run over one design that evaluates what it does not choose, too. ``level`` is how many
    choices it is inside of."""

    __slots__ = ("left", "level")

    def __init__(self, chooser: Chooser, bounds: Bounds, level: int = 0, left: int = MOST) -> None:
        super().__init__(chooser, bounds)
        self.level = level
        self.left = left

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
        node = super().apply(layer, frame, takes)
        if lends:
            return node
        if isinstance(layer, Choose):
            return self._offer(layer, node, frame, takes)
        if isinstance(layer, OpCall) and layer.is_open:
            return self._merge(layer, node, frame, takes)
        if isinstance(layer, Repeated) and not isinstance(layer.count, Constant):
            return self._copies(layer, node, frame, takes)
        if isinstance(layer, Each):
            count = layer.series
            return OpenRow("", node, layer.span, node.refs, None, count, f"each {count.span.text}")
        if isinstance(layer, Permute):
            title = "in any order"
            return OpenRow("", node, layer.span, node.refs, None, layer.order, title)
        return node

    def once(self, layer: Applicable, frame: Frame, takes: TensorType) -> Node:
        return self.apply(layer, frame, takes)

    def _offer(self, layer: Choose, node: Node, frame: Frame, takes: TensorType) -> Node:
        _, point, taken = self.answers[frame.path + layer.label]
        options = [
            Option(
                as_text(point.labels[at]), node if at == taken else self._aside(one, frame, takes)
            )
            for at, one in enumerate(layer.options)
        ]
        refs = refs_of([node, *(one.node for one in options if one.node is not None)])
        return Offer("", node, layer.span, refs, None, tuple(options))

    def _copies(self, layer: Repeated, node: Node, frame: Frame, takes: TensorType) -> Node:
        if isinstance(node, Repeat):
            return node  # it knows the expression
        one = self._aside(layer.layer, frame, takes) if not node.size and not node.refs else None
        refs = refs_of([node, *([one] if one is not None else [])])
        return OpenRow("", node, layer.span, refs, None, layer.count, "", one)

    def _merge(self, layer: OpCall, node: Node, frame: Frame, takes: TensorType) -> Node:
        """All branches that a merge may have, each where it stands."""
        inner = layer.within(frame)
        branches: list[Node] = []
        optional: set[int] = set()
        told: list[str] = []
        for branch in layer.branches:
            is_group = isinstance(branch, BranchGroup)
            for one in _layers(branch):
                made = self._aside(one, inner, takes, force=not is_group)
                if made is not None:
                    optional |= {len(branches)} if is_group else set()
                    branches.append(made)
            told += [_told(branch)] if is_group else []
        op = node.op if isinstance(node, OpNode) else None
        if op is None or not branches:
            op = _op_of(layer, frame, self)
        refs = refs_of([node, *branches])
        if op is None:
            return _reading(node, refs)
        inputs = tuple(one.out for one in branches)
        size = 1 + sum(one.size for one in branches)
        merge = OpNode(op, tuple(branches), inputs, node.out, layer.span, size, refs, layer)
        return OpenMerge("", node, layer.span, refs, None, merge, frozenset(optional), tuple(told))

    def _aside(
        self, layer: Layer, frame: Frame, takes: TensorType, force: bool = False
    ) -> Node | None:
        """A layer as it would be; None where it does not fit, or where enough were evaluated."""
        if not force and (self.level >= DEEPEST or self.left <= 0):
            return None
        side = OfferingRun(self.chooser, self.bounds, self.level + (not force), self.left - 1)
        side.answers = self.answers
        side.effort, side.bodies, side.deepest = self.effort, self.bodies, self.deepest
        try:
            return side.apply(layer, frame, takes)
        except SpecError:
            return None
        finally:
            self.effort, self.bodies, self.left = side.effort, side.bodies, side.left


def _reading(node: Node, refs: frozenset[Ref]) -> Node:
    """A node that is there beside others: what these read is read."""
    return OpenRow("", node, node.span, refs)


def _op_of(layer: OpCall, frame: Frame, run: Run) -> Any:
    """The op of a merge of which one branch alone is left."""
    try:
        return layer._bind(layer.values(frame, run))
    except SpecError:
        return None


def _layers(branch: Any) -> Iterator[Layer]:
    """The layers that may stand at one place of a merge."""
    if isinstance(branch, Absent):
        return
    if not isinstance(branch, BranchGroup):
        yield branch
        return
    parts: Any = ()
    if isinstance(branch, Pick):
        parts = branch.branches
    elif isinstance(branch, Alternatives):
        parts = branch.options
    else:
        parts = (getattr(branch, "yes", None), getattr(branch, "no", None))
    for one in parts:
        if one is not None:
            yield from _layers(one)


def _told(group: Any) -> str:
    """How many of some branches there are."""
    if isinstance(group, Pick):
        return f"{' '.join(group.scalar.span.text.split())} of {len(group.branches)}"
    if isinstance(group, Alternatives):
        return f"one of {len(group.options)}"
    condition = getattr(group, "condition", None)
    return f"when {' '.join(condition.span.text.split())}" if condition is not None else ""


def evaluated(program: Program, chooser: Chooser, bounds: Bounds) -> Evaluation:
    """A design with what it might be instead. The program remembers calls with these, so it is one
    that nothing else evaluates. Raises :class:`SpecError`."""
    return program.evaluated(OfferingRun(chooser, bounds))
