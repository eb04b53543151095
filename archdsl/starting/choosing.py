"""From a description to its design: the first family that fits and breaks no principle."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archdsl.diagnostics import Severity
from archdsl.rules.judging import principles
from archdsl.starting import thresholds as at
from archdsl.starting.families.linear import Linear
from archdsl.starting.sizing import UNLIMITED, Fit, SizedDesign, attempt, evaluated, largest
from archdsl.starting.tree import families

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.diagnostics import Diagnostic
    from archdsl.starting.description import Description
    from archdsl.starting.families import Family


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
    for kind in families(data):
        for found in fitting(kind(data)):
            reason = _against(found)
            if isinstance(found, Fit) and not reason:
                return Choice(found, _told(passed, but=kind.name))
            passed.setdefault(kind.name, reason)
    return _simplest(data, passed)


def fitting(family: Family) -> Iterator[Fit | SizedDesign]:
    """The largest size of which nothing is said; and where that is smaller than one usually
    starts with, first the largest up to there that is no more than noted."""
    clean, noted = (ratio * family.data.units for ratio in ratios(family.data))
    safe = largest(family, clean)
    starters = family.starters()
    if not isinstance(safe, Fit) or safe.trial.size in starters[:-1]:
        yield largest(family, noted, starters)
    yield safe


def ratios(data: Description) -> tuple[float, ...]:
    """Parameters a sample: what nothing is said of first, and then what is noted."""
    shift = at.SHIFT if data.is_grid or data.pretrained else 1
    return (at.CLEAN * shift, at.NOTED * shift)


def warned(trial: SizedDesign) -> list[Diagnostic]:
    """The errors and warnings of the principles about a design alone."""
    found = principles(trial.program, trial.evaluation)
    return [finding for finding in found if finding.severity is not Severity.NOTE]


def _against(found: Fit | SizedDesign) -> str:
    """What speaks against what was found; empty when nothing does."""
    if isinstance(found, SizedDesign):
        return f"the smallest has {' and '.join(found.over)}"
    broken = warned(found.trial)
    return f"{broken[0].message} ({broken[0].code})" if broken else ""


def _told(passed: dict[str, str], but: str = "") -> tuple[str, ...]:
    return tuple(f"{name}: {why}" for name, why in passed.items() if name != but)


def _simplest(data: Description, passed: dict[str, str]) -> Choice:
    """The least there is, when the data feeds nothing larger; it may have to allow something."""
    least = families(data)[-1](data)
    _meets_limits(least)
    simple = least if data.kind == "graph" else Linear(data)
    told = _told(passed, but=simple.name)
    for ratio in ratios(data):
        found = largest(simple, ratio * data.units)
        if isinstance(found, Fit) and not warned(found.trial):
            return Choice(found, told)
    return Choice(Fit(allowing(_meets_limits(simple)), None), told)


def allowing(trial: SizedDesign) -> SizedDesign:
    """A design that says what it cannot help: the least there is may still be too much."""
    allows = tuple((one.rule or one.code, _because(trial)) for one in warned(trial))
    return evaluated(trial.family, trial.size, trial.batch, allows)


def _meets_limits(family: Family) -> SizedDesign:
    """The smallest size of a family. Raises :class:`NoDesignFits` when it exceeds a limit."""
    trial = attempt(family, family.sizes()[0], UNLIMITED)
    if trial.over:
        shape = family.shape(trial.size)
        raise NoDesignFits(
            f"even the smallest {family.name} ({shape}) has {' and '.join(trial.over)}"
        )
    return trial


def _because(trial: SizedDesign) -> str:
    return (
        f"no design of this kind has fewer than {trial.params:,} parameters, and "
        f"weight_decay={trial.family.weight_decay} holds them back"
    )
