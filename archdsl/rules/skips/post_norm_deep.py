"""P302: deep transformers whose norms stand on the residual stream."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from archdsl.diagnostics import Label, Severity
from archdsl.graph.flat import INPUT
from archdsl.ops.base import Trait
from archdsl.rules.base import Finding, Rule, led_there
from archdsl.rules.facts_paths import counted, skips

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case


class PostNormDeep(Rule):
    """Deep transformers put the norm inside the branch, not after the addition.

    What: the number of transformer blocks (a skip around self-attention) whose sum goes through a
    normalisation and nowhere else, so that no path from input to output avoids the norms. A norm
    after the last sum alone is a final norm, and right.

    Why: with the norm after each sum, every block rescales the residual stream; at the start of
    training the gradients near the output are large, and without a warm-up of the learning rate
    deep stacks diverge. With the norm inside the branch the stream is an identity.

    Evidence: Xiong et al. 2020 (On Layer Normalization in the Transformer Architecture,
    arXiv:2002.04745): the gradient norm of the last layer's parameters is about constant in depth
    with norm after, and shrinks with the root of the depth with norm before, which trains without
    warm-up. Wang et al. 2019 (arXiv:1906.01787) train 30 encoder layers with norm before, where
    norm after fails at 20. The six layers of Vaswani et al. 2017 (arXiv:1706.03762) and, with a
    warm-up, BERT's twelve were trained with norm after: a warning, never an error.

    Example: `12 * transformer_encoder(12, norm_first=false)`

    Instead: `12 * transformer_encoder(12) -> layer_norm`
    """

    code = "P302"
    thresholds: ClassVar[Mapping[str, float]] = {"blocks": 6}

    def check(self, case: Case) -> Iterable[Finding]:
        if not case.having(Trait.ATTENTION):
            return
        norms = _norms_on_the_stream(case)
        if len(norms) <= self.settings["blocks"]:
            return
        yield Finding(
            Severity.WARNING,
            f"{len(norms)} transformer blocks normalise after the addition",
            norms[0].node.span,
            measured=f"{len(norms)} blocks",
            threshold=f"at most {self.settings['blocks']:g}",
            help="normalise what goes into each branch (`norm_first=true` where a block offers it)"
            " and once after the last block; else keep a warm-up of the learning rate",
            also=(
                Label(norms[-1].node.span, "the last of them"),
                *led_there(norms[0]),
            ),
        )


def _norms_on_the_stream(case: Case) -> list[Step]:
    """The norm after the sum of each block's self-attention."""
    attended = counted(case.steps, _attends_to_itself, max)
    found: list[Step] = []
    for skip in case.fact(skips):
        before = 0 if skip.fork == INPUT else attended[skip.fork]
        readers = [case.steps[place] for place in case.flat.readers[skip.merge.place]]
        normed = all(Trait.NORM in reader.node.op.traits for reader in readers)
        if attended[skip.body] > before and readers and normed:
            found.append(readers[0])
    return found


def _attends_to_itself(step: Step) -> bool:
    traits = step.node.op.traits
    whole = Trait.ATTENTION in traits and Trait.MESSAGE_PASSING not in traits
    return whole and len(step.inputs) == 1
