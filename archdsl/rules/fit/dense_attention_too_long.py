"""P106: full attention among too many tokens."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, ClassVar

from archdsl import types
from archdsl.diagnostics import Severity
from archdsl.rules.base import Finding, Rule, count, led_there, place
from archdsl.rules.facts_structure import attention

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case


class DenseAttentionTooLong(Rule):
    """Full attention compares every token with every other: its cost grows with the square.

    What: the tokens that a layer of attention compares with one another. Attention within a window
    counts only when the window holds the whole sequence. Where queries read a memory, it is the
    sequence of as many pairs: 512 queries of 32,768 tokens cost as much as 4,096 tokens do.

    Why: twice the tokens are four times the products. At 4,000 tokens 12 heads score 192 million
    pairs in each layer and sample; at 16,000 it is 3 billion.

    Evidence: Beltagy et al. 2020 (Longformer, arXiv:2004.05150): attention within a window of 512
    with a few global tokens beats RoBERTa on long documents, at a cost that grows with the
    length. Tay et al. 2020 (arXiv:2009.06732) survey the ways out. Fused kernels (Dao et al. 2022,
    arXiv:2205.14135) save the memory of the scores, not their products.

    Example: `attention(8)` on `data tokens(20000, vocab=32000)`

    Instead: `local_attention(8, reach=256)`
    """

    code = "P106"
    thresholds: ClassVar[Mapping[str, float]] = {"warning": 4_000, "error": 16_000}

    def check(self, case: Case) -> Iterable[Finding]:
        layers = [step for step in case.fact(attention) if _full(step)]
        if not layers:
            return
        longest = max(layers, key=_pairs)
        pairs = _pairs(longest)
        if pairs <= self.settings["warning"] ** 2:
            return
        rejected = pairs > self.settings["error"] ** 2
        yield Finding(
            Severity.ERROR if rejected else Severity.WARNING,
            f"full attention compares {pairs:,} pairs of tokens a head",
            place(case, longest),
            measured=count(round(sqrt(pairs)), "token"),
            threshold=f"at most {self.settings['error' if rejected else 'warning']:,.0f}",
            help="attend within a window: `local_attention(heads, reach=256)`, or on an image "
            "`window_attention(heads, size=7)`",
            also=led_there(longest),
        )


def _full(step: Step) -> bool:
    window = step.node.op.window(*step.node.inputs)
    return window is not None and window[0] >= max(types.spatial(step.node.inputs[0]))


def _pairs(step: Step) -> int:
    """Queries times keys."""
    taken, read = step.node.inputs[0], step.node.inputs[-1]
    return _tokens(taken) * _tokens(read)


def _tokens(tensor: types.TensorType) -> int:
    return types.numel(tensor) // types.channels(tensor)
