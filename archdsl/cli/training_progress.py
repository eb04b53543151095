"""How far a training is, while it runs: a bar on a terminal, a line for each epoch elsewhere."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

from archdsl.cli.console import is_animated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from archdsl.cli.console import Console
    from archdsl.runtime.live.learning.progress import Epoch

    Report = Callable[[Epoch], None]


@contextmanager
def progress(console: Console, epochs: int) -> Iterator[Report]:
    """What a training reports its epochs to. One that has none left is told of."""
    seen: list[int] = []
    with _shown(console, epochs) as report:

        def counted(epoch: Epoch) -> None:
            seen.append(epoch.number)
            report(epoch)

        yield counted
    if not seen:
        console.progress("this training was over already; here is what it came to")


@contextmanager
def _shown(console: Console, epochs: int) -> Iterator[Report]:
    if console.quiet:
        yield lambda epoch: None
        return
    if not is_animated(sys.stderr) or find_spec("rich") is None:
        yield lambda epoch: console.progress(f"epoch {epoch.number}/{epochs}: {told(epoch)}")
        return
    with _bar(epochs) as report:
        yield report


@contextmanager
def _bar(epochs: int) -> Iterator[Report]:
    from rich import progress as bars
    from rich.console import Console as Terminal

    columns = (
        bars.TextColumn("epoch"),
        bars.MofNCompleteColumn(),
        bars.BarColumn(),
        bars.TimeRemainingColumn(),
        bars.TextColumn("{task.description}"),
    )
    with bars.Progress(*columns, console=Terminal(stderr=True), transient=True) as shown:
        task = shown.add_task("", total=epochs)
        yield lambda epoch: shown.update(task, completed=epoch.number, description=told(epoch))


SHOWN = ("error", "rmse", "recall_at_1", "loss")  # metrics, of each task where there are several


def told(epoch: Epoch) -> str:
    """``loss 0.4312, validation: error 0.1230, loss 0.5120``"""
    whole = f"loss {epoch.loss:.4f}"
    judged = [word for word in epoch.validation if word.rpartition(".")[2] in SHOWN]
    if not judged:
        return whole
    return f"{whole}, validation: " + ", ".join(f"{w} {epoch.validation[w]:.4f}" for w in judged)
