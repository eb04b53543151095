"""Holding a design to the principles."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archdsl.diagnostics import Diagnostic, Severity, did_you_mean
from archdsl.rules.case import Case
from archdsl.rules.catalog import all_rules
from archdsl.rules.config import Config

if TYPE_CHECKING:
    from archdsl.design.program import Evaluation, Program
    from archdsl.spec.device import Device
    from archdsl.syntax.nodes import Allow

ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


def principles(
    program: Program,
    evaluation: Evaluation,
    devices: dict[str, Device] | None = None,
    config: Config | None = None,
    siblings: tuple[Program, ...] = (),
) -> list[Diagnostic]:
    """What the rules find in a design, errors first; what the spec allows is left out.

    ``siblings`` are the other architectures of the file: a baseline may be among them. An
    ``allow`` that silences nothing is a finding of its own.
    """
    config = config or Config()
    case = Case(program, evaluation, devices, siblings)
    allows = {allow.rule.id: allow for allow in program.clauses.allows}
    used: set[str] = set()
    found: list[Diagnostic] = []
    for rule in all_rules():
        if not config.wants(rule):
            continue
        names = {rule.code, rule.slug()} & allows.keys()
        made = config.made(rule)
        diagnostics = [made.diagnostic(finding) for finding in made.check(case)]
        if names and diagnostics:
            used |= names
        elif not names:
            found.extend(diagnostics)
    found.extend(_unused(allow) for name, allow in allows.items() if name not in used)
    found = [_strict(finding) for finding in found] if config.strict else found
    return sorted(found, key=lambda finding: ORDER[finding.severity])


def _strict(finding: Diagnostic) -> Diagnostic:
    if finding.severity is Severity.WARNING:
        return replace(finding, severity=Severity.ERROR)
    return finding


def _unused(allow: Allow) -> Diagnostic:
    known = [name for rule in all_rules() for name in (rule.slug(), rule.code)]
    if allow.rule.id not in known:
        return Diagnostic(
            "E801",
            f"there is no principle called `{allow.rule.id}`",
            allow.rule.span,
            needed="a slug such as `overcapacity`, or its code (`archdsl explain` lists them)",
            help=did_you_mean(allow.rule.id, known),
        )
    return Diagnostic(
        "W802",
        f"`allow {allow.rule.id}` silences nothing",
        allow.span,
        Severity.WARNING,
        help="remove it",
    )
