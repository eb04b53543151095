"""Searches to try the engine on: a space of 108 designs, drawn in an order that a seed gives."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

from archdsl.api import judging_of, read
from archdsl.searching.candidates import Candidate, Candidates
from archdsl.searching.engine import Search
from archdsl.searching.evaluators.trial import Subject
from archdsl.searching.objectives import Goal
from archdsl.searching.plan import Plan

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from archdsl.searching.events import Event
    from archdsl.searching.found import Found
    from archdsl.searching.records import Tried

SPEC = """arch Small {
  data image(3, 32, 32)
  task classify(10)
  let depth = 1 to 3
  model {
    let stem = conv(16 | 24 | 32 | 40, 5, stride=2, bias=false) -> batch_norm -> relu
             -> max_pool(3, stride=2)
    let body = stem -> depth * residual(conv(stem.channels, 3 | 5 | 7) -> (relu | gelu | silu))
    return body -> global_avg_pool -> linear(classes)
  }
}
"""
SIZE = 108
ACCURACY = Goal("accuracy", "maximize", ("accuracy",))


class Drawn:
    """Designs at random, none twice; what it proposes for a number follows from the seed."""

    def __init__(self, candidates: Candidates, seed: int = 0) -> None:
        self.candidates = candidates
        self.seed = seed

    def propose(self, number: int, trials: Sequence[Any]) -> Candidate | None:
        seen = {trial.key for trial in trials}
        return self.candidates.unseen(seen, Random(f"{self.seed} {number}"))


class Seen:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def __call__(self, event: Event) -> None:
        self.events.append(event)

    def of(self, kind: type[Any]) -> list[Any]:
        """The events of a kind, in order."""
        return [event for event in self.events if isinstance(event, kind)]


def search(
    folder: Path,
    evaluator: Any = "tests.searching.evaluating:digest",
    spec: str = SPEC,
    observer: Any = lambda event: None,
    candidates: Candidates | None = None,
    **asked: Any,
) -> Search:
    """A search of the space; in this process unless it is asked to be elsewhere."""
    given = read(spec)
    candidates = candidates or Candidates(judging_of(given, None))
    asked.setdefault("objectives", (ACCURACY,))
    asked.setdefault("isolated", False)
    seed = asked.get("seed", 0)
    plan = Plan(strategy=lambda known: Drawn(known, seed), evaluator=evaluator, **asked)
    subject = Subject(given.source, given.root, None, given.terms)
    return Search(subject, candidates, plan, folder, observer)


def searched(folder: Path, *given: Any, **asked: Any) -> Found:
    """What such a search comes to."""
    return search(folder, *given, **asked).run()


def values(trials: Sequence[Tried]) -> list[tuple[str, str, tuple[float, ...] | None]]:
    """What matters of trials, to compare two searches."""
    return [(trial.key, trial.state, trial.values) for trial in trials]
