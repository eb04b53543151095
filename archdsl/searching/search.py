"""``archdsl.search``: the best designs of a space that respect every constraint."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.api import judging_of, read
from archdsl.searching.asking import TRAINING, Asked, plan_of
from archdsl.searching.candidates import Candidates
from archdsl.searching.engine import Search
from archdsl.searching.evaluators.trial import Subject
from archdsl.searching.records import objectives_of
from archdsl.searching.run.settings import CONTENTS
from archdsl.searching.sharing import Shared
from archdsl.searching.weights import Weights

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from archdsl.api import AnySpec, Read, Root
    from archdsl.evaluate.program import Program
    from archdsl.examine import Judging
    from archdsl.searching.events import Event
    from archdsl.searching.found import Found
    from archdsl.searching.plan import Plan
    from archdsl.terms import Terms

SUFFIX = ".run"  # of the folder of a run, behind the name of the spec


class Prepared(NamedTuple):
    """A search that may begin: what it tries designs of, and what it was asked."""

    subject: Subject
    candidates: Candidates
    plan: Plan

    def run(self, folder: str | os.PathLike[str], observer: Callable[[Event], None]) -> Found:
        """Search, or go on with the search in a folder."""
        weights = Weights(folder, objectives_of(self.plan.objectives))

        def heard(event: Event) -> None:
            weights(event)
            observer(event)

        return Search(self.subject, self.candidates, self.plan, folder, heard).run()


def prepared(judging: Judging, subject: Subject, asked: Asked) -> Prepared:
    """A search of an architecture. Raises :class:`~archdsl.diagnostics.SpecError` for what cannot
    be searched, and ValueError for data that do not fit the spec."""
    candidates = Candidates(judging)
    plan = plan_of(judging, candidates, asked)
    if plan.evaluator == TRAINING and asked.data is not None:
        shared = _shared(judging.program, asked.data, asked.targets, plan.seed)
        evaluated = {**plan.evaluated, CONTENTS: shared.origin.contents}
        plan = replace(plan, evaluated=evaluated, shared=shared)
    return Prepared(subject, candidates, plan)


def _shared(program: Program, data: str, targets: tuple[str, ...], seed: int) -> Shared:
    """The data, read. Raises for what no trial could be trained on, before any begins."""
    from archdsl.runtime.extras import needed
    from archdsl.runtime.live.data.given import given
    from archdsl.runtime.live.data.identity import digest
    from archdsl.runtime.live.learning.prepared import Origin

    needed("torch", "training")
    clauses = program.clauses
    found = given(data, clauses.data, clauses.task, targets)
    return Shared(found, Origin.of(digest(found), clauses.data, clauses.task, seed))


def search(
    spec: AnySpec,
    data: str | None = None,
    *,
    run: str | os.PathLike[str] | None = None,
    observer: Callable[[Event], None] | None = None,
    arch: str | None = None,
    name: str | None = None,
    root: Root = None,
    terms: Terms | None = None,
    **asked: Any,
) -> Found:
    """Search the space of a spec for the designs that are best by its objectives, each of which
    respects every ``require`` and breaks no principle. The same call goes on with a search that was
    interrupted.

    ``data`` is what ``archdsl search --data`` takes, to train designs on; ``evaluator`` (a function
    of a :class:`~archdsl.searching.evaluators.trial.Trial`, or its name as ``module:function``)
    gives the metrics of a design instead. Neither is needed where the objectives follow from the
    designs, as ``minimize params`` does. ``run`` is the folder that keeps it all, by default the
    name of the spec with ``.run``. ``observer`` is told what happens
    (:mod:`archdsl.searching.events`).

    Of the rest, ``strategy``, ``trials``, ``seconds`` and ``seed`` go over the spec's ``search``
    clause; ``workers`` evaluate at once; :class:`~archdsl.searching.asking.Asked` has all of them.
    The other arguments are those that all functions share (:mod:`archdsl.api`).

    Raises :class:`~archdsl.diagnostics.SpecError` for a spec, a design or a search that is wrong
    (:class:`~archdsl.searching.troubles.SearchError` for the latter), ImportError where Optuna, or
    torch for training, is missing, ValueError for data that do not fit, and OSError.
    """
    from archdsl.runtime.extras import needed

    needed("optuna", "searching")
    given = read(spec, name, root, terms)
    judging = judging_of(given, arch)
    subject = Subject(given.source, given.root, arch, given.terms)
    found = prepared(judging, subject, Asked(data=data, **asked))
    return found.run(_folder(given, run), observer or (lambda event: None))


def _folder(given: Read, run: str | os.PathLike[str] | None) -> Path:
    if run is not None:
        return Path(run)
    source = Path(given.source.name)
    return source.with_suffix(SUFFIX) if source.suffix == ".arch" else Path(f"search{SUFFIX}")
