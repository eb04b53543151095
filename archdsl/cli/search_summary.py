"""What a search came to, for people and as a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.rendering.escape import visible
from archdsl.rendering.fitting import page as fitting

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from archdsl.searching.estimate import Estimate
    from archdsl.searching.found import Found
    from archdsl.searching.records import Tried

RETRIED = "With --retry-failed the same command tries them again, once the cause is gone."


def text(found: Found, page: str, left: Sequence[Path]) -> str:
    """What is told at the end of a search: the ``page`` of its results, what was taken over, and
    the files that are left."""
    told = [page]
    if found.failures:
        told.append(RETRIED)
    if found.moved or found.dropped:
        dropped = sum(found.dropped.values())
        told.append(f"{found.moved:,} trials were taken over from the run before, {dropped:,} not.")
    if left:
        told.append("\n".join(["files of the best:", *(f"  {visible(str(one))}" for one in left)]))
    return "\n\n".join(told)


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
    return "\n".join(fitting(line, columns) for line in found.lines())
