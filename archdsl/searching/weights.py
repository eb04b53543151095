"""The weights that trials leave: the best ones are kept, so that a long search fills no disk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from archdsl.searching.events import Begun, Ended
from archdsl.searching.found import front_of, losses_of

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from archdsl.searching.events import Event
    from archdsl.searching.records import Objective, Tried

WEIGHTS = "weights.safetensors"  # in the folder of a trial
BEST = 10  # trials whose weights are kept besides the front's


class Weights:
    """Removes the weights of trials that are not among the best any more. It is an observer of a
    search's events; ``folder`` is that of the run."""

    def __init__(self, folder: str | os.PathLike[str], objectives: Sequence[Objective]) -> None:
        self.folder = Path(folder)
        self.objectives = tuple(objectives)
        self.kept: dict[int, Tried] = {}

    def __call__(self, event: Event) -> None:
        if isinstance(event, Begun):
            self._add(event.known)
        elif isinstance(event, Ended):
            self._add((event.tried,))

    def _add(self, ended: Sequence[Tried]) -> None:
        self.kept |= {one.number: one for one in ended if one.state == "complete"}
        worth = worth_keeping(tuple(self.kept.values()), self.objectives)
        for number in self.kept.keys() - worth:
            del self.kept[number]
            (self.folder / "trials" / f"{number:05}" / WEIGHTS).unlink(missing_ok=True)


def worth_keeping(trials: Sequence[Tried], objectives: Sequence[Objective]) -> set[int]:
    """The trials of the front, and the ten that are best by the first objective."""
    ordered = sorted(trials, key=lambda one: (losses_of(one, objectives)[0], one.number))
    return {one.number for one in (*front_of(trials, objectives), *ordered[:BEST])}
