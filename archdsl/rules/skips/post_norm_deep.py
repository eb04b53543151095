"""P302: deep transformers whose norms stand on the residual stream."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, ClassVar

from archdsl.diagnostics import Amount, Fix, Label, Severity
from archdsl.graph.flat import INPUT, is_input
from archdsl.ops.base import Trait
from archdsl.rules.base import Finding, Rule, place, trail
from archdsl.rules.facts_paths import back, counted, skips
from archdsl.rules.skips._final_norm import final_norm, norm_words
from archdsl.rules.writing import turned

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archdsl.diagnostics import Edit
    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case
    from archdsl.rules.facts_paths import Skip
    from archdsl.source import Span


class PostNormDeep(Rule):
    """Deep transformers put the norm inside the branch, not after the addition.

    What: the transformer blocks (a skip around self-attention) in one stack whose sum goes through
    a normalisation and nowhere else, so that no path along the stack avoids the norms. A norm after
    the last sum alone is a final norm, and right. An encoder that a decoder attends to is a stack
    of its own: six blocks each are six. Skips with a learned factor on them (DeepNorm) are left
    out. Up to 24 blocks are silent where the `train` clause has a `warmup`, which is what they
    need, and pretrained ones are: they are through the start of their training.

    Why: with the norm after each sum, every block rescales the residual stream; at the start of
    training the gradients near the output are large, and without a warm-up of the learning rate
    deep stacks diverge. With the norm inside the branch the stream is an identity.

    Evidence: Xiong et al. 2020 (On Layer Normalization in the Transformer Architecture,
    arXiv:2002.04745): the gradient norm of the last layer's parameters is about constant in depth
    with norm after, and shrinks with the root of the depth with norm before, which trains without
    warm-up. Wang et al. 2019 (arXiv:1906.01787) train 30 encoder layers with norm before, where
    norm after fails at 20. The six layers of Vaswani et al. 2017 (arXiv:1706.03762) and, with a
    warm-up, BERT's 12 and 24 (Devlin et al. 2018, arXiv:1810.04805) were trained with norm after: a
    warning, never an error. Wang et al. 2022
    (DeepNet, arXiv:2203.00555) scale the skip up and train 1,000 layers with norm after.

    Example:

    ```arch
    arch Example {
      data  tokens(64, vocab=100)
      model = embedding(384) -> 12 * transformer_encoder(12, norm_first=false)
    }
    ```

    Instead: `12 * transformer_encoder(12) -> layer_norm`

    The fix writes `norm_first=true` where the calls of the blocks say `norm_first=false`, and a
    norm behind the last of them where none follows. It is another model, so it is applied with
    `--unsafe-fixes` only.
    """

    code = "P302"
    of_training = True
    thresholds: ClassVar[Mapping[str, float]] = {"blocks": 6, "warmed": 24}

    def check(self, case: Case) -> Iterable[Finding]:
        if not case.having(Trait.ATTENTION) or case.data.pretrained:
            return
        norms = _longest_stack(_norms_on_the_stream(case), case)
        warmed = case.train is not None and case.train.warmup > 0
        most = self.settings["warmed" if warmed else "blocks"]
        if len(norms) <= most:
            return
        yield Finding(
            Severity.WARNING,
            f"{len(norms)} transformer blocks normalise after the addition",
            place(case, norms[0]),
            measured=f"{len(norms)} blocks",
            threshold=f"at most {most:g}",
            amount=Amount(len(norms), most),
            help="normalise what goes into each branch (`norm_first=true` where a block offers it)"
            " and once after the last block; else keep a warm-up of the learning rate",
            fix=_fix(norms, case),
            also=(*_last(norms, case), *trail(case, norms[0])),
        )


def _norms_on_the_stream(case: Case) -> list[Step]:
    """The norm after the sum of each block's self-attention."""
    attended = counted(case.steps, _attends_to_itself, max)
    found: list[Step] = []
    for skip in case.fact(skips):
        before = 0 if is_input(skip.fork) else attended[skip.fork]
        norm = _norm_behind(skip.merge, case)
        if attended[skip.body] > before and norm is not None and not _is_scaled(skip, case):
            found.append(norm)
    return found


def _is_scaled(skip: Skip, case: Case) -> bool:
    return not is_input(skip.path) and Trait.SCALING in case.steps[skip.path].node.op.traits


def _norm_behind(merge: Step, case: Case) -> Step | None:
    """The norm that alone reads a sum, or reads it through dropout."""
    readers = [case.steps[place] for place in case.flat.readers[merge.place]]
    while len(readers) == 1 and Trait.REGULARIZER in readers[0].node.op.traits:
        readers = [case.steps[place] for place in case.flat.readers[readers[0].place]]
    normed = all(Trait.NORM in reader.node.op.traits for reader in readers)
    return readers[0] if readers and normed else None


def _longest_stack(norms: list[Step], case: Case) -> list[Step]:
    """The most of some norms along one stack: what a block attends to is another."""
    places = {norm.place for norm in norms}
    depth: list[int] = []
    for step in case.steps:
        before = 0 if is_input(step.inputs[0]) else depth[step.inputs[0]]
        depth.append(before + (step.place in places))
    deepest = max(norms, key=lambda norm: depth[norm.place], default=None)
    way = back(case, INPUT if deepest is None else deepest.place)
    return [step for step in way if step.place in places][::-1]


def _last(norms: list[Step], case: Case) -> tuple[Label, ...]:
    """Where the last of them stands, if elsewhere than the first."""
    there = place(case, norms[-1])
    return (Label(there, "the last of them"),) if there != place(case, norms[0]) else ()


def _fix(norms: list[Step], case: Case) -> Fix | None:
    """``norm_first=true`` in the calls of all blocks, where they say ``false``, and a norm behind
    the last of them where none follows."""
    turning = {_spans(norm): _turned(norm, case) for norm in norms}
    edits = {edit.span: edit for _, edit in filter(None, turning.values())}
    found = turning[_spans(norms[-1])]
    if found is None or None in turning.values():
        return None
    block, _ = found
    last = norms[-1]
    norm = final_norm(case, _end(last, block, case), last)
    also = "" if norm is None else f", and `{norm_words(case, last)}` behind the last block"
    told = sorted([*edits.values(), *filter(None, [norm])], key=lambda edit: edit.span.start)
    return Fix(f"write `norm_first=true`{also}", tuple(told))


def _turned(norm: Step, case: Case) -> tuple[Span, Edit] | None:
    """The call of the block of a norm that says ``norm_first=false``, with the edit that turns
    it."""
    here = [span for span in _spans(norm) if span.source is case.span.source]
    edits = ((span, turned(span, "norm_first", "true")) for span in here)
    return next(((span, edit) for span, edit in edits if edit is not None), None)


def _end(norm: Step, block: Span, case: Case) -> int:
    """The place of the last op of the call of a block that a norm belongs to."""
    inside = takewhile(lambda step: block in _spans(step), case.steps[norm.place :])
    return max(step.place for step in inside)


def _spans(step: Step) -> tuple[Span, ...]:
    return tuple(call.span for call in step.calls)


def _attends_to_itself(step: Step) -> bool:
    traits = step.node.op.traits
    whole = Trait.ATTENTION in traits and Trait.MESSAGE_PASSING not in traits
    return whole and len(step.inputs) == 1
