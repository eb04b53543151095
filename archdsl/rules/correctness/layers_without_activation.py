"""P804: weighted layers with no activation between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.diagnostics import Amount, Label, Severity
from archdsl.rules.base import Finding, Rule, count, place, trail
from archdsl.rules.correctness._between import bent
from archdsl.rules.correctness.deep_linear_network import DeepLinearNetwork
from archdsl.rules.facts_affine import affine_pairs, fills_a_body, is_affine, is_on_purpose
from archdsl.rules.facts_paths import spine
from archdsl.rules.facts_structure import declared_baseline

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.rules.case import Case
    from archdsl.rules.facts_affine import AffinePair


class LayersWithoutActivation(Rule):
    """Between two layers that all paths pass stands an activation.

    What: a weighted layer that the next one reads with no activation, merge, maximum or norm of a
    sample between them (batch norm, dropout, means and views do not bend either), both on every
    path to the result, or all that a residual body has. Not meant are pairs that are one layer in
    factors or a known form: a waist between wider layers (low rank, MobileNetV2's linear
    bottleneck, the code of an autoencoder), depthwise, pointwise (1×1) and transposed convolutions,
    convolutions along different axes, a strided second one, one behind an enlarged map (sub-pixel
    convolution), the smoothing behind a sum of scales (feature pyramids), length and features in
    turn, and projections of attention. A model that is linear altogether is told of by
    deep_linear_network.

    Why: two matrices in a row are one matrix: the second layer costs what a layer costs and adds
    nothing that the first could not say. Mostly an activation was forgotten.

    Evidence: Saxe et al. 2013 (arXiv:1312.6120): linear layers in a row represent linear maps
    alone. Sandler et al. 2018 (arXiv:1801.04381, section 3.2): linear at a waist, and only there.
    Wu et al. 2019 (arXiv:1902.07153) show of graph convolutions without activations that one
    matrix does what their several do.

    Example:

    ```arch
    arch Example {
      data  table(20)
      model = linear(64) -> relu -> linear(64) -> linear(64) -> relu -> linear(1)
    }
    ```

    Instead: `3 * (linear(64) -> relu) -> linear(1)`

    The fix puts a `relu` between them. It is another model, so it is applied with `--unsafe-fixes`
    only.
    """

    code = "P804"

    def check(self, case: Case) -> Iterable[Finding]:
        if case.fact(is_affine) and case.fact(declared_baseline):
            return
        on_every_path = {step.place for step in case.fact(spine)}
        needless = [
            pair
            for pair in case.fact(affine_pairs)
            if (pair.second.place in on_every_path or fills_a_body(pair, case))
            and not is_on_purpose(pair, case)
        ]
        if needless and not any(DeepLinearNetwork(self.settings).check(case)):
            yield _finding(needless, case)


def _finding(needless: list[AffinePair], case: Case) -> Finding:
    first = needless[0]
    also = [Label(place(case, first.first), "the layer it reads"), *trail(case, first.second)]
    return Finding(
        Severity.WARNING,
        "this layer reads another with no activation between them: both are one linear map",
        place(case, first.second),
        measured=f"{count(len(needless), 'pair')} of layers without an activation",
        threshold="an activation between them",
        amount=Amount(len(needless), 0),
        help="put an activation such as `relu` between them, or leave one of them out",
        fix=bent(needless, case),
        also=tuple(also),
    )
