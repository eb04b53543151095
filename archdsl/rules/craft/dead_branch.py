"""P706: layers whose result goes nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.diagnostics import Amount, Edit, Fix, Label, Severity
from archdsl.evaluate.results import UNNAMED
from archdsl.graph.nodes import Chain
from archdsl.ops.base import Trait
from archdsl.rules.base import Finding, Rule, count, place, trail
from archdsl.rules.facts_lets import unread
from archdsl.rules.writing import without

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case
    from archdsl.rules.facts_lets import Unread
    from archdsl.source import Span


class DeadBranch(Rule):
    """Everything in a spec reaches the output.

    What: a `let` of a body that holds a tensor and that nothing reads on the way to the result;
    steps of a chain before a choice that reads names alone; and weighted layers whose every path
    to the output goes through zeros, constants or learned tensors. A `let` that only some values of
    a parameter or some choices leave out, or whose shape is asked, is not dead, nor is
    what leads to a result called `_`.

    Why: what does not reach the output has no gradient and is not built, so that the spec says
    something that the model is not. Mostly a step of a chain was forgotten.

    Evidence: the graph itself. Compilers warn of unused variables for the same reason; PyTorch's
    DistributedDataParallel stops on parameters that get no gradient unless told to look for them.

    Example:

    ```arch
    arch Example {
      data  image(64, 32, 32)
      model {
        let skip = conv(64, 1)
        return add(x, conv(64, 3))
      }
    }
    ```

    Instead: `let skip = conv(64, 1) return add(skip, conv(64, 3))`, or no `let`

    The fix takes the `let` away. It is safe: the model stays what it is. Where a choice goes with
    it, designs change, and the fix is applied with `--unsafe-fixes` only. Of a `let` that takes
    several results apart, what nothing reads gets `_` for a name; submodules are called after the
    others then, so that is unsafe, too.
    """

    code = "P706"

    def check(self, case: Case) -> Iterable[Finding]:
        for bindings in case.fact(unread):
            yield _unread(bindings, case)
        yield from _thrown_away(case)
        told = set()
        for step in _zeroed(case):
            if step.node.span not in told:
                told.add(step.node.span)
                yield _lost(step, case)


def _unread(bindings: tuple[Unread, ...], case: Case) -> Finding:
    names = " and ".join(f"`{binding.name}`" for binding in bindings)
    first, *others = bindings
    here = first.span.source is case.span.source
    asked = [point.span for _, point, _ in case.evaluation.asked]
    chosen = any(_holds(binding.span, span) for binding in bindings for span in asked)
    title = f"remove {names}"
    results = [binding for binding in bindings if binding.is_result]
    edits = without(b.span for b in bindings if not b.is_result)
    edits += tuple(Edit(binding.span, UNNAMED) for binding in results)
    what = "let"
    if len(results) == len(bindings):
        what = "result"
        title = f"write `{UNNAMED}` in place of {names}"
    return Finding(
        Severity.WARNING,
        f"{names} {'never reaches' if not others else 'never reach'} the result",
        first.span,
        measured=f"{count(len(bindings), what)} without a reader",
        threshold="a path to the result",
        amount=Amount(len(bindings), 0),
        help=f"{title}, or read what it holds",
        fix=Fix(title, edits, safe=not chosen and not results) if here else None,
        also=tuple(Label(binding.span, "nor does this") for binding in others),
    )


def _thrown_away(case: Case) -> Iterator[Finding]:
    """Steps whose result the next one ignores, with the choices of this design."""
    chains = [node for node in case.nodes if isinstance(node, Chain) and node.dead]
    for chain in {chain.span: chain for chain in chains}.values():
        reader = chain.steps[0]
        yield Finding(
            Severity.WARNING,
            "what this layer gives is thrown away by the one behind it",
            chain.dead[-1].span,
            measured="no path to the output",
            threshold="a path to the output",
            amount=None,
            help="let what follows read it, for instance by `identity` in its merge, or remove it",
            also=(Label(reader.span, "this reads names alone"),),
        )


def _holds(outer: Span, inner: Span) -> bool:
    return inner.source is outer.source and inner.start in range(outer.start, outer.end)


def _zeroed(case: Case) -> list[Step]:
    """The weighted layers that nothing but constants is made of. What leads to a result that
    nothing reads is none of them: that result is told of, or its author called it `_`."""
    output = case.flat.output
    read = _reaching(output, case.flat.steps)
    live = _reaching(output, [step for step in case.steps if not _is_constant(step)])
    lost = read - live
    return [step for step in case.weighted if step.place in lost]


def _is_constant(step: Step) -> bool:
    """Whether its result is the same whatever flows in."""
    return Trait.CONSTANT in step.node.op.traits


def _reaching(output: int, steps: Sequence[Step]) -> set[int]:
    """The places from which a path through some steps leads to the output."""
    found = {output}
    for step in reversed(steps):
        if step.place in found:
            found.update(step.inputs)
    return found


def _lost(step: Step, case: Case) -> Finding:
    return Finding(
        Severity.WARNING,
        "the result of this layer is replaced by what is the same whatever flows in",
        place(case, step),
        measured="no path to the output",
        threshold="a path to the output",
        amount=None,
        help="remove it, or the `zero`, `constant` or `parameter` behind it",
        also=trail(case, step),
    )
