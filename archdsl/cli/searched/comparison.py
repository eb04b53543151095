"""Two runs side by side, for people and as a document."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from archdsl.cli.live import aligned
from archdsl.rendering.escape import visible
from archdsl.rendering.fitting import wrapped
from archdsl.rendering.spans_of_time import lasting
from archdsl.searching.results.telling import ended, states
from archdsl.searching.results.values import cut, percent, plain, value

if TYPE_CHECKING:
    from archdsl.searching.results.comparing import Comparison
    from archdsl.searching.results.results import Results

LONG = 24  # columns of what is told of one run
NAME = 28  # and of what it is
CAUTION = "Two runs are one case: several seeds of each say which way of searching is better."


def page(found: Comparison, columns: int | None = None) -> str:
    """The comparison as text."""
    both = found.one, found.other
    rows: list[tuple[str, ...]] = [("", "one", "other")]
    for name, cells in _facts(found):
        rows += _lines(cut(name, NAME), *(visible(cell) for cell in cells))
    lines = [
        f"{name}: {visible(str(run.folder))}" for name, run in zip(rows[0][1:], both, strict=True)
    ]
    lines += ["", *aligned(rows), ""]
    for text in (_shared(found), CAUTION):
        lines += wrapped(text, columns)
    return "\n".join(lines)


def _lines(name: str, one: str, other: str) -> list[tuple[str, ...]]:
    """A fact as rows of a table: what is too long for a column goes on below."""
    cells = (wrapped(one, LONG) or [""], wrapped(other, LONG) or [""])
    return list(zip_longest([name], *cells, fillvalue=""))


def _facts(found: Comparison) -> list[tuple[str, tuple[str, str]]]:
    one, other = found.one, found.other
    told = [
        ("strategy", (_strategy(one), _strategy(other))),
        ("seed", (str(one.seed), str(other.seed))),
        ("trials", (states(one), states(other))),
        ("ended", (ended(one), ended(other))),
        ("worked for", (lasting(one.seconds), lasting(other.seconds))),
        (
            "rejected before",
            (f"{sum(one.rejected.values()):,}", f"{sum(other.rejected.values()):,}"),
        ),
    ]
    for place, objective in enumerate(found.objectives):
        cells = (_best(one, place), _best(other, place))
        told.append((f"best {one.title(objective)}", cells))
    tests = [name for name in one.tests if name in other.tests]
    if len(found.objectives) == 1:
        told += [
            (name.replace("_", " ", 1), (_test(one, name), _test(other, name))) for name in tests
        ]
    if found.front is not None:
        fronts = (
            f"{found.front[0]} of {len(one.front)}",
            f"{found.front[1]} of {len(other.front)}",
        )
        told.append(("in the front of both", fronts))
    for after in found.after:
        what = "hypervolume" if found.front is not None else "best"
        name = f"{what} after {after.trials:,} trials"
        told.append((name, (_value(found, after.one), _value(found, after.other))))
    return [(visible(name), cells) for name, cells in told]


def _strategy(run: Results) -> str:
    return str(run.strategy.get("name") or run.strategy.get("strategy") or "not told")


def _best(run: Results, place: int) -> str:
    objective = run.objectives[place]
    values = [(tried.values or ())[place] for tried in run.complete]
    best = max(values) if objective.direction == "maximize" else min(values)
    return value(objective.text, best)


def _test(run: Results, name: str) -> str:
    """A test figure of the design that is the best by what the search saw."""
    metrics = run.best.metrics if run.best else {}
    return plain(metrics[name]) if name in metrics else "–"


def _value(found: Comparison, number: float | None) -> str:
    if number is None:
        return "–"
    return percent(number) if found.front is not None else value(found.objectives[0].text, number)


def _shared(found: Comparison) -> str:
    if not found.both:
        return "No design was tried in both."
    pairs = zip(found.objectives, found.apart, strict=True)
    apart = ", ".join(f"{one.text} by at most {value(one.text, gap)}" for one, gap in pairs)
    several = "s were" if len(found.both) > 1 else " was"
    if not any(found.apart):
        return f"{len(found.both):,} design{several} tried in both, and came to the same."
    return visible(f"{len(found.both):,} design{several} tried in both; they differ in {apart}.")


def document(found: Comparison) -> dict[str, Any]:
    """The comparison as data."""
    return {
        "objectives": [str(one) for one in found.objectives],
        "runs": [_run(found.one), _run(found.other)],
        "after": [after._asdict() for after in found.after],
        "designs_in_both": [list(pair) for pair in found.both],
        "values_apart": list(found.apart),
        "front_of_both": list(found.front) if found.front else None,
        "reference": list(found.reference) if found.reference else None,
    }


def _run(run: Results) -> dict[str, Any]:
    best = run.best
    return {
        "folder": str(run.folder),
        "strategy": dict(run.strategy),
        "seed": run.seed,
        "running": run.is_running,
        "ended": run.ended,
        "seconds": run.seconds,
        "trials": len(run.trials),
        "rejected": sum(run.rejected.values()),
        "best": {"number": best.number, "values": list(best.values or ())} if best else None,
        "front": [tried.number for tried in run.front],
    }
