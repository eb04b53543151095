"""How many designs a space has: exactly where that can be told, else a bound."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.diagnostics import Diagnostic, Severity, SpecError
from archdsl.evaluate.bounds import DEFAULT, Bounds
from archdsl.space.exhaust import exhaust
from archdsl.space.explore.explorer import Unexplorable
from archdsl.space.findings import none_is_valid
from archdsl.space.space import Space
from archdsl.space.trying import only_design

if TYPE_CHECKING:
    from archdsl.evaluate.program import Program


class Count(NamedTuple):
    """A number of designs, ``exact`` or at most so many; ``remarks`` tell why it is not exact, or
    why there are none."""

    number: int
    exact: bool = True
    remarks: tuple[Diagnostic, ...] = ()

    def __str__(self) -> str:
        return str(self.number) if self.exact else f"at most {self.number}"

    @property
    def is_none(self) -> bool:
        """Whether it is proven that there is no design at all."""
        return not self.number

    def document(self) -> Any:
        """As JSON: a number, or ``{"at_most": number}``."""
        return self.number if self.exact else {"at_most": self.number}


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
        conditions = " and ".join(f"`{n.condition.span.text}`" for n in program.requirements)
        return Count(high, False, (_undecided(conditions, program),))
    if not high and not space.count():
        return _none(space)
    return Count(high)


def _none(space: Space) -> Count:
    """No design fits together. Raises SpecError for a spec without choices: it has errors."""
    only = only_design(space.program, space.bounds_of_one)
    if only is not None and isinstance(only.outcome, SpecError):
        raise only.outcome
    return Count(0, remarks=(none_is_valid(space),))


def _otherwise(space: Space, valid: bool, why: Unexplorable) -> Count:
    """A space that takes too much to be described: tried where it is small, else bounded."""
    note = tuple(replace(d, severity=Severity.NOTE) for d in why.diagnostics)
    if not valid:
        try:
            return Count(exhaust(space.program, bounds=space.bounds_of_one))
        except SpecError:
            pass
    try:
        return Count(space.relaxed().count, False, note)
    except Unexplorable:
        raise why from None


def _undecided(conditions: str, program: Program) -> Diagnostic:
    return Diagnostic(
        "W517",
        f"{conditions} could not be decided for all designs at once",
        program.span,
        Severity.NOTE,
    )
