"""archdsl search"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archdsl.cli import exits
from archdsl.cli.amounts import Duration
from archdsl.cli.bounding import bounded
from archdsl.cli.options import one_arch, one_file, reporting, table_targets
from archdsl.cli.principled import Asked as Principles
from archdsl.cli.principled import principled
from archdsl.cli.search_options import clustered, kept, limited

if TYPE_CHECKING:
    from archdsl.cli.console import Console
    from archdsl.searching.asking import Asked
    from archdsl.searching.found import Found
    from archdsl.searching.search import Prepared
    from archdsl.searching.troubles import SearchError
    from archdsl.terms import Terms

PRUNING = ("none", "halving", "hyperband")


@click.command("search")
@one_file
@one_arch
@click.option("--data", metavar="D", help="The data to train on (see `archdsl train`).")
@table_targets
@click.option("--evaluator", metavar="M:F", help="A Python function instead of training.")
@click.option("--strategy", metavar="NAME", help="Over the spec's; `auto` where it says none.")
@click.option("--trials", type=click.IntRange(1), metavar="N", help="Over the spec's; else 100.")
@click.option("--time", "seconds", type=Duration(), metavar="T", help="The most: 90s, 10min, 2h.")
@click.option("--seed", type=click.IntRange(0), metavar="S", help="Over the spec's; else 0.")
@click.option("--epochs", type=click.IntRange(1), metavar="N", help="Of each trial.")
@click.option("--prune", type=click.Choice(PRUNING), help="End trials early that are behind.")
@click.option("--design", "designs", multiple=True, metavar="JSON", help="Tried first; repeatable.")
@click.option("--warm-start", metavar="RUN", help="Then the best ten designs of another run.")
@click.option("--dry-run", is_flag=True, help="Only tell how long it will take.")
@kept
@limited
@clustered
@principled
@bounded
@reporting
def command(
    console: Console, file: str, arch: str | None, asked: Principles, within: Terms, **options: Any
) -> int:
    """Find the best designs of a space that respect every constraint.

    What is best say the spec's `maximize` and `minimize`; several give a Pareto front. Designs are
    drawn, mutated and crossed so that they meet what the spec requires; those that break a
    principle are drawn again before training. Nothing is tried twice.

    With --data each design is trained as the spec's `train` clause says. A fifth of the samples is
    for validation, by which designs are compared, and a fifth for testing, which the search never
    sees: the figures told at the end are of these. With --evaluator, MODULE:FUNCTION gets each
    design (`help(archdsl.Trial)`) and returns its metrics by name.

    RUN is a folder that keeps trials, logs and weights. After Ctrl-C, a crash or a full disk the
    same command goes on where it was; `archdsl results RUN` tells what was found, at any time.
    A trial that failed is not tried again, unless --retry-failed asks for it: once a bug of the
    evaluator is mended, say, or memory is free.

    Exits with 4 where there is no design to try. Needs the extra archdsl[search], to train
    archdsl[torch] too.
    """
    from archdsl.cli.live import live, tell_random_start

    dry = options.pop("dry_run")
    folder = Path(options.pop("run") or _folder(file))
    with live("searching"):
        search = _prepared(file, arch, asked.over(within, file), options)
        if search.plan.shared is not None:
            tell_random_start(console, search.candidates.judging.program.clauses)
        if dry:
            return _estimate(console, search)
        return _search(console, search, folder)


def _folder(file: str) -> str:
    from archdsl.cli.inputs import STDIN
    from archdsl.searching.search import SUFFIX

    return f"search{SUFFIX}" if file == STDIN else Path(file).with_suffix(SUFFIX).name


def _prepared(file: str, arch: str | None, terms: Terms, options: dict[str, Any]) -> Prepared:
    from archdsl.cli.inputs import design_from, root_of
    from archdsl.cli.specs import judging_of
    from archdsl.runtime.extras import needed
    from archdsl.searching.evaluators.trial import Subject
    from archdsl.searching.search import prepared

    needed("optuna", "searching")
    judging = judging_of(file, arch, terms)
    designs = tuple(design_from(path, (), file) for path in options.pop("designs"))
    subject = Subject(judging.program.span.source, root_of(file), arch, terms)
    return prepared(judging, subject, _asked(designs, options))


def _asked(designs: tuple[dict[str, Any], ...], options: dict[str, Any]) -> Asked:
    from archdsl.searching.asking import Asked
    from archdsl.searching.plan import Cluster

    address = options.pop("ray")
    cpus, gpus = options.pop("cpus_per_trial"), options.pop("gpus_per_trial")
    if cpus is not None and not address:
        raise click.UsageError(
            "--cpus-per-trial says what a trial gets of a cluster: --ray ADDRESS"
        )
    cluster = Cluster(address, 1 if cpus is None else cpus, gpus) if address else None
    return Asked(designs=designs, cluster=cluster, gpus=0 if address else gpus, **options)


def _estimate(console: Console, search: Prepared) -> int:
    from archdsl.cli.search_summary import estimate_text
    from archdsl.searching.estimate import estimated

    found = estimated(search)
    console.result(estimate_text(found, console.columns), found._asdict())
    return exits.CLEAN


def _search(console: Console, search: Prepared, folder: Path) -> int:
    from archdsl.cli.search_progress import progress
    from archdsl.cli.search_summary import document, text
    from archdsl.rendering.finite import finite
    from archdsl.searching.records import objectives_of
    from archdsl.searching.troubles import NOTHING_TO_TRY, SearchError

    objectives = objectives_of(search.plan.objectives)
    try:
        with progress(console, objectives, search.candidates) as observer:
            found = search.run(folder, observer)
    except SearchError as error:
        if error.code != NOTHING_TO_TRY:
            raise
        return _nothing(console, search, error)
    left = _left(found, search)
    told = "" if console.is_json else text(found, _page(console, search, folder), left)
    console.result(told, finite(document(found, left)))
    return _code(found)


def _page(console: Console, search: Prepared, folder: Path) -> str:
    """The page of `archdsl results`, for which the space is not described again."""
    from archdsl.cli.searched.page import page
    from archdsl.cli.searched.sorting import TRIALS
    from archdsl.searching.results.gathering import results
    from archdsl.searching.results.shared import shared_by_best

    read = results(folder, storage=search.plan.storage)
    shared = shared_by_best(read.ordered, read.ranks, lambda: search.candidates)
    return page(read, shared, TRIALS, columns=console.columns)


def _nothing(console: Console, search: Prepared, error: SearchError) -> int:
    """Say why there is no design to try."""
    from archdsl.cli.specs import code_without_design
    from archdsl.examine import errors, examined
    from archdsl.offering import plain

    examination = examined(search.candidates.judging)
    why = errors(examination.findings)
    console.report([*map(plain, examination.findings), *(() if why else error.diagnostics)])
    return code_without_design(examination)


def _left(found: Found, search: Prepared) -> list[Path]:
    """The files that a search leaves of its best designs, where it found any."""
    from archdsl.searching.results.leaving import leave

    return leave(found, search.candidates, search.subject) if found.complete else []


def _code(found: Found) -> int:
    from archdsl.searching.found import INTERRUPTED

    if found.ended == INTERRUPTED:
        return exits.INTERRUPTED
    return exits.CLEAN if found.complete else exits.ERRORS
