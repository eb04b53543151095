"""How training-free scores rank cells of NAS-Bench-201 that were trained.

``python -m benchmarks.scores ACCURACIES.json [CELLS [SEEDS]]``, where the file holds ``edges``,
``ops`` and ``accuracy`` by the product of the ops over the edges, the last edge varying fastest.
Inputs are random numbers, targets random classes, weights PyTorch's own.
"""

from __future__ import annotations

import json
import sys
import time
from itertools import product
from pathlib import Path
from statistics import fmean
from typing import Any, NamedTuple

import archdsl
from archdsl.runtime.live.scores import NoScore, list_scores

SPEC = Path(__file__).parent.parent / "specs" / "spaces" / "nas_bench_201.arch"
OPERATIONS = {
    "skip_connect": "identity",
    "none": "zero",
    "nor_conv_3x3": "relu_conv_bn(width, 3)",
    "nor_conv_1x1": "relu_conv_bn(width, 1)",
    "avg_pool_3x3": "avg_pool",
}


class Ranking(NamedTuple):
    """``rho`` is Spearman's correlation with accuracy over the cells, averaged over seeds."""

    name: str
    rho: float
    undefined: int
    seconds: float


def path(edge: list[int]) -> str:
    """The choice that an edge between two nodes is."""
    source, node = edge
    return f"cell.node{node}.edge" + (f"_{source + 1}" if source else "")


def accuracies(file: Path) -> dict[tuple[str, ...], float]:
    """The accuracy of each cell, by its operations in the order of its edges."""
    table = json.loads(file.read_text())
    cells = product([OPERATIONS[op] for op in table["ops"]], repeat=len(table["edges"]))
    return dict(zip(cells, table["accuracy"], strict=True))


def rankings(file: Path, count: int, seeds: int) -> list[Ranking]:
    """Every score, and the sizes that any of them has to beat."""
    known, edges = accuracies(file), json.loads(file.read_text())["edges"]
    designs = archdsl.sample(SPEC, count, seed=0)
    truth = [known[tuple(design[path(edge)] for edge in edges)] for design in designs]
    compiled = [archdsl.compile(SPEC, design=design) for design in designs]
    sizes = {"params": [one.params for one in compiled], "macs": [one.macs for one in compiled]}
    plain = [Ranking(name, spearman(values, truth), 0, 0.0) for name, values in sizes.items()]
    return plain + [ranked(name, compiled, truth, seeds) for name in list_scores()]


def ranked(name: str, compiled: list[Any], truth: list[float], seeds: int) -> Ranking:
    """A score that is not defined ranks last."""
    start, found, undefined = time.perf_counter(), [], 0
    for seed in range(seeds):
        values = [score_of(name, one, seed) for one in compiled]
        undefined += values.count(float("-inf"))
        found.append(spearman(values, truth))
    each = (time.perf_counter() - start) / (seeds * len(compiled))
    return Ranking(name, fmean(found), undefined, each)


def score_of(name: str, compiled: Any, seed: int) -> float:
    from archdsl.runtime.live.scoring import scored

    try:
        return scored(name, compiled.graph, compiled.graph.source.clauses, seed=seed)
    except NoScore:
        return float("-inf")


def spearman(values: list[float], truth: list[float]) -> float:
    from scipy.stats import spearmanr

    return float(spearmanr(values, truth).statistic)


def main(file: str, count: str = "60", seeds: str = "1") -> None:
    print(f"Spearman's correlation with the accuracy of {count} random cells of NAS-Bench-201")
    for name, rho, undefined, seconds in rankings(Path(file), int(count), int(seeds)):
        took = f"{seconds:8.3f} s a cell" if seconds else ""
        print(f"{name:>10} {rho:7.3f} {took} {f'{undefined} undefined' if undefined else ''}")


if __name__ == "__main__":
    main(*sys.argv[1:])
