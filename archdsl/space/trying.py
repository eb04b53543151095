"""Designs of a space to look at: all of a small one; of a large one, every option and some more.

What is found in all designs of a space that was tried whole is proven. A large space is sampled:
every option of every choice that was met is tried at least once (as far as the work allows), and
designs are drawn at random besides.
"""

from __future__ import annotations

from collections import deque
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple, TypeGuard

from archdsl.diagnostics import SpecError
from archdsl.evaluate.bounds import DEFAULT, Bounds, Effort
from archdsl.evaluate.designs import Given, shown_path
from archdsl.evaluate.points import ContinuousPoint
from archdsl.space.answers import Replay

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from random import Random

    from archdsl.diagnostics import Diagnostic
    from archdsl.evaluate.program import Evaluation, Program
    from archdsl.evaluate.run import ChoicePoint
    from archdsl.space.design_sets import DesignSet
    from archdsl.space.space import Space

WHOLE = 20_000  # designs of a space that is tried whole
DRAWN = 128  # designs of a larger one of which each choice is drawn evenly
UNIFORM = 32  # designs of a larger one drawn as likely as any other
COVERING = 512  # designs made to try every option
WAITING = 4096  # options remembered to be tried
WORK_WHOLE, WORK_SAMPLED = 300_000, 30_000  # ops of all designs together
FIRST = 64  # designs after which it is reckoned whether all would take too much
EACH = 10  # ops that a design is taken for besides its own
EFFORT = 4  # layers, values and answers that are as much work as one op held to the principles


class Trial(NamedTuple):
    """A design by its choices, evaluated, or what is wrong with it."""

    design: dict[str, Any]
    outcome: Evaluation | SpecError


class RefusedNumber(NamedTuple):
    """A number of a continuous choice that fits no design, and why."""

    path: str
    point: ContinuousPoint
    number: float
    why: Diagnostic


class Tried(NamedTuple):
    """What was looked at; ``whole`` when these are all designs there are, ``size`` how many fit
    together (None: not counted, or a choice is continuous). ``refused`` is a number of a continuous
    choice that does not fit where its lower end does."""

    trials: list[Trial]
    whole: bool
    size: int | None
    refused: RefusedNumber | None = None


def tried(program: Program, bounds: Bounds = DEFAULT, space: Space | None = None) -> Tried:
    """The designs of a program to look at: with its ``space`` valid ones, as far as that can be
    described. Raises BoundMet when one takes more than it may."""
    from archdsl.space.explore.explorer import Unexplorable  # few specs have choices

    trying = _Trying(program, bounds)
    try:
        valid = space.valid() if space is not None else None
    except Unexplorable:
        space = valid = None
    size = None if valid is None else valid.count
    endless = bool(size) and valid is not None and valid.designs.reader.is_continuous
    if not endless and (size is None or size <= WHOLE):
        described = valid is not None and not valid.unproven
        work = WORK_SAMPLED if valid is None else WORK_WHOLE
        trials = trying.by_rank(valid) if described else trying.in_order(work)  # type: ignore[arg-type]
        if trials is not None:
            return Tried(trials, True, size)
    others = trying.drawn(space) if space is not None else ()
    trials = _distinct([*trying.covering(), *trying.drawn_evenly(), *others])
    return Tried(trials, False, None if endless else size, trying.refused)


def only_design(program: Program, bounds: Bounds = DEFAULT) -> Trial | None:
    """The one design of a program without choices; None for a space. Raises BoundMet."""
    trying = _Trying(program, bounds)
    first = trying.trial(lambda path, point: point.at(0))
    return None if trying.asked else first


def judged_of(outcome: Evaluation | SpecError) -> int:
    """How many ops of a design the rules look at."""
    return 0 if isinstance(outcome, SpecError) else outcome.graph.model.size


def _distinct(trials: Iterable[Trial]) -> list[Trial]:
    """Each design once."""
    return list({frozenset(trial.design.items()): trial for trial in trials}.values())


