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
    from archdsl.source import Source, Span

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def render(diagnostics: Sequence[Diagnostic], paint: Paint) -> str:
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
        "columnKind": "unicodeCodePoints",
        "results": [_result(found, codes.index(found.code)) for found in diagnostics],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _descriptor(code: str) -> dict[str, Any]:
    return {"id": code, "help": {"text": f"archdsl explain {code}"}}


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
        result["relatedLocations"] = [
            {**_location(label.span), "message": {"text": visible(label.text) or "here"}}
            for label in found.trail
        ]
    if found.fix is not None:
        result["fixes"] = [_fix(found.fix)]
    return result


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
    return {"uri": quote(source.name.replace("\\", "/"), errors="replace")}


def _region(span: Span) -> dict[str, int]:
    start, end = span.position, span.end_position
    return {
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    }


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
    return {"description": {"text": visible(fix.title)}, "artifactChanges": changes}
