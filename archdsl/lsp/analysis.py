"""What is known of a text as soon as it is read: its tree, what its names mean, its designs."""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from archdsl import api, content, stages
from archdsl.diagnostics import Diagnostic, SpecError
from archdsl.evaluate.bounds import Effort
from archdsl.evaluate.designs import sampler
from archdsl.evaluate.run import BoundMet
from archdsl.examine import check_resolved
from archdsl.resolve.loading import place_of
from archdsl.resolve.using import Used
from archdsl.source import Source
from archdsl.space.trying import only_design
from archdsl.syntax.parser import parse_tolerant
from archdsl.terms import USUAL

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from archdsl.evaluate.program import Evaluation, Program
    from archdsl.evaluate.run import Chooser
    from archdsl.resolve.loading import Spec
    from archdsl.syntax import nodes as ast

LOOKED_AT = 8  # designs of a space whose shapes are shown
SECONDS = 0.1  # in which these are made
BUG = "E902"
LONGEST = 300  # signs of what is told of a bug
HELPED = (stages.MISFIT, stages.UNFIT)  # findings whose ways out are searched for


class Stale(Exception):
    """The text has changed meanwhile: nobody waits for what is worked out of it."""


class Snapshot(NamedTuple):
    """A text as it was at one moment, with what an editor has of the files that it may use.
    ``name`` is that of its file, as findings tell it, or its address where it is no file yet."""

    text: str
    name: str
    root: Path | None
    unsaved: Mapping[str, str]


class Analysis(NamedTuple):
    """What is known of a snapshot.

    ``findings`` are those of the text, their fixes left out; None for a space, which takes longer.
    ``settled``: there is nothing more to find out. ``designs`` are, of each architecture that can
    be evaluated, its only design, or some of those of a space.
    """

    snapshot: Snapshot
    source: Source
    tree: ast.File | None
    spec: Spec | None
    findings: tuple[Diagnostic, ...] | None
    settled: bool
    designs: Mapping[str, tuple[Evaluation, ...]]
    spaces: tuple[str, ...] = ()


def analyse(snapshot: Snapshot, is_stale: Callable[[], bool] = lambda: False) -> Analysis:
    """Read a text, and evaluate its designs; whatever the text, it raises nothing but
    :class:`Stale`."""
    with content.unsaved(snapshot.unsaved):
        try:
            return _analysed(snapshot, is_stale)
        except SpecError as error:  # the settings of its project
            return _unread(snapshot, error.diagnostics)
        except Stale:
            raise
        except Exception as bug:
            logging.getLogger(__name__).exception("a bug of archdsl")
            told = f"archdsl stopped because of a bug of its own: {type(bug).__name__}: {bug}"
            return _unread(snapshot, (Diagnostic(BUG, told[:LONGEST]),))


def _analysed(snapshot: Snapshot, is_stale: Callable[[], bool]) -> Analysis:
    given = api.read(snapshot.text, snapshot.name, snapshot.root)
    tree, errors = parse_tolerant(given.source, given.terms.limits)
    _go_on(is_stale)
    if errors or tree is None:
        return Analysis(snapshot, given.source, tree, None, errors, not _more(errors), {})
    work = stages.run(given.work()._replace(tree=tree), stages.STAGES[:1])
    _go_on(is_stale)
    if work.spec is not None:
        return _evaluated(snapshot, work, work.spec, is_stale)
    settled = not _more(work.findings)
    return Analysis(snapshot, given.source, tree, None, work.findings, settled, {})


def _unread(snapshot: Snapshot, findings: tuple[Diagnostic, ...]) -> Analysis:
    source = Source(snapshot.text, snapshot.name)
    return Analysis(snapshot, source, None, None, findings, True, {})


def _evaluated(
    snapshot: Snapshot, work: stages.Work, spec: Spec, is_stale: Callable[[], bool]
) -> Analysis:
    designs, spaces = {}, []
    for name, program in spec.programs.items():
        made, is_space = _designs(program, work)
        designs[name] = made
        spaces += [name] if is_space else []
        _go_on(is_stale)
    findings = None if spaces else check_resolved(work, ways_out=False).findings
    settled = findings is not None and not _more(findings)
    return Analysis(
        snapshot, work.source, spec.tree, spec, findings, settled, designs, tuple(spaces)
    )


def _more(findings: tuple[Diagnostic, ...]) -> bool:
    """Whether there are fixes to try, or ways out to look for."""
    return any(found.fix or found.code in HELPED for found in findings)


def _go_on(is_stale: Callable[[], bool]) -> None:
    if is_stale():
        raise Stale


def _designs(program: Program, work: stages.Work) -> tuple[tuple[Evaluation, ...], bool]:
    """The only design of an architecture, or some of a space, and whether it is one."""
    try:
        only = only_design(program, work.terms.bounds)
    except BoundMet:
        return (), False
    if only is None:
        return _some(program, work), True
    return (() if isinstance(only.outcome, SpecError) else (only.outcome,)), False


def _some(program: Program, work: stages.Work) -> tuple[Evaluation, ...]:
    """Designs that lie apart: of first options, of last ones, and others at random."""
    ends: list[Chooser] = [lambda path, point: point.at(0), lambda path, point: point.at(1)]
    choosers = ends + [sampler(seed) for seed in range(LOOKED_AT - len(ends))]
    effort, end, made = Effort(), time.monotonic() + SECONDS, []
    for chooser in choosers:
        try:
            outcome = program.attempt(chooser, work.terms.bounds, effort)
        except BoundMet:
            break
        if not isinstance(outcome, SpecError):
            made.append(outcome)
        if time.monotonic() > end:
            break
    return tuple(made)


def without_fixes(findings: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """Findings whose fixes were not tried yet: these are not offered."""
    return tuple(replace(found, fix=None) if found.fix else found for found in findings)


def outer_items(known: Analysis) -> tuple[ast.Item, ...]:
    """What the files declare that a text uses, as far as they can be read."""
    tree = known.tree
    if tree is None:
        return ()
    if known.spec is not None:
        declared = known.spec.declared
        return tuple(item for item in declared if item.span.source is not tree.source)
    with content.unsaved(known.snapshot.unsaved):
        return used_items(tree, known.source, known.snapshot.root)


def used_items(tree: ast.File, source: Source, root: Path | None) -> tuple[ast.Item, ...]:
    """What the files declare that a tree uses, as far as they can be read."""
    items = Used(root, USUAL.limits, []).items(tree, place_of(source, root))
    return tuple(item for item in items if item.span.source is not source)
