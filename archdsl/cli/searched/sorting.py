"""In which order trials are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archdsl.searching.records import Tried
    from archdsl.searching.results.results import Results

TRIALS = 10  # that are told where nobody says how many
SORTED = {
    "best": "the best first",
    "number": "by number",
    "seconds": "the longest first",
}


def listed(found: Results, by: str = "best") -> tuple[Tried, ...]:
    """All trials in an order: ``best`` first, and those without values behind them; by ``number``;
    or by ``seconds``, the longest first."""
    if by == "number":
        return found.trials
    if by == "seconds":
        return tuple(sorted(found.trials, key=lambda tried: (-tried.seconds, tried.number)))
    rest = (found.of_state(state) for state in ("pruned", "running", "failed"))
    return (*found.ordered, *(tried for some in rest for tried in some))
