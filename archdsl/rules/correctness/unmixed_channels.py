"""P820: channels that stay apart from layer to layer."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from archdsl import types
from archdsl.diagnostics import Amount, Severity
from archdsl.graph.flat import is_input
from archdsl.rules.base import Finding, Rule, begins, count, place, trail
from archdsl.rules.facts_channels import apart, apart_layers
from archdsl.rules.facts_paths import head
from archdsl.rules.facts_reads import can_be_followed, positions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archdsl.rules.case import Case
    from archdsl.rules.facts_channels import Apart


class UnmixedChannels(Rule):
    """Between layers that keep channels apart stand layers that mix them.

    What: depthwise or grouped layers in a row, with nothing between that lets the channels of all
    groups meet: no convolution or dense layer over all of them, no shuffle, no gate made of all.
    Which channel reads which is followed through every layer. More than three in a row; more than
    two where in the whole model nothing but the first layer and the head mixes. Along a series the
    channels of the data themselves may stay apart: they are quantities of their own.

    Why: a depthwise layer filters each channel alone. Without mixing, each channel remains what the
    layer before made of it, and the head adds up filtered copies: no feature of the second layer
    is ever made of two features of the first.

    Evidence: Chollet 2017 (Xception, arXiv:1610.02357) and Howard et al. 2017 (MobileNets,
    arXiv:1704.04861) follow each depthwise layer by a pointwise one, which "computes a linear
    combination". Zhang et al. 2018 (ShuffleNet, arXiv:1707.01083), section 4.1.2: with 8 groups
    37.6 % errors on ImageNet without the shuffle between grouped layers, 32.4 % with it. The
    longest published rows are of two (EEGNet, arXiv:1611.08024; AlexNet's groups) and of three
    (SegNeXt, arXiv:2209.08575: 5×5, 1×7, 7×1, then pointwise).

    Example:

    ```arch
    arch Example {
      data  image(3, 32, 32)
      task  classify(10)
      model = conv_bn_act(64) -> 6 * conv_bn_act(64, groups=64) -> global_avg_pool
           -> linear(classes)
    }
    ```

    Instead: `conv_bn_act(64) -> 6 * depthwise_separable(64) -> global_avg_pool -> linear(classes)`,
    or a `channel_shuffle` between grouped layers
    """

    code = "P820"
    thresholds: ClassVar[Mapping[str, float]] = {"layers": 3, "body": 2}

    def check(self, case: Case) -> Iterable[Finding]:
        few = len(case.fact(apart_layers)) <= min(self.settings.values())
        if few or not case.fact(can_be_followed):
            return
        runs = [run for run in case.fact(apart) if _counts(run, case)]
        longest = max(runs, key=lambda run: run.layers, default=None)
        if longest is None:
            return
        alone = not _mixes_elsewhere(longest, case)
        most = self.settings["body" if alone else "layers"]
        if longest.layers <= most:
            return
        last = case.flat.steps[longest.last]
        first = case.flat.steps[_first(longest, case)]
        kept = longest.labels.parts
        yield Finding(
            Severity.WARNING,
            f"the channels stay apart in {kept} parts through {longest.layers} layers"
            + (": nothing but the first layer and the head mixes them" if alone else ""),
            place(case, last),
            measured=count(longest.layers, "layer"),
            threshold=f"at most {most:g} before one that mixes",
            amount=Amount(longest.layers, most),
            help=f"follow each by a layer over all channels, `conv({_width(longest, case)}, 1)`;"
            " between grouped ones `channel_shuffle` does it",
            also=(*begins(case, first, last), *trail(case, last)),
        )


def _counts(run: Apart, case: Case) -> bool:
    """Whether channels were to be mixed at all: those of a series are quantities of their own."""
    if not is_input(run.origin):
        return True
    return isinstance(case.inputs[run.origin], (types.Image, types.Volume))


def _mixes_elsewhere(run: Apart, case: Case) -> bool:
    """Whether a layer over positions mixes channels besides the one that the run begins with and
    the head."""
    last = case.fact(head)
    known = case.fact(apart)
    return any(
        known[step.place].origin == step.place != run.origin
        and step is not last
        and positions(step.node.out) > 1
        for step in case.weighted
    )


def _first(run: Apart, case: Case) -> int:
    """The first layer of a run."""
    return next(
        step.place for step in case.weighted if case.fact(apart)[step.place][:2] == (run.origin, 1)
    )


def _width(run: Apart, case: Case) -> int:
    return types.channels(case.flat.steps[run.last].node.out)
