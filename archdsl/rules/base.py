"""The base of all rules. A rule checks designs against one principle of architecture design.

One principle is one file ``archdsl/rules/<group>/<slug>.py`` with one class, the slug in CamelCase,
found by listing. The slug names the bad pattern and reads after ``allow``. The class's docstring is
the rule's page: its first line the principle, then the sections What, Why, Evidence, Example and
Instead. Rules ask traits and facts, never the names of ops.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from archdsl.diagnostics import Amount, Diagnostic, Fix, Label, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from archdsl.evaluate.program import Program
    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case
    from archdsl.source import Span
    from archdsl.spec.task import Task


class Finding(NamedTuple):
    """Where a design breaks a principle, and by how much.

    ``measured`` and ``threshold`` are the numbers the finding rests on, both in words
    (``"16 weighted layers"``, ``"at most 10"``), and ``amount`` the same two for programs; None
    where they are not two numbers of one kind. ``also`` are secondary labels, ``notes``
    are printed below the finding.
    """

    severity: Severity
    message: str
    span: Span
    measured: str
    threshold: str
    amount: Amount | None
    help: str = ""
    fix: Fix | None = None
    also: tuple[Label, ...] = ()
    notes: tuple[str, ...] = ()


class Rule:
    """Base of all rules. ``thresholds`` are its numbers by name, settable in pyproject.toml.

    A rule ``of_training`` warns of what training does, or needs, or costs: it is silent of a model
    that is deployed, whose training is over.
    """

    code: ClassVar[str]
    of_training: ClassVar[bool] = False
    thresholds: ClassVar[Mapping[str, float]] = {}

    def __init__(self, settings: Mapping[str, float] | None = None) -> None:
        self.settings = {**self.thresholds, **(settings or {})}

    def check(self, case: Case) -> Iterable[Finding]:
        """The findings of a case."""
        raise NotImplementedError

    def concerns(self, task: Task | None) -> bool:
        """Whether the rule applies to designs for a task."""
        return not self.of_training or task is None or not task.deployed

    def of_data(self, program: Program) -> Iterable[Finding]:
        """Findings that follow from the data clause alone: reported even where layers do not
        fit together."""
        return ()

    def rejects_all(self, case: Case, least: Callable[[str], float]) -> bool:
        """Whether every design of a space breaks the principle at error severity, whatever it
        chooses: proven by the ``least`` value that any has of a metric (``least("params")``).

        ``case`` is one of the designs; only what all have in common may be asked of it.
        """
        return False

    def above(self, measured: float) -> tuple[Severity, float] | None:
        """How severe it is that something large should be smaller, and the threshold for that:
        ``error`` where that is passed, else ``warning``. None where neither is."""
        return next((line for line in self._graded() if measured > line[1]), None)

    def below(self, measured: float) -> tuple[Severity, float] | None:
        """The same of something small that should be larger."""
        return next((line for line in self._graded() if measured < line[1]), None)

    def _graded(self) -> Iterator[tuple[Severity, float]]:
        for severity in (Severity.ERROR, Severity.WARNING):
            yield severity, self.settings[severity.value]

    @classmethod
    @cache
    def slug(cls) -> str:
        """``deep_plain_network`` for ``DeepPlainNetwork``."""
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", cls.__name__).lower()

    def diagnostic(self, finding: Finding) -> Diagnostic:
        """A finding as it is shown."""
        return Diagnostic(
            self.code,
            finding.message,
            finding.span,
            severity=finding.severity,
            label=finding.measured,
            needed=finding.threshold,
            trail=finding.also,
            notes=(
                *finding.notes,
                f"principle `{self.slug()}`; see `archdsl explain {self.code}`",
            ),
            help=finding.help,
            fix=finding.fix,
            rule=self.slug(),
            amount=finding.amount,
        )


def place(case: Case, step: Step) -> Span:
    """The span of an op in the user's spec: for an op inside a library block, the span of the call
    of that block."""
    spans = (step.node.span, *(call.span for call in step.calls))
    return next((span for span in spans if span.source is case.span.source), step.node.span)


def led_there(step: Step) -> tuple[Label, ...]:
    """The block calls that contain an op, as secondary labels of a finding."""
    return tuple(Label(call.span, f"in this call of `{call.block}`") for call in step.calls)


def trail(case: Case, step: Step) -> tuple[Label, ...]:
    """The secondary labels of a finding that is reported at the :func:`place` of an op: the op
    itself when it is in another file, and the other block calls that contain it."""
    told = place(case, step)
    itself = (Label(step.node.span, "the layer itself"),) if step.node.span != told else ()
    return (*itself, *(label for label in led_there(step) if label.span != told))


def begins(case: Case, first: Step, last: Step) -> tuple[Label, ...]:
    """Where a run of layers begins, as a secondary label, unless the finding is reported there."""
    there = place(case, first)
    return (Label(there, "the run begins here"),) if there != place(case, last) else ()


def count(number: float, noun: str) -> str:
    """``1 layer``, ``16 layers``, ``1,281,167 samples``."""
    shown = f"{number:,.0f}" if float(number).is_integer() else f"{number:,.3g}"
    return f"{shown} {noun}" if number == 1 else f"{shown} {noun}s"
