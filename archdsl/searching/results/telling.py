"""What is said of a run's results wherever they are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.searching.found import ALL_TRIED, ERROR, INTERRUPTED, KILLED, SPACE, TIME

if TYPE_CHECKING:
    from archdsl.searching.results.importance import Importance
    from archdsl.searching.results.results import Results

WHY = {
    ALL_TRIED: "as many trials as were asked for",
    TIME: "the time was up",
    SPACE: "no design is left that was not tried",
    INTERRUPTED: "it was interrupted; the same command goes on",
    ERROR: "an error, told when it happened; the same command goes on when that is mended",
    KILLED: "its process was killed; the same command goes on",
    "": "not known",
}
STATES = {
    "complete": "complete",
    "pruned": "pruned (stopped early)",
    "failed": "failed",
    "running": "running",
}
MOST = 3  # codes of rejected designs that are told


def ended(found: Results) -> str:
    """Why a run ended, or that it has not."""
    if found.is_running:
        return f"a search works on it: {len(found.of_state('running'))} trials run"
    return WHY.get(found.ended, found.ended)


def states(found: Results) -> str:
    """How the trials ended: ``117 complete, 3 failed``."""
    counts = {state: len(found.of_state(state)) for state in STATES}
    told = [f"{count:,} {STATES[state]}" for state, count in counts.items() if count]
    again = sum(one.attempt > 1 for one in found.trials)
    return ", ".join(told) + (f"; {again} tried again" if again else "")


def rejections(found: Results) -> str:
    """Which designs were not tried as they are not sound, by code."""
    counts = sorted(found.rejected.items(), key=lambda item: -item[1])
    parts = [f"{n:,} by {code}: {found.reasons.get(code, '')}" for code, n in counts[:MOST]]
    more = f"; {len(counts) - MOST} codes more" if len(counts) > MOST else ""
    return f"before anything was trained, {'; '.join(parts)}{more}"


def chance(one: Importance) -> str:
    """How large a choice comes out by chance."""
    told = f"up to {100 * one.chance:.0f}% comes by chance"
    stands_out = any(weight.above_chance for weight in one.weights)
    return told if stands_out else f"{told}, so none stands out"


def limits(found: Results) -> str:
    """What importance can and cannot tell."""
    told = "It is of the designs tried: a choice that the search soon settled looks small."
    if any(weight.made < one.trials for one in found.importance for weight in one.weights):
        told += " A choice that not all designs make is judged among those that make it."
    unjudged = list(dict.fromkeys(name for one in found.importance for name in one.unjudged))
    if unjudged:
        more = ", …" if len(unjudged) > MOST else ""
        told += f" Too few trials make {', '.join(unjudged[:MOST])}{more} to judge of it."
    return told
