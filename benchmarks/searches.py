"""Real searches: for each kind of data a space, a search of minutes, and what stands beside it.

``python -m benchmarks searches [--only NAME …] [--seconds S] [--seeds N]`` adds what it measures to
``docs/search_at_size.json``; the page is written from that file. Beside the best design that
``auto`` found stand 20 random valid designs, trained by the same recipe on the same parts of the
data, and a design as one would write it by hand (the second ``arch`` of each spec).
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

import archdsl
from benchmarks import search_data, searches_page

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from archdsl.searching.found import Found

SPECS = Path(__file__).parent / "at_size"
KEPT = Path(__file__).parents[1] / "docs" / "search_at_size.json"
RANDOM = 20  # designs
MANY = 100_000  # trials: time ends a search before
WORKERS = 2
USUAL = "Usual"  # the architecture of a spec that was written by hand


class Case(NamedTuple):
    """A space and its data: ``arch`` in the spec of that name, ``data`` as ``--data`` takes them
    (from a folder to write them into), the metric that is told, and how long to search."""

    name: str
    arch: str
    data: Callable[[Path], str]
    metric: str
    is_more_better: bool
    seconds: int
    seeds: int

    @property
    def text(self) -> str:
        """The spec."""
        return (SPECS / f"{self.name}.arch").read_text("utf-8")


CASES = (
    Case("digits", "Digits", search_data.digits, "accuracy", True, 240, 3),
    Case("table", "Table", search_data.table, "rmse", False, 120, 1),
    Case("series", "Series", search_data.series, "accuracy", True, 120, 1),
    Case("graph", "Nodes", search_data.graph, "accuracy", True, 120, 1),
    Case("text", "Text", search_data.text, "loss", False, 150, 1),
)


def searched(case: Case, data: str, seed: int, run: Path, **asked: Any) -> Found:
    """A search of the space of a case."""
    return archdsl.search(
        case.text, data, arch=case.arch, run=run, seed=seed, workers=WORKERS, **asked
    )


def measured(case: Case, seed: int, seconds: float) -> dict[str, Any]:
    """The best that a search found, and what stands beside it."""
    with tempfile.TemporaryDirectory() as folder:
        data = case.data(Path(folder))
        start = time.perf_counter()
        found = searched(
            case,
            data,
            seed,
            Path(folder) / "auto",
            strategy="auto",
            seconds=seconds,
            trials=100_000,
        )
        took = time.perf_counter() - start
        if found.ended == "interrupted":
            raise SystemExit(130)
        drawn = searched(
            case, data, seed, Path(folder) / "random", strategy="random", trials=RANDOM
        )
        usual = archdsl.train(case.text, data, arch=USUAL, seed=seed)
        boosted = search_data.boosted(data, case.text, seed) if case.name == "table" else None
    assert found.best is not None
    chosen = _best(case, drawn)
    tested = [one.metrics[f"test_{case.metric}"] for one in drawn.complete]
    return {
        "seed": seed,
        "cores": os.cpu_count(),
        "load": os.getloadavg()[2],
        "designs": archdsl.count(case.text, valid=True, arch=case.arch).low,
        "limit": seconds,
        "seconds": took,
        "trials": len(found.trials),
        "failed": sum(one.failed for one in found.trials),
        "rejected": dict(found.rejected),
        "design": dict(found.best.design),
        "validation": found.best.metrics[case.metric],
        "test": found.best.metrics[f"test_{case.metric}"],
        "random": len(tested),
        "random_median": median(tested),
        "random_validation": median(one.metrics[case.metric] for one in drawn.complete),
        "random_chosen": chosen,
        "random_best": max(tested) if case.is_more_better else min(tested),
        "usual": usual.test[case.metric],
        "usual_validation": usual.validation[case.metric],
        "boosted": boosted,
    }


def _best(case: Case, drawn: Found) -> float:
    """The test of the random design that is best in validation: what a search at random finds."""
    assert drawn.best is not None
    return drawn.best.metrics[f"test_{case.metric}"]


def told(case: Case, one: dict[str, Any]) -> str:
    """A line on a search."""
    return (
        f"{case.name:8}seed {one['seed']}: {one['trials']:4} trials, {one['failed']} failed,"
        f" {sum(one['rejected'].values())} set aside, {one['seconds']:4.0f} s; {case.metric} of the"
        f" test {one['test']:.4f}; random: median {one['random_median']:.4f}, chosen"
        f" {one['random_chosen']:.4f}, best {one['random_best']:.4f}; by hand {one['usual']:.4f}"
        + (f"; boosting {one['boosted']:.4f}" if one["boosted"] is not None else "")
    )


def kept() -> dict[str, Any]:
    """What was measured before."""
    found: dict[str, Any] = json.loads(KEPT.read_text("utf-8")) if KEPT.exists() else {}
    return found


def main(arguments: Sequence[str] = ()) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks searches")
    parser.add_argument("--only", nargs="*", default=[case.name for case in CASES])
    parser.add_argument("--seconds", type=float, help="of each search, over its own")
    parser.add_argument("--seeds", type=int, help="of each case, over its own")
    parser.add_argument("--page", action="store_true", help="only write the page")
    asked = parser.parse_args(arguments)
    for case in CASES if not asked.page else ():
        if case.name not in asked.only:
            continue
        runs = []
        for seed in range(asked.seeds or case.seeds):
            runs.append(measured(case, seed, asked.seconds or case.seconds))
            print(told(case, runs[-1]), flush=True)
            found = kept() | {case.name: runs}
            KEPT.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    searches_page.write(kept())
