"""P803: layers that are one linear map together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.diagnostics import Amount, Severity
from archdsl.graph.flat import is_input
from archdsl.ops.base import Trait
from archdsl.rules.base import Finding, Rule, count, place, trail
from archdsl.rules.correctness._between import bent
from archdsl.rules.facts_affine import affine_pairs, is_affine, is_factor, is_low_rank, is_probe
from archdsl.rules.facts_paths import results
from archdsl.rules.facts_structure import declared_baseline

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.rules.case import Case


class DeepLinearNetwork(Rule):
    """A network of several layers bends somewhere.

    What: two weighted layers or more, one behind the other, in a model that is one linear map on
    every path: no activation, product, maximum, norm of a sample, attention or recurrence
    anywhere. Batch norm counts as linear, which it is in use, and so does dropout. A single layer
    is a model of its own (logistic regression, a bag of embeddings), as are layers that are a
    matrix in factors: a waist between wider layers (PCA, reduced rank), length and features in
    turn, each position and then the mean of all, convolutions along one axis each, propagation on
    graphs. A baseline that says so is one.

    Why: a matrix times a matrix is a matrix. All layers but one add parameters, time and a harder
    optimisation, and nothing that the model could say.

    Evidence: Minsky and Papert 1969 (Perceptrons): what no linear map can say. Saxe et al. 2013
    (arXiv:1312.6120): deep linear networks learn by other dynamics, and represent linear maps
    alone. Joulin et al. 2016 (arXiv:1607.01759) and Wu et al. 2019 (arXiv:1902.07153): where
    linear is enough, one layer is.

    Example:

    ```arch
    arch Example {
      data  table(20)
      model = 3 * linear(64) -> linear(1)
    }
    ```

    Instead: `3 * (linear(64) -> relu) -> linear(1)`, or `linear(1)`

    The fix puts a `relu` between the layers. It is another model, so it is applied with
    `--unsafe-fixes` only.
    """

    code = "P803"

    def check(self, case: Case) -> Iterable[Finding]:
        result = case.fact(results)[0]
        if not case.fact(is_affine) or is_input(result) or case.depths[result] < 2:
            return
        pairs = case.fact(affine_pairs)
        if pairs and all(is_low_rank(one) or is_factor(one) or is_probe(one) for one in pairs):
            return
        baseline = case.fact(declared_baseline)
        if baseline or case.having(Trait.MESSAGE_PASSING):
            return
        depth, last = case.depths[result], case.weighted[-1]
        yield Finding(
            Severity.ERROR,
            f"{count(depth, 'layer')}, and the whole model is one linear map",
            place(case, last),
            measured=f"{count(depth, 'layer')} without an activation",
            threshold="at most 1, or an activation between them",
            amount=Amount(depth, 1),
            help="put an activation such as `relu` between the layers, or keep the last one alone",
            fix=bent(pairs, case) if pairs else None,
            also=trail(case, last),
        )
