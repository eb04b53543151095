"""The model itself, trained on the same split and budget as its baselines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.cost.counts import macs
from archdsl.runtime.live.batches import least_batch
from archdsl.runtime.live.ladder import Clock, Diverged
from archdsl.runtime.live.losses import CROSS_ENTROPY, LOGISTIC, loss_of, several
from archdsl.runtime.live.optimizers import optimizer_of
from archdsl.runtime.live.room import make_room, step_bytes
from archdsl.runtime.module import build

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor, nn

    from archdsl.graph.nodes import Graph
    from archdsl.runtime.live.data.samples import Array
    from archdsl.runtime.live.ladder import Budget, Predict
    from archdsl.runtime.live.losses import Loss
    from archdsl.runtime.live.splits import Split
    from archdsl.spec.task import Task
    from archdsl.spec.train import Train

SEEN_AT_ONCE = 256  # in evaluation
WORTH_A_THREAD = 10**9  # multiply-accumulates of a batch; below it, threads wait for each other


def train(graph: Graph, task: Task, train: Train, split: Split, budget: Budget) -> Predict:
    """A trained model as a function from inputs to class numbers or standardised targets."""
    import torch

    make_room(step_bytes(graph, train, budget.batch), f"training {graph.name}")
    torch.manual_seed(split.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    module = build(graph).to(device)
    loss = loss_of(task, graph.model.out)
    if macs(graph) * budget.batch < WORTH_A_THREAD:
        torch.set_num_threads(1)
    clock = Clock(budget)
    optimizer = optimizer_of(train, module.parameters())
    for x, y in _batches(split, budget, least_batch(graph), device):
        optimizer.zero_grad()
        loss(several(module(x))[0], _target(loss, y)).backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        if clock.is_over:
            break
    return lambda x: _predicted(module.eval(), x, loss, device)


def _target(loss: Loss, y: Tensor) -> Tensor:
    """Targets as the loss takes them."""
    return y.float()[:, None] if loss.name == LOGISTIC else y


def _batches(
    split: Split, budget: Budget, least: int, device: str
) -> Iterator[tuple[Tensor, Tensor]]:
    """Shuffled batches of every epoch; what is left over is left out where it is too little to
    train on."""
    import torch

    x, y = (torch.from_numpy(part).to(device) for part in split.learn)
    y = y if split.classes else y.float()
    for _ in range(budget.epochs):
        order = torch.randperm(len(y), device=device)
        for places in torch.split(order, max(budget.batch, least)):
            if len(places) >= least:
                yield x[places], y[places]


def _predicted(module: nn.Module, x: Array, loss: Loss, device: str) -> Array:
    """Raises :class:`Diverged` when the model gives something that is no number."""
    import torch

    tensor = torch.from_numpy(x).to(device)
    with torch.no_grad():
        results = torch.cat(
            [several(module(part))[0] for part in torch.split(tensor, SEEN_AT_ONCE)]
        )
    if not results.isfinite().all():
        raise Diverged
    if loss.name == LOGISTIC:
        results = (results[:, 0] > 0).long()
    elif loss.name == CROSS_ENTROPY:
        results = results.argmax(-1)
    found: Array = results.cpu().numpy()
    return found
