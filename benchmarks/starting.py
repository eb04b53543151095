"""First designs judged by training: ``python -m benchmarks starting``.

Each data set, seed and contender is a job of its own: what ``archdsl new`` writes for the data, the
baselines of ``archdsl baselines`` (for graphs, those that ``new`` writes beside its design), and a
design as one usually writes it by hand. All see the same fifth of the samples in the test. Results
are kept in docs/starting_benchmark.json as they come, and the page is written from them:
``--page`` writes it again without training.
"""

from __future__ import annotations

import argparse
import json
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl import stages
from archdsl.api import read
from archdsl.starting import clauses
from archdsl.starting.writing import first_design
from benchmarks.starting_data import DATA
from benchmarks.starting_page import page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archdsl.runtime.live.data.given import Given
    from benchmarks.starting_data import DataSet

DOCS = Path(__file__).parents[1] / "docs"
RESULTS, PAGE = DOCS / "starting_benchmark.json", DOCS / "starting_benchmark.md"
NEW, USUAL = "new", "by hand"
SECONDS = 120.0  # the most that one training takes


class Job(NamedTuple):
    """One contender on one data set with one seed."""

    data: str
    contender: str
    seed: int


def texts(name: str) -> dict[str, str]:
    """The designs of a data set by contender: a spec, and the name of an ``arch`` in it."""
    given = DATA[name]
    written = first_design(given.description)
    return {NEW: written, USUAL: by_hand(given, name)}


def by_hand(given: DataSet, name: str) -> str:
    """The usual design as a spec."""
    about = given.description
    inside = given.usual.replace("{classes}", about.classes)
    head = "\n".join((*clauses.data_clauses(about), clauses.task_clause(about)))
    head = head.replace(", augment=strong", "").replace(", augment=basic", "")
    return f"{given.blocks}arch ByHand {{\n{head}\n{inside}\n}}\n"


def contenders(name: str) -> list[str]:
    """All of a data set: this design, the one by hand, and the rungs of the ladder."""
    from archdsl.runtime.live.tasks import live

    given = DATA[name]
    if given.kind == "graph":
        return [NEW, USUAL, "LinearBaseline", "MlpBaseline"]
    work = _work(by_hand(given, name), "ByHand")
    takes = work.evaluation.clauses.data.tensor()
    return [NEW, USUAL, *live(work.evaluation.clauses.task).baselines(takes)]


def done(job: Job) -> dict[str, Any]:
    """Train one, and measure it on the samples for testing."""
    import torch

    torch.set_num_threads(1)
    began = time.perf_counter()
    try:
        found = _trained(job)
    except Exception as error:  # one that fails is told beside the others
        found = {"failed": f"{type(error).__name__}: {error}"}
    return {**job._asdict(), **found, "seconds": round(time.perf_counter() - began, 2)}


def _trained(job: Job) -> dict[str, Any]:
    written = texts(job.data)
    if job.contender in written:
        return _of_design(job, written[job.contender], None)
    if DATA[job.data].kind == "graph":
        return _of_design(job, written[NEW], job.contender)
    return _of_rung(job, written[USUAL])


def _of_design(job: Job, text: str, arch: str | None) -> dict[str, Any]:
    from archdsl.runtime.live.learning.feeding import augment_of, fed
    from archdsl.runtime.live.learning.loop import learn
    from archdsl.runtime.live.learning.progress import DIVERGED, Options
    from archdsl.runtime.live.learning.splits import in_batches, parted
    from archdsl.runtime.live.optimizers import train_or_adam

    work = _work(text, arch or text.partition("arch ")[2].split()[0])
    graph, about = work.evaluation.graph, work.evaluation.clauses
    settings = train_or_adam(about.train)
    given = _given(DATA[job.data], work)
    if DATA[job.data].kind == "graph":
        splits = fed(given, graph, about, job.seed, "cpu")
    else:
        parts = parted(given, job.seed, validated=settings.patience is not None)
        splits = in_batches(parts, graph, settings, "cpu", augment_of(about))
    learned = learn(graph, about, splits, Options(settings.epochs, job.seed, SECONDS, "cpu"))
    if learned.ended == DIVERGED:
        return {"error": float("inf"), "arch": graph.name}
    measured = learned.test()
    from archdsl.cost.counts import params

    error = measured["error"] if "error" in measured else measured["rmse"]
    told = {"arch": graph.name, "params": params(graph), "ended": learned.ended}
    return {"error": error, "learned": len(learned.epochs), **told}


