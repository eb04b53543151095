"""The results of a run as one document."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

from archdsl.searching.records import TEST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archdsl.searching.records import Objective, Tried
    from archdsl.searching.results.importance import Importance
    from archdsl.searching.results.results import Results
    from archdsl.searching.results.shared import Shared


def document(found: Results, trials: Sequence[Tried], shared: Shared) -> dict[str, Any]:
    """All there is of a run, and some of its trials in full; designs as `archdsl compile --design`
    takes them. What is no finite number is null."""
    best = found.best
    return {
        "folder": str(found.folder),
        "arch": found.arch,
        "objectives": [_objective(one, found) for one in found.objectives],
        "evaluator": found.evaluator,
        "strategy": dict(found.strategy),
        "seed": found.seed,
        "running": found.is_running,
        "ended": found.ended,
        "seconds": found.seconds,
        "versions": dict(found.versions),
        "counts": {
            state: len(found.of_state(state))
            for state in ("complete", "pruned", "failed", "running")
        },
        "rejected": [
            {"code": code, "count": count, "reason": found.reasons.get(code, "")}
            for code, count in found.rejected.items()
        ],
        "failures": [{**group._asdict(), "trials": list(group.trials)} for group in found.failures],
        "best": best.number if best else None,
        "front": [tried.number for tried in found.front],
        "hypervolume": _volume(found),
        "trials": [_trial(found, tried) for tried in trials],
        "importance": [_importance(one) for one in found.importance],
        "shared": {
            "best": list(shared.best),
            "traits": [trait._asdict() for trait in shared.traits],
        },
    }


def _objective(one: Objective, found: Results) -> dict[str, Any]:
    return {
        "text": one.text,
        "direction": one.direction,
        "reads": list(one.reads),
        "validation": found.title(one) != one.text,
        "test": [f"{TEST}{name}" for name in one.reads if f"{TEST}{name}" in found.tests],
    }


def _volume(found: Results) -> dict[str, Any] | None:
    volume = found.volume
    return {**volume._asdict(), "reference": list(volume.reference)} if volume else None


def _trial(found: Results, tried: Tried) -> dict[str, Any]:
    failure = tried.failure
    return {
        "number": tried.number,
        "state": tried.state,
        "values": list(tried.values) if tried.values else None,
        "metrics": _finite(tried.metrics),
        "seconds": tried.seconds,
        "attempt": tried.attempt,
        "failure": {"kind": failure.kind, "reason": failure.reason, "log": failure.log}
        if failure
        else None,
        "design": dict(tried.design),
        "curve": [_finite(one) for one in found.curve(tried.number)],
    }


def _finite(metrics: Any) -> dict[str, float | None]:
    return {name: value if isfinite(value) else None for name, value in metrics.items()}


def _importance(one: Importance) -> dict[str, Any]:
    return {
        "objective": one.objective.text,
        "best": one.best,
        "trials": one.trials,
        "chance": one.chance,
        "choices": [weight._asdict() for weight in one.weights],
        "unjudged": list(one.unjudged),
    }
