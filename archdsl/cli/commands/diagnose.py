"""archdsl diagnose"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from archdsl.cli import exits
from archdsl.cli.amounts import Count
from archdsl.cli.options import reporting
from archdsl.rendering.fitting import page

if TYPE_CHECKING:
    from archdsl.cli.console import Console


class Percent(click.ParamType):  # type: ignore[type-arg, unused-ignore]
    """An accuracy: ``0.93``, ``93`` and ``93%`` are the same."""

    name = "accuracy"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """In percent; up to 1 it is a share, and 1 itself is all."""
        text = str(value).strip()
        try:
            number = float(text.removesuffix("%"))
        except ValueError:
            self.fail(f"{value!r} is no accuracy; write 0.93, 93 or 93%", param, ctx)
        percent = number if text.endswith("%") or number > 1 else 100 * number
        if not 0 <= percent <= 100:
            self.fail(f"{value} is outside 0 to 100 %", param, ctx)
        return percent


@click.command("diagnose")
@click.option("--train-acc", type=Percent(), required=True, help="Accuracy in training.")
@click.option("--val-acc", type=Percent(), required=True, help="Accuracy in validation.")
@click.option("--goal", type=Percent(), default="90%", show_default=True, help="Accuracy aimed at.")
@click.option("--params", type=Count(), help="Parameters of the model: 25M.")
@click.option("--samples", type=Count(), help="Samples it was trained on: 50k.")
@reporting
def command(
    console: Console,
    train_acc: float,
    val_acc: float,
    goal: float,
    params: int | None,
    samples: int | None,
) -> int:
    """Name over- or underfitting from two accuracies, and what to do, in order.

    Overfitting is validation more than 5 points below training: a smaller model, regularisation,
    augmentation, more data. Underfitting is training below the goal: longer training, a larger
    model, less regularisation, another learning rate. Accuracies are shares (0.93, and 1 is all) or
    percent (93). --params and --samples add figures.
    """
    if (params is None) != (samples is None):
        raise click.UsageError("--params and --samples only tell something together")
    from archdsl.runtime.live.diagnosis import Accuracies, diagnose

    found = diagnose(Accuracies(train_acc, val_acc, goal, params, samples))
    steps = (f"  {place}. {step}" for place, step in enumerate(found.solutions, 1))
    title = f"{found.word[0].upper()}{found.word[1:]}: {found.reason}."
    told = "\n".join((title, "", "What to do, in this order:", *steps))
    console.result(page(told, console.columns), found._asdict())
    return exits.CLEAN
