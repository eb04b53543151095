"""P702: rounds of message passing that make all nodes alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from archdsl.diagnostics import Amount
from archdsl.graph.flat import is_input
from archdsl.ops.base import Trait
from archdsl.rules.base import Finding, Rule, begins, place, trail
from archdsl.rules.facts_paths import results
from archdsl.rules.facts_runs import LayerRow, bodies, fewest, row

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archdsl.rules.case import Case


class Oversmoothing(Rule):
    """Message passing is shallow, or keeps what a node knew.

    What: message-passing layers that every path has to pass, one after another, from input to
    each result and inside each body that a skip passes by. A residual connection, and jumping
    knowledge (all layers' results side by side), are ways round them.

    Why: each layer averages a node with its neighbours; after a few, nodes of one component have
    nearly the same features, whatever they were, and no head can tell them apart.

    Evidence: Li et al. 2018 (arXiv:1801.07606): graph convolution is Laplacian smoothing, and
    repeated it converges to the same features in a component. Kipf and Welling 2016
    (arXiv:1609.02907, appendix B): best with two or three layers; beyond seven, training without
    residual connections is difficult. Xu et al. 2018 (jumping knowledge, arXiv:1806.03536); Chen et
    al. 2020 (GCNII, arXiv:2007.02133): with residuals, 64 layers.

    Example:

    ```arch
    arch Example {
      data  graph(16, nodes=100, edges=400)
      task  classify(10)
      model = 9 * (gcn(64) -> relu) -> linear(classes)
    }
    ```

    Instead: `2 * (gcn(64) -> relu) -> linear(classes)`, or `8 * gcn_block(64)`
    """

    code = "P702"
    thresholds: ClassVar[Mapping[str, float]] = {"warning": 4, "error": 8}

    def check(self, case: Case) -> Iterable[Finding]:
        if not case.having(Trait.MESSAGE_PASSING):
            return
        counts = [int(Trait.MESSAGE_PASSING in step.node.op.traits) for step in case.steps]
        lengths = fewest(case, counts)
        wholes = [LayerRow(lengths[end], end) for end in case.fact(results) if not is_input(end)]
        run = max([*wholes, *bodies(case, lengths)], key=lambda run: run.length)
        length, passed = run.length, row(run, counts, lengths, case)
        graded = self.above(length)
        if graded is None:
            return
        first, last = passed[0], passed[-1]
        severity, most = graded
        yield Finding(
            severity,
            f"{length} message-passing layers in a row with no way round",
            place(case, last),
            measured=f"{length} layers",
            threshold=f"at most {most:g}",
            amount=Amount(length, most),
            help="take 2 or 3, or put each into a `residual(…)`",
            also=(*begins(case, first, last), *trail(case, last)),
        )
