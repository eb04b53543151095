"""P824: a pre-norm stack whose sum goes to the head as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from archdsl.diagnostics import Amount, Fix, Severity
from archdsl.rules.base import Finding, Rule, place, trail
from archdsl.rules.facts_norms import unnormed_head
from archdsl.rules.skips._final_norm import final_norm, norm_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archdsl.rules.case import Case
    from archdsl.rules.facts_norms import Unnormed


class MissingFinalNorm(Rule):
    """What a deep pre-norm stack has summed up is normalised before the head reads it.

    What: residual branches that begin with a norm, each added to the stream, and a layer with
    weights that reads the stream behind them without a norm on the way; more than twelve branches,
    as six transformer blocks have. A norm after pooling, in the head, or at the end of each block
    will do, so will a bounded activation. Branches that a learned factor scales do not count, nor
    does a stack that ends the model: then the head is somewhere else.

    Why: a pre-norm stack normalises what goes into each branch, never the sum. With each branch the
    stream grows, by about as much as the first: after n of them its variance is n times as large,
    and so are the first outputs and gradients of the head.

    Evidence: Radford et al. 2019 (GPT-2), section 2.3: with norms moved to the input of each block
    "an additional layer normalization was added after the final self-attention block". Xiong et al.
    2020 (arXiv:2002.04745), section 3.3 and lemma 2: the expected square of the stream grows
    linearly with depth, and a final norm stands before the prediction. He et al. 2016
    (arXiv:1603.05027), appendix: pre-activation ResNets have one after the last sum. ViT, LLaMA and
    ConvNeXt have it too.

    Example:

    ```arch
    arch Example {
      data  tokens(128, vocab=1000, samples=1_000_000)
      task  next_token()
      model = embedding(64) -> position_embedding -> 12 * gpt_block(4) -> linear(vocab)
    }
    ```

    Instead: `embedding(64) -> position_embedding -> 12 * gpt_block(4) -> layer_norm ->
    linear(vocab)`

    The fix puts the norm of the branches behind the last of them. It is another model, so it is
    applied with `--unsafe-fixes` only.
    """

    code = "P824"
    of_training = True
    thresholds: ClassVar[Mapping[str, float]] = {"branches": 12}

    def check(self, case: Case) -> Iterable[Finding]:
        found = case.fact(unnormed_head)
        most = self.settings["branches"]
        if found is None or found.branches <= most:
            return
        yield Finding(
            Severity.WARNING,
            f"the sum of {found.branches} pre-norm branches goes to this layer without a norm",
            place(case, found.head),
            measured=f"{found.branches} branches",
            threshold=f"at most {most:g} before a norm",
            amount=Amount(found.branches, most),
            help=f"put `{norm_words(case, found.norm)}` behind the last block",
            fix=_fix(case, found),
            also=trail(case, found.head),
        )


def _fix(case: Case, found: Unnormed) -> Fix | None:
    """The norm that branches begin with, behind the last of them."""
    edit = final_norm(case, found.last, found.norm)
    if edit is None:
        return None
    return Fix(f"put `{norm_words(case, found.norm)}` behind the last block", (edit,))