class _Trying:
    """Evaluates designs one by one, as long as the work allows."""

    def __init__(self, program: Program, bounds: Bounds) -> None:
        self.program = program
        self.bounds = bounds
        self.asked: dict[str, tuple[ChoicePoint, int]] = {}  # of the last design
        self.work = 0
        self.seen = _Options()
        self.refused: RefusedNumber | None = None

    @cached_property
    def random(self) -> Random:
        from random import Random  # only spaces are sampled

        return Random(0)

    def trial(self, choose: Callable[[str, ChoicePoint], int]) -> Trial:
        """One design, as ``choose`` answers."""
        self.asked = {}

        def chooser(path: str, point: ChoicePoint) -> int:
            answer = choose(path, point)
            self.asked[path] = (point, answer)
            return answer

        effort = Effort()
        outcome = self.program.attempt(chooser, self.bounds, effort)
        self.work += EACH + judged_of(outcome) + effort.spent // EFFORT
        named = {shown_path(path): point.labels[a] for path, (point, a) in self.asked.items()}
        return Trial(named, outcome)

    def in_order(self, work: int) -> list[Trial] | None:
        """All designs; None when they are too many or too large for so much work."""
        trials: list[Trial] = []
        answers: list[int] = []
        while len(trials) < WHOLE and self.work < work:
            replay = Replay(answers)
            trials.append(self.trial(replay))
            answers = replay.following()
            if not answers:
                return trials
        return None

    def by_rank(self, valid: DesignSet) -> list[Trial] | None:
        """All valid designs; None when they are too large."""
        trials: list[Trial] = []
        for rank in range(valid.count):
            as_before = self.work * valid.count // FIRST if rank == FIRST else 0
            if self.work > WORK_WHOLE or as_before > 2 * WORK_WHOLE:
                return None
            trials.append(self.trial(Given(valid.designs.design(rank))))
        return trials

    def drawn(self, space: Space) -> Iterator[Trial]:
        """Valid designs, each as likely as any other."""
        self.work = 0
        for design in islice(space.designs(seed=0), UNIFORM):
            if self.work > WORK_SAMPLED:
                return
            trial = self.trial(Given(design))
            if isinstance(trial.outcome, SpecError):
                self._note_refused(trial.outcome)
            yield trial

    def _note_refused(self, error: SpecError) -> None:
        """A design of which it is proven that it fits with the lower ends of its continuous choices
        does not with numbers drawn of them."""
        drawn = [(p, point, a) for p, (point, a) in self.asked.items() if _is_continuous(point)]
        for path, point, number in drawn[-1:]:
            (why, *_) = error.diagnostics
            self.refused = self.refused or RefusedNumber(shown_path(path), point, number, why)

    def covering(self) -> Iterator[Trial]:
        """The first options together, the last ones together, and designs that try every option."""
        self.work = 0
        for end in (0, 1):
            yield self.trial(lambda path, point: point.at(end))  # noqa: B023
            self.seen.note(self.asked)
        for _ in range(COVERING):
            plan = self.seen.next_plan()
            if self.work > WORK_SAMPLED or plan is None:
                return
            yield self.trial(_following(plan, self.seen, self.random))
            self.seen.note(self.asked)

    def drawn_evenly(self) -> Iterator[Trial]:
        """Designs of which each choice is drawn evenly."""
        for _ in range(DRAWN):
            if self.work > WORK_SAMPLED:
                return
            yield self.trial(_following({}, self.seen, self.random))
            self.seen.note(self.asked)


def _is_continuous(point: ChoicePoint) -> TypeGuard[ContinuousPoint]:
    return isinstance(point, ContinuousPoint)


Before = tuple[dict[str, int], int]  # the answers of a design, and how many of them come before


class _Options:
    """Which options wait to be tried, and the answers before their choice that lead to it."""

    def __init__(self) -> None:
        self.waiting: dict[str, dict[int, Before]] = {}
        self.met: set[str] = set()
        self.kept = 0

    def next_plan(self) -> dict[str, int] | None:
        """Answers that lead to an option not tried yet; None when all were."""
        if not self.waiting:
            return None
        path = next(iter(self.waiting))
        option = next(iter(self.waiting[path]))
        answers, number = self.waiting[path].pop(option)
        if not self.waiting[path]:
            del self.waiting[path]
        return {**dict(islice(answers.items(), number)), path: option}

    def untried(self, path: str) -> int | None:
        """An option of a choice that waits to be tried."""
        return next(iter(self.waiting[path])) if path in self.waiting else None

    def note(self, asked: dict[str, tuple[ChoicePoint, int]]) -> None:
        """Take down what a design met."""
        answers = {path: answer for path, (_, answer) in asked.items()}
        for number, (path, (point, answer)) in enumerate(asked.items()):
            if path not in self.met:
                self._meet(path, point, (answers, number))
            waiting = self.waiting.get(path, {})
            waiting.pop(answer, None)
            if not waiting:
                self.waiting.pop(path, None)

    def _meet(self, path: str, point: ChoicePoint, before: Before) -> None:
        self.met.add(path)
        options = _spread(point.size, WAITING - self.kept)
        self.kept += len(options)
        self.waiting[path] = dict.fromkeys(options, before)


def _spread(size: int, most: int) -> list[int]:
    """So many options: the ends, the middle, then the middles between, so that those tried first
    tell the small from the large although work ends before all are."""
    ordered, gaps = [0, size - 1][:size], deque([(0, size - 1)])
    while gaps and len(ordered) < most:
        low, high = gaps.popleft()
        middle = (low + high) // 2
        if low < middle < high:
            ordered.append(middle)
            gaps.extend([(low, middle), (middle, high)])
    return ordered[: max(most, 0)]


def _following(
    plan: dict[str, int], seen: _Options, random: Random
) -> Callable[[str, ChoicePoint], int]:
    """Answers as planned; elsewhere with an option not tried yet, else at random.

    A range that depends on another choice may not have the option here.
    """

    def choose(path: str, point: ChoicePoint) -> int:
        wanted = plan[path] if path in plan else seen.untried(path)
        if wanted is not None and wanted < point.size:
            return wanted
        return int(random.random() * point.size)

    return choose
