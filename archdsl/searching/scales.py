"""How the options of a choice lie to each other: in an order that means something, or not."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from archdsl.searching.moves import Choice


class Scale:
    """A choice as numbers. ``is_ordered``: it is continuous, or its options are three numbers or
    more, so that near positions are near values."""

    def __init__(self, choice: Choice) -> None:
        self.path = choice.path
        self.point: Any = choice.point
        self.is_continuous = choice.is_continuous
        numbers = [one for one in choice.options if _is_number(one)]
        if len(numbers) == len(choice.options):
            self.options = tuple(sorted(numbers))
            self.is_ordered = self.is_continuous or len(numbers) > 2
        else:
            self.options, self.is_ordered = choice.options, False

    @property
    def size(self) -> int:
        """How many options there are; 0 of a continuous choice."""
        return len(self.options)

    @cached_property
    def _places(self) -> dict[tuple[bool, Any], int]:
        return {_exactly(option): i for i, option in enumerate(self.options)}

    def place(self, value: Any) -> int | None:
        """Which option a value is; None for one that is none of them."""
        return self._places.get(_exactly(value))

    def share(self, value: Any) -> float | None:
        """Where a value of an ordered choice lies, from 0 to 1."""
        if self.is_continuous:
            return float(self.point.share(value)) if _is_number(value) else None
        place = self.place(value)
        return None if place is None else place / max(self.size - 1, 1)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _exactly(value: Any) -> tuple[bool, Any]:
    """What is equal for values that are the same: 1 and true are not."""
    return isinstance(value, bool), value
