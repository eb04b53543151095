"""P108: graph features laid out as a grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl import types
from archdsl.diagnostics import Amount, Severity
from archdsl.ops.base import Trait
from archdsl.rules.base import Finding, count, led_there, place
from archdsl.rules.each_input import OfEachInput
from archdsl.rules.facts_ladder import instead

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case

_GRIDS = (types.Image, types.Volume)


class GridOnGraph(OfEachInput):
    """Nodes have neighbours along edges, not on a grid.

    What: convolution, or a layer that slides over an image or a volume, in a design for graph
    data. Nodes themselves cannot enter such a layer (it is a type error); what can is the vector
    that `graph_pool` makes of them, reshaped. Recurrence and attention over such a vector stay
    silent: they can run over the layers' results (as in jumping knowledge), which have an order.

    Why: the order of nodes is an accident, and so is that of the features of a pooled graph. A
    convolution over them looks for patterns among things that merely stand side by side.

    Evidence: Bronstein et al. 2021 (arXiv:2104.13478): a layer should keep the symmetries of its
    data, which for a graph are the permutations of its nodes; convolution on a grid keeps shifts.

    Example:

    ```arch
    arch Example {
      data  graph(16, nodes=20, edges=40, graphs=50_000)
      model = gin(64) -> graph_pool(sum) -> reshape(1, 8, 8) -> conv(16, 3) -> flatten -> linear(2)
    }
    ```

    Instead: `2 * (gin(64) -> relu) -> graph_pool(sum) -> linear(64) -> relu -> linear(2)`
    """

    code = "P108"

    def check_input(self, case: Case) -> Iterable[Finding]:
        if not isinstance(case.takes, types.Nodes):
            return
        layers = [step for step in case.steps if _slides(step)]
        if not layers:
            return
        yield Finding(
            Severity.ERROR,
            "a layer for grids, and the data is a graph",
            place(case, layers[0]),
            measured=count(len(layers), "grid layer"),
            threshold="at most 0",
            amount=Amount(len(layers), 0),
            help=f"take {instead(case)}, and dense layers over the pooled vector",
            also=led_there(layers[0]),
        )


def _slides(step: Step) -> bool:
    traits = step.node.op.traits
    if Trait.CONVOLUTION in traits:
        return True
    return Trait.MIXES_POSITIONS in traits and isinstance(step.node.inputs[0], _GRIDS)
