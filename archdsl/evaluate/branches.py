"""What stands among the arguments of a merge in place of a layer: none, one or several of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.evaluate.points import ChoicePoint
from archdsl.evaluate.scalars import NOTHING, Scalar, truth
from archdsl.evaluate.selections import Subset

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archdsl.evaluate.frames import Frame
    from archdsl.evaluate.layers import Layer
    from archdsl.evaluate.points import Spellings
    from archdsl.evaluate.reading import FlowReading
    from archdsl.evaluate.run import Run
    from archdsl.source import Span


class BranchGroup:
    """An argument of a merge that gives it so many layers. ``free`` are the names it reads."""

    __slots__ = ()
    free: frozenset[str]
    span: Span

    def picked(self, frame: Frame, run: Run) -> list[Layer]:
        """The layers that the merge gets here."""
        raise NotImplementedError

    def reads_flow(self, frame: Frame, reading: FlowReading) -> bool:
        """Whether some layer that it may give reads what flows into the merge."""
        raise NotImplementedError


Branch = Any  # a Layer, or BranchGroup: `layers` imports nothing from here, so it is not named


class Absent(BranchGroup):
    """``none``: no branch at all."""

    __slots__ = ("free", "span")

    def __init__(self, span: Span) -> None:
        self.span = span
        self.free = NOTHING

    def picked(self, frame: Frame, run: Run) -> list[Layer]:
        return []

    def reads_flow(self, frame: Frame, reading: FlowReading) -> bool:
        return False


class Pick(Subset, BranchGroup):
    """``pick(k, a, b, c)``: k of several branches of the merge it stands in."""

    __slots__ = ("branches",)

    def __init__(
        self,
        label: str,
        scalar: Scalar,
        branches: tuple[Branch, ...],
        labels: tuple[str, ...],
        span: Span,
        spellings: Spellings | None = None,
    ) -> None:
        super().__init__(label, scalar, labels, span, spellings)
        self.branches = branches
        self.free = scalar.free.union(*(branch.free for branch in branches))

    def picked(self, frame: Frame, run: Run) -> list[Layer]:
        chosen = [self.branches[place] for place in self.chosen(frame, run)]
        return flattened(chosen, frame, run)

    def reads_flow(self, frame: Frame, reading: FlowReading) -> bool:
        return reading.any(self.branches, frame)


class Alternatives(BranchGroup):
    """``a | none``: a choice of branches, some of which are not one layer."""

    __slots__ = ("free", "label", "options", "point", "span")

    def __init__(
        self,
        label: str,
        options: tuple[Branch, ...],
        labels: tuple[Any, ...],
        spellings: Spellings,
        span: Span,
    ) -> None:
        self.label = label
        self.options = options
        self.point = ChoicePoint(labels, span, spellings)
        self.span = span
        self.free = NOTHING.union(*(option.free for option in options))

    def picked(self, frame: Frame, run: Run) -> list[Layer]:
        option = self.options[run.ask(frame.path + self.label, self.point)]
        return flattened([option], frame, run)

    def reads_flow(self, frame: Frame, reading: FlowReading) -> bool:
        return reading.any(self.options, frame)


class WhenBranch(BranchGroup):
    """``when(condition, a, else=none)``: a branch that is there on a condition."""

    __slots__ = ("condition", "free", "no", "span", "yes")

    def __init__(self, condition: Scalar, yes: Branch, no: Branch, span: Span) -> None:
        self.condition = condition
        self.yes = yes
        self.no = no
        self.span = span
        self.free = condition.free | yes.free | no.free

    def picked(self, frame: Frame, run: Run) -> list[Layer]:
        taken = truth(self.condition, frame, run)
        return flattened([self.yes if taken else self.no], frame, run)

    def reads_flow(self, frame: Frame, reading: FlowReading) -> bool:
        return reading.any((self.yes, self.no), frame)


def flattened(branches: Sequence[Branch], frame: Frame, run: Run) -> list[Layer]:
    """The layers of some branches, in order."""
    layers: list[Layer] = []
    for branch in branches:
        if isinstance(branch, BranchGroup):
            layers.extend(branch.picked(frame, run))
        else:
            layers.append(branch)
    return layers
