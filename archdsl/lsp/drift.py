"""Where the places of an older text are in a newer one, while what is known is of the older."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Drift:
    """From a text to one that somebody has typed on. All between the first and the last character
    that differ has changed, and has no place in the newer text."""

    def __init__(self, old: str, new: str) -> None:
        least = min(len(old), len(new))
        self.same_before = _longest(least, lambda n: old[:n] == new[:n])
        left = least - self.same_before
        behind = _longest(left, lambda n: old[len(old) - n :] == new[len(new) - n :])
        self.end = len(old) - behind
        self.shift = len(new) - len(old)

    def __call__(self, offset: int) -> int | None:
        """The place of a character of the older text; None where it has changed."""
        if offset <= self.same_before:
            return offset
        return offset + self.shift if offset >= self.end else None

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """The place of a part of the older text; None where some of it has changed."""
        if end <= self.same_before:
            return start, end
        if start < self.end:
            return None
        return start + self.shift, end + self.shift


def _longest(most: int, holds: Callable[[int], bool]) -> int:
    """The largest number for which something holds that holds for all smaller ones."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low
