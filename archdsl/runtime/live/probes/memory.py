"""Whether what a recurrence gives last depends on what it was given first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.diagnostics import Diagnostic
from archdsl.ops.base import Trait
from archdsl.types import Sequence as Series
from archdsl.types import Tokens, Vector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.runtime.live.verifying.subject import Subject

FADED = 1e-4  # of the strongest step: beyond this a gradient makes no difference
SHORT = 0.05  # of the steps


def probe(subject: Subject) -> Iterator[Diagnostic]:
    """V204: of one late answer of a recurrence, how many steps a gradient goes back.

    At its start a gate lets half through, so that a gradient falls to a ten-thousandth within some
    15 steps. Training opens gates, and an LSTM comes to use ten times that, about 200 steps
    (Khandelwal et al., 2018, arXiv:1805.04623); over twenty times it none has been seen to learn.
    """
    takes, out = subject.graph.model.takes, subject.graph.model.out
    if not isinstance(takes, (Tokens, Series)) or not isinstance(out, Vector):
        return
    if not subject.has(Trait.RECURRENT):
        return
    strength = subject.read(subject.batch())
    if strength is None:
        return
    steps = (
        strength.double().flatten(2).sum((0, 2)) if strength.dim() > 2 else strength.double().sum(0)
    )
    strongest = float(steps.max())
    reached = int((steps > FADED * strongest).sum())
    if not strongest or reached >= SHORT * len(steps):
        return
    paths = subject.places.steps
    layer = next((p for p, s in paths.items() if Trait.RECURRENT in s.node.op.traits), "")
    yield subject.places.at(
        Diagnostic(
            "V204",
            f"gradients along time vanish: they reach {reached} of {len(steps):,} steps",
            label=f"further back they are below 1/{1 / FADED:,.0f} of the strongest",
            needed=f"gradients at {SHORT:.0%} of the steps",
            help="shorten the series before it, `conv_bn_act(…, stride=…)`; answer from all steps, "
            "`mean_over` for `last`; or convolutions (`tcn_block`) or attention",
        ),
        layer,
    )
