"""Mutation check of the rules: ``python -m tests.rules.mutation [name …]``.

Changes each number and each comparison of the rules and of the facts they stand on, one at a time,
and asks whether a literate test notices: ``caught`` or ``SURVIVED`` with file and line. A mutant of
a rule faces the sections of that rule, one of a shared fact those of all rules. Where a finding has
a fix, it must take the finding away. Exits with 1 below 95 %.
"""

from __future__ import annotations

import ast
import importlib
import signal
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import archdsl.rules
from archdsl.evaluate.designs import sampler
from archdsl.rules.catalog import all_rules
from tests.rules.literate import Section, after, loaded, sections, told, untrue
from tests.rules.mutants import mutants

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType, ModuleType

    from archdsl.rules.base import Rule
    from tests.rules.mutants import Mutant

ROOT = Path(archdsl.rules.__file__).parent
MACHINERY = (  # no rule's numbers: literate tests are of single designs and their rules
    "__init__",
    "base",
    "catalog",
    "causes",
    "checklist",
    "config",
    "judging",
    "marks",  # these two are held to random models, by test_positions.py
    "project",
    "spaces",
    "units",
)
TARGET = 0.95
LIMIT = 10  # seconds of a mutant that does not come to an end


class Prepared:
    """A section with its design evaluated, so that a rule can be asked many times."""

    def __init__(self, section: Section) -> None:
        self.section = section
        self.program, self.siblings = loaded(section.spec)
        self.evaluation = self.program.evaluate(sampler(0))

    def holds(self, rule: type[Rule]) -> bool:
        """Whether a rule says what the section expects, and its fixes do what they say."""
        case_type = sys.modules["archdsl.rules.case"].Case
        case = case_type(self.program, self.evaluation, self.siblings)
        made = rule()
        findings = made.check(case) if made.concerns(case.task) else ()
        found = [made.diagnostic(finding) for finding in findings]
        if told(found) != self.section.expected or untrue(self.section, found):
            return False
        fixes = [finding.fix for finding in found if finding.fix is not None]
        if not fixes or len(fixes) < len(found):
            return True
        return Prepared(Section(self.section.file, "fixed", after(fixes), ())).holds(rule)


def modules(names: list[str]) -> list[str]:
    """The modules to change, dotted, the named ones or all."""
    found = [path for path in sorted(ROOT.rglob("*.py")) if path.stem not in MACHINERY]
    kept = [path for path in found if not names or path.stem in names or path.parent.name in names]
    return [".".join(("archdsl.rules", *p.relative_to(ROOT).with_suffix("").parts)) for p in kept]


@contextmanager
def swapped(original: ModuleType, tree: ast.Module) -> Iterator[None]:
    """A module's definitions replaced by those of a mutant, wherever they were imported."""
    made: dict[str, Any] = {"__name__": original.__name__}
    exec(compile(tree, original.__file__ or "", "exec"), made)
    own = {
        name: value for name, value in vars(original).items() if name in made and callable(value)
    }
    replaced = {id(value): made[name] for name, value in own.items() if made[name] is not value}
    undo: list[tuple[ModuleType, str, Any]] = []
    for module in [m for n, m in sys.modules.items() if n.startswith("archdsl.rules")]:
        for name, value in list(vars(module).items()):
            if id(value) in replaced:
                undo.append((module, name, value))
                setattr(module, name, replaced[id(value)])
    try:
        yield
    finally:
        for module, name, value in undo:
            setattr(module, name, value)


def noticed(module: ModuleType, mutant: Mutant, asked: list[tuple[str, str, Prepared]]) -> bool:
    """Whether a section fails on a mutant."""
    signal.alarm(LIMIT)
    try:
        with swapped(module, mutant.tree):
            return not all(
                prepared.holds(getattr(sys.modules[name], rule)) for name, rule, prepared in asked
            )
    except Exception:
        return True
    finally:
        signal.alarm(0)


def _stop(number: int, frame: FrameType | None) -> None:
    raise TimeoutError


def main(names: list[str]) -> int:
    signal.signal(signal.SIGALRM, _stop)
    rules = {rule.slug(): rule for rule in all_rules()}
    asked = [(rules[s.slug].__module__, rules[s.slug].__name__, Prepared(s)) for s in sections()]
    for _, _, prepared in asked:
        section = prepared.section
        assert prepared.holds(rules[section.slug]), f"{section.file}: {section.title}"
    caught = total = 0
    for name in modules(names):
        module = importlib.import_module(name)
        path = Path(module.__file__ or "")
        own = [entry for entry in asked if entry[0] == name] or asked
        results = []
        for mutant in mutants(ast.parse(path.read_text(encoding="utf-8"))):
            results.append(noticed(module, mutant, own))
            verdict = "caught  " if results[-1] else "SURVIVED"
            print(f"{verdict} {path.relative_to(ROOT.parent.parent)}:{mutant.line}  {mutant.what}")
        caught, total = caught + sum(results), total + len(results)
        print(f"         {name}: {sum(results)} of {len(results)}", flush=True)
    share = caught / max(total, 1)
    print(f"{caught} of {total} caught, {share:.1%}")
    return 0 if share >= TARGET else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
