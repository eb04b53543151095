"""The end of `make demo`: a minute's search for a classifier of digits that is better than the one
written by hand.

The space leaves the network open, of at most three quarters of the parameters, and how it is
trained: steps, batch and schedule, with as many epochs as the one by hand has. Both are trained by
`archdsl train` in the end, with three seeds, each of which parts the pictures another way, and
compared by the pictures for testing. Beside them stands the network by hand with the training that
was found, which tells what is owed to which.
"""

from __future__ import annotations

import tempfile
from math import hypot, sqrt
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, NamedTuple

import archdsl

if TYPE_CHECKING:
    from archdsl.searching.events import Event

SPACE = Path(__file__).with_name("digits_space.arch")
DATA = "sklearn:digits"
SEEDS = (0, 1, 2)
WORKERS = 2
SMALLER = 0.75


class Rival(NamedTuple):
    """A design, trained with several seeds: its parameters, the mean shares of what it told right
    of the pictures for validation and for testing, and how many of the latter there were in all."""

    name: str
    params: int
    validation: float
    test: float
    tested: int

    @property
    def chance(self) -> float:
        """The standard error of ``test``."""
        return sqrt(self.test * (1 - self.test) / self.tested)

    def beats(self, other: Rival) -> bool:
        """It tells more of the pictures for testing right with no more parameters; or it is smaller
        by a quarter at least, and what it tells less of is within two standard errors."""
        if self.test > other.test and self.params <= other.params:
            return True
        margin = 2 * hypot(self.chance, other.chance)
        return self.params <= SMALLER * other.params and self.test >= other.test - margin

    @property
    def row(self) -> str:
        figures = f"{self.validation:10.2%}  {self.test:8.2%}  {self.params:10,}"
        return f"{self.name:<25}  {figures}"


def searched() -> archdsl.Found:
    """What a minute's search of the space comes to."""
    with tempfile.TemporaryDirectory() as folder:
        return archdsl.search(SPACE, DATA, run=folder, workers=WORKERS, observer=_told)


def _told(event: Event) -> None:
    from archdsl.searching.events import Ended

    if isinstance(event, Ended) and event.tried.values:
        tried, (loss,) = event.tried, event.tried.values
        accuracy = tried.metrics["accuracy"]
        told = f"trial {tried.number:2}  loss {loss:.4f}"
        print(f"{told}, {accuracy:7.2%} of those for validation", flush=True)


def rival(name: str, text: str) -> Rival:
    """A spec, trained with each seed."""
    found = [archdsl.train(text, DATA, seed=seed) for seed in SEEDS]
    return Rival(
        name,
        archdsl.compile(text).params,
        fmean(one.validation["accuracy"] for one in found),
        fmean(one.test["accuracy"] for one in found),
        sum(one.samples["test"] for one in found),
    )


def compared(hand: Path) -> float:
    """Whether a search finds what is better than a spec is shown; what it found tells this share of
    the test right."""
    found = searched()
    if found.best is None:
        raise SystemExit("no trial gave a value")
    seconds = sum(tried.seconds for tried in found.trials)
    print(
        f"\n{len(found.trials)} trials, {seconds:.0f} s of training. The best and the one by hand,"
    )
    print("each trained with three seeds:")
    text = hand.read_text(encoding="utf-8")
    chosen = archdsl.close(SPACE, design=found.best.design)
    by_hand = rival("by hand", text)
    trained = rival("by hand, trained as found", trained_as(text, chosen))
    best = rival("found", chosen)
    print(f"\n{'':25}  validation      test  parameters")
    print(f"{by_hand.row}\n{trained.row}\n{best.row}\n\n{training(chosen).strip()}\n")
    if best.beats(by_hand):
        print(f"What the search found beats what was written by hand: {_why(best, by_hand)}.")
    else:
        print("This time what the search found does not beat what was written by hand.")
    return best.test


def training(text: str) -> str:
    """The line of a spec that tells how it is trained."""
    return next(line for line in text.splitlines() if line.startswith("  train "))


def trained_as(text: str, other: str) -> str:
    """A spec with the training of another one."""
    return text.replace(training(text), training(other))


def _why(best: Rival, other: Rival) -> str:
    size = f"with {best.params / other.params:.0%} of the parameters"
    if best.test > other.test:
        return f"{best.test:.2%} of the test right instead of {other.test:.2%}, {size}"
    if best.test == other.test:
        return f"as many right, {size}"
    return f"{size}, and what it gets right less of the test is within chance"
