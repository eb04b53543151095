"""archdsl train"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from archdsl.cli import exits
from archdsl.cli.amounts import Duration
from archdsl.cli.bounding import bounded
from archdsl.cli.options import one_arch, one_design, one_file, reporting, table_targets
from archdsl.cli.principled import Asked, principled
from archdsl.rendering.escape import visible
from archdsl.rendering.fitting import page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archdsl.cli.console import Console
    from archdsl.stages import Work
    from archdsl.terms import Terms
    from archdsl.training import Trained


STEPS = 6  # of a forecast that are told in the table


@click.command("train")
@one_file
@one_arch
@one_design
@click.option("--data", "where", metavar="D", required=True, help="The data (see `baselines`).")
@table_targets
@click.option(
    "-o", "--output", "run", metavar="RUN", required=True, help="The folder to keep it in."
)
@click.option("--epochs", type=click.IntRange(1), metavar="N", help="Instead of the clause's.")
@click.option("--seed", type=click.IntRange(0), metavar="S", help="Instead of the clause's.")
@click.option("--time", "seconds", type=Duration(), metavar="T", help="The most: 90s, 10min.")
@click.option("--device", type=click.Choice(["cpu", "cuda"]), help="By default what there is.")
@click.option(
    "--weights",
    type=click.Path(exists=True, dir_okay=False),
    metavar="FILE",
    help="A safetensors file to start from.",
)
@principled
@bounded
@reporting
def command(
    console: Console,
    file: str,
    arch: str | None,
    design: str | None,
    choose: tuple[str, ...],
    where: str,
    targets: tuple[str, ...],
    run: str,
    epochs: int | None,
    seed: int | None,
    seconds: float | None,
    device: str | None,
    weights: str | None,
    asked: Asked,
    within: Terms,
) -> int:
    """Train one design on your data, and keep its weights.

    It is trained as the spec's `train` clause says; with Adam, and for 30 epochs, where that says
    nothing. A fifth of the samples is put aside for validation, which says which epoch is best,
    and a fifth for the test, which is told at the end and nothing is chosen by; of a text a tenth
    each, and of graphs what their masks say.

    D is what `archdsl baselines` takes; a text for `task next_token()` (words.txt, or
    characters:FILE); or graphs (a .npz file with x, edge_index and y, or module:function that
    gives objects of PyTorch Geometric). docs/data.md has all of it.

    With --weights it starts from those of another training: from all tensors of the file whose
    names and shapes are those of the model. A new head, for other classes, stays fresh.

    \b
    RUN is a folder that gets
      weights.safetensors  the weights of the best epoch
      metrics.json         what they are worth, and how training ended
      curves.csv           a row for each epoch
      model.py             the model, which needs torch alone; spec.arch, design.json
      checkpoint.safetensors  where training stands, until it is over

    After Ctrl-C, a crash, or the end of --time the same command goes on where it was. Exits with 1
    when the loss ends in what is no number. Needs the extra archdsl[torch].
    """
    from archdsl import stages
    from archdsl.cli.specs import worked
    from archdsl.rendering.finite import finite

    terms = asked.over(within, file)
    work = worked(file, arch, design, choose, stages.STAGES[:4], terms=terms)
    console.remark(console.brief(work.findings))
    start = None if weights is None else Path(weights)
    options = (epochs, seed, seconds, device)
    found = _train(console, work, where, targets, Path(run), start, options)
    console.result(_text(found, where, run, console.columns), finite(found.document))
    return exits.ERRORS if found.ended == "diverged" else exits.CLEAN


def _train(
    console: Console,
    work: Work,
    where: str,
    targets: tuple[str, ...],
    run: Path,
    start: Path | None,
    options: tuple[int | None, int | None, float | None, str | None],
) -> Trained:
    from archdsl.cli.live import live, tell_random_start
    from archdsl.cli.refused import refused
    from archdsl.cli.training_progress import progress
    from archdsl.runtime.extras import needed
    from archdsl.training import options_of, trained

    with live("training"):
        from archdsl.runtime.live.data.given import given

        needed("torch", "training")
        asked = options_of(work, *options)
        assert work.evaluation is not None
        clauses = work.evaluation.clauses
        data = given(where, clauses.data, clauses.task, targets)
        if start is None:
            tell_random_start(console, clauses, "--weights FILE brings those of another training")
        with progress(console, asked.epochs) as report:
            try:
                return trained(work, data, where, asked, run, report, start)
            except BrokenPipeError:  # whoever read our output has left
                raise
            except OSError as error:
                raise refused("write", error.filename or run, error) from None
            except KeyboardInterrupt:
                console.progress(
                    f"interrupted; the same command goes on from what {visible(str(run))} holds"
                )
                raise


def _text(found: Trained, where: str, run: str, columns: int | None) -> str:
    from archdsl.cli.live import aligned

    counts = found.samples
    told = (
        f"{found.name} on {where}: learned from {counts['training']:,} samples in {found.epochs} "
        f"epoch{'s' if found.epochs != 1 else ''} ({found.seconds:.1f} s, {found.precision} on "
        f"{found.device}); {found.reason}."
    )
    if not found.best_epoch:
        tries = (
            "Lower the learning rate, add warmup= or clip=, or look at it with `archdsl verify`."
        )
        return "\n".join(page(line, columns) for line in (told, tries))
    rows = [("", "validation", "test")]
    for word, value in _shown(found.test):
        validated = found.validation.get(word)
        rows.append(
            (word, "" if validated is None else _number(word, validated), _number(word, value))
        )
    where_to = f"{visible(run)} has its weights"
    kept = f"Epoch {found.best_epoch} is kept, the best in validation: {where_to}."
    parts = (page(told, columns), "", *aligned(rows), "", page(kept, columns))
    return "\n".join(parts)


def _shown(test: Mapping[str, float]) -> list[tuple[str, float]]:
    """The metrics of a test; of a forecast of many steps those of a few steps, first to last."""
    from archdsl.runtime.live.learning.metric import OF_STEP

    steps = sorted({int(word.partition(OF_STEP)[2]) for word in test if OF_STEP in word})
    last = len(steps) - 1
    few = {steps[n * last // (STEPS - 1)] for n in range(STEPS)} if last >= STEPS else set(steps)
    return [
        (word, value)
        for word, value in test.items()
        if OF_STEP not in word or int(word.partition(OF_STEP)[2]) in few
    ]


def _number(word: str, value: float | None) -> str:
    if value is None:
        return "–"
    from archdsl.runtime.live.learning.metric import is_share

    return f"{100 * value:.2f} %" if is_share(word) else f"{value:.4f}"
