"""Annotations of a GitHub workflow: ``::error file=a.arch,line=3,col=5,title=P301::…``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.diagnostics import Severity
from archdsl.rendering.escape import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archdsl.diagnostics import Diagnostic
    from archdsl.rendering.paint import Paint

COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def render(diagnostics: Sequence[Diagnostic], paint: Paint, columns: int | None) -> str:
    return "".join(f"{_command(diagnostic)}\n" for diagnostic in diagnostics)


def _command(found: Diagnostic) -> str:
    properties = {**_place(found), "title": f"archdsl {found.code}"}
    listed = ",".join(f"{name}={_property(text)}" for name, text in properties.items())
    return f"::{COMMANDS[found.severity]} {listed}::{_data(_message(found))}"


def _place(found: Diagnostic) -> dict[str, str]:
    if found.span is None:
        return {}
    start, end = found.span.position, found.span.end_position
    place = {"file": found.span.source.name, "line": f"{start.line}", "endLine": f"{end.line}"}
    if start.line == end.line:  # columns count within one line only
        place.update(col=f"{start.column}", endColumn=f"{end.column}")
    return place


def _message(found: Diagnostic) -> str:
    said = (
        found.message,
        found.label and f"measured: {found.label}",
        found.needed and f"needed: {found.needed}",
        *found.notes,
        found.help and f"help: {found.help}",
    )
    return "\n".join(visible(part) for part in said if part)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(visible(text)).replace(":", "%3A").replace(",", "%2C")
