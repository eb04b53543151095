"""P801: an answer that reads what comes after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.diagnostics import Amount, Edit, Fix, Label, Severity
from archdsl.ops.base import Trait
from archdsl.rules.base import Finding, Rule, count, place, trail
from archdsl.rules.facts_ahead import first_to_look, looks_back, reads_ahead
from archdsl.rules.facts_text import written_at
from archdsl.rules.writing import turned, written_flag
from archdsl.source import Span
from archdsl.spec.task import Answer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case
    from archdsl.rules.facts_ahead import Ahead

COPIED = "there the token to be told can be copied"
UNKNOWN = "`causal=true` says that these are not known yet"
SHOWN = 8  # layers that a finding points at
CAUSAL_BLOCKS = {"transformer_encoder": "gpt_block", "vit_block": "gpt_block"}


class FutureLeak(Rule):
    """An answer that comes before the future is known does not read it.

    What: with `next_token()`, and with `per=token` and `causal=true`, a position of the answer that
    depends on positions of the input after it. What an answer depends on is followed through every
    layer, windows, strides and shifts included. An error where the trained model does so; a warning
    where only training does, through statistics of the batch. That the answer at a position reads
    this position itself is as it should be: the token to be told is the next one.

    Why: in training the token to be told stands in the input, one position further on. A model
    that can read it copies it, reaches a loss of almost nothing, and knows nothing when it has to
    write a text of its own, where what comes next is not there yet.

    Evidence: Vaswani et al. 2017 (arXiv:1706.03762), section 3.2.3, masks attention "to preserve
    the auto-regressive property"; van den Oord et al. 2016 (WaveNet, arXiv:1609.03499) shifts
    convolutions for it, Bai et al. 2018 (arXiv:1803.01271) call what is not so shifted a leak from
    the future. On tokens drawn at random no model can have a loss below ln(vocab); in this
    repository's tests, what this rule names has, and what it passes has not.

    Example:

    ```arch
    arch Example {
      data  tokens(128, vocab=1000, samples=1_000_000)
      task  next_token()
      model = embedding(64) -> position_embedding -> 2 * transformer_encoder(8) -> linear(vocab)
    }
    ```

    Instead: `embedding(64) -> position_embedding -> 2 * gpt_block(8) -> linear(vocab)`

    The fix makes attention causal, recurrence read forward, and convolutions read the past. It is
    another model, so it is applied with `--unsafe-fixes` only.
    """

    code = "P801"

    def check(self, case: Case) -> Iterable[Finding]:
        looking = case.fact(looks_back)
        if looking is not None and (ahead := case.fact(reads_ahead)) is not None:
            why = COPIED if looking.task.answer is Answer.TOKEN else UNKNOWN
            yield _finding(case, why, ahead, case.fact(first_to_look))


def _finding(case: Case, why: str, ahead: Ahead, layers: list[Step]) -> Finding:
    first = layers[0]
    others = list(dict.fromkeys(place(case, step) for step in layers))[1:SHOWN]
    when = "in training " if ahead.in_training else ""
    return Finding(
        Severity.WARNING if ahead.in_training else Severity.ERROR,
        f"{when}the answer at position {ahead.at} reads {case.input_name(case.subject)} up to"
        f" position {ahead.at + ahead.by}, through this {_noun(first)}; {why}",
        place(case, first),
        measured=f"{count(ahead.by, 'position')} ahead",
        threshold="at most 0",
        amount=Amount(ahead.by, 0),
        help=_way_out(first),
        fix=_fix(case, layers),
        also=(*trail(case, first), *(Label(span, "it looks ahead too") for span in others)),
    )


def _noun(step: Step) -> str:
    return f"`{step.node.op.word()}`"


def _way_out(step: Step) -> str:
    traits = step.node.op.traits
    if Trait.ATTENTION in traits:
        return "write `causal=true`, or take a block that reads the past alone: `gpt_block`"
    if Trait.RECURRENT in traits:
        return "read forward only: leave out `bidirectional=true`"
    if Trait.NORM in traits:
        return "take `layer_norm` or `rms_norm`, which read one position at a time"
    if Trait.CONVOLUTION in traits:
        return "pad on one side: `pad(2, after=0) -> conv(64, 3, padding=0)`; or take `tcn_block`"
    return "leave it out, or move what it gives on, so that no position reads what comes after it"


def _fix(case: Case, layers: list[Step]) -> Fix | None:
    """Every layer that looks ahead made one that does not, where all can be."""
    edits: dict[Span, tuple[Edit, ...]] = {}
    for step in layers:
        span = place(case, step)
        if span not in edits:
            found = _mended(step, span) if step.node.span == span else _other_block(span)
            if not found or span.source is not case.span.source:
                return None
            edits[span] = found
    return Fix("read the past alone", tuple(edit for found in edits.values() for edit in found))


def _mended(step: Step, span: Span) -> tuple[Edit, ...]:
    op, traits = step.node.op, step.node.op.traits
    if Trait.RECURRENT in traits:
        edit = turned(span, "bidirectional", "false")
    elif Trait.NORM in traits:
        edit = Edit(span, "layer_norm")
    elif Trait.CONVOLUTION in traits:
        return _padded_before(step, span)
    else:
        edit = written_flag(span, type(op), "causal", "true") if hasattr(op, "causal") else None
    return () if edit is None else (edit,)


def _padded_before(step: Step, span: Span) -> tuple[Edit, ...]:
    """As much padding as the window reaches back, where the padding is left to itself."""
    window, op = step.node.window(), step.node.op
    edit = written_flag(span, type(op), "padding", "0")
    if edit is None or window is None or window[1] != 1 or Trait.TRANSPOSED in op.traits:
        return ()
    start, end = (Span(span.source, at, at) for at in (span.start, span.end))
    return (Edit(start, f"(pad({window[0] - 1}, after=0) -> "), edit, Edit(end, ")"))


def _other_block(span: Span) -> tuple[Edit, ...]:
    """Another block of the library, which reads the past alone."""
    call = written_at(span)
    if call is None:
        return ()
    name = CAUSAL_BLOCKS.get(getattr(call.function, "id", ""))
    return (Edit(call.function.span, name),) if name else ()
