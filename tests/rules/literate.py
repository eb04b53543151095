"""Literate tests of rules: Markdown with specs in it, and the findings each must have.

A section (``## title``) holds a spec in an ``arch`` block and what the rule that the file is named
after says of it in a ``findings`` block: one line a finding, sorted by line, such as
``P301 error 3: 16 layers; at most 10`` (code, severity, line of the spec, measured, threshold). An
empty block says: silent. A spec may be short: without an ``arch`` statement, it is taken as the
inside of one. Where it has several, the rule looks at the first, the others being its siblings.

Five blocks are optional. ``message``: lines that what the findings say holds. ``help``: lines that
their ways out hold, ``unoffered``: lines that these do not. ``fixed``: ``safe`` or ``unsafe`` (what
the fixes are) or ``no fix``, then lines that the spec holds with all applied. ``also``: all second
places of the findings, a line each (``3: the run begins here``).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from archdsl.evaluate.designs import sampler
from archdsl.resolve.loading import load
from archdsl.rules.config import Config
from archdsl.rules.judging import principles
from archdsl.source import Source

if TYPE_CHECKING:
    from archdsl.diagnostics import Diagnostic, Fix
    from archdsl.evaluate.program import Program

BLOCKS = "arch|findings|message|help|unoffered|fixed|also"
FOLDER = Path(__file__).parent / "literate"


class Section(NamedTuple):
    """One spec and the findings it must have."""

    file: str
    title: str
    spec: str
    expected: tuple[str, ...]
    help: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()
    also: tuple[str, ...] | None = None
    message: tuple[str, ...] = ()
    unoffered: tuple[str, ...] = ()

    @property
    def slug(self) -> str:
        return Path(self.file).stem


def sections() -> list[Section]:
    """All sections of all files."""
    return [section for path in sorted(FOLDER.glob("*.md")) for section in read(path)]


def read(path: Path) -> list[Section]:
    """The sections of one file."""
    parts = re.split(r"^## ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return [_section(path.name, part) for part in parts]


def _section(file: str, part: str) -> Section:
    title = part.splitlines()[0].strip()
    fenced = re.compile(rf"^```({BLOCKS})\n(.*?)^```", re.MULTILINE | re.DOTALL)
    found = fenced.findall(part)
    blocks = dict(found)
    assert len(blocks) == len(found), f"{file}: {title}: one block of a kind is read"
    lines = {
        name: tuple(line.strip() for line in text.splitlines() if line.strip())
        for name, text in blocks.items()
    }
    more = {name: told for name, told in lines.items() if name not in ("arch", "findings")}
    return Section(file, title, blocks["arch"], lines["findings"], **more)


def findings(section: Section) -> list[Diagnostic]:
    """What the rule of a section's file says of its spec."""
    return judged(section.spec, Config(select=(section.slug,)))


def told(found: list[Diagnostic]) -> tuple[str, ...]:
    """Findings as a literate test writes them, a line each."""
    return tuple(shown(finding) for finding in sorted(found, key=line_of))


def untrue(section: Section, found: list[Diagnostic]) -> list[str]:
    """The lines about words, ways out, fixes and second places that findings do not bear out."""
    said = "\n".join(finding.message for finding in found)
    ways_out = "\n".join(finding.help for finding in found)
    fixes = [finding.fix for finding in found if finding.fix is not None]
    text = after(fixes) if fixes else ""
    kinds = {"safe" if fix.safe else "unsafe" for fix in fixes} or {"no fix"}
    return [
        *(line for line in section.message if line not in said),
        *(line for line in section.help if line not in ways_out),
        *(line for line in section.unoffered if line in ways_out),
        *(line for line in section.fixed[:1] if {line} != kinds),
        *(line for line in section.fixed[1:] if line not in text),
        *(places(found) if section.also not in (None, places(found)) else ()),
    ]


def places(found: list[Diagnostic]) -> tuple[str, ...]:
    """The second places of findings as a literate test writes them, a line each."""
    labels = [label for finding in found for label in finding.trail]
    return tuple(f"{label.span.position.line}: {label.text}" for label in labels)


def after(fixes: list[Fix]) -> str:
    """The text of a spec with fixes applied."""
    edits = sorted((edit for fix in fixes for edit in fix.edits), key=lambda e: -e.span.start)
    text = edits[0].span.source.text
    for edit in edits:
        text = text[: edit.span.start] + edit.replacement + text[edit.span.end :]
    return text


def loaded(spec: str) -> tuple[Program, tuple[Program, ...]]:
    """The first architecture of a spec, and the others."""
    text = spec if re.search(r"^arch ", spec, flags=re.MULTILINE) else f"arch Test {{\n{spec}}}\n"
    found = load(Source(text, "test.arch"))
    program, *others = found.programs.values()
    return program, tuple(others)


def judged(spec: str, config: Config) -> list[Diagnostic]:
    """What the rules find in the first design of a spec."""
    program, siblings = loaded(spec)
    return principles(program, program.evaluate(sampler(0)), config, siblings)


def line_of(finding: Diagnostic) -> int:
    return finding.span.position.line if finding.span else 0


def shown(finding: Diagnostic) -> str:
    """A finding as a literate test writes it."""
    severity = finding.severity.value
    line = line_of(finding)
    return f"{finding.code} {severity} {line}: {finding.label}; {finding.needed}"
