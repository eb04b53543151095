"""Going through all combinations of answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archdsl.evaluate.run import ChoicePoint


class Replay:
    """Answers as told, then first options; ``sizes`` are the numbers of options of the choices that
    were asked for."""

    __slots__ = ("answers", "sizes")

    def __init__(self, answers: list[int]) -> None:
        self.answers = answers
        self.sizes: list[int] = []

    def __call__(self, path: str, point: ChoicePoint) -> int:
        return self.pick(point.size)

    def pick(self, size: int) -> int:
        """The answer to the next choice, which has so many options."""
        index = len(self.sizes)
        self.sizes.append(size)
        if index == len(self.answers):
            self.answers.append(0)
        return self.answers[index]

    def following(self) -> list[int]:
        """The answers to begin the next combination with; none after the last one."""
        return next_answers(self.answers, self.sizes)


def next_answers(answers: Sequence[int], sizes: Sequence[int]) -> list[int]:
    """The answers after these, the last choice counting up first; none after the last ones.

    ``sizes`` are the numbers of options of the choices that were asked for: answers behind these
    are left out, as other answers may lead to other choices.
    """
    following = list(answers[: len(sizes)])
    while following and following[-1] + 1 >= sizes[len(following) - 1]:
        following.pop()
    if following:
        following[-1] += 1
    return following
