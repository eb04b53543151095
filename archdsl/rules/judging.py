"""Holding a design to the principles."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archdsl.diagnostics import Diagnostic, Severity, did_you_mean
from archdsl.rules.case import Case
from archdsl.rules.catalog import all_rules, find
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
    allows = program.clauses.allows
    allowed = {allow.rule.id for allow in allows}
    found: list[Diagnostic] = []
    silent: set[str] = set()
    for rule in all_rules():
        if not config.wants(rule):
            continue
        made = config.made(rule)
        broken = [made.diagnostic(finding) for finding in made.check(case)]
        names = {rule.code, rule.slug()}
        if not names & allowed:
            found.extend(broken)
        elif not broken:
            silent |= names
    found.extend(_unused(allow) for allow in allows if allow.rule.id in silent)
    found.extend(_unknown(allow) for allow in allows if find(allow.rule.id) is None)
    found = [_strict(finding) for finding in found] if config.strict else found
    return sorted(found, key=lambda finding: ORDER[finding.severity])


def _strict(finding: Diagnostic) -> Diagnostic:
    if finding.severity is Severity.WARNING:
        return replace(finding, severity=Severity.ERROR)
    return finding


def _unknown(allow: Allow) -> Diagnostic:
    known = [name for rule in all_rules() for name in (rule.slug(), rule.code)]
    return Diagnostic(
        "E801",
        f"there is no principle called `{allow.rule.id}`",
        allow.rule.span,
        needed="a slug such as `overcapacity`, or its code (`archdsl explain` lists them)",
        help=did_you_mean(allow.rule.id, known),
    )


def _unused(allow: Allow) -> Diagnostic:
    return Diagnostic(
        "W802",
        f"`allow {allow.rule.id}` silences nothing",
        allow.span,
        Severity.WARNING,
        help="remove it",
    )
