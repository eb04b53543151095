"""Sound designs at random: valid ones, each as likely as any other, that break no principle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.evaluate.bounds import Effort
from archdsl.evaluate.designs import Given, design_of, sampler
from archdsl.examine import errors
from archdsl.space.explore.explorer import Unexplorable
from archdsl.space.trying import EFFORT, judged_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.diagnostics import SpecError
    from archdsl.evaluate.program import Evaluation
    from archdsl.examine import Judging

WORK = 80_000  # ops of designs that are not sound, after which the search ends
MORE = 8_000  # and so many more for each design that is
EACH = 20  # ops that a design is taken for besides its own


class SoundDesign(NamedTuple):
    """A sound design. ``position`` is where it stands in the order of its seed, so that drawing
    can go on behind it; ``rejected`` of those before it broke a principle or were not valid."""

    design: dict[str, Any]
    position: int
    rejected: int


class SoundDesigns:
    """The sound designs of a program in a random order that depends on the seed alone, none twice.

    ``start`` leaves out the first positions of the order. Ends when there are no more, or, then
    ``gave_up``, when too many were looked at for each that is sound. ``next`` is the position to go
    on at, ``rejected`` how many were not sound. Of a space that takes too much to be described,
    each choice is drawn evenly instead, and a design may come twice.
    """

    def __init__(self, judging: Judging, seed: int = 0, start: int = 0) -> None:
        self.judging = judging
        self.seed = seed
        self.next = start
        self.rejected = 0
        self.gave_up = False

    def __iter__(self) -> Iterator[SoundDesign]:
        left, effort = WORK, Effort()
        for evaluation in _drawn(self.judging, self.seed, self.next, effort):
            position, self.next = self.next, self.next + 1
            if not errors(self.judging.verdict(evaluation)):
                design = design_of(evaluation)  # type: ignore[arg-type]
                yield SoundDesign(design, position, self.rejected)
                left += MORE
            else:
                self.rejected += 1
                left -= EACH + judged_of(evaluation) + effort.spent // EFFORT
            effort.spent = 0
            if left < 0:
                self.gave_up = True
                return


def _drawn(
    judging: Judging, seed: int, start: int, effort: Effort
) -> Iterator[Evaluation | SpecError]:
    try:
        judging.space.valid()
    except Unexplorable:
        chooser = sampler(seed)
        yield from (e for i, e in enumerate(judging.drawn(chooser, effort)) if i >= start)
        return
    for design in judging.space.designs(seed, start):
        yield judging.program.attempt(Given(design), judging.terms.bounds, effort)
