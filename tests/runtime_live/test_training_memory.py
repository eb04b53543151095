"""What the metric says of training is what training holds: weights, gradients, optimizer state."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest
import torch

from archdsl.cost.metrics.memory import TrainingMemory, training
from archdsl.runtime.live.learning.loop import Training
from archdsl.runtime.live.learning.progress import Options
from archdsl.runtime.live.room import training_bytes
from archdsl.spec.catalog import words
from tests.runtime_live.trained import case

if TYPE_CHECKING:
    from collections.abc import Iterable

    from torch import Tensor

DEVICES = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]
PRECISIONS = ("fp32", "bf16", "fp16", "amp")
VARIANTS = ("sgd(momentum=0.9)", "adam(amsgrad=true)", "rmsprop(momentum=0.9, centered=true)")
OPTIMIZERS = (*(f"{word}(lr=0.001)" for word in words("train")), *VARIANTS)
WIDE = "linear(64) -> relu -> linear(64) -> relu -> linear(classes)"
BY_ROWS = "adafactor"  # what it keeps depends on the shapes of weights


class Held(NamedTuple):
    """Bytes of tensors, as torch has them."""

    weights: int
    gradients: int
    optimizer: int


def _bytes(tensors: Iterable[Tensor]) -> int:
    return sum(tensor.numel() * tensor.element_size() for tensor in tensors)


def _held(it: Training) -> Held:
    parameters = list(it.module.parameters())
    state = [value for one in it.optimizer.state.values() for value in one.values()]
    tensors = [value for value in state if isinstance(value, torch.Tensor) and value.dim()]
    gradients = [value.grad for value in parameters if value.grad is not None]
    return Held(_bytes(parameters), _bytes(gradients), _bytes(tensors))


def _after_a_step(optimizer: str, precision: str, device: str) -> tuple[Held, TrainingMemory]:
    head = optimizer.removesuffix(")")
    given = case(f"{head}, batch=8, precision={precision})", WIDE, device=device)
    train = given.clauses.train
    assert train is not None
    it = Training(given.graph, given.clauses, given.data, Options.of(train), device, None)
    it._step(*next(iter(given.data.training.epoch(0))))
    return _held(it), training(given.graph, train, 8)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("precision", PRECISIONS)
def test_weights_gradients_and_state_are_what_is_told(precision: str, device: str) -> None:
    for optimizer in OPTIMIZERS:
        held, told = _after_a_step(optimizer, precision, device)
        assert held[:2] == told[:2], optimizer
        if optimizer.startswith(BY_ROWS):
            assert held.optimizer < told.optimizer, optimizer
        else:
            assert held.optimizer == told.optimizer, optimizer


def test_mixed_precision_keeps_copies_of_weights_for_backward() -> None:
    """Of those that products read; they are made in the step and freed with its graph."""
    given = case("sgd(batch=8, precision=fp16)", WIDE)
    train = given.clauses.train
    assert train is not None
    it = Training(given.graph, given.clauses, given.data, Options.of(train), "cpu", None)
    (inputs, _) = next(iter(given.data.training.epoch(0)))
    kept: dict[int, Tensor] = {}

    def keep(tensor: Tensor) -> Tensor:
        kept[tensor.data_ptr()] = tensor
        return tensor

    hooks = torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor)
    with hooks, it.precision.computing():
        result = it.module(*it.precision.given(inputs))
    sizes = {tuple(value.shape) for value in it.module.parameters() if value.dim() == 2}
    copies = [t for t in kept.values() if tuple(t.shape) in sizes or tuple(t.T.shape) in sizes]
    copies = [tensor for tensor in copies if tensor.dtype == torch.bfloat16]
    assert copies
    told = training(given.graph, train, 8)
    params = told.weights // 4
    assert _bytes(copies) <= 2 * params
    parameters = {value.data_ptr() for value in it.module.parameters()}
    of_step = _bytes(one for place, one in kept.items() if place not in parameters)
    assert of_step <= told.saved
    assert training_bytes(given.graph, train) <= told.weights + told.gradients + of_step
    assert result.requires_grad
