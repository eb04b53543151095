"""From a description to its design: the first family that fits and breaks no principle."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archdsl.diagnostics import Severity
from archdsl.rules.judging import principles
from archdsl.starting import thresholds as at
from archdsl.starting.budget import UNBOUNDED, budgets, fed, fed_by, held, parameters
from archdsl.starting.families.linear import Linear
from archdsl.starting.numbers import said
from archdsl.starting.sizing import Fit, SizedDesign, attempt, evaluated, largest
from archdsl.starting.towers import Read, Towers, groups
from archdsl.starting.tree import families

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.diagnostics import Diagnostic
    from archdsl.starting.description import Description
    from archdsl.starting.families import Family

NEGATIVES = "P909"
FEW_IN_BATCH = "there are not the samples, or not the memory, for a larger batch"
CAPACITY = "P501"  # which is answered by the budget, and by what regularises


class NoDesignFits(Exception):
    """No design meets the limits of a description: which, and by how much."""


class Choice(NamedTuple):
    """A design chosen; ``passed`` are the families before it in the tree, each with why it was
    passed over."""

    fit: Fit
    passed: tuple[str, ...] = ()

    @property
    def trial(self) -> SizedDesign:
        return self.fit.trial


def choose(data: Description) -> Choice:
    """The first family of the tree with a size that fits. Raises :class:`NoDesignFits`."""
    passed: dict[str, str] = {}
    for family in _families(data):
        for found in fitting(family):
            reason = _against(found)
            if isinstance(found, Fit) and not reason:
                return Choice(_allowed(found), _told(passed, but=family.name))
            passed.setdefault(family.name, reason)
    return _simplest(data, passed)


def _families(data: Description) -> tuple[Family, ...]:
    """What to try in order; of several inputs what each of them would have alone, joined."""
    if not data.inputs:
        return families(data)
    found = {names: choose(part).trial for names, part in groups(data).items()}
    if all(isinstance(trial.family, Linear) for trial in found.values()):
        return (Linear(data),)
    return (Towers(data, [Read(names, t.family, t.size) for names, t in found.items()]),)


def fitting(family: Family) -> Iterator[Fit | SizedDesign]:
    """The largest usual size that the data feed; and where they feed more, the largest of all."""
    room, most = budgets(family.data)
    if family.is_published:
        yield largest(family, UNBOUNDED)
        return
    grown = largest(family, room)
    starters = family.starters()
    if not isinstance(grown, Fit) or grown.trial.size in starters[:-1]:
        yield largest(family, most, starters)
    yield grown


def warned(trial: SizedDesign) -> list[Diagnostic]:
    """The errors and warnings of the principles about a design alone."""
    found = principles(trial.program, trial.evaluation)
    return [finding for finding in found if finding.severity is not Severity.NOTE]


def objections(trial: SizedDesign) -> list[Diagnostic]:
    """Those that a budget of parameters does not answer; none of a published network's, which
    others have shown to train."""
    if trial.family.is_published:
        return []
    return [finding for finding in warned(trial) if finding.code != CAPACITY]


def _against(found: Fit | SizedDesign) -> str:
    """What speaks against what was found; empty when nothing does."""
    if isinstance(found, SizedDesign):
        return f"the smallest has {' and '.join(found.over)}"
    broken = objections(found.trial)
    return f"{broken[0].message} ({broken[0].code})" if broken else ""


def _told(passed: dict[str, str], but: str = "") -> tuple[str, ...]:
    return tuple(f"{name}: {why}" for name, why in passed.items() if name != but)


def _before(family: Family, passed: dict[str, str]) -> dict[str, str]:
    """What was passed over before a family: those behind it are no larger."""
    names = list(passed)
    return {name: passed[name] for name in names[: names.index(family.name)]}


def _allowed(found: Fit) -> Fit:
    return found._replace(trial=allowing(found.trial))


def _simplest(data: Description, passed: dict[str, str]) -> Choice:
    """The least there is, when the data feeds nothing larger; it may have to allow something."""
    *_, least = _families(data)
    _meets_limits(least)
    simple = least if data.kind == "graph" or _exceeds(Linear(least.data)) else Linear(least.data)
    told = _told(passed, but=simple.name)
    for budget in budgets(simple.data):
        found = largest(simple, budget)
        if isinstance(found, Fit) and not objections(found.trial):
            return Choice(_allowed(found), told)
    smallest = _meets_limits(simple)
    better = _as_large(data, smallest)
    if better is not None:
        return Choice(Fit(allowing(better), None), _told(_before(better.family, passed)))
    return Choice(Fit(allowing(smallest), None), told)


def _as_large(data: Description, other: SizedDesign) -> SizedDesign | None:
    """The first family of the tree whose smallest is much as large as another design that has to
    be allowed anyway: nothing speaks against it that does not speak against the other."""
    for family in _families(data):
        trial = attempt(family, family.sizes()[0], UNBOUNDED)
        near = trial.params <= at.AS_LARGE * other.params
        if near and not trial.over and not objections(trial):
            return trial
    return None


def allowing(trial: SizedDesign) -> SizedDesign:
    """A design that says what it cannot help: the least there is may still be too much."""
    slugs = {one.rule or one.code: one.code for one in warned(trial)}
    if not slugs:
        return trial
    allows = tuple(
        (slug, FEW_IN_BATCH if code == NEGATIVES else _because(trial))
        for slug, code in slugs.items()
    )
    return evaluated(trial.family, trial.size, trial.batch, allows)


def _meets_limits(family: Family) -> SizedDesign:
    """The smallest size of a family. Raises :class:`NoDesignFits` when it exceeds a limit."""
    trial = attempt(family, family.sizes()[0], UNBOUNDED)
    if trial.over:
        shape = family.shape(trial.size)
        raise NoDesignFits(
            f"even the smallest {family.name} ({shape}) has {' and '.join(trial.over)}"
        )
    return trial


def _exceeds(family: Family) -> bool:
    """Whether even its smallest size is beyond a limit: a weight for each of very many numbers."""
    return bool(attempt(family, family.sizes()[0], UNBOUNDED).over)


def _because(trial: SizedDesign) -> str:
    data = trial.family.data
    if trial.family.is_published:
        return "it is as published, and its weights were learned from other data"
    found, holds = parameters(trial.evaluation.graph), f"weight_decay={trial.family.weight_decay}"
    each, _, most = found.body / fed(data), *budgets(data)
    if found.body > most.body or found.embedded > most.embedded:
        least = "no design of this kind has many fewer parameters"
        return f"{least} than {found.total:,}, and {holds} holds them back"
    apart = " apart from the embeddings, of which each reads few," if found.embedded else ""
    return (
        f"{said(each)} parameters a {fed_by(data)}{apart} are fewer than the {held(data):g} that "
        f"{holds} holds back"
    )
