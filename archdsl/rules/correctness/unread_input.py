"""P821: input that no path reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from archdsl.diagnostics import Amount, Severity
from archdsl.graph.flat import is_input
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
    "category": (),
    "vector": ("features",),
    "nodes": ("nodes", "features"),
}

WAY_OUT = (
    "let windows be as wide as their stride, read what a slice leaves out on another path, or say"
    " in the data clause what is read"
)
NEVER_NAMED = "read it by its name in what the model returns, or take its `data` clause out"


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
        if asked is None or is_input(case.flat.output):
            return
        for source in case.inputs:
            yield from self._of_input(source, asked, case)

    def _of_input(self, source: int, asked: Demands, case: Case) -> Iterable[Finding]:
        own, sizes = asked.of(source), sizes_of(case.inputs[source])
        unread = 1 - share(own, sizes)
        most = self.settings["share"]
        linear = case.depth <= 1 or case.fact(declared_baseline)
        if unread <= most or (linear and unread < 1):
            return
        if own is not None and any(end.alone is not None for end in case.fact(ends)):
            return  # the position that is read for all is told of by another rule
        step = _loses(asked, source, case)
        yield Finding(
            Severity.ERROR if own is None else Severity.WARNING,
            f"{_named(own, source, case)} never read, on any path",
            case.span if step is None else place(case, step),
            measured=f"{unread:.0%} unread",
            threshold=f"at most {most:.0%}",
            amount=Amount(unread, most),
            help=WAY_OUT if step is not None else NEVER_NAMED,
            also=() if step is None else trail(case, step),
        )


def _named(asked: Demand | None, source: int, case: Case) -> str:
    """``48 of 64 rows and 48 of 64 columns of the input are``"""
    whole = case.input_name(source)
    if asked is None:
        return f"nothing depends on {whole}: all of it is"
    told = []
    takes = case.inputs[source]
    axes = zip(asked, sizes_of(takes), AXES[takes.kind], strict=True)
    for places, size, noun in axes:
        if places is not None:
            told.append(f"{size - len(places):,} of {size:,} {noun}")
    return f"{' and '.join(told)} of {whole} are"


def _loses(asked: Demands, place: int, case: Case) -> Step | None:
    """The op that reads the least of what it takes, by how much of its own result is read, among
    those behind an input. None where none stands behind it."""
    behind, kept = {place}, {}
    for step in case.flat.steps:
        if behind.isdisjoint(step.inputs):
            continue
        behind.add(step.place)
        own = share(asked.of(step.place), sizes_of(step.node.out))
        if own:
            kept[step.place] = max(
                share(asked.of(source), sizes_of(x)) / own
                for source, x in zip(step.inputs, step.node.inputs, strict=True)
            )
    return case.flat.steps[min(kept, key=lambda place: kept[place])] if kept else None
