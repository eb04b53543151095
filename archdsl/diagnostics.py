"""What a person or a program is told about a spec: one value, rendered elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.likeness import likeliest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.source import Span


LIBRARY = "archdsl/library/"  # what the names of the library's sources begin with


class Severity(str, Enum):
    """How bad a finding is: an error refuses the spec, a warning and a note do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True)
class Label:
    """A second place a finding speaks of: a block call that led there, a tensor's origin.
    ``gives`` is the type of the tensor that comes from there, where it is one."""

    span: Span
    text: str
    gives: Any = field(default=None, compare=False)


@dataclass(frozen=True)
class Edit:
    """One change of a fix: the text of ``span`` is replaced; an empty span inserts."""

    span: Span
    replacement: str


@dataclass(frozen=True)
class Fix:
    """A change that removes a finding; ``safe`` when it cannot change what the spec means.

    Whoever makes one need not be sure of it: it is tried before it is offered.
    """

    title: str
    edits: tuple[Edit, ...]
    safe: bool = False


class Amount(NamedTuple):
    """The two numbers a finding rests on: what was measured, and what it is held against.

    Both in base units: bytes of memory, seconds of latency, samples a second of throughput.
    Shares are fractions of 1; everything else is a plain count or ratio.
    """

    measured: float
    threshold: float


@dataclass(frozen=True)
class Diagnostic:
    """One finding.

    ``message`` says what is wrong, with what was found; ``needed`` what would be right;
    ``trail`` the calls that led there, innermost first; ``help`` a way out in words and ``fix``
    the same as edits. ``rule`` is the slug of the principle that is broken, empty where it is
    none's; ``amount`` the numbers of ``label`` and ``needed``, where both are numbers.
    """

    code: str
    message: str
    span: Span | None = None
    severity: Severity = Severity.ERROR
    label: str = ""
    needed: str = ""
    trail: tuple[Label, ...] = ()
    notes: tuple[str, ...] = ()
    help: str = ""
    fix: Fix | None = None
    rule: str = ""
    amount: Amount | None = None

    def through(self, label: Label) -> Diagnostic:
        """The same finding, seen from one call further out: what is found in a block of the
        library is told at the call that is not in the library."""
        if self.span is None or not self.span.source.name.startswith(LIBRARY):
            return replace(self, trail=(*self.trail, label))
        if label.span.source.name.startswith(LIBRARY):
            return replace(self, trail=(*self.trail, label))
        inside = Label(self.span, "found here")
        return replace(self, span=label.span, trail=(inside, *self.trail, label))


class SpecError(Exception):
    """A spec has errors; ``diagnostics`` are its findings, errors or not, in order.

    As text it is one line, ``E301: …; E442: …``; ``archdsl.Report(error.diagnostics).render()``
    gives the whole page.
    """

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__(*diagnostics)  # what it is made of again in another process

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What was found."""
        found: tuple[Diagnostic, ...] = self.args
        return found

    def __str__(self) -> str:
        return "; ".join(f"{d.code}: {d.message}" for d in self.diagnostics)


def closest(name: str, known: Iterable[str]) -> str:
    """The known name that is most like one, or an empty string where none is alike."""
    return likeliest(name, known)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """``did you mean `width`?`` for the likeliest known name, or an empty string."""
    near = likeliest(name, known)
    return f"did you mean `{near}`?" if near else ""


class Meant(NamedTuple):
    """What somebody meant who wrote something unknown: in words, and as a fix."""

    help: str = ""
    fix: Fix | None = None


def meant(name: str, known: Iterable[str], span: Span) -> Meant:
    """The likeliest known name in place of the one at a span."""
    near = likeliest(name, known)
    return instead(near, span, f"did you mean `{near}`?") if near else Meant()


def instead(text: str, span: Span, help: str) -> Meant:
    """Something else to write at a span, with words that say why."""
    return Meant(help, Fix(f"write `{text}`", (Edit(span, text),)))
