"""Whether the optimizer that a spec names keeps its model together."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from archdsl.cost.counts import macs
from archdsl.diagnostics import Diagnostic, Severity
from archdsl.runtime.live.optimizers import optimizer_of
from archdsl.runtime.live.verifying.fitting import WORK, Run, lesson_of, samples_of

if TYPE_CHECKING:
    from archdsl.runtime.live.verifying.subject import Subject

STEPS = 30
GROWN = 1e4  # times the loss at the start: what comes back is less
PART = 0.25  # of the work of a fit, at most


def stepped(subject: Subject) -> Diagnostic | None:
    """V402: after 30 steps of its own optimizer on a few samples the loss is no number, or ten
    thousand times what it was. A warm-up is left to training, for it lasts longer than that."""
    import torch

    train = subject.train
    count = samples_of(subject)
    work = 3 * macs(subject.graph) * count * STEPS
    if train is None or train.warmup or work > PART * WORK:
        return None
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(2)
        lesson = lesson_of(subject, count)
        if lesson is None:
            return None
        kept = {name: value.clone() for name, value in subject.module.state_dict().items()}
        run = Run(
            subject.module, lesson, optimizer_of(train, subject.module.parameters()), train.clip
        )
        while run.steps < STEPS and not run.is_lost:
            run.step()
        subject.module.load_state_dict(kept)
    most = GROWN * max(run.start, sum(lesson.constant))
    if math.isfinite(run.last) and run.last <= most:
        return None
    return subject.places.at(
        Diagnostic(
            "V402",
            f"its own optimizer takes it apart: loss {run.last:.3g} after {run.steps} steps",
            severity=Severity.WARNING,
            label=f"began at {run.start:.3g}",
            needed=f"less than {most:.2g}",
            help="a learning rate, and a decay, that its optimizer is used with; `warmup=` or "
            "`clip=`",
        )
    )
