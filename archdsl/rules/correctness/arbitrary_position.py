"""P823: a position that stands for all, and knows no more than any other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl import types
from archdsl.diagnostics import Edit, Fix, Severity
from archdsl.ops.base import Trait
from archdsl.ops.reads import Reads
from archdsl.rules.base import Finding, Rule, place, trail
from archdsl.rules.facts_ends import ends
from archdsl.rules.facts_towers import strict_towers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case
    from archdsl.rules.facts_ends import End

# data in which nothing stands for all
WITHOUT_TOKEN = (types.Image, types.Volume, types.Sequence, types.Vector, types.Category)


class ArbitraryPosition(Rule):
    """The one position that is read knows the others, and was made to be read.

    What: `first` or `last` (or a slice of one position) that every path passes. An error where
    this position has read none of the others, as the first of a causal stack. On images, series
    and tables a warning where it is one as any other: the first without a class token in front,
    the last of attention that looks both ways, with no recurrent or causal layer before. Texts may
    bring a token of their own for it, as BERT's does. Recurrent layers are P708's. Of several
    inputs each is asked by itself, and what they become together.

    Why: a causal stack gives its first position nothing but itself. And where attention looks both
    ways, the first patch or hour is no summary: the rest of what the last layer gave is thrown
    away, and the answer hangs on a corner of the picture.

    Evidence: Dosovitskiy et al. 2020 (ViT, arXiv:2010.11929), section 3.1 and figure 9: a learned
    class token, or the mean of all patches. Radford et al. 2018 (GPT) and 2021 (CLIP,
    arXiv:2103.00020) read the last token of causal stacks, as only that has seen the text.

    Example:

    ```arch
    arch Example {
      data  image(3, 32, 32)
      task  classify(10)
      model = patch_embed(64, 4) -> position_embedding -> 4 * vit_block(4) -> layer_norm -> first
           -> linear(classes)
    }
    ```

    Instead: `patch_embed(64, 4) -> class_token -> position_embedding -> 4 * vit_block(4) ->
    layer_norm -> first -> linear(classes)`, or `mean_over` in place of `first`

    The fix takes the mean over positions, or of a causal stack the last one. It is another model,
    so it is applied with `--unsafe-fixes` only.
    """

    code = "P823"

    def check(self, case: Case) -> Iterable[Finding]:
        asked = (*case.fact(strict_towers), case)
        yield from dict.fromkeys(found for one in asked for found in _of(one))  # modules once


def _of(case: Case) -> Iterator[Finding]:
    """The findings of what one input becomes, or all of them."""
    without_token = all(isinstance(one, WITHOUT_TOKEN) for one in case.inputs.values())
    for end in case.fact(ends):
        stack = [step for step in end.mixers if end.alone and step.place > end.alone.place]
        if any(Trait.RECURRENT not in step.node.op.traits for step in stack):
            yield _blind(case, end)
        elif without_token and _as_any_other(end, reads_others=len(case.inputs) > 1):
            yield _any(case, end)


def _as_any_other(end: End, reads_others: bool) -> bool:
    """Whether other positions know as much; the ends of recurrent layers are another rule's. The
    first of a decoder, which ``reads_others``, knows all of its source."""
    if not end.mixers or end.joined or Trait.RECURRENT in end.mixers[-1].node.op.traits:
        return False
    if end.first:
        return not end.has_token and not (reads_others and any(map(_in_order, end.mixers)))
    attends = any(Trait.ATTENTION in step.node.op.traits for step in end.mixers)
    return attends and not any(map(_in_order, end.mixers))


def _in_order(step: Step) -> bool:
    """Whether it reads positions one after the other: recurrent, or causal."""
    if Trait.RECURRENT in step.node.op.traits:
        return True
    one = step.node.reads()[0]
    taken = step.node.inputs[0]
    if not isinstance(one, Reads) or not isinstance(taken, types.Sequence):
        return False
    return not any(one.axes[0].along.at(0, taken.length)[1:])


def _blind(case: Case, end: End) -> Finding:
    length = types.spatial(end.step.node.inputs[0])[0]
    return Finding(
        Severity.ERROR,
        f"the {_noun(end)} position has read no other, and no other is read",
        place(case, end.step),
        measured=f"1 of {length:,} positions",
        threshold="a position that has read the others",
        amount=None,
        help="take `last`, which has read them all" if end.first else "take `mean_over`",
        fix=_fix(case, end, "last" if end.first else "mean_over"),
        also=trail(case, end.step),
    )


def _any(case: Case, end: End) -> Finding:
    why = "no class token stands there" if end.first else "attention looked both ways"
    return Finding(
        Severity.WARNING,
        f"the {_noun(end)} position is one as any other: {why}, and no other is read",
        place(case, end.step),
        measured=f"1 of {types.spatial(end.step.node.inputs[0])[0]:,} positions",
        threshold="a class token, or all of them",
        amount=None,
        help="take `mean_over`, or put `class_token` in front and take `first`",
        fix=_fix(case, end, "first" if end.has_token else "mean_over"),
        also=trail(case, end.step),
    )


def _noun(end: End) -> str:
    return "first" if end.first else "last"


def _fix(case: Case, end: End, instead: str) -> Fix | None:
    """Another op in its place, where it stands in the spec by itself."""
    span = end.step.node.span
    if span.source is not case.span.source or span.text != _noun(end):
        return None
    return Fix(f"take `{instead}`", (Edit(span, instead),))
