"""Two spaces: how many designs, which choices, what they cost, and which designs both have."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from archdsl.comparing.changes import Shared, SpaceChanges
from archdsl.comparing.designs import differing
from archdsl.space.explore.explorer import Unexplorable
from archdsl.space.space import FEW_STATES, Space
from archdsl.space.survey import survey

if TYPE_CHECKING:
    from archdsl.evaluate.bounds import Bounds
    from archdsl.evaluate.program import Program
    from archdsl.space.survey import Survey

EVERY = 20_000  # designs of a space that are all looked up in the other
DRAWN = 1_000  # designs that are drawn of a larger one, each as likely as any other


def space_changes(old: Program, new: Program, bounds: Bounds) -> SpaceChanges:
    """The changes between two spaces; a spec without choices is one of a single design. Raises
    :class:`~archdsl.diagnostics.SpecError` where one takes too much even to be bounded."""
    spaces = [Space(program, bounds, states=FEW_STATES) for program in (old, new)]
    before, after = (survey(space) for space in spaces)
    return SpaceChanges(
        differing(_counts(before), _counts(after)),
        differing(_choices(before), _choices(after)),
        differing(_extents(before), _extents(after)),
        *_shared(*spaces),
    )


def _counts(page: Survey) -> dict[str, int]:
    return {"designs": page.fitting, "valid": page.valid}


def _choices(page: Survey) -> dict[str, tuple[Any, ...]]:
    """The options of each choice by its path."""
    return {one.path: tuple(option.label for option in one.options) for one in page.choices}


def _extents(page: Survey) -> dict[str, tuple[Any, Any]]:
    return {
        one.metric: (one.extent.low.value, one.extent.high.value)
        for one in page.metrics
        if one.extent is not None
    }


def _shared(old: Space, new: Space) -> tuple[Shared | None, Shared | None]:
    """Which designs of each are in the other; None where one cannot be described."""
    try:
        return _there(old, new), _there(new, old)
    except Unexplorable:
        return None, None


def _there(space: Space, other: Space) -> Shared:
    """How many of the valid designs of a space are valid in the other. Of choices within an
    interval only the paths are looked at, as both may be drawn from anew."""
    every, within = space.valid(), other.valid()
    most = every.count if every.count <= EVERY else DRAWN
    looked = there = 0
    example: dict[str, Any] | None = None
    for design in islice(space.designs(), most):
        looked += 1
        if within.count and within.designs.rank(design) is not None:
            there += 1
        elif example is None:
            example = design
    return Shared(every.count, looked, there, example)
