"""P303: activations and dropout on a skip path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.diagnostics import Edit, Fix, Label, Severity
from archdsl.graph.flat import INPUT, is_input
from archdsl.ops.base import Trait
from archdsl.rules.base import Finding, Rule, place, trail
from archdsl.rules.facts_paths import Skip, skips
from archdsl.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case

KINDS = {
    Trait.ACTIVATION: "an activation",
    Trait.REGULARIZER: "a regulariser",
    Trait.SCALING: "a factor",
}


class BrokenIdentity(Rule):
    """A skip path carries its input as it is.

    What: activations, regularisers (dropout, drop path) and factors, constant or learned, on the
    short way round a weighted body to an addition. A skip may be the identity, pooling, or a
    projection (a convolution or linear layer, a norm after it) where the body changes the shape;
    nothing may stand behind the projection but a norm. What stands before the paths part, or after
    the sum, is not on the skip. Left out are factors that start at 1 (the ResScale of NormFormer,
    arXiv:2110.09456) and those whose sum is normalised (DeepNorm, arXiv:2203.00555).

    Why: through a clean skip the gradient of any block reaches all blocks before it as it is. A
    factor on it multiplies block by block, and a ReLU zeroes what is negative.

    Evidence: He et al. 2016 (Identity Mappings in Deep Residual Networks, arXiv:1603.05027,
    table 1, ResNet-110 on CIFAR-10): 6.61 % error with identities; with dropout of 0.5 on the
    skips training fails (error above 20 %), as it does when they are scaled by half.

    Example:

    ```arch
    arch Example {
      data  image(64, 32, 32)
      model = add(x -> relu, conv(64, 3) -> relu -> conv(64, 3))
    }
    ```

    Instead: `add(x, conv(64, 3) -> relu -> conv(64, 3)) -> relu`

    The fix makes an identity of what is all of the skip; an activation goes behind the addition
    where the body has none. It is another model, so it is applied with `--unsafe-fixes` only.
    """

    code = "P303"
    of_training = True

    def check(self, case: Case) -> Iterable[Finding]:
        marks = _marks(case)
        merges: dict[int, list[Skip]] = {}
        for skip in case.fact(skips):
            merges.setdefault(skip.merge.place, []).append(skip)
        at_fault: dict[int, Skip] = {}
        for found in merges.values():
            broken = [skip for skip in found if _is_broken(skip, marks, case)]
            if len(broken) < len(found):
                continue
            at_fault.setdefault(marks[broken[0].path], broken[0])
        told: set[Span] = set()
        for mark, skip in at_fault.items():
            step = case.steps[mark]
            if step.node.span not in told:
                told.add(step.node.span)
                yield _finding(step, skip, case, _fix(step, at_fault, case))


def _is_broken(skip: Skip, marks: list[int], case: Case) -> bool:
    mark = _mark(skip.path, marks)
    if mark <= skip.fork:
        return False
    readers = [case.steps[index] for index in case.flat.readers[skip.merge.place]]
    normed = bool(readers) and all(Trait.NORM in reader.node.op.traits for reader in readers)
    return not (normed and Trait.SCALING in case.steps[mark].node.op.traits)


def _marks(case: Case) -> list[int]:
    """For each op, the last activation, regulariser or factor that it reads through ops of
    one input and without weights, or INPUT."""
    found: list[int] = []
    for step in case.steps:
        traits = step.node.op.traits
        if traits & KINDS.keys() and not _starts_at_one(step):
            found.append(step.place)
        elif len(step.inputs) > 1 or Trait.WEIGHTED in traits:
            found.append(INPUT)
        else:
            found.append(_mark(step.inputs[0], found))
    return found


def _starts_at_one(step: Step) -> bool:
    """Whether it is a factor that is 1 before training."""
    op = step.node.op
    first = getattr(op, "init", getattr(op, "factor", None))
    return Trait.SCALING in op.traits and first == 1


def _mark(place: int, marks: list[int]) -> int:
    return INPUT if is_input(place) else marks[place]


def _finding(step: Step, skip: Skip, case: Case, fix: Fix | None) -> Finding:
    kind = next(kind for trait, kind in KINDS.items() if trait in step.node.op.traits)
    merge = Label(place(case, skip.merge), "the addition that the skip leads to")
    return Finding(
        Severity.WARNING,
        f"the skip path goes through {kind}",
        place(case, step),
        measured=f"{kind} on the skip",
        threshold="an identity or a projection",
        amount=None,
        help="move it into the body, or behind the addition",
        fix=fix,
        also=(merge, *trail(case, step)),
    )


def _fix(step: Step, at_fault: dict[int, Skip], case: Case) -> Fix | None:
    """An identity in its place, where the op is all of its skip in each of its copies."""
    span = step.node.span
    alone = all(
        copy.place in at_fault
        and at_fault[copy.place].path == copy.place
        and copy.inputs == (at_fault[copy.place].fork,)
        and len(case.flat.readers[copy.place]) == 1
        for copy in case.written[span]
    )
    if not alone or span.source is not case.span.source:
        return None
    identity = Edit(span, "identity")
    if not _is_all_that_bends(step, at_fault, case):
        return Fix("make the skip an identity", (identity,))
    merge = at_fault[step.place].merge.node.span
    if merge.source is not span.source:
        return None
    before, behind = (Span(merge.source, at, at) for at in (merge.start, merge.end))
    edits = (Edit(before, "("), identity, Edit(behind, f" -> {span.text})"))
    return Fix(f"make the skip an identity, and put `{span.text}` behind the addition", edits)


def _is_all_that_bends(step: Step, at_fault: dict[int, Skip], case: Case) -> bool:
    """Whether it is an activation, and there is none in the body that it passes by, nor behind the
    addition: without it, a stack of such sums would be one linear map."""
    skip = at_fault[step.place]
    places = (*range(skip.fork + 1, skip.merge.place), *case.flat.readers[skip.merge.place])
    others = (case.steps[place] for place in places if place not in at_fault)
    bends = Trait.ACTIVATION in step.node.op.traits
    return bends and all(one.node.op.is_affine() for one in others)
