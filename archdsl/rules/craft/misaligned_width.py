"""P707: widths that matrix units have to pad."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from archdsl.cost.counts import own_macs
from archdsl.cost.latency import HALF
from archdsl.diagnostics import Edit, Fix, Severity
from archdsl.graph.flat import is_input
from archdsl.limits.devices import devices_named
from archdsl.ops.base import Trait
from archdsl.rules.base import Finding, Rule, place, trail
from archdsl.rules.facts_paths import head, results, weighted_before
from archdsl.rules.writing import written_width

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case
    from archdsl.source import Span


class MisalignedWidth(Rule):
    """Widths are multiples of 8 where matrix units multiply.

    What: channels and features of weighted layers that are no multiples of 8, when training is in
    half precision (bf16, fp16, amp) or a device that the spec names has `matrix_units=true`, and
    when these layers do more than a hundredth of the multiply-adds (the waists of gates do not).
    The layers that give a result, whose width is that of the targets, do not count, nor do features
    that are transposed into positions.

    Why: matrix units multiply tiles; a width between two multiples is padded to the next, or the
    product falls back to slower kernels. The next multiple costs nothing and has capacity.

    Evidence: NVIDIA, Deep Learning Performance Guide, "Tensor Core Requirements": efficient with
    dimensions that are multiples of 8 in fp16. Karpathy 2023 (nanoGPT): padding a vocabulary from
    50,257 to 50,304 made training about a quarter faster.

    Example:

    ```arch
    arch Example {
      data  table(64)
      train adamw(precision=bf16)
      model = linear(1001) -> relu -> linear(10)
    }
    ```

    Instead: `linear(1008)`

    The fix rounds the widths up where all of them are numbers written in the spec. It is a larger
    model, so it is applied with `--unsafe-fixes` only.
    """

    code = "P707"
    thresholds: ClassVar[Mapping[str, float]] = {"multiple": 8, "share": 0.01}

    def check(self, case: Case) -> Iterable[Finding]:
        where = _matrix_units(case)
        if not where:
            return
        multiple = int(self.settings["multiple"])
        odd = [(step, width) for step, width in _chosen(case) if width % multiple]
        share = sum(own_macs(step.node) for step, _ in odd) / max(case.macs, 1)
        if share <= self.settings["share"]:
            return
        step, width = odd[0]
        yield Finding(
            Severity.NOTE,
            f"{width} channels are no multiple of {multiple}, {where}",
            place(case, step),
            measured=", ".join(str(width) for width in sorted({width for _, width in odd})),
            threshold=f"multiples of {multiple}",
            amount=None,
            help=f"round up: {width} to {_rounded(width, multiple)}",
            fix=_fix(odd, multiple, case),
            also=trail(case, step),
        )


def _matrix_units(case: Case) -> str:
    """Where there are matrix units, or nothing."""
    if case.train is not None and case.train.precision in HALF:
        return f"in {case.train.precision}"
    named = [
        name
        for name, device in devices_named(case.program, case.evaluation.clauses)
        if device.matrix_units
    ]
    return f"on {named[0]}" if named else ""


def _chosen(case: Case) -> list[tuple[Step, int]]:
    """The layers whose width is free, with it: results have that of the targets, and features that
    become positions are as many as these."""
    last = case.fact(head)
    given = {_giving(end, case) for end in case.fact(results)}
    return [
        (step, width)
        for step, width in case.widths
        if step.place not in given and step is not last and not _is_transposed(step, case)
    ]


def _giving(end: int, case: Case) -> int:
    """The layer that gives a result, or INPUT."""
    if is_input(end) or Trait.WEIGHTED in case.steps[end].node.op.traits:
        return end
    return case.fact(weighted_before)[end]


def _is_transposed(step: Step, case: Case) -> bool:
    readers = [case.steps[place].node.op.traits for place in case.flat.readers[step.place]]
    return any(traits.issuperset({Trait.VIEW, Trait.MIXES_POSITIONS}) for traits in readers)


def _rounded(width: int, multiple: int) -> int:
    return -(-width // multiple) * multiple


def _fix(odd: list[tuple[Step, int]], multiple: int, case: Case) -> Fix | None:
    layers: dict[tuple[Span, int], Step] = {(step.node.span, width): step for step, width in odd}
    edits: list[Edit] = []
    for (span, width), step in layers.items():
        here = span.source is case.span.source
        new = _rounded(width, multiple)
        edit = written_width(span, type(step.node.op), width, new) if here else None
        if edit is None:
            return None
        edits.append(edit)
    return Fix(f"round up to multiples of {multiple}", tuple(edits))
