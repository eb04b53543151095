"""What the best designs of a run have in common, held against all valid designs of its space."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archdsl.searching.traits import Trait, traits

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from archdsl.searching.candidates import Candidates
    from archdsl.searching.records import Tried

TOP = 0.1  # share of the trials that are the best ones
FEWEST = 10  # of them


class Shared(NamedTuple):
    """``traits`` of the ``best`` trials (by number): options that they take more often, or less,
    than valid designs do, beyond what comes by chance."""

    best: tuple[int, ...] = ()
    traits: tuple[Trait, ...] = ()


def shared_by_best(
    ordered: Sequence[Tried], ranks: Mapping[int, int], candidates: Callable[[], Candidates]
) -> Shared:
    """What the best tenth of the complete trials have in common, but at least ten of them (of
    several objectives whole fronts, from the first); nothing where that is more than half.

    ``ordered`` are the complete trials, the best first; ``ranks`` the front of each by number.
    """
    some = max(FEWEST, round(TOP * len(ordered)))
    best = ordered[:some]
    if best and any(ranks.values()):
        last = ranks[best[-1].number]
        best = [tried for tried in ordered if ranks[tried.number] <= last]
    if len(ordered) < max(2 * len(best), 2 * FEWEST):
        return Shared()
    found = traits(candidates(), [tried.design for tried in best])
    return Shared(tuple(tried.number for tried in best), tuple(found))
