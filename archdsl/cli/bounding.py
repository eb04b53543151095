"""``--bound NAME=VALUE``: how much work one call may do, at the caller's own risk."""

from __future__ import annotations

import functools
import re
import sys
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

import click

from archdsl.diagnostics import did_you_mean
from archdsl.evaluate.bounds import Bounds
from archdsl.rendering.escape import visible
from archdsl.syntax.bounds import Limits
from archdsl.terms import USUAL, Terms

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

F = TypeVar("F", bound="Callable[..., Any]")
ROUNDED = 100  # digits that sums over designs have beyond their number, at most
FRAMES = 20  # of Python for one block within another, at most
DEEPEST = 1_000_000  # frames
EVALUATION = Bounds._fields
PARSE = tuple(field.name for field in fields(Limits))


def bounded(command: F) -> F:
    """The option, given as ``within``: terms with these bounds."""

    @click.option(
        "--bound",
        multiple=True,
        metavar="NAME=VALUE",
        help=f"Raise a bound (may be repeated): {', '.join((*EVALUATION, *PARSE))}.",
    )
    @functools.wraps(command)
    def wrapped(bound: tuple[str, ...], **arguments: Any) -> Any:
        return command(within=_terms(bound), **arguments)

    return wrapped  # type: ignore[return-value]


def _terms(given: Sequence[str]) -> Terms:
    named = dict(_read(assignment) for assignment in given)
    bounds = {name: value for name, value in named.items() if name in EVALUATION}
    limits = {name: value for name, value in named.items() if name in PARSE}
    _raise_limits_of_python(bounds.get("digits", 0), bounds.get("calls", 0))
    return USUAL._replace(
        bounds=USUAL.bounds._replace(**bounds), limits=replace(USUAL.limits, **limits)
    )


def _raise_limits_of_python(digits: int, calls: int) -> None:
    """Let Python write numbers of so many digits, and nest so deep as so many calls need."""
    most = getattr(sys, "get_int_max_str_digits", int)()  # 0, no limit, before Python 3.11
    if 0 < most < digits + ROUNDED:
        sys.set_int_max_str_digits(digits + ROUNDED)
    if sys.version_info >= (3, 11):  # before, it nested on the stack of the machine, which ends
        sys.setrecursionlimit(max(sys.getrecursionlimit(), min(FRAMES * calls, DEEPEST)))


def _read(assignment: str) -> tuple[str, int]:
    name, equals, value = (part.strip() for part in assignment.partition("="))
    known = (*EVALUATION, *PARSE)
    if name not in known:
        guess = did_you_mean(name, known) or f"there are {', '.join(known)}"
        raise click.UsageError(f"--bound: there is no bound `{visible(name)}`; {guess}")
    if not equals or not re.fullmatch(r"[0-9][0-9_]{0,30}", value) or int(value) < 1:
        raise click.UsageError(f"--bound {name} takes a whole number above 0: {name}=100_000")
    return name, int(value)
