"""``archdsl.compare``: what changes from one version of a spec to another."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from archdsl import stages
from archdsl.api import read
from archdsl.comparing.changes import ArchChanges, Comparison
from archdsl.comparing.clauses import clause_changes
from archdsl.comparing.designs import design_changes
from archdsl.comparing.spaces import space_changes
from archdsl.diagnostics import Severity, SpecError
from archdsl.evaluate.run import BoundMet
from archdsl.examine import check_resolved
from archdsl.space.trying import only_design
from archdsl.syntax import nodes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.api import AnySpec, Read, Root
    from archdsl.diagnostics import Diagnostic
    from archdsl.evaluate.program import Evaluation, Program
    from archdsl.resolve.loading import Spec
    from archdsl.terms import Terms

DEPTH = 2


def compare(
    old: AnySpec,
    new: AnySpec,
    *,
    depth: int = DEPTH,
    arch: str | None = None,
    root: Root = None,
    terms: Terms | None = None,
) -> Comparison:
    """What changes from one version of a spec to another: clauses, what flows in and out, layers
    (``depth`` levels of them), costs, names of weights, designs, findings.

    Architectures are paired by name; where each version has one, these two are, whatever they are
    called. ``arch`` names the only one that is looked at; the other arguments are those that all
    functions share (:mod:`archdsl.api`). A version with errors is no reason to raise: what it has
    is a finding. Raises OSError for a path that cannot be read, and :class:`SpecError` for one that
    is no text.
    """
    return compared(read(old, None, root, terms), read(new, None, root, terms), depth, arch)


class Version(NamedTuple):
    """One of the two specs, read: its findings, and its architectures as far as it has any."""

    given: Read
    spec: Spec | None
    findings: tuple[Diagnostic, ...]

    @property
    def has_errors(self) -> bool:
        return any(one.severity is Severity.ERROR for one in self.findings)

    def arches(self, arch: str | None) -> dict[str, Program]:
        """The architectures by name, or the one that is asked for."""
        programs = self.spec.programs if self.spec is not None else {}
        return {name: one for name, one in programs.items() if arch in (None, name)}


def compared(old: Read, new: Read, depth: int = DEPTH, arch: str | None = None) -> Comparison:
    """The same as :func:`compare` for specs that were read."""
    before, after = _version(old), _version(new)
    gone, found = _apart(before.findings, after.findings)
    names = old.source.name, new.source.name
    wrong = tuple(one.given.source.name for one in (before, after) if one.spec is None)
    if wrong:
        return Comparison(*names, (), (), (), gone, found, wrong)
    pairs, lost, gained = _paired(before.arches(arch), after.arches(arch))
    arches = tuple(_arch_changes((before, one), (after, other), depth) for one, other in pairs)
    wrong = tuple(one.given.source.name for one in (before, after) if one.has_errors)
    untold = any(one.design is None and one.space is None for one in arches)
    return Comparison(*names, arches, lost, gained, gone, found, wrong if untold else ())


def _version(given: Read) -> Version:
    work = stages.run(given.work(), stages.STAGES[:1])
    return Version(given, work.spec, check_resolved(work, ways_out=False).findings)


def _paired(
    old: dict[str, Program], new: dict[str, Program]
) -> tuple[list[tuple[Program, Program]], tuple[str, ...], tuple[str, ...]]:
    """The architectures of both versions, and the names of those that one alone has."""
    if len(old) == len(new) == 1:
        return [(*old.values(), *new.values())], (), ()  # type: ignore[list-item]
    pairs = [(one, new[name]) for name, one in old.items() if name in new]
    lost = tuple(name for name in old if name not in new)
    return pairs, lost, tuple(name for name in new if name not in old)


def _arch_changes(
    old: tuple[Version, Program], new: tuple[Version, Program], depth: int
) -> ArchChanges:
    found = ArchChanges(old[1].name, new[1].name, clause_changes(_tree(*old), _tree(*new)))
    try:
        before, after = (_only(version, program) for version, program in (old, new))
        if before is None or after is None:
            bounds = new[0].given.terms.bounds
            return replace(found, space=space_changes(old[1], new[1], bounds))
    except (SpecError, BoundMet):  # its findings tell why
        return found
    return replace(found, design=design_changes((old[1], before), (new[1], after), depth))


def _only(version: Version, program: Program) -> Evaluation | None:
    """The only design of an architecture, or None where there are several. Raises SpecError where
    it does not evaluate."""
    only = only_design(program, version.given.terms.bounds)
    if only is None:
        return None
    if isinstance(only.outcome, SpecError):
        raise only.outcome
    return only.outcome


def _tree(version: Version, program: Program) -> nodes.Arch:
    assert version.spec is not None
    arches = (item for item in version.spec.tree.items if isinstance(item, nodes.Arch))
    return next(one for one in arches if one.name.id == program.name)


def _apart(
    old: Iterable[Diagnostic], new: Iterable[Diagnostic]
) -> tuple[tuple[Diagnostic, ...], tuple[Diagnostic, ...]]:
    """The findings that one version alone has; where they stand makes no difference."""
    return _less(old, new), _less(new, old)


def _less(found: Iterable[Diagnostic], others: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    left = Counter((one.code, one.message) for one in others)
    alone = []
    for one in found:
        key = one.code, one.message
        left[key] -= 1
        if left[key] < 0:
            alone.append(one)
    return tuple(alone)
