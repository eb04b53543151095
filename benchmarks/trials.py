"""What a trial takes besides its evaluation: this engine, and plain Optuna on the same storage.

``python -m benchmarks.trials``: 1,000 trials of an evaluator that takes nothing, drawn at random,
in a space of as many choices as asked for. Optuna runs as its documentation has it
(``study.optimize`` over suggestions), on its own SQLite settings and on those of this engine.
"""

from __future__ import annotations

import argparse
import tempfile
import time
import warnings
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.api import judging_of, read
from archdsl.searching.candidates import Candidates
from archdsl.searching.engine import Search
from archdsl.searching.evaluators.trial import Subject
from archdsl.searching.objectives import Goal
from archdsl.searching.plan import Plan
from archdsl.searching.run.storage import open_storage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from archdsl.searching.candidates import Candidate

WIDTHS = (8, 16, 24, 32)
CHOICES = 10


class Row(NamedTuple):
    """Milliseconds a trial: of everything, of choosing a design, of the storage, of starting a
    process."""

    name: str
    whole: float
    proposing: float | None = None
    storing: float | None = None
    starting: float | None = None

    def __str__(self) -> str:
        parts = (self.whole, self.proposing, self.storing, self.starting)
        return f"{self.name:44}" + "".join("      –" if p is None else f"{p:7.2f}" for p in parts)


def spec(choices: int) -> str:
    """A stack of convolutions, the width of each chosen."""
    conv = f"conv({' | '.join(map(str, WIDTHS))}, 3, bias=false) -> batch_norm -> relu"
    layers = "\n".join(
        f"    let c{i} = {f'c{i - 1} -> ' if i else ''}{conv}" for i in range(choices)
    )
    head = f"    return c{choices - 1} -> global_avg_pool -> linear(classes)"
    clauses = "  data image(3, 16, 16)\n  task classify(10)"
    return f"arch Stack {{\n{clauses}\n  model {{\n{layers}\n{head}\n  }}\n}}\n"


class Drawn:
    """Designs at random, none twice."""

    def __init__(self, candidates: Candidates) -> None:
        self.candidates = candidates

    def propose(self, number: int, trials: Sequence[Any]) -> Candidate | None:
        return self.candidates.unseen({trial.key for trial in trials}, Random(f"0 {number}"))


def ours(folder: Path, trials: int, choices: int = CHOICES, workers: int = 0) -> Row:
    """This engine, in its own process or with workers."""
    given = read(spec(choices))
    candidates = Candidates(judging_of(given, None))
    assert candidates.drawn(Random(0)) is not None  # the space is explored once, before it begins
    plan = Plan(
        objectives=(Goal("accuracy", "maximize", ("accuracy",)),),
        strategy=Drawn,
        evaluator="benchmarks.trivial:trivial",
        trials=trials,
        workers=max(1, workers),
        isolated=bool(workers),
    )
    began = time.perf_counter()
    found = Search(Subject(given.source), candidates, plan, folder).run()
    each = (time.perf_counter() - began) / trials * 1000
    assert len(found.complete) == trials
    spent = [1000 * found.spent[what] / trials for what in ("proposing", "storing", "starting")]
    where = f"{workers} workers" if workers else "in its own process"
    return Row(f"archdsl, {where}", each, *spent)


def optuna_alone(folder: Path, trials: int, choices: int = CHOICES, tuned: bool = False) -> Row:
    """Optuna's own loop on SQLite, as it comes or with the settings that this engine gives it."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
    folder.mkdir(parents=True)
    url = f"sqlite:///{folder / 'optuna.db'}"
    storage = open_storage(url).storage if tuned else optuna.storages.RDBStorage(url)
    study = optuna.create_study(storage=storage, sampler=optuna.samplers.RandomSampler(0))

    def objective(trial: Any) -> float:
        return sum(trial.suggest_categorical(f"c{i}", WIDTHS) for i in range(choices))

    began = time.perf_counter()
    study.optimize(objective, n_trials=trials)
    each = (time.perf_counter() - began) / trials * 1000
    storage.engine.dispose()
    settings = "with a write-ahead log" if tuned else "as it comes"
    return Row(f"Optuna, SQLite {settings}", each)


def main() -> None:
    """The table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=1000)
    parser.add_argument("--choices", type=int, default=CHOICES)
    asked = parser.parse_args()
    print(f"{asked.trials} trials of {asked.choices} choices; milliseconds a trial")
    print(f"{'':44}  whole propose store  start")
    measures: list[Callable[[Path], Row]] = [
        lambda folder: ours(folder, asked.trials, asked.choices),
        lambda folder: ours(folder, asked.trials // 5, asked.choices, workers=2),
        lambda folder: optuna_alone(folder, asked.trials, asked.choices, tuned=True),
        lambda folder: optuna_alone(folder, asked.trials // 5, asked.choices),
    ]
    for measure in measures:
        with tempfile.TemporaryDirectory() as folder:
            print(measure(Path(folder) / "run"), flush=True)


if __name__ == "__main__":
    main()
