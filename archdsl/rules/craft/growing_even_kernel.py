"""P710: even kernels that grow the map by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.diagnostics import Severity
from archdsl.graph.nodes import once
from archdsl.rules.base import Finding, Rule, place, trail
from archdsl.types import spatial

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.graph.flat import Step
    from archdsl.graph.nodes import OpNode
    from archdsl.rules.case import Case


class GrowingEvenKernel(Rule):
    """An even kernel with a stride of 1 has no middle.

    What: convolutions and pooling with an even kernel, a stride of 1 and a padding left to itself,
    which give one position more than they take.

    Why: an even kernel cannot be put around evenly: half of it on each side is one position too
    many. TensorFlow's SAME puts one more behind than before and keeps the size; PyTorch's default
    puts none and loses some. Whoever expects one of the two gets another size, silently.

    Evidence: Wu et al. 2019 (arXiv:1903.08385), Convolution with even-sized kernels and symmetric
    padding: even kernels shift what they see, and the shift adds up over layers.

    Example:

    ```arch
    arch Example {
      data  image(3, 32, 32)
      model = conv(16, 4)
    }
    ```

    Instead: `conv(16, 3)` or `conv(16, 5)`, which keep it
    """

    code = "P710"

    def check(self, case: Case) -> Iterable[Finding]:
        for copies in case.written.values():
            grown = [step for step in copies if _grows(step.node)]
            if grown:
                yield _finding(case, grown[0])


@once
def _grows(node: OpNode) -> bool:
    """Whether an op whose padding is left to itself gives more positions at a stride of 1."""
    left = getattr(node.op, "padding", 0) is None
    return left and set(_each(node, "stride")) == {1} and _grown(node) is not None


def _each(node: OpNode, name: str) -> tuple[int, ...]:
    """What an argument of an op is along each axis of the positions; 1 where it has none."""
    told = getattr(node.op, name, 1)
    return told if isinstance(told, tuple) else (told,) * len(spatial(node.inputs[0]))


def _grown(node: OpNode) -> int | None:
    """The first axis along which there are more positions than before."""
    sizes = zip(spatial(node.inputs[0]), spatial(node.out), strict=True)
    return next((axis for axis, (before, after) in enumerate(sizes) if after > before), None)


def _finding(case: Case, step: Step) -> Finding:
    axis = _grown(step.node) or 0
    before, after = spatial(step.node.inputs[0])[axis], spatial(step.node.out)[axis]
    kernels, dilations = _each(step.node, "kernel"), _each(step.node, "dilation")
    reach = [(kernel - 1) * apart for kernel, apart in zip(kernels, dilations, strict=True)]
    pad = f"pad({_sizes([n // 2 for n in reach])}, after={_sizes([n - n // 2 for n in reach])})"
    text = step.node.span.text
    bare = f"{text[:-1]}, padding=0)" if text.endswith(")") else text
    return Finding(
        Severity.NOTE,
        f"an even kernel turns {before} positions into {after}",
        place(case, step),
        measured=f"{before} become {after}",
        threshold="as many positions as before, or a padding that says otherwise",
        amount=None,
        help=f"TensorFlow's SAME keeps {before}: `{pad} -> {bare}`; PyTorch's default gives "
        f"{before - reach[axis]}: `{bare}`; an odd kernel keeps {before} as it is",
        also=trail(case, step),
    )


def _sizes(each: list[int]) -> str:
    """One number for all axes, or ``size(1, 0)``."""
    return f"size({', '.join(map(str, each))})" if len(set(each)) > 1 else str(each[0])
