"""How much one evaluation may take. Every spec is untrusted; every bound has a diagnostic."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archdsl.diagnostics import Diagnostic
from archdsl.syntax.bounds import raising

if TYPE_CHECKING:
    from archdsl.source import Span


class Bounds(NamedTuple):
    """Limits of an evaluation; raise one with ``bounds._replace(nodes=…)``."""

    calls: int = 64  # blocks within blocks
    bodies: int = 20_000  # block bodies evaluated for one design
    copies: int = 10_000  # of one `n * layer` or `each`
    nodes: int = 1_000_000  # ops of the whole model
    effort: int = 400_000  # layers, values and answers worked out for one design
    magnitude: int = 10**18  # of a number
    judged: int = 50_000  # ops of a model that is held to the principles
    options: int = 200_000  # of all choices that list theirs: `pick`, `permute`, steps of a range
    digits: int = 4_214  # of the number of designs (above 4,300 Python itself has to be told)
    work: int = 4_000_000  # of the exploration of a space, some microseconds


DEFAULT = Bounds()


def nested_too_deep(what: str, end: str, limit: int, span: Span) -> Diagnostic:
    """The finding for ``what`` calls itself too often; ``end`` is a `when` that would stop it."""
    return Diagnostic(
        "E601",
        f"{what} more than {limit} deep",
        span,
        needed="a recursion whose arguments end it",
        help=f"let a `when` stop it, for instance `{end}`; or {raising('calls')}",
    )


class Effort:
    """How much several evaluations took together: the layers, values and answers worked out."""

    __slots__ = ("spent",)

    def __init__(self) -> None:
        self.spent = 0
