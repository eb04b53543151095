"""One line each: ``file:line:column: error[E301] message``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.rendering.escape import visible
from archdsl.rendering.paint import STRONG

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archdsl.diagnostics import Diagnostic
    from archdsl.rendering.paint import Paint


def render(diagnostics: Sequence[Diagnostic], paint: Paint, columns: int | None) -> str:
    return "".join(f"{_line(diagnostic, paint)}\n" for diagnostic in diagnostics)


def _line(diagnostic: Diagnostic, paint: Paint) -> str:
    severity = diagnostic.severity.value
    place = f"{visible(str(diagnostic.span))}: " if diagnostic.span else ""
    hint = f" ({visible(diagnostic.help)})" if diagnostic.help else ""
    title = paint(severity, f"{severity}[{diagnostic.code}]")
    return f"{paint(STRONG, place)}{title} {visible(diagnostic.message)}{hint}"
