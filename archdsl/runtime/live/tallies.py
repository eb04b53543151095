"""What metrics are worked out from, added up batch by batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from torch import Tensor


class Answers(NamedTuple):
    """What a model answered to some questions, one after the other.

    ``found`` and ``asked`` are class numbers (one each), or numbers or labels of 0 and 1 (a row
    each); of vectors ``found`` are these and ``asked`` their classes. ``scores`` are
    what classes were found by: a row each, or one column where there are two classes. ``loss`` is
    the mean over them; answers of no model have neither.
    """

    found: Tensor
    asked: Tensor
    scores: Tensor | None = None
    loss: Tensor | None = None


class Tally:
    """Base: ``add`` takes in some answers."""

    def __init__(self, classes: int) -> None:
        """``classes`` is 0 for numbers."""

    def add(self, answers: Answers) -> None:
        raise NotImplementedError


class Losses(Tally):
    """The sum of the loss over all answers."""

    def __init__(self, classes: int) -> None:
        self.total: Tensor | float = 0.0
        self.count = 0

    def add(self, answers: Answers) -> None:
        if answers.loss is not None and len(answers.asked):
            self.total = self.total + answers.loss.detach().double() * len(answers.asked)
            self.count += len(answers.asked)

    @property
    def mean(self) -> float:
        return float(self.total) / max(self.count, 1)


class Hits(Tally):
    """How many answers are right."""

    def __init__(self, classes: int) -> None:
        self.right: Tensor | int = 0
        self.count = 0

    def add(self, answers: Answers) -> None:
        self.right = self.right + (answers.found == answers.asked).sum()
        self.count += answers.asked.numel()

    @property
    def share(self) -> float:
        return float(self.right) / max(self.count, 1)


class PerClass(Tally):
    """For each class, or label, how often it was found, asked for, and both."""

    def __init__(self, classes: int) -> None:
        self.classes = max(classes, 2)
        self.is_of_labels = False
        self.both: Tensor | int = 0
        self.found: Tensor | int = 0
        self.asked: Tensor | int = 0

    def add(self, answers: Answers) -> None:
        if answers.asked.dim() == 2:
            self.is_of_labels = True
            self.both = self.both + (answers.found * answers.asked).sum(0)
            self.found = self.found + answers.found.sum(0)
            self.asked = self.asked + answers.asked.sum(0)
            return
        right = answers.asked[answers.found == answers.asked]
        self.both = self.both + right.bincount(minlength=self.classes)
        self.found = self.found + answers.found.bincount(minlength=self.classes)
        self.asked = self.asked + answers.asked.bincount(minlength=self.classes)


class Squares(Tally):
    """For each number asked for: its sum and that of its squares, and of the squared errors."""

    def __init__(self, classes: int) -> None:
        self.count = 0
        self.sums: Tensor | float = 0.0
        self.squares: Tensor | float = 0.0
        self.errors: Tensor | float = 0.0

    def add(self, answers: Answers) -> None:
        asked = answers.asked.double()
        self.count += len(asked)
        self.sums = self.sums + asked.sum(0)
        self.squares = self.squares + asked.square().sum(0)
        self.errors = self.errors + (answers.found.double() - asked).square().sum(0)


class Distances(Tally):
    """For each number asked for the sum of absolute errors."""

    def __init__(self, classes: int) -> None:
        self.count = 0
        self.totals: Tensor | float = 0.0

    def add(self, answers: Answers) -> None:
        self.count += len(answers.asked)
        apart = (answers.found.double() - answers.asked.double()).abs()
        self.totals = self.totals + apart.sum(0)


def steps(totals: Tensor | float, count: int) -> Tensor | None:
    """The means of what was added up over answers of steps x targets; None for others."""
    if isinstance(totals, float) or totals.dim() < 2:
        return None
    return totals / max(count, 1)


class Kept(Tally):
    """All scores and classes, for what needs them together."""

    def __init__(self, classes: int) -> None:
        self.scores: list[Tensor] = []
        self.asked: list[Tensor] = []

    def add(self, answers: Answers) -> None:
        if answers.scores is not None:
            self.scores.append(answers.scores.float().cpu())
            self.asked.append(answers.asked.cpu())


class Vectors(Tally):
    """All vectors and their classes, as they are compared with each other."""

    def __init__(self, classes: int) -> None:
        self.found: list[Tensor] = []
        self.asked: list[Tensor] = []

    def add(self, answers: Answers) -> None:
        self.found.append(answers.found.float().cpu())
        self.asked.append(answers.asked.cpu())
