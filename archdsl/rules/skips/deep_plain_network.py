"""P301: many layers in a row that no skip passes by."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from archdsl.diagnostics import Label, Severity
from archdsl.graph.flat import INPUT
from archdsl.rules.base import Finding, Rule, count, led_there

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case


class DeepPlainNetwork(Rule):
    """Deep networks need paths that pass by their layers.

    What: the number of weighted layers that every path from input to output has to pass, one
    after another. A skip (residual, dense, highway) is a path that passes by some of them, so
    only what no path avoids counts.

    Why: each layer without a skip multiplies the gradient by its Jacobian; over many layers the
    product vanishes or explodes, and deeper plain networks train worse than shallower ones.

    Evidence: He et al. 2015 (arXiv:1512.03385): a plain network of 34 layers has a higher training
    error than one of 18 on ImageNet; with skips the order turns. VGG-19 (arXiv:1409.1556) is
    about the deepest plain network that was trained well, so it is warned of, not rejected.

    Example: `100 * (conv(64, 3) -> batch_norm -> relu)`

    Instead: `50 * residual(conv(64, 3) -> batch_norm -> relu -> conv(64, 3) -> batch_norm)`
    """

    code = "P301"
    thresholds: ClassVar[Mapping[str, float]] = {"warning": 10, "error": 20}

    def check(self, case: Case) -> Iterable[Finding]:
        if case.flat.output == INPUT:
            return
        length = case.plain_run[case.flat.output]
        if length <= self.settings["warning"]:
            return
        rejected = length > self.settings["error"]
        first, last = _ends(case)
        yield Finding(
            Severity.ERROR if rejected else Severity.WARNING,
            f"{count(length, 'weighted layer')} in a row on every path, with no skip",
            last.node.span,
            measured=f"{length} layers",
            threshold=f"at most {self.settings['error' if rejected else 'warning']:g}",
            help="put the middle of the run into `residual(…)`, two or three layers at a time",
            also=(Label(first.node.span, "the run begins here"), *led_there(last)),
        )


def _ends(case: Case) -> tuple[Step, Step]:
    """The first and the last weighted layer of a shortest path to the result."""
    path: list[Step] = []
    place = case.flat.output
    while place != INPUT:
        step = case.steps[place]
        path.append(step)
        place = min(
            step.inputs, key=lambda source: 0 if source == INPUT else case.plain_run[source]
        )
    weighted = {step.place for step in case.weighted}
    on_path = [step for step in path if step.place in weighted]
    return on_path[-1], on_path[0]
