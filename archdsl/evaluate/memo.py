"""Block calls remembered: by block, arguments and input type, and then by the choices they made.

What a call evaluates to may depend on choices inside it, and which choices there are may depend on
earlier answers. So each remembered call is a decision tree: ask, follow the answer, and arrive at
what was evaluated before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.diagnostics import SpecError
from archdsl.evaluate.requirements import UNMET
from archdsl.evaluate.run import OTHER_OPTIONS, other_options
from archdsl.graph.nodes import Fragment

if TYPE_CHECKING:
    from collections.abc import Hashable

    from archdsl.diagnostics import Diagnostic
    from archdsl.evaluate.run import Answer, ChoicePoint, Run

TOTAL = 300_000  # questions and outcomes remembered of all calls together
LEAVES = 10_000  # remembered for one call before it is forgotten: larger spaces rarely repeat


class Unfit(NamedTuple):
    """A call that fits together, with the requirements inside it that do not hold."""

    fragment: Fragment
    unmet: tuple[Diagnostic, ...]

    @property
    def nested(self) -> int:
        """How deep calls nest inside."""
        return self.fragment.nested


Outcome = Fragment | Unfit | SpecError


class Question:
    """A choice point of a call; ``path`` is relative to the call unless it is ``absolute``."""

    __slots__ = ("absolute", "answers", "path", "point")

    def __init__(self, path: str, point: ChoicePoint, absolute: bool) -> None:
        self.path = path
        self.point = point
        self.absolute = absolute
        self.answers: dict[Any, Question | Outcome] = {}


class Memo:
    """All remembered calls of a program."""

    def __init__(self) -> None:
        self._roots: dict[Any, Question | Outcome] = {}
        self._leaves: dict[Hashable, int] = {}
        self._total = 0

    def find(self, key: Hashable, prefix: str, run: Run) -> Outcome | None:
        """What a call evaluates to, its choices asked of the run; None when it is new."""
        entry = self._roots.get(key)
        if type(entry) is not Question:
            return entry  # type: ignore[return-value]
        answers, asked, chooser = run.answers, run.asked, run.chooser
        start = len(asked)
        while type(entry) is Question:  # Run.ask, written out: this loop is what a search does
            path = entry.path if entry.absolute else prefix + entry.path
            answer = answers.get(path)
            point = entry.point
            if answer is None:
                answer = answers[path] = (path, point, chooser(path, point))
            elif answer[1] is not point and answer[1].labels != point.labels:
                return other_options(path, answer[1], point)
            asked.append(answer)
            entry = entry.answers.get(answer[2])
        run.effort += len(asked) - start
        return entry  # type: ignore[return-value]

    def keep(
        self,
        key: Hashable,
        prefix: str,
        asked: list[Answer],
        outcome: Outcome,
    ) -> None:
        """Remember an outcome under the choices that led to it, in the order they were asked.

        A bound that was met says nothing about the call itself, nor does a choice that other
        places met with other options, and what a strict run refuses another run may not: such
        refusals are not remembered.
        """
        if isinstance(outcome, SpecError) and _is_of_this_run(outcome):
            return
        self._total += 1
        if self._total > TOTAL:
            self._forget()
        answered = {path: (point, answer) for path, point, answer in asked}
        count = self._leaves.get(key, 0) + 1
        if count > LEAVES:
            del self._roots[key]
            count = 1
        self._leaves[key] = count
        if not answered:
            self._roots[key] = outcome
            return
        self._grow(key, prefix, answered, outcome)

    def _forget(self) -> None:
        self._roots.clear()
        self._leaves.clear()
        self._total = 0

    def _grow(
        self,
        key: Hashable,
        prefix: str,
        answered: dict[str, tuple[ChoicePoint, int]],
        outcome: Outcome,
    ) -> None:
        parent: dict[Any, Question | Outcome] = self._roots
        slot = key
        for path, (point, answer) in answered.items():
            question = parent.get(slot)
            if type(question) is not Question:
                question = parent[slot] = _question(path, prefix, point)
                self._total += 1
            parent, slot = question.answers, answer
        parent[slot] = outcome


def _is_of_this_run(refusal: SpecError) -> bool:
    """Whether a call was refused for what else was evaluated, or for how strict the run is."""
    codes = [finding.code for finding in refusal.diagnostics]
    besides = any(code.startswith("E60") or code == OTHER_OPTIONS for code in codes)
    return besides or all(code == UNMET for code in codes)


def _question(path: str, prefix: str, point: ChoicePoint) -> Question:
    rest = path[len(prefix) :]
    if path.startswith(prefix) and (not rest or rest[0] == "."):
        return Question(rest, point, absolute=False)
    return Question(path, point, absolute=True)
