"""P825: heads of attention that compare next to nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from archdsl import types
from archdsl.diagnostics import Amount, Edit, Fix
from archdsl.rules.base import Finding, Rule, count, place, trail
from archdsl.rules.facts_structure import attention
from archdsl.rules.facts_text import written_at
from archdsl.syntax import nodes as ast

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case
    from archdsl.source import Span

USUAL = 32  # features of a head


class NarrowHeads(Rule):
    """A head of attention has features to compare by.

    What: attention over positions with several heads, each of fewer than 8 features; an error
    where a head has one. One head over few features is silent, and so is attention along the edges
    of a graph, whose scores are of another kind (GAT's eight heads of 8, one of 7).

    Why: a head's scores are scalar products of vectors as long as it is wide. Of one number each
    they can say "more" or "less", and no more; the matrix of scores of a whole sequence has no
    higher rank than that.

    Evidence: Bhojanapalli et al. 2020 (arXiv:2002.07028): heads narrower than the sequence is long
    cannot express every attention, and perplexity gets worse with the number of heads once they
    are narrow. Vaswani et al. 2017 (arXiv:1706.03762), table 3, row A: at equal cost 32 heads of 16
    are 0.4 BLEU behind 8 heads of 64. Most published heads have 32 to 128 features. Nie et al. 2022
    (PatchTST, arXiv:2211.14730) have heads of 4 for their smallest series, which are warned of.

    Example:

    ```arch
    arch Example {
      data  tokens(128, vocab=1000, samples=1_000_000)
      task  classify(2)
      model = embedding(256) -> position_embedding -> 2 * transformer_encoder(256) -> mean_over
           -> linear(classes)
    }
    ```

    Instead: `embedding(256) -> position_embedding -> 2 * transformer_encoder(8) -> mean_over ->
    linear(classes)`: eight heads of 32

    The fix makes heads of at least 32 features, or one, of as many as are written. It is another
    model, so it is applied with `--unsafe-fixes` only.
    """

    code = "P825"
    thresholds: ClassVar[Mapping[str, float]] = {"error": 2, "warning": 8}

    def check(self, case: Case) -> Iterable[Finding]:
        several = [step for step in case.fact(attention) if _heads(step) > 1]
        narrow = [step for step in several if self.below(_width(step)) is not None]
        worst = min(several, key=_width, default=None)
        graded = None if worst is None else self.below(_width(worst))
        if worst is None or graded is None:
            return
        severity, least = graded
        heads, width = _heads(worst), _width(worst)
        fewer = _fewer(worst)
        yield Finding(
            severity,
            f"{heads} heads of {count(width, 'feature')} each",
            place(case, worst),
            measured=f"{count(width, 'feature')} a head",
            threshold=f"at least {least:g}",
            amount=Amount(width, least),
            help=f"take {count(fewer, 'head')} of {types.channels(worst.node.inputs[0]) // fewer}"
            " features",
            fix=_fix(case, narrow, fewer),
            also=trail(case, worst),
        )


def _heads(step: Step) -> int:
    return int(getattr(step.node.op, "heads", 1))


def _width(step: Step) -> int:
    """Features of a head."""
    given = getattr(step.node.op, "head_width", None)
    return int(given or types.channels(step.node.inputs[0]) // _heads(step))


def _fewer(step: Step) -> int:
    """The most heads that have the usual width, else one."""
    features, heads = types.channels(step.node.inputs[0]), _heads(step)
    fitting = (n for n in range(heads, 1, -1) if heads % n == 0 and features // n >= USUAL)
    return next(fitting, 1)


def _fix(case: Case, narrow: list[Step], fewer: int) -> Fix | None:
    """Fewer heads in each call that tells them, where all tell as many."""
    edits: dict[Span, Edit] = {}
    for step in narrow:
        edit = _written(place(case, step), _heads(step), fewer)
        if edit is None or _fewer(step) != fewer:
            return None
        edits[edit.span] = edit
    return Fix(f"take {count(fewer, 'head')}", tuple(edits.values()))


def _written(span: Span, heads: int, fewer: int) -> Edit | None:
    """The edit of the number of heads in a call that gives it first, or by name."""
    call = written_at(span)
    if call is None or {"kv_heads", "head_width"} & {argument.name for argument in call.arguments}:
        return None
    for argument in call.arguments[:1]:
        given = argument.value
        told = isinstance(given, ast.Number) and given.value == heads and given.unit is None
        if told and argument.name in (None, "heads"):
            return Edit(given.span, str(fewer))
    return None
