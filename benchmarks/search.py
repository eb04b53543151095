"""Searches of published tables: the best design after so many trials, over many seeds.

``python -m benchmarks search [--seeds N] [--only NAME …] [--table NAME …]`` adds what it measures
to ``docs/search_benchmark.json``; the page and its curves are drawn from that file.
"""

from __future__ import annotations

import argparse
import json
import time
from importlib.util import find_spec
from pathlib import Path
from statistics import mean, stdev
from typing import TYPE_CHECKING, Any

from archdsl.searching.records import Tried
from archdsl.searching.strategies import strategy
from archdsl.spec.catalog import find
from benchmarks import search_page
from benchmarks.published import tables
from benchmarks.search_peers import PEERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.published import Published

KEPT = Path(__file__).parents[1] / "docs" / "search_benchmark.json"
OURS = ("random", "evolution", "local", "auto")
BUDGETS = (50, 100, 200)
TRIALS = BUDGETS[-1]


def ours(word: str, table: Published, seed: int) -> list[int]:
    """The rows that one of our strategies tries."""
    model = find("search", word)
    assert model is not None
    one: Any = strategy(word)(table.candidates(), ("maximize",), model(), seed)
    past: list[Tried] = []
    for number in range(TRIALS):
        tried = one.propose(number, past)
        past.append(
            Tried(number, tried.design, tried.key, "complete", (table.valid[int(tried.key)],))
        )
    assert len({trial.key for trial in past}) == TRIALS
    return [int(trial.key) for trial in past]


def theirs(name: str, table: Published, seed: int) -> list[int]:
    """The rows that a peer tries; what has none is worth nothing and is left out."""
    rows: list[int] = []

    def evaluate(design: dict[str, Any]) -> float:
        rows.append(table.row(design) if table.has(design) else -1)
        return table.valid[rows[-1]] if rows[-1] >= 0 else 0.0

    PEERS[name].runs(table.options, evaluate, PEERS[name].trials, seed)
    return rows


def curve(rows: Sequence[int], table: Published) -> list[float]:
    """After each trial the test accuracy of the design that is best in validation."""
    best, found = -1, []
    for row in rows:
        if row >= 0 and (best < 0 or table.valid[row] > table.valid[best]):
            best = row
        found.append(table.test[best] if best >= 0 else 0.0)
    return found


def measured(name: str, table: Published, seeds: int) -> dict[str, Any]:
    """Means and standard errors after each trial, over so many seeds."""
    start = time.process_time()
    run = ours if name in OURS else theirs
    runs = [run(name, table, seed) for seed in range(seeds)]
    curves = list(zip(*(curve(rows, table) for rows in runs), strict=True))
    budgets = [n for n in BUDGETS if n <= len(curves)]
    valid = [[max(table.valid[r] for r in rows[:n] if r >= 0) for rows in runs] for n in budgets]
    return {
        "seeds": seeds,
        "seconds": (time.process_time() - start) / seeds,
        "repeated": mean(1 - len(set(rows)) / len(rows) for rows in runs),
        "mean": [round(mean(values), 4) for values in curves],
        "error": [round(_error(values), 4) for values in curves],
        "valid": [round(mean(values), 4) for values in valid],
        "valid_error": [round(_error(values), 4) for values in valid],
    }


def _error(values: Sequence[float]) -> float:
    return stdev(values) / len(values) ** 0.5 if len(values) > 1 else 0.0


def is_here(name: str) -> bool:
    """Whether the package of a peer is installed."""
    return not PEERS[name].module or find_spec(PEERS[name].module) is not None


def kept() -> dict[str, Any]:
    """What was measured before."""
    found: dict[str, Any] = json.loads(KEPT.read_text("utf-8")) if KEPT.exists() else {}
    return found


def keep(found: dict[str, Any]) -> None:
    """Write down what was measured."""
    KEPT.write_text(json.dumps(found) + "\n", "utf-8")


def told(name: str, one: dict[str, Any]) -> str:
    """A line of a table: after 50, 100 and 200 trials."""
    budgets = [n for n in BUDGETS if n <= len(one["mean"])]
    cells = [f"{one['mean'][n - 1]:7.3f} ±{one['error'][n - 1]:.3f}" for n in budgets]
    return f"  {name:26}{'  '.join(cells)}  {one['repeated']:6.1%} repeated  {one['seeds']} seeds"


def main(arguments: Sequence[str] = ()) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks search")
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--only", nargs="*", default=[*OURS, *PEERS])
    parser.add_argument("--table", nargs="*", default=None)
    parser.add_argument("--page", action="store_true", help="only draw the page and its curves")
    asked = parser.parse_args(arguments)
    for table in () if asked.page else tables():
        if asked.table is not None and table.name not in asked.table:
            continue
        print(f"{table.name}: test accuracy of the best design in validation, after {BUDGETS}")
        for name in asked.only:
            if name in PEERS and not is_here(name):
                print(f"  {name:26}not here: pip install {PEERS[name].package}")
                continue
            seeds = min(asked.seeds, PEERS[name].seeds if name in PEERS else asked.seeds)
            one = measured(name, table, seeds)
            print(told(name, one), flush=True)
            found = kept()
            found.setdefault(table.name, {})[name] = one
            keep(found)
    search_page.write(kept())
