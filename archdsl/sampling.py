"""Sound designs at random: valid ones, each as likely as any other, that break no principle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.diagnostics import SpecError
from archdsl.evaluate.designs import Given, design_of, sampler
from archdsl.examine import errors
from archdsl.space.explore.explorer import Unexplorable
from archdsl.space.space import Space

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.evaluate.program import Evaluation
    from archdsl.examine import Judging

WORK = 400_000  # ops of designs in a row of which none is sound, after which the search ends
EACH = 20  # ops that a design is taken for besides its own


class SoundDesign(NamedTuple):
    """A sound design. ``position`` is where it stands in the order of its seed, so that drawing
    can go on behind it; ``rejected`` of those before it broke a principle or were not valid."""

    design: dict[str, Any]
    position: int
    rejected: int


def sound_designs(judging: Judging, seed: int = 0, start: int = 0) -> Iterator[SoundDesign]:
    """The sound designs of a program in a random order that depends on the seed alone, none twice.

    ``start`` leaves out the first positions of the order. Ends when there are no more, or when
    none comes for a long time. Of a space that takes too much to be described, each choice is
    drawn evenly instead, and a design may come twice.
    """
    rejected = work = 0
    for position, evaluation in enumerate(_drawn(judging, seed, start), start):
        if not errors(judging.verdict(evaluation)):
            yield SoundDesign(design_of(evaluation), position, rejected)  # type: ignore[arg-type]
            work = 0
            continue
        rejected += 1
        work += EACH + (0 if isinstance(evaluation, SpecError) else evaluation.graph.model.size)
        if work > WORK:
            return


def _drawn(judging: Judging, seed: int, start: int) -> Iterator[Evaluation | SpecError]:
    space = Space(judging.program, judging.terms.bounds)
    try:
        space.valid()
    except Unexplorable:
        chooser = sampler(seed)
        yield from (e for i, e in enumerate(judging.drawn(chooser)) if i >= start)
        return
    for design in space.designs(seed, start):
        yield judging.program.attempt(Given(design), judging.terms.bounds)
