"""The GPUs of this machine, shared out to workers."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

VISIBLE = "CUDA_VISIBLE_DEVICES"


def visible() -> tuple[str, ...]:
    """The GPUs that this process may use, by what CUDA calls them."""
    told = os.environ.get(VISIBLE)
    if told is not None:
        return tuple(name.strip() for name in told.split(",") if name.strip() not in ("", "-1"))
    places = Path("/dev").glob("nvidia[0-9]*")
    return tuple(sorted((place.name.removeprefix("nvidia") for place in places), key=int))


class Devices:
    """Shares GPUs: each trial gets ``each`` of them; below 1, several trials share one."""

    def __init__(self, names: tuple[str, ...], each: float) -> None:
        self.names = names
        self.each = each
        self.used: Counter[str] = Counter()
        self.given: dict[int, tuple[str, ...]] = {}

    @property
    def room(self) -> int:
        """How many trials have a GPU at once."""
        if self.each >= 1:
            return len(self.names) // int(self.each)
        return len(self.names) * int(1 / self.each)

    def take(self, number: int) -> tuple[str, ...]:
        """The GPUs of a trial: those that the fewest use."""
        count = max(1, int(self.each))
        chosen = tuple(sorted(self.names, key=lambda name: self.used[name])[:count])
        self.used.update(chosen)
        self.given[number] = chosen
        return chosen

    def give_back(self, number: int) -> None:
        """A trial needs its GPUs no longer."""
        self.used.subtract(self.given.pop(number, ()))
