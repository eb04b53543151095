"""P821: input that no path reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from archdsl.diagnostics import Amount, Severity
from archdsl.graph.flat import INPUT
from archdsl.rules.base import Finding, Rule, place, trail
from archdsl.rules.facts_demand import of_answer, share
from archdsl.rules.facts_ends import ends
from archdsl.rules.facts_reads import sizes_of
from archdsl.rules.facts_structure import declared_baseline

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case
    from archdsl.rules.facts_demand import Demand, Demands

AXES = {
    "image": ("channels", "rows", "columns"),
    "volume": ("channels", "slices", "rows", "columns"),
    "sequence": ("positions", "features"),
    "tokens": ("tokens",),
    "vector": ("features",),
    "nodes": ("nodes", "features"),
}


class UnreadInput(Rule):
    """What flows in is read.

    What: numbers of the input that the answer depends on through no path: a slice drops them,
    windows are further apart than they are wide, or too few layers reach back from the position
    that is read. All paths are taken together, axis by axis; one that reads everything makes it
    silent, as in a ResNet whose shortcut alone skips pixels. More than a quarter is warned of; an
    error where nothing is read, so that every answer is the same. Rows and columns that strides
    leave over at the border do not count, nor do linear baselines, which may mean the last value.

    Why: what is never read has no gradient and no influence, and cost memory and time to load.
    Mostly a kernel was forgotten to be as wide as its stride.

    Evidence: what each layer reads, held against PyTorch's gradients in this repository's tests.
    He et al. 2019 (Bag of Tricks, arXiv:1812.01187), section 4.2: a strided 1×1 convolution
    "ignores three-quarters of the input feature map"; mending that (ResNet-B, ResNet-D) gains half
    a point to one on ImageNet.

    Example:

    ```arch
    arch Example {
      data  image(3, 64, 64)
      task  classify(10)
      model = conv(64, 1, stride=4) -> relu -> conv(64, 3) -> relu -> global_avg_pool
           -> linear(classes)
    }
    ```

    Instead: `conv(64, 4, stride=4) -> relu -> conv(64, 3) -> relu -> global_avg_pool ->
    linear(classes)`, or data of the size that is read
    """

    code = "P821"
    thresholds: ClassVar[Mapping[str, float]] = {"share": 0.25}

    def check(self, case: Case) -> Iterable[Finding]:
        asked = case.fact(of_answer)
        if asked is None or case.flat.output == INPUT:
            return
        sizes = sizes_of(case.takes)
        unread = 1 - share(asked.of_input, sizes)
        most = self.settings["share"]
        linear = case.depth <= 1 or case.fact(declared_baseline)
        if unread <= most or (linear and unread < 1):
            return
        if asked.of_input is not None and any(end.alone is not None for end in case.fact(ends)):
            return  # the position that is read for all is told of by another rule
        step = _loses(asked, case)
        yield Finding(
            Severity.ERROR if asked.of_input is None else Severity.WARNING,
            f"{_named(asked.of_input, case)} of the input never read, on any path",
            place(case, step),
            measured=f"{unread:.0%} unread",
            threshold=f"at most {most:.0%}",
            amount=Amount(unread, most),
            help="let windows be as wide as their stride, read what a slice leaves out on another"
            " path, or say in the data clause what is read",
            also=trail(case, step),
        )


def _named(asked: Demand | None, case: Case) -> str:
    """``48 of 64 rows and 48 of 64 columns``"""
    if asked is None:
        return "nothing depends on the input: all"
    told = []
    axes = zip(asked, sizes_of(case.takes), AXES[case.takes.kind], strict=True)
    for places, size, noun in axes:
        if places is not None:
            told.append(f"{size - len(places):,} of {size:,} {noun}")
    return " and ".join(told) + " are"


def _loses(asked: Demands, case: Case) -> Step:
    """The op that reads the least of what it takes, by how much of its own result is read."""
    known = [*asked.of_steps, asked.of_input]
    kept = {}
    for step in case.flat.steps:
        own = share(known[step.place], sizes_of(step.node.out))
        if own:
            kept[step.place] = max(
                share(known[source], sizes_of(x)) / own
                for source, x in zip(step.inputs, step.node.inputs, strict=True)
            )
    return case.flat.steps[min(kept, key=lambda place: kept[place])]
