"""P802: attention over words or patches whose order nothing tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl import types
from archdsl.diagnostics import Edit, Fix, Label, Severity
from archdsl.ops.base import Trait
from archdsl.rules.base import Finding, Rule, count, place, trail
from archdsl.rules.facts_order import unordered_attention
from archdsl.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case

SHOWN = 8  # layers that a finding points at


class LostOrder(Rule):
    """Attention over words or patches is told where they stand.

    What: attention among the tokens of a text or the patches of an image, where the whole model
    gives the same answer (or the same ones, in the new order) whatever order these come in. That is
    proven layer by layer. Whatever tells the order makes it silent: position embeddings, rotary
    positions, a causal mask, recurrence, windows, a convolution over neighbours, positions that are
    flattened. So are tables and series, which may hold sets.

    Why: attention weighs a set. Without positions "the dog bites the man" and "the man bites the
    dog" are one input, and a picture is the bag of its patches.

    Evidence: Vaswani et al. 2017 (arXiv:1706.03762), section 3.5: "since our model contains no
    recurrence and no convolution", positions have to be put in. Lee et al. 2019 (Set Transformer,
    arXiv:1810.00825) prove that attention without them is equivariant to permutations, and use it
    for sets. Dosovitskiy et al. 2020 (arXiv:2010.11929), table 8: ViT-B/16 falls from 64 % to 61 %
    without position embedding (five pictures a class of ImageNet, a linear head).

    Example:

    ```arch
    arch Example {
      data  tokens(128, vocab=1000, samples=1_000_000)
      task  classify(2)
      model = embedding(64) -> 2 * transformer_encoder(8) -> mean_over -> linear(classes)
    }
    ```

    Instead: `embedding(64) -> position_embedding -> 2 * transformer_encoder(8) -> mean_over ->
    linear(classes)`

    The fix puts a position embedding behind what gives the tokens. It is another model, so it is
    applied with `--unsafe-fixes` only.
    """

    code = "P802"

    def check(self, case: Case) -> Iterable[Finding]:
        found = case.fact(unordered_attention)
        if found:
            yield _finding(case, found)


def _finding(case: Case, layers: list[Step]) -> Finding:
    first = layers[0]
    ids = any(isinstance(given, types.Tokens) for given in case.inputs.values())
    what = "tokens" if ids else "patches"
    others = list(dict.fromkeys(place(case, step) for step in layers))[1:SHOWN]
    return Finding(
        Severity.WARNING,
        f"the {what} that this attention reads have no order: the model gives the same answers"
        " when they change places",
        place(case, first),
        measured=f"{count(len(layers), 'attention layer')}, no positions",
        threshold="positions, or a layer that reads neighbours",
        amount=None,
        help="add `position_embedding` before the first one, or write `rotary=true` in attention",
        fix=_fix(case),
        also=(*trail(case, first), *(Label(span, "so does this one") for span in others)),
    )


def _fix(case: Case) -> Fix | None:
    """A position embedding behind the embedding, where that is written in the spec."""
    words = [step.node.span for step in case.having(Trait.EMBEDDING) if _reads_ids(step)]
    if len(words) != 1 or words[0].source is not case.span.source:
        return None
    end = Span(words[0].source, words[0].end, words[0].end)
    return Fix("tell positions", (Edit(end, " -> position_embedding"),))


def _reads_ids(step: Step) -> bool:
    return isinstance(step.node.inputs[0], types.Tokens)
