"""Going through all combinations of answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


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
