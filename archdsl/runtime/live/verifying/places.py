"""Where in the spec the submodules of a living model stand."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.diagnostics import Diagnostic, Label
from archdsl.graph.flat import Flat
from archdsl.types import Outputs, numel

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from torch import Tensor, nn

    from archdsl.graph.flat import Step
    from archdsl.graph.nodes import Graph
    from archdsl.ops.base import Construct


class Ran(NamedTuple):
    """One call of a submodule in a forward pass, and how many numbers it gave."""

    path: str
    kind: str
    numbers: int


class Places:
    """``steps`` are the ops of the submodules whose place is known, by their paths.

    The submodules of one class that ran are as many as the ops that are written so, and each gave
    as many numbers as its op does: then the one and the other are in the same order.
    """

    def __init__(self, graph: Graph, module: nn.Module, inputs: Sequence[Tensor]) -> None:
        self.graph = graph
        self.flat = Flat(graph)
        self.steps: dict[str, Step] = {}
        wanted: dict[str, list[Step]] = defaultdict(list)
        for step in self.flat.steps:
            made = step.node.op.spelling(*step.node.inputs).module
            if made is not None:
                wanted[_class_of(made)].append(step)
        found: dict[str, list[Ran]] = defaultdict(list)
        for ran in calls(module, inputs):
            found[ran.kind].append(ran)
        for kind, steps in wanted.items():
            if _are_the_same(steps, found[kind]):
                pairs = zip(found[kind], steps, strict=True)
                self.steps.update({ran.path: step for ran, step in pairs})

    def of(self, layer: str) -> Step | None:
        """The op of a submodule, or of the one that it lies in."""
        path = layer
        while path and path not in self.steps:
            path = path.rpartition(".")[0]
        return self.steps.get(path)

    def at(self, finding: Diagnostic, layer: str = "") -> Diagnostic:
        """A finding at a layer, or where that is not known at the model."""
        from dataclasses import replace

        step = self.of(layer)
        if step is None:
            return replace(finding, span=self.graph.model.span)
        placed = replace(finding, span=step.node.span)
        for call in step.calls:
            placed = placed.through(Label(call.span, f"in this call of `{call.block}`"))
        return placed


def calls(module: nn.Module, inputs: Sequence[Tensor]) -> list[Ran]:
    """The submodules in the order in which a forward pass ends them."""
    import torch

    ran: list[Ran] = []

    def noting(path: str, part: nn.Module) -> Any:
        def note(_: Any, __: Any, given: Any) -> None:
            ran.append(Ran(path, type(part).__name__, _numbers(given)))

        return part.register_forward_hook(note)

    hooks = [noting(path, part) for path, part in module.named_modules() if path]
    try:
        with torch.no_grad():
            module(*inputs)
    finally:
        for hook in hooks:
            hook.remove()
    return ran


def first(given: Any) -> Any:
    """The tensor that a submodule gives, of several the first."""
    return given[0] if isinstance(given, tuple) else given


def _numbers(given: Any) -> int:
    import torch

    tensor = first(given)
    return tensor.numel() if isinstance(tensor, torch.Tensor) else 0


def _class_of(made: Construct) -> str:
    """What the class of a submodule is called, once weights of it are made of others."""
    name = made.callee.rpartition(".")[2]
    return f"Parametrized{name}" if made.within else name


def _are_the_same(steps: Sequence[Step], ran: Sequence[Ran]) -> bool:
    if len(steps) != len(ran):
        return False
    return len({*_ratios(steps, ran)}) <= 1


def _ratios(steps: Sequence[Step], ran: Sequence[Ran]) -> Iterable[float]:
    """How many times as many numbers as a sample has each gave."""
    for step, one in zip(steps, ran, strict=True):
        if not isinstance(step.node.out, Outputs):
            yield one.numbers / max(1, numel(step.node.out))
