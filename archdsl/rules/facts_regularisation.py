"""What regularises a design, and how strongly: by effect, not by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archdsl.ops.base import Trait

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case

DROPOUT = "dropout"
DROP_PATH = "drop_path"
WEIGHT_DECAY = "weight_decay"
AUGMENT = "augment"
EARLY_STOPPING = "patience"
FEW_EPOCHS = "epochs"
PRETRAINED = "pretrained"

KINDS = (
    DROPOUT,
    DROP_PATH,
    WEIGHT_DECAY,
    AUGMENT,
    EARLY_STOPPING,
    FEW_EPOCHS,
    PRETRAINED,
)

USUAL = {
    DROPOUT: 0.1,  # Vaswani et al. 2017 (arXiv:1706.03762)
    DROP_PATH: 0.1,  # Huang et al. 2016 (arXiv:1603.09382), Touvron et al. 2021 (arXiv:2012.12877)
    FEW_EPOCHS: 10,  # stopped so early, the error stays near that of training: Hardt et al. 2016
}
LEAST_RATE = 0.01
AUGMENTED = {"none": 0.0, "basic": 1.0, "strong": 2.0}


class Regulariser(NamedTuple):
    """Something that holds a design back: one of the kinds above, as a spec says it.

    ``amount`` is what stands there (a rate, a decay, a number of epochs); ``strength`` is what that
    is of the usual amount, so that 1 is the dose of the publications named above. ``effective``
    tells whether it does anything at all: dropout of 0.0001 is there in name only, and its
    ``least`` would be more. ``step`` is the op that has it, where it is one.
    """

    kind: str
    amount: float
    strength: float
    least: float = 0
    step: Step | None = None

    @property
    def usual(self) -> float:
        """The usual amount."""
        return self.amount / self.strength

    @property
    def effective(self) -> bool:
        return self.amount >= self.least


def regularisers(case: Case) -> tuple[Regulariser, ...]:
    """All that a design and its clauses say, each kind once, by its largest amount.

    What is not written is unknown, and not among them.
    """
    return (*_rates(case), *_of_training(case), *_of_data(case))


def effective_regularisers(case: Case) -> tuple[Regulariser, ...]:
    """Those that do something."""
    return tuple(one for one in case.fact(regularisers) if one.effective)


def in_name_only(case: Case) -> tuple[Regulariser, ...]:
    """Those that do nothing."""
    return tuple(one for one in case.fact(regularisers) if not one.effective)


def strength(case: Case, kinds: Collection[str] = KINDS) -> float:
    """The strengths of the effective ones together, of all kinds or of some."""
    found = case.fact(effective_regularisers)
    return sum(one.strength for one in found if one.kind in kinds)


def dropped(step: Step) -> float:
    """The share of what an op gives that it drops in training."""
    op = step.node.op
    rate: float = getattr(op, "rate", 0) if Trait.REGULARIZER in op.traits else 0
    inside: float = getattr(op, "dropout", 0)
    return max(rate, inside)


def _rates(case: Case) -> Iterator[Regulariser]:
    """Dropout, and stochastic depth, whose rate usually rises from block to block."""
    largest: dict[str, tuple[float, Step]] = {}
    for step in case.steps:
        rate = dropped(step)
        kind = DROP_PATH if Trait.DROPS_SAMPLES in step.node.op.traits else DROPOUT
        if rate > largest.get(kind, (0.0, step))[0]:
            largest[kind] = (rate, step)
    for kind, (rate, step) in largest.items():
        yield Regulariser(kind, rate, rate / USUAL[kind], LEAST_RATE, step)


def _of_training(case: Case) -> Iterator[Regulariser]:
    train = case.train
    if train is None:
        return
    decay, known = train.weight_decay, train.decays
    if decay:
        yield Regulariser(WEIGHT_DECAY, decay, decay / known.usual, known.least)
    if train.patience is not None:
        yield Regulariser(EARLY_STOPPING, train.patience, 1)
    if train.epochs is not None and train.epochs <= USUAL[FEW_EPOCHS]:
        yield Regulariser(FEW_EPOCHS, train.epochs, 1)


def _of_data(case: Case) -> Iterator[Regulariser]:
    level = AUGMENTED[case.data.augment]
    if level:
        yield Regulariser(AUGMENT, level, level)
    if case.data.pretrained:
        yield Regulariser(PRETRAINED, 1, 1)
