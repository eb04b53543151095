"""P104: layers for grids and sequences over the independent features of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from archdsl import types
from archdsl.diagnostics import Amount, Severity
from archdsl.ops.base import Trait
from archdsl.rules.base import Finding, count, led_there, place
from archdsl.rules.each_input import OfEachInput
from archdsl.rules.facts_ladder import instead
from archdsl.rules.facts_structure import specialised

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case


class StructureOnTable(OfEachInput):
    """A table's features stand in no order, so no layer should look for one.

    What: convolution, recurrence or attention over a table, whose features are independent, where
    each position holds some of the features: what a dense layer has read them all for before, or a
    map of one position that holds them all as channels, is a generator, and fine. With
    few samples it is rejected; with more, or where the spec does not say how many there are, it is
    warned of, since attention over features can then come up to gradient boosting. A pretrained
    design is warned of too: it has seen other tables.

    Why: convolution and recurrence assume that neighbours belong together, and the order of a
    table's columns is an accident. Attention assumes nothing and so has to learn from the data
    which features meet, which takes more samples than most tables have.

    Evidence: Grinsztajn et al. 2022 (arXiv:2207.08815): on 45 tables of about 10,000 samples
    trees beat deep networks, transformers among them. Gorishniy et al. 2021 (arXiv:2106.11959):
    on most of 11 tables of 20,000 to 1.2 million samples FT-Transformer beats MLPs; neither it
    nor gradient boosting is better on all. Hollmann et al. 2022 (TabPFN, arXiv:2207.01848):
    pretrained on made-up tables, a transformer beats boosting on tables of up to 1,000 samples.

    Example:

    ```arch
    arch Example {
      data  table(20, samples=1000)
      model = reshape(1, length=20) -> linear(256) -> 6 * transformer_encoder(8)
    }
    ```

    Instead: `linear(targets)`, then `linear(64) -> relu -> linear(targets)`, and gradient boosting
    """

    code = "P104"
    thresholds: ClassVar[Mapping[str, float]] = {"error": 10_000}

    def check_input(self, case: Case) -> Iterable[Finding]:
        if not isinstance(case.takes, types.Vector) or not case.fact(specialised):
            return
        layers = _scattered(case)
        if not layers:
            return
        samples = case.samples
        enough = self.settings["error"]
        few = samples is not None and samples < enough and not case.data.pretrained
        amount = Amount(samples or 0, enough) if few else Amount(len(layers), 0)
        yield Finding(
            Severity.ERROR if few else Severity.WARNING,
            f"{count(len(layers), 'layer')} for grids or sequences over the "
            f"{case.takes.features:,} independent features of a table",
            place(case, layers[0]),
            measured=count(amount.measured, case.unit if few else "such layer"),
            threshold=f"at least {count(enough, case.unit)}" if few else "at most 0",
            amount=amount,
            help=f"take {instead(case)}; if the features do have an order, say so in the data "
            "clause: `series`, `image`",
            also=led_there(layers[0]),
        )


def _scattered(case: Case) -> list[Step]:
    """The layers for other data at positions that hold some of the features each."""
    apart: dict[int, bool] = dict.fromkeys(case.inputs, True)
    for step in case.steps:
        joins = Trait.WEIGHTED in step.node.op.traits and not _has_positions(step)
        apart[step.place] = any(apart[source] for source in step.inputs) and not joins
    return [
        step
        for step in case.fact(specialised)
        if _has_positions(step) and any(apart[source] for source in step.inputs)
    ]


def _has_positions(step: Step) -> bool:
    taken = step.node.inputs[0]
    return types.numel(taken) > types.channels(taken)
