"""What is wrong where a layer takes what flows into a model of several inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.diagnostics import Diagnostic, Edit, Fix
from archdsl.types import UNKNOWN, said

if TYPE_CHECKING:
    from archdsl.source import Span
    from archdsl.types import Inputs


def takes_several(what: str, takes: Inputs, span: Span) -> Diagnostic:
    """The finding for ``what`` stands at a span, which would take all inputs at once."""
    first = takes.names[0]
    begin = Fix(f"begin with `{first}`", (Edit(span._replace(end=span.start), f"{first} -> "),))
    return Diagnostic(
        "E330",
        f"{what} takes one tensor, and several flow in: {_told(takes)}",
        span,
        needed=f"the name of an input before it, as in `{first} -> …`",
        help="the inputs are merged by name, as in "
        f"`concat({', '.join(f'{name} -> …' for name in takes.names)})`",
        fix=begin,
    )


def gives_several(model: str, takes: Inputs, span: Span) -> Diagnostic:
    """The finding for a model that hands on its inputs as they are."""
    return Diagnostic(
        "E330",
        f"`{model}` gives what flows into it: {_told(takes)}",
        span,
        needed=f"a model that begins with the name of an input, as in `{takes.names[0]} -> …`",
    )


def _told(takes: Inputs) -> str:
    if UNKNOWN in takes.parts:
        return " and ".join(f"`{name}`" for name in takes.names)
    return said(takes)
