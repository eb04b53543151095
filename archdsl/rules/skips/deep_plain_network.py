"""P301: many layers in a row that no skip passes by."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from archdsl.diagnostics import Label, Severity
from archdsl.graph.flat import INPUT
from archdsl.ops.base import Trait
from archdsl.rules.base import Finding, Rule, count, led_there

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case


class _Run(NamedTuple):
    """``length`` weighted layers in a row, the last of them at ``end`` or before it."""

    length: int
    end: int
    where: str


class DeepPlainNetwork(Rule):
    """Deep networks need paths that pass by their layers.

    What: the number of weighted layers that every path has to pass, one after another: from input
    to output, and inside each body that a skip (residual, dense) passes by. A skip is a path that
    passes by some layers, so only what no path avoids counts. From input to output they count when
    they are more than half of the depth, or more than `most` in any case: where skips pass by the
    larger part, the layers between them do not stand in a row.

    Why: each layer without a skip multiplies the gradient by its Jacobian; over many layers the
    product vanishes or explodes, and deeper plain networks train worse than shallower ones.

    Evidence: He et al. 2015 (arXiv:1512.03385): a plain network of 34 layers has a higher training
    error than one of 18 on ImageNet; with skips the order turns. VGG-19 (arXiv:1409.1556) is
    about the deepest plain network that was trained well, so it is warned of, not rejected.
    MobileNetV2 (arXiv:1801.04381) has 23 layers outside its skips, but 53 in all: it is silent.

    Example: `100 * (conv(64, 3) -> batch_norm -> relu)`

    Instead: `50 * residual(conv(64, 3) -> batch_norm -> relu -> conv(64, 3) -> batch_norm)`
    """

    code = "P301"
    thresholds: ClassVar[Mapping[str, float]] = {
        "warning": 10,
        "error": 20,
        "share": 0.5,
        "most": 40,
    }

    def check(self, case: Case) -> Iterable[Finding]:
        runs = [*self._whole(case), *_enclosed(case)]
        run = max(runs, key=lambda run: run.length, default=_Run(0, INPUT, ""))
        if run.length <= self.settings["warning"]:
            return
        rejected = run.length > self.settings["error"]
        first, last = _ends(run, case)
        yield Finding(
            Severity.ERROR if rejected else Severity.WARNING,
            f"{count(run.length, 'weighted layer')} in a row on every path{run.where}",
            last.node.span,
            measured=f"{run.length} layers",
            threshold=f"at most {self.settings['error' if rejected else 'warning']:g}",
            help="put the middle of the run into `residual(…)`, two or three layers at a time",
            also=(Label(first.node.span, "the run begins here"), *led_there(last)),
        )

    def _whole(self, case: Case) -> Iterable[_Run]:
        """From input to output."""
        if case.flat.output == INPUT:
            return
        length = case.plain_run[case.flat.output]
        in_row = length > self.settings["share"] * case.depth
        if in_row or length > self.settings["most"]:
            yield _Run(length, case.flat.output, ", with no skip")


def _enclosed(case: Case) -> Iterable[_Run]:
    """The bodies that skips pass by."""
    for merge in [*case.having(Trait.ADDITIVE), *case.having(Trait.CONCATENATIVE)]:
        lengths = {source: _length(source, case) for source in merge.inputs}
        body = max(lengths, key=lambda source: lengths[source])
        yield _Run(lengths[body] - min(lengths.values()), body, " inside one skip")


def _length(place: int, case: Case) -> int:
    return 0 if place == INPUT else case.plain_run[place]


def _ends(run: _Run, case: Case) -> tuple[Step, Step]:
    """The first and the last weighted layer of a run, along a shortest path."""
    found = list(islice(_weighted_back(run.end, case), run.length))
    return found[-1], found[0]


def _weighted_back(place: int, case: Case) -> Iterator[Step]:
    """The weighted layers from an op back to the input, along a shortest path."""
    while place != INPUT:
        step = case.steps[place]
        if Trait.WEIGHTED in step.node.op.traits:
            yield step
        place = min(step.inputs, key=lambda source: _length(source, case))
