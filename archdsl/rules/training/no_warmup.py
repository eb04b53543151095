"""P902: large transformers whose learning rate begins at its height."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from archdsl.diagnostics import Amount, Severity
from archdsl.rules.base import Finding, Rule, count
from archdsl.rules.facts_structure import attention
from archdsl.rules.facts_training import rewritten, written
from archdsl.rules.skips.post_norm_deep import PostNormDeep

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archdsl.rules.case import Case

EPOCHS = 30  # where nobody says how many
SHARE = 0.05  # of all epochs, in which the rate rises


class NoWarmup(Rule):
    """The learning rate of a large transformer rises before it falls.

    What: `warmup=0`, written so, for a transformer that is not pretrained and either normalises
    after the addition in more than 5 blocks, or has 24 layers of attention or more and is trained
    by an optimizer that scales its steps (all but `sgd`). RAdam, which was made to do without, is
    left out. Where `warmup` is left out, nothing is known, and nothing said.

    Why: with norms after the additions the gradients near the output are large at first. Adam's
    second moments are guessed from a few gradients then, so that its first steps go far and
    anywhere; a large transformer may never come back.

    Evidence: Xiong et al. 2020 (arXiv:2002.04745), section 3.2: without warm-up the six layers of
    Vaswani et al. 2017 (arXiv:1706.03762), with norms after, end at a BLEU of 8.45, with it at 34.
    Liu et al. 2020 (RAdam, arXiv:1908.03265), section 3: Adam's first steps spoil a transformer
    whose rate does not rise. Touvron et al. 2021 (DeiT, arXiv:2012.12877): 5 of 300 epochs; Brown
    et al. 2020 (GPT-3, arXiv:2005.14165): 375 million tokens for its models from 12 to 96 layers.

    Example:

    ```arch
    arch Example {
      data  tokens(64, vocab=1000)
      task  next_token()
      train adam(lr=5e-4, warmup=0)
      model = embedding(384) -> 24 * gpt_block(6) -> linear(1000)
    }
    ```

    Instead: `train adam(lr=5e-4, warmup=1)`

    The fix writes a twentieth of the epochs; it is applied with `--unsafe-fixes` only.
    """

    code = "P902"
    of_training = True
    thresholds: ClassVar[Mapping[str, float]] = {"post_norm": 5, "layers": 24}

    def check(self, case: Case) -> Iterable[Finding]:
        train, span = case.train, written(case, "warmup")
        if train is None or span is None or train.warmup or case.data.pretrained:
            return
        large = self._post_norm(case) or self._many_layers(case)
        if large is None:
            return
        why, amount = large
        usual = f"{(train.epochs or EPOCHS) * SHARE:g}"
        yield Finding(
            Severity.WARNING,
            f"{why}, and the learning rate begins at its height",
            span,
            measured=why,
            threshold=f"at most {amount.threshold:g} without warm-up",
            amount=amount,
            help=f"let the rate rise for a twentieth of the epochs: `warmup={usual}`",
            fix=rewritten(case, "warmup", usual),
        )

    def _post_norm(self, case: Case) -> tuple[str, Amount] | None:
        """The blocks of a stack that normalise after the addition, as P302 counts them."""
        most = self.settings["post_norm"]
        for found in PostNormDeep({"blocks": most}).check(case):
            if found.amount is not None:
                blocks = found.amount.measured
                return f"{count(blocks, 'post-norm block')}", Amount(blocks, most)
        return None

    def _many_layers(self, case: Case) -> tuple[str, Amount] | None:
        layers, least = len(case.fact(attention)), self.settings["layers"]
        if case.train is None or not case.train.needs_warmup or layers < least:
            return None
        return count(layers, "layer") + " of attention", Amount(layers, least - 1)
