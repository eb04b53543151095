"""What a search came to, for people and as a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.cli.live import aligned
from archdsl.cli.search_progress import valued
from archdsl.rendering.escape import visible
from archdsl.rendering.fitting import page
from archdsl.rendering.spans_of_time import lasting
from archdsl.searching.found import ALL_TRIED, INTERRUPTED, SPACE, TIME
from archdsl.searching.records import TEST
from archdsl.searching.results.values import plain, value

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from archdsl.searching.estimate import Estimate
    from archdsl.searching.found import Found
    from archdsl.searching.records import Tried

RETRIED = "With --retry-failed the same command tries them again, once the cause is gone."
SHOWN = 10  # trials of a front that are listed
WHY = {
    ALL_TRIED: "as many as were asked for",
    TIME: "the time is up",
    SPACE: "the space has no more designs",
    INTERRUPTED: "interrupted; the same command goes on",
}


def text(found: Found, left: Sequence[Path], columns: int | None) -> str:
    """What is told at the end of a search."""
    lines = [_ended(found), *_best(found), *_troubles(found)]
    told = [page(line, columns) for line in lines]
    if len(found.objectives) > 1 and found.front:
        told += ["", *_front(found)]
    if left:
        told += ["", *(f"  {visible(str(path))}" for path in left)]
    return "\n".join(told)


def _ended(found: Found) -> str:
    seconds = sum(tried.seconds for tried in found.trials)
    trials = "1 trial" if len(found.trials) == 1 else f"{len(found.trials):,} trials"
    counts = [f"{trials} ({WHY.get(found.ended, found.ended)})"]
    counts.append(f"{lasting(seconds)} of evaluation")
    rejected = sum(found.rejected.values())
    if rejected:
        codes = ", ".join(sorted(found.rejected))
        counts.append(f"{rejected:,} designs rejected before training ({codes})")
    return "; ".join(counts) + "."


def _best(found: Found) -> list[str]:
    best = found.best
    if best is None:
        return ["No trial gave a value."]
    told = [f"Best: {valued(best, found.objectives)} (trial {best.number})."]
    tested = {name: number for name, number in best.metrics.items() if name.startswith(TEST)}
    if tested:
        figures = ", ".join(
            f"{name.removeprefix(TEST)} {plain(number)}" for name, number in tested.items()
        )
        told.append(f"On the samples for testing, which the search never saw: {figures}.")
    return told


def _front(found: Found) -> list[str]:
    """The Pareto front as a table."""
    ordered = sorted(found.front, key=lambda tried: tried.values or ())
    rows: list[Sequence[str]] = [("trial", *(one.text for one in found.objectives))]
    texts = [one.text for one in found.objectives]
    rows += [(str(one.number), *map(value, texts, one.values or ())) for one in ordered[:SHOWN]]
    more = len(ordered) - SHOWN
    return aligned(rows) + ([f"and {more:,} more of the front"] if more > 0 else [])


def _troubles(found: Found) -> list[str]:
    told = [
        f"{len(group.trials):,} failed: {visible(group.reason)}"
        + (f" (see {visible(group.log)})" if group.log else "")
        for group in found.failures
    ]
    if told:
        told.append(RETRIED)
    pruned = sum(tried.state == "pruned" for tried in found.trials)
    if pruned:
        told.append(f"{pruned:,} were stopped early, as others were better by then.")
    if found.moved or found.dropped:
        dropped = sum(found.dropped.values())
        told.append(f"{found.moved:,} trials were taken over from the run before, {dropped:,} not.")
    return told


def document(found: Found, left: Sequence[Path]) -> dict[str, Any]:
    """The same for programs."""
    best = found.best
    return {
        "ended": found.ended,
        "folder": str(found.folder),
        "objectives": [one._asdict() for one in found.objectives],
        "trials": len(found.trials),
        "rejected": dict(found.rejected),
        "best": None if best is None else _told(best),
        "front": [_told(tried) for tried in found.front],
        "failures": [group._asdict() for group in found.failures],
        "files": [str(path) for path in left],
    }


def _told(tried: Tried) -> dict[str, Any]:
    return {
        "number": tried.number,
        "design": dict(tried.design),
        "values": list(tried.values or ()),
        "metrics": dict(tried.metrics),
        "seconds": tried.seconds,
    }


def estimate_text(found: Estimate, columns: int | None) -> str:
    """What a search will take, told before it begins."""
    return "\n".join(page(line, columns) for line in found.lines())
