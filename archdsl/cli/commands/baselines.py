"""archdsl baselines"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import click

from archdsl.cli.bounding import bounded
from archdsl.cli.options import one_arch, one_design, one_file, reporting, table_targets
from archdsl.rendering.fitting import page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archdsl.cli.console import Console
    from archdsl.runtime.live.baselines import BaselineComparison, Scored
    from archdsl.terms import Terms


@click.command("baselines")
@one_file
@one_arch
@one_design
@click.option("--data", "where", metavar="D", required=True, help="The data, as said above.")
@table_targets
@click.option("--seeds", type=click.IntRange(1), default=3, show_default=True, metavar="N")
@click.option(
    "--seconds",
    type=click.FloatRange(min=0, min_open=True),
    default=20.0,
    show_default=True,
    help="The most that each candidate may train on each seed.",
)
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
    seeds: int,
    seconds: float,
    within: Terms,
) -> int:
    """Train the model beside simpler ones, and say whether it earns its size.

    The simpler ones are a constant, logistic or ridge regression, a small MLP, gradient boosting
    for tables, and for numbers to tell from a series its last value and the one a season before.
    All get the same splits (a fifth is for testing), seeds and seconds, and what learns in epochs
    the same epochs and batch. Of several inputs they get the numbers of all beside each other; of
    several tasks each has baselines of its own, which learn it alone. The model is trained as its
    `train` and `data` clauses say; with patience= it stops by a fifth of the samples that it does
    not learn from, and the others do.

    The error is the share of wrong answers, or the root mean square in standard deviations of
    the target. A model earns its size when it saves more than 5 % of the best baseline's error:
    against 10 % wrong it has to be below 9.5 %.

    \b
    D is one of
      data.npz             with arrays X and y
      data.csv, .parquet   a table; predicts --target, or target, label, y, class, else the last
      FOLDER               images, a subfolder for each class
      sklearn:NAME         digits, wine, breast_cancer, iris, diabetes or linnerud
      module:function      Python of yours; function() gives the arrays (X, y)

    `train` and `search` take these too, besides texts (.txt, or bytes:, characters: and words:FILE)
    and graphs (.npz with x, edge_index and y, or objects of PyTorch Geometric): see docs/data.md.

    A spec cannot name its data: what runs code or reads files stands on the command line only.
    Needs the extra archdsl[torch]; images and .parquet need archdsl[data].
    """
    from archdsl.cli.live import design_of, live, tell_random_start
    from archdsl.rendering.finite import finite

    chosen = design_of(console, file, arch, design, choose, within)
    with live("baselines"):
        from archdsl.runtime.extras import needed
        from archdsl.runtime.live.baselines import compare
        from archdsl.runtime.live.data.given import whole_samples

        needed("torch", "baselines")
        needed("sklearn", "baselines")
        data = whole_samples(where, chosen.clauses.data, chosen.clauses.task, targets)
        tell_random_start(console, chosen.clauses)
        found = compare(chosen.graph, chosen.clauses, data, seeds, seconds, console.progress)
    console.result(_text(found, where, console.columns), finite(_document(found, where)))
    return chosen.code


def _text(found: Mapping[str, BaselineComparison], where: str, columns: int | None) -> str:
    first = next(iter(found.values()))
    seeds = len(first.model.errors)
    told = (
        f"{first.model.name} on {where}: learns from {first.learned:,} samples, tested on "
        f"{first.tested:,}; {seeds} seed{'s' if seeds > 1 else ''}, at most "
        f"{first.budget.epochs} epochs and {first.budget.seconds:g} s each."
    )
    tables = (_table(one, name, columns) for name, one in found.items())
    return "\n\n".join((page(told, columns), *tables))


def _table(found: BaselineComparison, name: str, columns: int | None) -> str:
    """The candidates of one task, and what comes of it."""
    from archdsl.cli.live import aligned

    error = found.metric if found.is_share else f"{found.metric} (in σ)"
    rows: list[tuple[str, ...]] = [(name, error, "± by seed", found.score, "seconds")]
    rows += [_row(found, scored) for scored in (*found.baselines, found.model)]
    verdict = (page(line, columns) for line in _verdict(found))
    return "\n".join((*aligned(rows), "", *verdict))


def _row(found: BaselineComparison, scored: Scored) -> tuple[str, ...]:
    spread = _number(found, scored.spread) if len(scored.errors) > 1 else "–"
    shown = (_number(found, scored.error), spread, _number(found, scored.score))
    return (scored.name, *shown, f"{scored.seconds:.1f}", "out of time" if scored.is_cut else "")


def _number(found: BaselineComparison, value: float) -> str:
    if not math.isfinite(value):
        return "–"
    return f"{100 * value:.1f} %" if found.is_share else f"{value:.3f}"


def _verdict(found: BaselineComparison) -> list[str]:
    told = _diverged(found) if found.model.diverged else _compared(found)
    if found.model.is_cut:
        told.append("It ran out of time; --seconds gives every candidate more.")
    if found.is_within_chance:
        told.append(
            "The two differ by no more than the seeds do: more seeds or samples would tell."
        )
    return told


def _diverged(found: BaselineComparison) -> list[str]:
    best = f"{found.best.name}, {found.metric} {_number(found, found.best.error)}"
    return [
        f"{found.model.name} diverged in training: it does not beat the best baseline ({best}).",
        "Lower the learning rate, or look at its gradients with `archdsl verify`.",
    ]


def _compared(found: BaselineComparison) -> list[str]:
    from archdsl.runtime.live.baselines import MARGIN

    model, best = _number(found, found.model.error), _number(found, found.best.error)
    against = f"the best baseline ({found.best.name}) by more than {100 * MARGIN:.0f} %"
    told = f"{against}: {found.metric} {model} against {best}{_gain(found.gain)}."
    if found.beats:
        return [f"{found.model.name} beats {told}"]
    return [
        f"{found.model.name} does not beat {told}",
        "Prefer the simpler one, or improve the model.",
    ]


def _gain(gain: float | None) -> str:
    if gain is None:
        return ", which leaves nothing to save"
    return f", {100 * gain:.0f} % less" if gain >= 0 else f", {1 - gain:.2f} times as much"


def _document(found: Mapping[str, BaselineComparison], where: str) -> dict[str, Any]:
    """The comparison as data; of several tasks under their names."""
    first = next(iter(found.values()))
    told = {name: _of_task(one) for name, one in found.items()}
    return {
        "data": where,
        "learned": first.learned,
        "tested": first.tested,
        "budget": first.budget._asdict(),
        **told.get("", {"tasks": told}),
    }


def _of_task(found: BaselineComparison) -> dict[str, Any]:
    def one(scored: Scored) -> dict[str, Any]:
        return {**scored._asdict(), "error": scored.error, "score": scored.score}

    return {
        "metric": found.metric,
        "baselines": [one(scored) for scored in found.baselines],
        "model": one(found.model),
        "best": found.best.name,
        "gain": found.gain,
        "beats": found.beats,
        "within_chance": found.is_within_chance,
    }
