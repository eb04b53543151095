"""Literate tests of rules: Markdown with specs in it, and the findings each must have.

A section (``## title``) holds a spec in an ``arch`` block and what the rule that the file is named
after says of it in a ``findings`` block: one line a finding, sorted by line, such as
``P301 error 3: 16 layers; at most 10`` (code, severity, line of the spec, measured, threshold). An
empty block says: silent. A spec may be short: without an ``arch`` statement, it is taken as the
inside of one. Where it has several, the rule looks at the first, the others being its siblings.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from archdsl.design.designs import sampler
from archdsl.design.loading import load
from archdsl.rules.config import Config
from archdsl.rules.judging import principles
from archdsl.source import Source

if TYPE_CHECKING:
    from archdsl.diagnostics import Diagnostic

FOLDER = Path(__file__).parent / "literate"


class Section(NamedTuple):
    """One spec and the findings it must have."""

    file: str
    title: str
    spec: str
    expected: tuple[str, ...]

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
    fenced = re.compile(r"^```(arch|findings)\n(.*?)^```", re.MULTILINE | re.DOTALL)
    blocks = dict(fenced.findall(part))
    expected = tuple(line.strip() for line in blocks["findings"].splitlines() if line.strip())
    return Section(file, title, blocks["arch"], expected)


def findings(section: Section) -> tuple[str, ...]:
    """What the rule of a section's file says of its spec, a line each."""
    found = judged(section.spec, Config(select=(section.slug,)))
    return tuple(shown(finding) for finding in sorted(found, key=line_of))


def judged(spec: str, config: Config) -> list[Diagnostic]:
    """What the rules find in the first design of a spec."""
    text = spec if re.search(r"^arch ", spec, flags=re.MULTILINE) else f"arch Test {{\n{spec}}}\n"
    loaded = load(Source(text, "test.arch"))
    program, *others = loaded.programs.values()
    siblings = tuple(others)
    return principles(program, program.evaluate(sampler(0)), loaded.devices, config, siblings)


def line_of(finding: Diagnostic) -> int:
    return finding.span.position.line if finding.span else 0


def shown(finding: Diagnostic) -> str:
    """A finding as a literate test writes it."""
    severity = finding.severity.value
    line = line_of(finding)
    return f"{finding.code} {severity} {line}: {finding.label}; {finding.needed}"
