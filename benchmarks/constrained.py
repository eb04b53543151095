"""Searches under a limit: how many trials go to designs that break it.

Ours take their designs from the diagram of those within the limit. Optuna is asked in the way that
its users would: each choice is suggested as it comes, a design beyond the limit is worth nothing,
and samplers that can be told of constraints are told.
"""

from __future__ import annotations

import argparse
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.api import judging_of, read
from archdsl.cost.counts import macs, params
from archdsl.diagnostics import SpecError
from archdsl.evaluate.designs import design_of, shown_path
from archdsl.searching.candidates import Candidates
from archdsl.searching.records import Tried
from archdsl.searching.strategies import strategy
from archdsl.spec.catalog import find
from benchmarks import search_page
from benchmarks.published import nas_bench_201, there
from benchmarks.search import keep, kept

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from archdsl.evaluate.program import Evaluation, Program

SPACES = Path(__file__).parents[1] / "specs" / "spaces"
OURS = ("random", "evolution", "auto")
OPERATIONS = {
    "zero": "none",
    "identity": "skip_connect",
    "relu_conv_bn(width, 1)": "nor_conv_1x1",
    "relu_conv_bn(width, 3)": "nor_conv_3x3",
    "avg_pool": "avg_pool_3x3",
}
EDGES = {
    "cell.node1.edge": "edge01",
    "cell.node2.edge": "edge02",
    "cell.node2.edge_2": "edge12",
    "cell.node3.edge": "edge03",
    "cell.node3.edge_2": "edge13",
    "cell.node3.edge_3": "edge23",
}


class Case(NamedTuple):
    """A space, the most parameters of a design, and what a design is worth."""

    name: str
    limit: int
    worth: Callable[[Evaluation], float]

    def text(self) -> str:
        """The spec of the space with the limit required."""
        text = (SPACES / f"{self.name}.arch").read_text("utf-8")
        head, word, body = text.partition("\narch ")
        name, brace, rest = body.partition("{\n")
        return f"{head}{word}{name}{brace}  require params <= {self.limit}\n{rest}"


class Wasted(NamedTuple):
    """What came of a search: how many trials broke the limit, the best value of the others, and how
    many designs were set aside before a trial."""

    trials: int
    beyond: int
    best: float
    rejected: int
    seconds: float


def accuracy(evaluation: Evaluation) -> float:
    """The published accuracy of a cell."""
    table, design = nas_bench_201(), design_of(evaluation)
    return table.valid[table.row({EDGES[p]: OPERATIONS[value] for p, value in design.items()})]


def megamacs(evaluation: Evaluation) -> float:
    """Millions of multiply-accumulates, where no table says more."""
    return macs(evaluation.graph) / 1e6


CASES = (
    Case("nas_bench_201", 500_000, accuracy),
    Case("mobilenet_v2_like", 1_000_000, megamacs),
)


def ours(word: str, case: Case, candidates: Candidates, trials: int) -> Wasted:
    """A search with one of our strategies."""
    start = time.process_time()
    before = sum(candidates.rejected.values())
    model = find("search", word)
    assert model is not None
    one: Any = strategy(word)(candidates, ("maximize",), model(), 0)
    past: list[Tried] = []
    beyond = 0
    for number in range(trials):
        tried = one.propose(number, past)
        evaluation = candidates.evaluation(tried.design)
        beyond += params(evaluation.graph) > case.limit
        past.append(Tried(number, tried.design, tried.key, "complete", (case.worth(evaluation),)))
    best = max(trial.values[0] for trial in past if trial.values)
    rejected = sum(candidates.rejected.values()) - before
    return Wasted(trials, beyond, best, rejected, time.process_time() - start)


def theirs(sampler: Any, case: Case, program: Program, trials: int) -> Wasted:
    """A search with a sampler of Optuna."""
    import optuna

    start = time.process_time()
    found: list[float] = []

    def objective(trial: Any) -> float:
        def answer(path: str, point: Any) -> int:
            chosen: int = trial.suggest_categorical(shown_path(path), list(range(point.size)))
            return chosen

        evaluation = program.attempt(answer)
        size = 10**12 if isinstance(evaluation, SpecError) else params(evaluation.graph)
        trial.set_user_attr("over", size - case.limit)
        if isinstance(evaluation, SpecError) or size > case.limit:
            return 0.0
        found.append(case.worth(evaluation))
        return found[-1]

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    study.optimize(objective, n_trials=trials)
    beyond, best = trials - len(found), max(found, default=0.0)
    return Wasted(trials, beyond, best, 0, time.process_time() - start)


def samplers() -> Mapping[str, Any]:
    """Optuna's, plain and told of the limit."""
    from optuna.samplers import NSGAIISampler, RandomSampler, TPESampler

    def over(trial: Any) -> tuple[float]:
        return (float(trial.user_attrs["over"]),)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return {
            "Optuna random": RandomSampler(seed=0),
            "Optuna TPE": TPESampler(seed=0),
            "Optuna TPE, told": TPESampler(seed=0, constraints_func=over),
            "Optuna NSGA-II, told": NSGAIISampler(seed=0, constraints_func=over),
        }


def main(arguments: Sequence[str] = ()) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks constrained")
    parser.add_argument("--trials", type=int, default=200)
    asked = parser.parse_args(arguments)
    for case in CASES:
        if case.worth is accuracy and not there("nas_bench_201_accuracy"):
            continue
        print(f"{case.name}, params <= {case.limit:,}: of {asked.trials} trials")
        candidates = Candidates(judging_of(read(case.text()), None))
        for word in OURS:
            _keep(case, word, ours(word, case, candidates, asked.trials))
        plain = judging_of(read(SPACES / f"{case.name}.arch"), None).program
        for name, sampler in samplers().items():
            _keep(case, name, theirs(sampler, case, plain, asked.trials))
    search_page.write(kept())


def _keep(case: Case, name: str, one: Wasted) -> None:
    found = kept()
    found.setdefault("constrained", {}).setdefault(case.name, {})[name] = one._asdict()
    keep(found)
    print(
        f"  {name:22}{one.beyond:4} wasted ({one.beyond / one.trials:6.1%}), {one.rejected:3} set"
        f" aside before, best {one.best:8.3f}, {one.seconds:6.1f} s",
        flush=True,
    )
