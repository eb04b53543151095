"""How many designs a space has: exactly where that can be told, else a bound."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.diagnostics import Diagnostic, Severity
from archdsl.evaluate.bounds import DEFAULT, Bounds
from archdsl.evaluate.run import BoundMet
from archdsl.space.exhaust import exhaust
from archdsl.space.explore.explorer import Unexplorable
from archdsl.space.findings import none_is_valid
from archdsl.space.space import Space

if TYPE_CHECKING:
    from archdsl.evaluate.program import Program


class Count(NamedTuple):
    """A number of designs: proven to be no less than ``low`` and no more than ``high``; ``remarks``
    tell why it is not known exactly, or why there are none."""

    low: int
    high: int
    remarks: tuple[Diagnostic, ...] = ()

    @property
    def is_exact(self) -> bool:
        """Whether it is known exactly."""
        return self.low == self.high

    def __str__(self) -> str:
        if self.is_exact:
            return str(self.high)
        return f"between {self.low} and {self.high}" if self.low else f"at most {self.high}"

    @property
    def is_none(self) -> bool:
        """Whether it is proven that there is no design at all."""
        return not self.high

    def document(self) -> Any:
        """As JSON: a number, or ``{"at_least": number, "at_most": number}``."""
        return self.high if self.is_exact else {"at_least": self.low, "at_most": self.high}


def counted(program: Program, valid: bool = False, bounds: Bounds = DEFAULT) -> Count:
    """How many designs fit together and do the task; of those the ``valid`` ones meet every
    requirement.

    Raises :class:`~archdsl.diagnostics.SpecError` for a space that can neither be described nor
    tried design by design.
    """
    space = Space(program, bounds)
    try:
        low, high = space.counted() if valid else (space.count(), space.count())
    except Unexplorable as unexplorable:
        return _otherwise(space, valid, unexplorable)
    if low < high:
        return Count(low, high, (_undecided(program),))
    if not high and not space.count():
        return Count(0, 0, (none_is_valid(space),))
    return Count(low, high)


def _otherwise(space: Space, valid: bool, why: Unexplorable) -> Count:
    """A space that takes too much to be described: tried where it is small, else bounded."""
    note = tuple(replace(d, severity=Severity.NOTE) for d in why.diagnostics)
    if not valid:
        with suppress(BoundMet):
            designs = exhaust(space.program, space.bounds_of_one)
            if designs is not None:
                return Count(designs, designs)
    try:
        return Count(0, space.relaxed().count, note)
    except Unexplorable:
        raise why from None


def _undecided(program: Program) -> Diagnostic:
    conditions = " and ".join(f"`{need.condition.span.text}`" for need in program.requirements)
    return Diagnostic(
        "W517",
        f"how many designs meet {conditions} takes more than the work allowed to be told exactly",
        program.span,
        Severity.NOTE,
        notes=("both ends are proven",),
    )
