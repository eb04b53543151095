"""What can be done about a limit that a design exceeds, with the numbers."""

from __future__ import annotations

from textwrap import shorten
from typing import TYPE_CHECKING, NamedTuple

from archdsl.cost.latency import is_half, seconds
from archdsl.cost.metrics.memory import training
from archdsl.cost.precision import WEIGHT
from archdsl.diagnostics import Edit, Fix
from archdsl.limits.requirements import missed_requirements
from archdsl.limits.telling import shown
from archdsl.rules.base import place
from archdsl.source import Span
from archdsl.spec.constants import Quantity
from archdsl.syntax.nodes import Choice, Range

if TYPE_CHECKING:
    from archdsl.limits.requirements import Violation
    from archdsl.rules.case import Case
    from archdsl.spec.device import Device
    from archdsl.spec.train import Train
    from archdsl.syntax import nodes as ast

HALVED = [precision for precision, width in WEIGHT.items() if width == 2]
NO_ROOM = (
    "even the activations of one sample do not fit: fewer channels, a smaller input, or "
    "checkpointing"
)


def missed(case: Case, word: str) -> list[Violation]:
    """The limits on a metric that a design does not keep."""
    found = missed_requirements(case.program, case.evaluation)
    return [one for one in found if one.metric is not None and one.metric.word() == word]


class TrainingLimit(NamedTuple):
    """A limit in bytes on the training step of a design at a batch that exceeds it."""

    case: Case
    batch: int
    limit: float

    def ways_out(self) -> str:
        """What would bring the step below the limit: the batch, half precision, a smaller model."""
        ways = [*self._by_batch(), *self._by_precision()] or self._by_size()
        return "; or ".join(ways)

    def fix(self) -> Fix | None:
        """The largest batch that fits, written into the ``train`` clause."""
        batch = self._largest_batch(self._train)
        call = self.case.evaluation.clauses.calls.get("train")
        if not batch or call is None or _is_chosen(call):
            return None
        return Fix(f"write `batch={batch}`", (_with_batch(call, batch),))

    @property
    def _train(self) -> Train:
        from archdsl.spec.train.sgd import Sgd  # few designs exceed a limit

        return self.case.train or Sgd()

    def _total(self, train: Train, batch: int) -> int:
        return training(self.case.graph, train, batch).total

    def _largest_batch(self, train: Train) -> int:
        """0 when not even one sample fits; the batch itself where it makes no difference, as for a
        single graph. From two samples on each takes the same."""
        one, two, three = (self._total(train, batch) for batch in (1, 2, 3))
        if two > self.limit:
            return int(one <= self.limit)
        each = three - two
        return 2 + int((self.limit - two) // each) if each else self.batch

    def _by_batch(self) -> list[str]:
        batch = self._largest_batch(self._train)
        return [f"batch={batch:,} is the largest that fits"] if batch else []

    def _by_precision(self) -> list[str]:
        if self._train.precision in HALVED:
            return []
        half = self._train.model_copy(update={"precision": "bf16"})
        batch = min(self._largest_batch(half), self.batch)
        if not batch:
            return []
        taken = shown(Quantity(self._total(half, batch), "bytes"))
        return [f"precision=bf16 takes {taken} at batch={batch:,}"]

    def _by_size(self) -> list[str]:
        one = training(self.case.graph, self._train, 1)
        room = self.limit - one.saved
        if room <= 0:
            return [NO_ROOM]
        params = self.case.params
        most = int(room * params / (one.total - one.saved))
        return [f"a model of at most {most:,} parameters fits (this one has {params:,})"]


def _is_chosen(call: ast.Call) -> bool:
    """Whether the batch is a choice: then there is no one number to write in its place."""
    given = [argument.value for argument in call.arguments if argument.name == "batch"]
    return any(isinstance(part, (Choice, Range)) for value in given for part in value.within())


def _with_batch(call: ast.Call, batch: int) -> Edit:
    """The edit that gives the ``train`` clause a batch."""
    given = next((a.value.span for a in call.arguments if a.name == "batch"), None)
    if given is not None:
        return Edit(given, str(batch))
    end = call.arguments[-1].span.end if call.arguments else call.span.end - 1
    place = Span(call.span.source, end, end)
    return Edit(place, f", batch={batch}" if call.arguments else f"batch={batch}")


def slowest(case: Case, device: Device, batch: int = 1) -> str:
    """The three places of the spec that take most of the time, with their shares."""
    precision = case.train.precision if case.train is not None else "fp32"
    times: dict[Span, float] = {}
    for step in case.steps:
        there = place(case, step)
        times[there] = times.get(there, 0.0) + seconds(step.node, device, batch, is_half(precision))
    total = sum(times.values())
    slow = sorted(times, key=lambda there: -times[there])[:3]
    return ", ".join(f"{_named(there)} {times[there] / total:.0%}" for there in slow)


def _named(there: Span) -> str:
    text = shorten(there.text, width=48, placeholder="…")
    return f"line {there.position.line} `{text}`"
