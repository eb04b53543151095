"""The pages of docs/rules, made of the rules' docstrings and their literate tests.

``python -m tests.rules.pages`` (``make docs``) writes them.
"""

from __future__ import annotations

import re
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import archdsl
from archdsl.diagnostics import Severity
from archdsl.explain.rules import body, number, title
from archdsl.rules.catalog import all_rules
from archdsl.rules.config import Config
from archdsl.terms import Terms
from tests.rules.literate import Section, sections

if TYPE_CHECKING:
    from collections.abc import Callable

    from archdsl.diagnostics import Diagnostic
    from archdsl.rules.base import Rule

FOLDER = Path(__file__).parents[2] / "docs" / "rules"
FREE = "let free_choice = 1 | 2"  # makes two designs of one
PART = re.compile(r"^(What|Why|Evidence|Example|Instead):", re.MULTILINE)
HEAD = """\
# The rules

Written by `make docs` from the rules and their literate tests; `archdsl explain CODE` tells the
same. *Fires* and *silent* count the sections of the literate test that say so. *Fix* is what
`--fix` (safe) or `--unsafe-fixes` (unsafe) can apply. On a space with choices, a finding of all
designs is *proven* when all of them were tried (up to 512), and said to be sampled otherwise.

| code | rule | severity | fires | silent | fix | on spaces |
|---|---|---|---|---|---|---|
"""


class Entry(NamedTuple):
    """A rule with its tests."""

    rule: type[Rule]
    firing: list[Section]
    silent: list[Section]

    @property
    def name(self) -> str:
        return f"{self.rule.code}-{self.rule.slug()}.md"

    @property
    def severity(self) -> str:
        """The severities that its tests know, the worst first."""
        told = {line.split()[1] for section in self.firing for line in section.expected}
        return ", ".join(severity.value for severity in Severity if severity.value in told)

    @property
    def fix(self) -> str:
        fixes = [found.fix for s in self.firing for found in judged(s) if found.fix is not None]
        return ", ".join(sorted({"safe" if fix.safe else "unsafe" for fix in fixes})) or "–"

    @property
    def on_spaces(self) -> str:
        """Whether the finding is proven on a space of two designs that both have it."""
        proven = any("proven for all 2 designs" in f.notes for f in judged(self.firing[0], FREE))
        return "proven" if proven else "–"


@cache
def entries() -> tuple[Entry, ...]:
    """Every rule, by code."""
    by_slug: dict[str, list[Section]] = {}
    for section in sections():
        by_slug.setdefault(section.slug, []).append(section)
    return tuple(_entry(rule, by_slug.get(rule.slug(), [])) for rule in all_rules())


def _entry(rule: type[Rule], tests: list[Section]) -> Entry:
    return Entry(rule, [t for t in tests if t.expected], [t for t in tests if not t.expected])


@cache
def judged(section: Section, clause: str = "") -> tuple[Diagnostic, ...]:
    """What the section's rule says of its spec, with a clause more."""
    text = section.spec
    if not re.search(r"^arch ", text, flags=re.MULTILINE):
        text = f"arch Test {{\n{text}}}\n"
    text = re.sub(r"^arch \w+ \{", rf"\g<0> {clause}", text, flags=re.MULTILINE) if clause else text
    return archdsl.check(text, terms=Terms(Config(select=(section.slug,)))).diagnostics


def table() -> str:
    """docs/rules/README.md"""
    rows = [
        f"| {e.rule.code} | [{e.rule.slug()}]({e.name}) | {e.severity} | {len(e.firing)} "
        f"| {len(e.silent)} | {e.fix} | {e.on_spaces} |\n"
        for e in entries()
    ]
    return HEAD + "".join(rows)


def page(entry: Entry) -> str:
    """docs/rules/<code>-<slug>.md"""
    rule = entry.rule
    facts = f"Severity: {entry.severity}. Fix: {entry.fix}. On spaces: {entry.on_spaces}."
    text = PART.sub(r"**\1:**", body(rule))
    parts = [f"# {rule.code}: {rule.slug()}", title(rule), facts, text]
    if rule.thresholds:
        numbers = [f"| {name} | {number(value)} |" for name, value in rule.thresholds.items()]
        parts.append("\n".join(["| threshold | ships as |", "|---|---|", *numbers]))
    parts += ["## Fires", *map(_shown, entry.firing), "## Is silent", *map(_shown, entry.silent)]
    return "\n\n".join(parts) + "\n"


def _shown(section: Section) -> str:
    told = "".join(f"{line}\n" for line in section.expected)
    findings = f"\n```text\n{told}```" if told else ""
    return f"### {section.title}\n\n```text\n{section.spec}```{findings}"


def written() -> dict[str, Callable[[], str]]:
    """What writes each file of docs/rules, by its name."""
    return {"README.md": table, **{entry.name: partial(page, entry) for entry in entries()}}


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    files = written()
    for path in FOLDER.glob("*.md"):
        if path.name not in files:
            path.unlink()
    for name, write in files.items():
        (FOLDER / name).write_text(write(), encoding="utf-8")


if __name__ == "__main__":
    main()
