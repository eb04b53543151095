"""SARIF 2.1.0 (OASIS), which code hosts and editors read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from archdsl.rendering.escape import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archdsl.diagnostics import Diagnostic, Fix
    from archdsl.rendering.paint import Paint
    from archdsl.source import Position, Source, Span

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def render(diagnostics: Sequence[Diagnostic], paint: Paint, columns: int | None) -> str:
    return json.dumps(_log(diagnostics), indent=2) + "\n"


def _log(diagnostics: Sequence[Diagnostic]) -> dict[str, Any]:
    from archdsl import __version__

    codes = sorted({found.code for found in diagnostics})
    driver = {
        "name": "archdsl",
        "semanticVersion": __version__,
        "rules": [_descriptor(code) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "utf16CodeUnits",  # what readers take who do not look at it
        "results": [_result(found, codes.index(found.code)) for found in diagnostics],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _descriptor(code: str) -> dict[str, Any]:
    """What the page of a code says, where it has one."""
    from archdsl.explain.errors import pages
    from archdsl.explain.rules import body, title
    from archdsl.rules.catalog import find

    rule, page = find(code), pages().get(code)
    help = {"text": f"archdsl explain {code}"}
    if rule is not None:
        told = {"name": rule.__name__, **_description(title(rule), body(rule))}
    elif page is not None:
        told = _description(page.title, page.text)
    else:
        told = {}
    return {"id": code, **told, "help": help}


def _description(title: str, text: str) -> dict[str, Any]:
    return {"shortDescription": {"text": title}, "fullDescription": {"text": text}}


def _result(found: Diagnostic, index: int) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": found.code,
        "ruleIndex": index,
        "level": found.severity.value,
        "message": {"text": _text(found)},
    }
    if found.span is not None:
        result["locations"] = [_location(found.span)]
    if found.trail:
        result["relatedLocations"] = [  # each once: a block that calls itself is one place
            {**_location(label.span), "message": {"text": visible(label.text) or "here"}}
            for label in dict.fromkeys(found.trail)
        ]
    if found.fix is not None:
        result["fixes"] = [_fix(found.fix)]
    properties = _properties(found)
    return {**result, "properties": properties} if properties else result


def _properties(found: Diagnostic) -> dict[str, Any]:
    """What the standard has no place for, named as in the JSON form."""
    told: dict[str, Any] = {"rule": found.rule} if found.rule else {}
    if found.amount is not None:
        told["amount"] = found.amount._asdict()
    return told


def _text(found: Diagnostic) -> str:
    said = [found.message, found.label and f"measured: {found.label}"]
    said += [found.needed and f"needed: {found.needed}", *found.notes, found.help]
    return "\n".join(visible(part) for part in said if part)


def _location(span: Span) -> dict[str, Any]:
    return {
        "physicalLocation": {
            "artifactLocation": _artifact(span.source),
            "region": _region(span),
        }
    }


def _artifact(source: Source) -> dict[str, str]:
    uri = quote(source.name.replace("\\", "/"), errors="replace")
    return {"uri": f"file://{uri}" if uri.startswith("/") else uri}


def _region(span: Span) -> dict[str, int]:
    start, end = span.position, span.end_position
    return {
        "startLine": start.line,
        "startColumn": _column(span.source, start),
        "endLine": end.line,
        "endColumn": _column(span.source, end),
    }


def _column(source: Source, position: Position) -> int:
    """A column in UTF-16 code units, from 1."""
    before = source.line(position.line)[: position.column - 1]
    beyond = sum(character > "\uffff" for character in before)
    return position.column + beyond


def _fix(fix: Fix) -> dict[str, Any]:
    sources = dict.fromkeys(edit.span.source for edit in fix.edits)
    changes = [
        {
            "artifactLocation": _artifact(source),
            "replacements": [
                {
                    "deletedRegion": _region(edit.span),
                    "insertedContent": {"text": edit.replacement},
                }
                for edit in fix.edits
                if edit.span.source is source
            ],
        }
        for source in sources
    ]
    title = visible(fix.title) + ("" if fix.safe else " (changes what the spec means)")
    return {"description": {"text": title}, "artifactChanges": changes}
