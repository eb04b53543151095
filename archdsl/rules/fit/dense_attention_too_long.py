"""P106: full attention among too many tokens."""

from __future__ import annotations

from math import prod, sqrt
from typing import TYPE_CHECKING, ClassVar

from archdsl import types
from archdsl.diagnostics import Amount, Edit, Fix, Severity
from archdsl.rules.base import Finding, Rule, count, led_there, place
from archdsl.rules.facts_structure import attention
from archdsl.rules.facts_text import written_at
from archdsl.rules.facts_towers import tower_of
from archdsl.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case

REACH = 256  # tokens on each side that attention within a window is proposed to see
MILDER = {Severity.ERROR: Severity.WARNING, Severity.WARNING: Severity.NOTE}
_KEPT = {"causal", "dropout", "bias"}  # arguments that such attention takes too


class DenseAttentionTooLong(Rule):
    """Full attention compares every token with every other: its cost grows with the square.

    What: the tokens that a layer of attention compares with one another. Where it looks within a
    window, these are the tokens of the window, and the length does not count. Where queries read a
    memory, it is the sequence of as many pairs: 512 queries of 32,768 tokens cost as much as 4,096
    tokens do. Pretrained attention is what it was trained as: of that, each grade is one milder.

    Why: twice the tokens are four times the products. At 4,000 tokens 12 heads score 192 million
    pairs in each layer and sample; at 16,000 it is 3 billion.

    Evidence: Beltagy et al. 2020 (Longformer, arXiv:2004.05150): attention within a window of 512
    with a few global tokens beats RoBERTa on long documents, at a cost that grows with the
    length. Tay et al. 2020 (arXiv:2009.06732) survey the ways out. Fused kernels (Dao et al. 2022,
    arXiv:2205.14135) save the memory of the scores, not their products.

    Example:

    ```arch
    arch Example {
      data  tokens(20000, vocab=32_000)
      model = embedding(64) -> attention(8)
    }
    ```

    Instead: `local_attention(8, reach=256)`
    """

    code = "P106"
    thresholds: ClassVar[Mapping[str, float]] = {"warning": 4_000, "error": 16_000}

    def check(self, case: Case) -> Iterable[Finding]:
        layers = [step for step in case.fact(attention) if self._is_long(step)]
        if not layers:
            return
        longest = max(layers, key=_pairs)
        pairs = _pairs(longest)
        tokens = sqrt(pairs)
        graded = self.above(tokens)
        if graded is None:
            return
        severity, most = graded
        within = "" if _window(longest) == _tokens(longest.node.inputs[0]) else " in a window"
        yield Finding(
            MILDER[severity] if case.data.pretrained else severity,
            f"attention compares {pairs:,} pairs of tokens a head",
            place(case, longest),
            measured=count(round(tokens), "token") + within,
            threshold=f"at most {most:,.0f}",
            amount=Amount(tokens, most),
            help=_way_out(case, longest),
            fix=_windows(case, layers),
            also=led_there(longest),
        )

    def _is_long(self, step: Step) -> bool:
        return self.above(sqrt(_pairs(step))) is not None


def _pairs(step: Step) -> int:
    """Queries times keys, of the whole sequence or of a window."""
    if _reads_memory(step):
        return _tokens(step.node.inputs[0]) * _tokens(step.node.inputs[1])
    return _window(step) ** 2


def _window(step: Step) -> int:
    """The tokens that attention sees from one position, or all."""
    taken = step.node.inputs[0]
    extent, _ = step.node.window() or (1, 1)
    return prod(min(side, extent) for side in types.spatial(taken))


def _tokens(tensor: types.TensorType) -> int:
    return types.numel(tensor) // types.channels(tensor)


def _reads_memory(step: Step) -> bool:
    return any(isinstance(x, types.Sequence) for x in step.node.inputs[1:])


def _way_out(case: Case, step: Step) -> str:
    if _reads_memory(step):
        return "shorten the sequence that asks, or the memory, before: `conv(64, 4, stride=4)`"
    heads = getattr(step.node.op, "heads", 1)
    if isinstance(tower_of(case, step).takes, types.Image):
        return (
            f"attend within windows of the map, `window_attention({heads}, size=7)`, "
            "or cut larger patches"
        )
    causal = ", causal=true" if getattr(step.node.op, "causal", False) else ""
    return f"attend within a window: `local_attention({heads}, reach={REACH}{causal})`"


def _windows(case: Case, layers: list[Step]) -> Fix | None:
    """Windows along a sequence for all that is too long, where each is written out and there is no
    other design."""
    spans = {step.node.span for step in layers}
    places = {step.place for step in layers}
    others = {step.node.span for step in case.fact(attention) if step.place not in places}
    along = (types.Sequence, types.Tokens)
    if not all(isinstance(tower_of(case, step).takes, along) for step in layers):
        return None
    if case.evaluation.asked or spans & others:
        return None
    edits: list[Edit] = []
    for span in sorted(spans, key=lambda span: span.start):
        made = _windowed(case, span) if span.source is case.span.source else ()
        if not made:
            return None
        edits.extend(made)
    return Fix(f"attend to at most {REACH} tokens on each side", tuple(edits))


def _windowed(case: Case, span: Span) -> tuple[Edit, ...]:
    """The edits that give attention a window; none where it asks for what that cannot do."""
    call = written_at(span)
    if call is None:
        return ()
    heads, *others = call.arguments
    if heads.name not in (None, "heads") or not {a.name for a in others} <= _KEPT:
        return ()
    end = call.arguments[-1].span.end
    reach = Edit(Span(span.source, end, end), f", reach={REACH}")
    return (Edit(call.function.span, "local_attention"), reach)
