"""What the rules find in the specs of this repository."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from archdsl.evaluate.designs import sampler
from archdsl.resolve.loading import load
from archdsl.rules.case import Case
from archdsl.rules.catalog import all_rules
from archdsl.source import Source

if TYPE_CHECKING:
    from archdsl.diagnostics import Diagnostic

SPECS = Path(__file__).parents[2] / "specs"


def found_in(path: Path) -> list[Diagnostic]:
    """What the rules find in each architecture of a spec, the others being its siblings.

    What the spec allows is told too: a rule has to be right without that.
    """
    loaded = load(Source(path.read_text(encoding="utf-8"), str(path)), SPECS)
    programs = tuple(loaded.programs.values())
    found: list[Diagnostic] = []
    for program in programs:
        siblings = tuple(other for other in programs if other is not program)
        case = Case(program, program.evaluate(sampler(0)), siblings)
        found.extend(
            rule.diagnostic(finding)
            for rule in (kind() for kind in all_rules())
            for finding in rule.check(case)
        )
    return found
