"""P301: many layers in a row that no skip passes by."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from archdsl.diagnostics import Amount, Severity
from archdsl.graph.flat import is_input
from archdsl.ops.base import Trait
from archdsl.rules.base import Finding, Rule, begins, count, place, trail
from archdsl.rules.facts_paths import results
from archdsl.rules.facts_runs import (
    LayerRow,
    between_skips,
    bodies,
    layers,
    row,
    stacked,
    unavoidable,
)
from archdsl.rules.skips._repeats import around_repeats

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case


PLAIN, INSIDE = ", with no skip", " inside one skip"


class DeepPlainNetwork(Rule):
    """Deep networks need paths that pass by their layers.

    What: the number of weighted layers that every path has to pass, one after another: from input
    to each result, and inside each body that a skip (residual, dense, highway) passes by. A skip is
    a path that passes by some layers, so only what no path avoids counts. The two halves of a
    depthwise separable convolution are one layer, a recurrent stack as many as it has.

    Graded: more than 10 are a warning (18 where most are normalised), more than 20 an error. Those
    between two skips stand in a row. All from input to result count when they are more than `share`
    of the depth (a gate's layers stand beside it), or more than `most` in any case: where skips
    pass by about half, as in MobileNetV3 and ConvMixer, the layers between them do not stand in a
    row.

    Why: each layer without a skip multiplies the gradient by its Jacobian; over many layers the
    product vanishes or explodes, and deeper plain networks train worse than shallower ones.

    Evidence: He et al. 2015 (arXiv:1512.03385): a plain network of 34 layers has a higher training
    error than one of 18 on ImageNet; with skips the order turns. At 18 layers with batch norm skips
    make no difference (table 2: 27.94 and 27.88 %). VGG-19 (arXiv:1409.1556) is about the deepest
    plain network that was trained well, so it is warned of, not rejected. MobileNet
    (arXiv:1704.04861) with its 15 normalised layers is silent. MobileNetV2 (arXiv:1801.04381) and
    ConvMixer (arXiv:2201.09792) have a skip after every one to four layers: they are silent.

    Example:

    ```arch
    arch Example {
      data  image(64, 64, 64)
      model = 100 * (conv(64, 3) -> batch_norm -> relu)
    }
    ```

    Instead: `50 * residual(conv(64, 3) -> batch_norm -> relu -> conv(64, 3) -> batch_norm)`
    """

    code = "P301"
    of_training = True
    thresholds: ClassVar[Mapping[str, float]] = {
        "warning": 10,
        "normalised": 18,
        "error": 20,
        "share": 0.6,
        "most": 40,
    }

    def check(self, case: Case) -> Iterable[Finding]:
        if self.above(max(case.fact(stacked), default=0)) is None:
            return  # no run is longer than the longest path
        lengths = case.fact(unavoidable)
        runs = [*self._whole(case), *((run, INSIDE) for run in bodies(case, lengths))]
        for run, where in sorted(runs, key=_length, reverse=True):
            graded = self.above(run.length)
            if graded is None:
                return
            severity, most = graded
            passed = row(run, case.fact(layers), lengths, case)
            if severity is Severity.WARNING and _are_normalised(case, passed):
                most = max(most, self.settings["normalised"])
            if run.length > most:
                yield self._finding(case, run, where, passed, severity, most)
                return

    def _finding(
        self,
        case: Case,
        run: LayerRow,
        where: str,
        passed: list[Step],
        severity: Severity,
        most: float,
    ) -> Finding:
        first, last = passed[0], passed[-1]
        return Finding(
            severity,
            f"{count(run.length, 'weighted layer')} in a row on every path{where}",
            place(case, last),
            measured=f"{run.length} layers",
            threshold=f"at most {most:g}",
            amount=Amount(run.length, most),
            help="put the middle of the run into `residual(…)`, two or three layers at a time",
            fix=around_repeats(case, run, min(self.settings["warning"], most)),
            also=(*begins(case, first, last), *trail(case, last)),
        )

    def _whole(self, case: Case) -> Iterable[tuple[LayerRow, str]]:
        """From input to each result, and between two skips on the way there."""
        for end in case.fact(results):
            if is_input(end):
                continue
            yield from ((run, PLAIN) for run in between_skips(case, end))
            length, depth = case.fact(unavoidable)[end], case.fact(stacked)[end]
            if length > min(self.settings["share"] * depth, self.settings["most"]):
                yield LayerRow(length, end), PLAIN


def _length(found: tuple[LayerRow, str]) -> int:
    return found[0].length


def _are_normalised(case: Case, passed: list[Step]) -> bool:
    """Whether most of some layers have a norm behind them."""
    return 2 * sum(_is_normalised(case, step) for step in passed) > len(passed)


def _is_normalised(case: Case, step: Step) -> bool:
    readers = [case.steps[place] for place in case.flat.readers[step.place]]
    return any(Trait.NORM in reader.node.op.traits for reader in readers)
