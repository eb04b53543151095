"""A living model as probes take it: what it runs on, and in which mode."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

from archdsl.runtime.live.batches import random_batch
from archdsl.runtime.live.losses import several
from archdsl.runtime.live.verifying.places import Places, first
from archdsl.types import Nodes, inputs, is_ids

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from torch import Tensor, nn

    from archdsl.graph.flat import Step
    from archdsl.graph.nodes import Graph
    from archdsl.ops.base import Trait
    from archdsl.runtime.live.losses import Loss
    from archdsl.spec.task import Task
    from archdsl.spec.train import Train
    from archdsl.types import TensorType


class Subject:
    """``few`` samples go through the module at once, as many as it is small enough for."""

    def __init__(
        self,
        graph: Graph,
        task: Task | None,
        train: Train | None,
        module: nn.Module,
        loss: Loss,
        few: int,
    ) -> None:
        self.graph = graph
        self.task = task
        self.train = train
        self.module = module
        self.loss = loss
        self.few = few

    @cached_property
    def places(self) -> Places:
        with evaluated(self.module):
            return Places(self.graph, self.module, self.batch())

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        return tuple(self.places.flat.steps)

    @cached_property
    def inputs(self) -> tuple[TensorType, ...]:
        """The types of what flows in; mostly it is one."""
        return tuple(inputs(self.graph.model.takes).values())

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What the inputs are called in the model."""
        return tuple(inputs(self.graph.model.takes))

    @cached_property
    def about(self) -> int:
        """The number of the input that the answers are about."""
        several = self.graph.source.clauses.data.inputs() if self.graph.source else {}
        if self.task is None or len(several) < 2:
            return 0
        about = self.task.subject(self.graph.source.clauses.data)
        return next((n for n, one in enumerate(several.values()) if one is about), 0)

    @property
    def is_causal(self) -> bool:
        """Whether an answer may read nothing behind its own position."""
        return self.task is not None and self.task.looks_back()

    def has(self, trait: Trait) -> bool:
        """Whether an op of the model has a trait."""
        return any(trait in step.node.op.traits for step in self.steps)

    def batch(self, samples: int = 0) -> list[Tensor]:
        """Random data; two of its samples differ in level and contrast, as images do."""
        samples = samples or self.few
        drawn = random_batch(self.graph.model.takes, self.module, samples)
        by_sample = {at for at, takes in enumerate(self.inputs) if not isinstance(takes, Nodes)}
        return [
            _apart(x) if at in by_sample and x.is_floating_point() else x
            for at, x in enumerate(drawn)
        ]

    def answers(self, inputs: Sequence[Tensor]) -> tuple[Tensor, ...]:
        """What it gives, in the mode that it is in, without gradients."""
        import torch

        with torch.no_grad():
            return several(self.module(*inputs))

    def read(self, inputs: list[Tensor], number: int = 0) -> Tensor | None:
        """How strongly its answers depend on each number of an input, or of what an embedding
        makes of it: absolute gradients of a random sum of the answers.

        As large as the input, for ids with an axis of one behind; None where it cannot tell.
        """
        import torch

        if is_ids(self.inputs[number]):
            return self._read_through_embedding(inputs, number)
        x = inputs[number].clone().requires_grad_()
        with torch.enable_grad():
            total = _random_sum(several(self.module(*inputs[:number], x, *inputs[number + 1 :])))
            if not total.requires_grad:
                return None
            gradients: Sequence[Tensor | None] = torch.autograd.grad(total, x, allow_unused=True)
        gradient = gradients[0]
        return torch.zeros_like(x) if gradient is None else gradient.abs()

    def _read_through_embedding(self, inputs: list[Tensor], number: int) -> Tensor | None:
        import torch
        from torch import nn

        kept: list[Tensor] = []
        parts = [part for part in self.module.modules() if isinstance(part, nn.Embedding)]
        if not parts:
            return None

        def keep(_: nn.Module, given: tuple[Tensor, ...], found: Any) -> None:
            if len(inputs) == 1 or given[0] is inputs[number]:
                kept.append(first(found))

        hooks = [
            part.register_forward_hook(keep) for part in parts[: 1 if len(inputs) == 1 else None]
        ]
        try:
            with torch.enable_grad():
                total = _random_sum(several(self.module(*inputs)))
                if not kept or not total.requires_grad:
                    return None
                gradients: list[Tensor | None] = [
                    *torch.autograd.grad(total, kept[0], allow_unused=True)
                ]
        finally:
            for hook in hooks:
                hook.remove()
        gradient = gradients[0]
        if gradient is None:
            return torch.zeros(*inputs[number].shape, 1)
        is_vector_each = gradient.dim() == inputs[number].dim() + 1
        return gradient.abs().sum(-1, keepdim=True) if is_vector_each else None


def _apart(x: Tensor) -> Tensor:
    """Samples that differ in level and contrast."""
    size = (len(x), *(1 for _ in x.shape[1:]))
    return x * (x.new_empty(size).normal_() / 2).exp() + x.new_empty(size).normal_()


def _random_sum(results: tuple[Tensor, ...]) -> Tensor:
    total = results[0].new_zeros(())
    for result in results:
        total = total + (result * result.new_empty(result.shape).normal_()).sum()
    return total


@contextmanager
def evaluated(module: nn.Module) -> Iterator[None]:
    """Inside, the module evaluates; then each of its parts is in its own mode again."""
    modes = {part: part.training for part in module.modules()}
    module.eval()
    try:
        yield
    finally:
        for part, mode in modes.items():
            part.training = mode


def training_without_dropout(module: nn.Module) -> nn.Module:
    """The module in training, except for those of its parts that hold no state at all."""
    for part in module.train().modules():
        if not any(True for _ in part.children()) and not part.state_dict():
            part.eval()
        if isinstance(getattr(part, "dropout", None), float):
            setattr(part, "dropout", 0.0)  # noqa: B010 - attention's and recurrence's own
    return module


def size_of(tensor: Tensor) -> float:
    """The root mean square of its numbers."""
    return float(tensor.detach().double().square().mean().sqrt()) if tensor.numel() else 0.0


def differ(one: tuple[Tensor, ...], other: tuple[Tensor, ...], by: float) -> bool:
    """Whether some number of results is apart by more than a share of their size."""
    return any(
        float((a - b).detach().abs().max()) > by * size_of(a)
        for a, b in zip(one, other, strict=True)
        if a.numel()
    )