def _of_rung(job: Job, text: str) -> dict[str, Any]:
    import torch

    from archdsl.runtime.live.ladder import Budget
    from archdsl.runtime.live.learning.measuring import measured
    from archdsl.runtime.live.learning.splits import parted
    from archdsl.runtime.live.tallies import Answers
    from archdsl.runtime.live.tasks import live

    work = _work(text, "ByHand")
    parts = parted(_given(DATA[job.data], work), job.seed, validated=False)
    rung = live(work.evaluation.clauses.task).baselines(parts.takes)[job.contender]
    predict = rung(parts, Budget(100, SECONDS, 32))
    answers = [Answers(torch.as_tensor(predict(parts.test.x)), torch.as_tensor(parts.test.y))]
    word = "error" if parts.classes else "rmse"
    return {"error": measured((word,), {"": parts.classes}, [{"": one} for one in answers])[word]}


def _given(given: DataSet, work: Any) -> Given:
    from archdsl.runtime.live.data.given import in_python
    from archdsl.runtime.live.data.graphs import fitted_graphs, in_arrays

    data, task = work.evaluation.clauses.data, work.evaluation.clauses.task
    if given.kind != "graph":
        return in_python(given.arrays(), data, task)
    x, edges, y, *graph = given.arrays()
    return fitted_graphs(
        in_arrays("graphs", x, edges, y, graph[0] if graph else None, None), data, task
    )


def _work(text: str, arch: str) -> Any:
    work = stages.run(read(text).work(arch), stages.STAGES[:3])
    assert work.evaluation is not None, text
    return work


def main(rest: Sequence[str] = ()) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--cap", type=float, default=float("inf"), help="seconds for everything")
    parser.add_argument("--only", action="append", help="a data set, or part of its name")
    parser.add_argument("--contender", action="append", help="train only these")
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--page", action="store_true", help="write the page from the results")
    asked = parser.parse_args(rest)
    if not asked.page:
        names = [n for n in DATA if not asked.only or any(part in n for part in asked.only)]
        jobs = [
            Job(name, contender, seed)
            for seed in range(asked.seeds)
            for name in names
            for contender in contenders(name)
            if not asked.contender or contender in asked.contender
        ]
        _run(jobs, asked.jobs, asked.cap, asked.results)
    text = page(json.loads(asked.results.read_text("utf-8")), DATA, NEW, USUAL)
    if asked.results == RESULTS:
        PAGE.write_text(text, "utf-8")
    print(text)


def _run(jobs: list[Job], workers: int, cap: float, results: Path) -> None:
    """All jobs, as many at once as asked; what is done is kept at once, in the place of what the
    same job gave before."""
    began, count = time.perf_counter(), 0
    known = json.loads(results.read_text("utf-8")) if results.exists() else []
    found = {Job(one["data"], one["contender"], one["seed"]): one for one in known}
    pool = ProcessPoolExecutor(workers)
    pending = {pool.submit(done, job): job for job in jobs}
    try:
        for future in as_completed(pending, timeout=None if cap == float("inf") else cap):
            one = found[pending[future]] = future.result()
            results.write_text(json.dumps(list(found.values()), indent=1) + "\n", "utf-8")
            count, spent = count + 1, time.perf_counter() - began
            told = one.get("failed") or f"{one['error']:.4f} after {one['seconds']:.1f} s"
            print(
                f"{spent:6.0f} s  {count:4}/{len(jobs)}  {one['data']}, {one['contender']}, "
                f"seed {one['seed']}: {told}",
                flush=True,
            )
    except TimeoutError:
        print(f"{len(jobs) - count} jobs are left out: {cap:g} s are over", flush=True)
        for process in list(pool._processes.values()):
            process.kill()
    pool.shutdown(wait=False, cancel_futures=True)
