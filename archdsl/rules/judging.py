"""Checking a design against the principles."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from archdsl.diagnostics import Diagnostic, Edit, Fix, Label, Severity, closest, did_you_mean
from archdsl.rules.case import Case
from archdsl.rules.catalog import all_rules, find
from archdsl.rules.config import Config
from archdsl.rules.writing import without

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.evaluate.program import Evaluation, Program
    from archdsl.rules.base import Rule
    from archdsl.syntax.nodes import Allow

    Settings = tuple[tuple[str, tuple[tuple[str, float], ...]], ...]

ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


def principles(
    program: Program,
    evaluation: Evaluation,
    config: Config | None = None,
    siblings: tuple[Program, ...] = (),
) -> list[Diagnostic]:
    """What the rules find in a design, errors first; what the spec allows is left out.

    ``siblings`` are the other architectures of the file: a baseline may be among them. An
    ``allow`` that silences nothing is a finding of its own.
    """
    config = config or Config()
    case = Case(program, evaluation, siblings)
    allows = program.clauses.allows
    allowed = {allow.rule.id for allow in allows}
    found: list[Diagnostic] = []
    without_findings: set[str] = set()
    task = case.task
    for rule in active_rules(config):
        concerned = rule.concerns(task)
        broken = [rule.diagnostic(finding) for finding in rule.check(case)] if concerned else []
        if not allowed or allowed.isdisjoint((rule.code, rule.slug())):
            found.extend(broken)
        elif not broken:
            without_findings |= {rule.code, rule.slug()}
    found.extend(_needless_allows(allows, without_findings))
    found = [_as_strict(finding) for finding in found] if config.strict else found
    return sorted(found, key=lambda finding: ORDER[finding.severity])


def of_data(program: Program, config: Config | None = None) -> list[Diagnostic]:
    """What the rules find in the data of an architecture whose layers do not fit together."""
    allowed = {allow.rule.id for allow in program.clauses.allows}
    return [
        rule.diagnostic(finding)
        for rule in active_rules(config or Config())
        if rule.concerns(program.clauses.task) and not {rule.code, rule.slug()} & allowed
        for finding in rule.of_data(program)
    ]


def active_rules(config: Config) -> tuple[Rule, ...]:
    """The rules that a configuration enables, with their thresholds set; cached."""
    settings = tuple((slug, tuple(one.items())) for slug, one in config.rules.items())
    return _made(config.select, config.ignore, config.allow, settings)


@lru_cache(maxsize=16)
def _made(
    select: tuple[str, ...], ignore: tuple[str, ...], allow: tuple[str, ...], settings: Settings
) -> tuple[Rule, ...]:
    rules = {slug: dict(one) for slug, one in settings}
    config = Config(select, ignore, rules=rules, allow=allow)
    return tuple(config.made(rule) for rule in all_rules() if config.wants(rule))


def _needless_allows(allows: tuple[Allow, ...], without_findings: set[str]) -> Iterator[Diagnostic]:
    """Findings about ``allow`` clauses that name no rule, a rule without findings, or a rule that
    an earlier clause allows."""
    first: dict[str, Allow] = {}
    for allow in allows:
        rule = find(allow.rule.id)
        if rule is None:
            yield _unknown(allow)
        elif rule.code in without_findings:
            yield _unused(allow)
        elif first.setdefault(rule.code, allow) is not allow:
            yield _unused(allow, first[rule.code])


def _as_strict(finding: Diagnostic) -> Diagnostic:
    if finding.severity is Severity.WARNING:
        return replace(finding, severity=Severity.ERROR)
    return finding


def _unknown(allow: Allow) -> Diagnostic:
    known = [name for rule in all_rules() for name in (rule.slug(), rule.code)]
    near = closest(allow.rule.id, known)
    fix = Fix(f"write `{near}`", (Edit(allow.rule.span, near),)) if near else None
    return Diagnostic(
        "E801",
        f"there is no principle called `{allow.rule.id}`",
        allow.rule.span,
        needed="a slug such as `overcapacity`, or its code (`archdsl explain` lists them)",
        help=did_you_mean(allow.rule.id, known) or _no_principle(allow.rule.id),
        fix=fix,
    )


def _no_principle(name: str) -> str:
    """The help for a code that exists and is not that of a principle."""
    is_code = name[:1] in ("E", "W") and name[1:].isdigit()
    return f"`{name}` is no principle: it is mended, not allowed" if is_code else ""


def _unused(allow: Allow, before: Allow | None = None) -> Diagnostic:
    """An ``allow`` without effect. ``before`` is an earlier clause that allows the same rule."""
    why = " that the clause before it does not" if before else ""
    return Diagnostic(
        "W802",
        f"`allow {allow.rule.id}` silences nothing{why}",
        allow.span,
        Severity.WARNING,
        trail=(Label(before.span, "allowed here"),) if before else (),
        help="remove it",
        fix=Fix("remove the clause", without((allow.span,)), safe=True),
    )
