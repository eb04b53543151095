"""Whether the model that is evaluated is the one that was trained."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.diagnostics import Diagnostic, Severity
from archdsl.ops.base import Trait
from archdsl.runtime.live.batches import least_batch, samples
from archdsl.runtime.live.verifying.subject import size_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.runtime.live.verifying.subject import Subject

SMALL = 16  # samples of a batch, from which on its statistics are taken to be those of the data
SEEN = 64  # samples that the statistics are taken over, at least
APART = 0.5  # of the spread of the answers over samples


def probe(subject: Subject) -> Iterator[Diagnostic]:
    """V306: norms over a small batch give other answers in training than in evaluation."""
    takes, train = subject.graph.model.takes, subject.train
    if train is None or not subject.has(Trait.OVER_BATCH) or samples(takes, 2) == 1:
        return
    if train.batch < least_batch(subject.graph):
        yield _finding(subject, "a norm over the batch sees one value for each channel", 1)
    elif train.batch < SMALL:
        share = _apart(subject, train.batch)
        if share > APART:
            told = f"in batches of {train.batch} training and evaluation are {share:.0%} apart"
            yield _finding(subject, told, train.batch)


def _finding(subject: Subject, told: str, batch: int) -> Diagnostic:
    steps = subject.places.steps
    norm = next((p for p, s in steps.items() if Trait.OVER_BATCH in s.node.op.traits), "")
    return subject.places.at(
        Diagnostic(
            "V306",
            told,
            severity=Severity.WARNING,
            label=f"its statistics are those of {batch} sample{'s' if batch > 1 else ''}",
            needed=f"less than {APART:.0%} of the spread of the answers",
            help=f"a batch of {SMALL} or more; or `group_norm`, `layer_norm`, which read one "
            "sample alone",
        ),
        norm,
    )


def _apart(subject: Subject, batch: int) -> float:
    """How far answers in training are from those in evaluation, once its statistics are those of
    the data, in shares of the spread of the latter."""
    import torch
    from torch import nn

    from archdsl.runtime.live.verifying.subject import training_without_dropout

    module = subject.module
    norms = [p for p in module.modules() if isinstance(p, nn.modules.batchnorm._BatchNorm)]
    kept = [({k: v.clone() for k, v in norm.state_dict().items()}, norm.momentum) for norm in norms]
    given = [subject.batch(batch) for _ in range(-(-SEEN // batch))]
    try:
        for norm in norms:
            norm.reset_running_stats()
            norm.momentum = None
        training_without_dropout(module)
        trained = torch.cat([subject.answers(inputs)[0].flatten(1) for inputs in given])
        module.eval()
        evaluated = torch.cat([subject.answers(inputs)[0].flatten(1) for inputs in given])
    finally:
        for norm, (state, momentum) in zip(norms, kept, strict=True):
            norm.load_state_dict(state)
            norm.momentum = momentum
    spread = size_of(evaluated - evaluated.mean(0))
    return size_of(trained - evaluated) / spread if spread else 0.0
