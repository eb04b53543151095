"""Over- and underfitting told from two accuracies, and what to do, in order. Needs no torch."""

from __future__ import annotations

from typing import NamedTuple

from archdsl.rules.facts_capacity import plain

GAP = 5.0  # points of accuracy between training and validation
GOOD = 90.0  # percent that training should reach
MANY = 10.0  # parameters for each sample, beyond which principle `overcapacity` speaks


class Accuracies(NamedTuple):
    """In percent; ``goal`` is the training accuracy that would be enough."""

    train: float
    val: float
    goal: float = GOOD
    params: int | None = None
    samples: int | None = None

    @property
    def gap(self) -> float:
        """How many points validation lags behind."""
        return round(self.train - self.val, 9)

    @property
    def ratio(self) -> float | None:
        """Parameters for each sample."""
        return self.params / self.samples if self.params and self.samples else None


class Diagnosis(NamedTuple):
    """``word`` names it, ``reason`` tells the numbers, ``solutions`` come best first."""

    word: str
    reason: str
    solutions: tuple[str, ...]


def diagnose(given: Accuracies) -> Diagnosis:
    """What two accuracies mean."""
    over, under = given.gap > GAP, given.train < given.goal
    if over and under:
        return Diagnosis("overfitting and underfitting", _reason(given), _both(given))
    if over:
        return Diagnosis("overfitting", _reason(given), _against_overfitting(given))
    if under:
        doubts = _CHECKS if given.gap < -GAP else ()
        steps = (*doubts, *_against_underfitting(given))
        return Diagnosis("underfitting", _reason(given), steps)
    if given.gap < -GAP:
        return Diagnosis("validation is easier than training", _reason(given), _CHECKS)
    return Diagnosis("a good fit", _reason(given), _REFINEMENTS)


def _reason(given: Accuracies) -> str:
    side = "below" if given.gap >= 0 else "above"
    compared = "more than" if abs(given.gap) > GAP else "within"
    enough = "under" if given.train < given.goal else "at least"
    told = (
        f"validation is {abs(given.gap):.1f} points {side} training ({compared} {GAP:g}), "
        f"and training is {enough} the {given.goal:g} % aimed at"
    )
    if given.ratio is None:
        return told
    return f"{told}; {plain(given.ratio)} parameters for each sample"


def _against_overfitting(given: Accuracies) -> tuple[str, ...]:
    """Capacity first, then what holds it back, then what there is to learn from."""
    return (
        f"a smaller model: fewer layers or channels{_size_that_fits(given)}",
        "regularise: dropout 0.1-0.5, weight decay 1e-4 to 1e-2, stopping early (`patience=`)",
        "augment what there is: flips, crops, mixup, noise (`data …(augment=…)`)",
        "more data, or start from weights pretrained on more",
    )


def _size_that_fits(given: Accuracies) -> str:
    if given.samples is None or given.ratio is None or given.ratio <= 1:
        return ""
    return f", towards {given.samples:,} parameters (one for each sample)"


def _against_underfitting(given: Accuracies) -> tuple[str, ...]:
    """What is there is used first, then there is more of it, then less holds it back."""
    larger = "a larger model: more channels or layers (with skips beyond ten)"
    if given.ratio is not None and given.ratio > MANY:
        larger += f", though {plain(given.ratio)} parameters for each sample are many already"
    return (
        "train longer, until the training loss no longer falls",
        larger,
        "less regularisation: lower dropout, weight decay and augmentation",
        "a better learning rate: try 3 times more and less, with warm-up and decay",
        "better inputs: standardised features, checked labels, a layer that fits the data",
    )


def _both(given: Accuracies) -> tuple[str, ...]:
    """What is learned in training is little and does not carry over: the model does not suit the
    data, and a smaller one of the same kind would learn still less."""
    return (
        "a structure that fits the data: convolution for images, recurrence or attention for text",
        *_against_overfitting(given)[1:],
        "then train longer, with a better learning rate",
    )


_REFINEMENTS = (
    "compare with simpler models: `archdsl baselines`",
    "report a test set that was never used to choose anything",
)
_CHECKS = (
    "look for training samples among the validation samples",
    "a larger validation set, drawn at random from the same data",
    "measure training accuracy without dropout and augmentation: they lower it",
)
