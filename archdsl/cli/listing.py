"""Lists and pages for people."""

from __future__ import annotations

import re

from archdsl.rendering.fitting import beside


def first_sentence(doc: str) -> str:
    """The first paragraph's first sentence, on one line, without its full stop."""
    first = " ".join(doc.partition("\n\n")[0].split())
    return re.split(r"(?<!et al)\. ", first)[0].rstrip(".")


def by_family(entries: list[dict[str, str]], columns: int | None) -> str:
    """Entries under the headings of their families, each with its first sentence."""
    families = sorted({entry["family"] for entry in entries})
    return "\n\n".join(_family(family, entries, columns) for family in families)


def _family(family: str, entries: list[dict[str, str]], columns: int | None) -> str:
    members = [entry for entry in entries if entry["family"] == family]
    rows = [(entry["name"], first_sentence(entry["doc"])) for entry in members]
    return "\n".join((family, *beside(rows, columns, "  ")))
