"""The grades of P501: from how many parameters a sample what is said, by what holds them back."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archdsl import types
from archdsl.diagnostics import Severity
from archdsl.ops.base import Trait
from archdsl.rules.facts_regularisation import (
    AUGMENT,
    DROP_PATH,
    DROPOUT,
    EARLY_STOPPING,
    FEW_EPOCHS,
    PRETRAINED,
    WEIGHT_DECAY,
    effective_regularisers,
    regularisers,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from archdsl.rules.case import Case

WORDS: Mapping[str, str] = {
    DROPOUT: "dropout",
    DROP_PATH: "drop path",
    WEIGHT_DECAY: "weight decay",
    AUGMENT: "augmentation",
    EARLY_STOPPING: "early stopping",
    FEW_EPOCHS: "few epochs",
    PRETRAINED: "pretrained weights",
}


class Line(NamedTuple):
    """Parameters a sample from which a design is told something."""

    severity: Severity
    at: float


def lines(case: Case, samples: int, grades: Mapping[str, float]) -> Iterator[Line]:
    """The lines for a design that learns from so many samples, highest first."""
    if case.data.pretrained:
        yield Line(Severity.ERROR, grades["pretrained"])
        yield Line(Severity.WARNING, grades["pretrained_warning"])
        return
    yield Line(Severity.ERROR, _rejected(case, samples, grades))
    yield Line(Severity.WARNING, grades["warning"])
    if samples < grades["few_samples"]:
        yield Line(Severity.NOTE, grades["note"])


def mildest(case: Case, samples: int, grades: Mapping[str, float]) -> float:
    """The highest line of rejection of any design that learns from so many of the same samples."""
    if case.data.pretrained:
        return grades["pretrained"]
    averaged = isinstance(case.takes, types.Sequence)
    return max(grades["held_twice"], _averaged(samples, grades) if averaged else 0)


def _rejected(case: Case, samples: int, grades: Mapping[str, float]) -> float:
    """The highest line that a design has a claim to: what holds it back never makes it worse."""
    line = _unheld(case, samples, grades)
    if case.fact(averages_a_series):
        line = max(line, _averaged(samples, grades))
    if case.fact(effective_regularisers):
        line = max(line, grades["held_twice" if case.fact(doses) > 1 else "held"])
    return line


def _unheld(case: Case, samples: int, grades: Mapping[str, float]) -> float:
    if samples >= grades["few_samples"]:
        return grades["error"]
    return grades["warning"] if _has_uncounted_labels(case) else grades["error_few"]


def _averaged(samples: int, grades: Mapping[str, float]) -> float:
    """The line of a network that averages a series, which counts as a thousand series."""
    return grades["held"] * max(1, grades["few_samples"] / samples)


def _has_uncounted_labels(case: Case) -> bool:
    """Whether nobody says how many nodes of a single graph have labels: perhaps all of them."""
    return types.is_one_graph(case.takes) and case.data.samples is None


def doses(case: Case) -> int:
    """How many regularisers have at least the usual strength; strong augmentation is two."""
    held = [one for one in case.fact(effective_regularisers) if one.strength >= 1]
    return sum(int(one.strength) if one.kind == AUGMENT else 1 for one in held)


def averages_a_series(case: Case) -> bool:
    """Whether a design is a convolutional network over a series, with batch normalisation, whose
    positions share all their weights: nothing is flattened."""
    wanted = (Trait.CONVOLUTION, Trait.OVER_BATCH)
    built = isinstance(case.takes, types.Sequence) and all(case.having(each) for each in wanted)
    return built and not case.having(Trait.FLATTENS)


def held_by(case: Case) -> str:
    """What holds a design back, in words: ``held back by dropout and weight decay``."""
    found = case.fact(regularisers)
    working = [WORDS[one.kind] for one in found if one.effective]
    if working:
        *others, last = working
        return f"held back by {' and '.join(filter(None, (', '.join(others), last)))}"
    idle = [f"{WORDS[one.kind]} of {one.amount:g}" for one in found]
    return f"{' and '.join(idle) or 'nothing'} to hold them back"
