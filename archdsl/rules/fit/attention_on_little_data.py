"""P107: attention that has to learn from few samples."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from archdsl import types
from archdsl.diagnostics import Amount, Severity
from archdsl.rules.base import Finding, Rule, count, led_there, place
from archdsl.rules.facts_ladder import instead
from archdsl.rules.facts_paths import origins
from archdsl.rules.facts_structure import attention, mixing
from archdsl.rules.facts_towers import tower_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case


class AttentionOnLittleData(Rule):
    """Attention assumes nothing of its data, and so needs much of it.

    What: attention in a design that is not pretrained, by what there is to learn from: samples,
    tokens for `next_token`, labelled positions for tasks per pixel or token. Attention along the
    edges of a graph is bound to them and does not count. Few samples are warned of instead of
    rejected where attention stands on at least as many layers of recurrence or of convolution
    with windows that overlap: those know what is near before attention asks. Strong augmentation
    makes more of few samples: a rejection becomes a warning, and a warning silence. Tables are
    rejected here and not warned of, as `structure_on_table` warns of them.

    Why: a convolution starts from what is true of pictures, recurrence from what is true of time;
    attention has to find out from the samples which positions belong together.

    Evidence: Dosovitskiy et al. 2020 (arXiv:2010.11929), section 1: trained on ImageNet alone,
    ViTs stay a few points below ResNets of comparable size; 14 to 300 million pictures turn that.
    Lee et al. 2021 (arXiv:2112.13492) put it down to attention's lack of locality, and change
    the patches and the attention for small data sets. Liu & Lane 2016 (arXiv:1609.01454): on the
    4,978 utterances of ATIS attention over a recurrent network is better than the network alone.
    Hassani et al. 2021 (CCT, arXiv:2104.05704): with strong augmentation, 3.8 million parameters
    of attention on a convolution learn CIFAR-10's 50,000 pictures from scratch.

    Example:

    ```arch
    arch Example {
      data  series(200, 8, samples=2000)
      model = 4 * transformer_encoder(4)
    }
    ```

    Instead: a layer that fits the data (`conv`, `gru`, `gcn`), or weights that were pretrained:
    `data series(200, 8, samples=2000, pretrained=true)`
    """

    code = "P107"
    of_training = True
    thresholds: ClassVar[Mapping[str, float]] = {"error": 10_000, "warning": 100_000}

    def check(self, case: Case) -> Iterable[Finding]:
        layers = case.fact(attention)
        if not layers or case.data.pretrained or case.samples is None:
            return
        graded = self.below(case.samples)
        if graded is None:
            return
        severity, least = graded
        tower = tower_of(case, layers[0])
        shown = tower.data.augment == "strong"
        if severity is Severity.WARNING and (shown or isinstance(tower.takes, types.Vector)):
            return
        led = len(_readers_before(case, layers[0])) >= len(layers)
        yield Finding(
            Severity.WARNING if led or shown else severity,
            f"{count(len(layers), 'layer')} of attention and {count(case.samples, case.unit)} "
            "to learn from, with no pretraining",
            place(case, layers[0]),
            measured=count(case.samples, case.unit),
            threshold=f"at least {least:,.0f}",
            amount=Amount(case.samples, least),
            help=f"take {instead(tower)}; or start from pretrained weights and say "
            "`pretrained=true` in the data clause",
            also=led_there(layers[0]),
        )


def _readers_before(case: Case, first: Step) -> list[Step]:
    """Recurrence, and convolutions whose windows overlap, before the first attention and of inputs
    that it reads. Patches do not: they cut a picture up, and say nothing of what is near."""
    read = case.fact(origins)
    before = [step for step in case.fact(mixing) if step.place < first.place]
    return [step for step in before if _overlaps(step) and read[step.place] <= read[first.place]]


def _overlaps(step: Step) -> bool:
    window = step.node.window()
    return window is not None and window[0] > window[1]
