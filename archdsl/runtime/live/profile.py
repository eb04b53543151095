"""Where the time of a training step goes on this machine."""

from __future__ import annotations

import os
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.runtime.live.batches import least_batch, random_batch, samples
from archdsl.runtime.live.layer_times import LayerTime, layer_times, now
from archdsl.runtime.live.learning.freezing import Frozen
from archdsl.runtime.live.losses import random_loss
from archdsl.runtime.live.optimizers import optimizer_of, train_or_adam
from archdsl.runtime.live.room import make_room, room, step_bytes
from archdsl.runtime.live.tasks import loss_of
from archdsl.runtime.module import build

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

    from archdsl.evaluate.program import Clauses
    from archdsl.graph.nodes import Graph

WARM_UP = 2
PRODUCTS = ("conv", "mm", "linear", "lstm", "gru", "rnn", "attention", "bilinear", "einsum")
PARTS = ("data", "forward", "backward", "optimizer")

Draw = Any  # makes the arguments of one forward pass


class OtherSteps(NamedTuple):
    """Seconds of forward, backward and optimizer of steps that are done otherwise, the median of
    several: ``mixed`` in mixed precision, ``half`` with half the batch. None where that fails, or
    there is no half of a batch."""

    mixed: float | None = None
    half: float | None = None


class Profile(NamedTuple):
    """Seconds of each part of a step, the median of several steps.

    ``elementwise`` is the share of forward and backward outside products of matrices and
    convolutions, ``kernel`` the mean seconds of one operation. ``others`` are the same steps done
    otherwise, and ``memory`` is the share of the device's memory that a step takes.
    """

    name: str
    batch: int
    threads: int
    device: str
    steps: int
    parts: dict[str, float]
    layers: tuple[LayerTime, ...]
    elementwise: float
    kernel: float
    data_is_given: bool
    others: OtherSteps
    memory: float | None

    @property
    def step(self) -> float:
        return sum(self.parts.values())

    @property
    def computing(self) -> float:
        """Seconds of a step but for reading its data."""
        return self.step - self.parts["data"]

    def share(self, part: str) -> float:
        """Of a step, what a part of it takes."""
        return self.parts[part] / self.step


def profile(
    graph: Graph, clauses: Clauses, batch: int, steps: int, draw: Callable[[], list[Tensor]] | None
) -> Profile:
    """Time training steps. ``draw`` reads a batch of the user's data; without it the batches are
    random and drawing them is not counted."""
    import torch

    train = train_or_adam(clauses.train)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    make_room(step_bytes(graph, train, batch), f"a training step of {batch}", device)
    torch.manual_seed(0)
    step = Step(graph, clauses, batch, device, draw)
    runs = [step.run() for _ in range(WARM_UP + steps)][WARM_UP:]
    parts = {name: median(run[place] for run in runs) for place, name in enumerate(PARTS)}
    fewer = max(3, steps // 3)
    layers = layer_times(step.module, step.forward, fewer, device)
    elementwise, kernel = _operations(step, fewer)
    others = OtherSteps(_mixed(step, fewer), _half(step, graph, clauses, batch, fewer))
    taken, there = step_bytes(graph, train, batch), room(device)
    return Profile(
        graph.name,
        samples(graph.model.takes, batch),
        torch.get_num_threads(),
        device,
        steps,
        parts,
        layers,
        elementwise,
        kernel,
        draw is not None,
        others,
        taken / there if there else None,
    )


def _mixed(step: Step, steps: int) -> float | None:
    """Seconds of a step whose products are in half precision, as ``precision=amp`` trains."""
    from archdsl.runtime.live.learning.precision import precision_of

    amp = precision_of("amp", step.device)

    def forward() -> Tensor:
        with amp.computing():
            return random_loss(step.module(*step.tensors), step.loss)

    try:
        return _seconds(step, forward, steps)
    except (RuntimeError, TypeError):  # an op that half precision lacks
        return None


def _half(step: Step, graph: Graph, clauses: Clauses, batch: int, steps: int) -> float | None:
    """Seconds of a step of half the batch; the module is the same."""
    half = samples(graph.model.takes, batch) // 2
    if half < least_batch(graph):
        return None
    drawn = random_batch(graph.model.takes, step.module, half)
    tensors = [tensor.to(step.device) for tensor in drawn]
    return _seconds(step, lambda: random_loss(step.module(*tensors), step.loss), steps)


def _seconds(step: Step, forward: Callable[[], Tensor], steps: int) -> float:
    """Of forward, backward and optimizer, the median of several steps."""
    return median([sum(step.timed(forward)) for _ in range(WARM_UP + steps)][WARM_UP:])


class Step:
    """One training step, timed by its parts."""

    def __init__(
        self,
        graph: Graph,
        clauses: Clauses,
        batch: int,
        device: str,
        draw: Callable[[], list[Tensor]] | None,
    ) -> None:
        self.device = device
        self.draw = draw
        train = train_or_adam(clauses.train)
        self.module = build(graph).to(device)
        frozen = Frozen(self.module, graph, train.adapter_rank)
        frozen.in_training()
        self.loss = loss_of(clauses.task, graph.model.out)
        self.optimizer = optimizer_of(train, frozen.trained())
        self.tensors = [t.to(device) for t in random_batch(graph.model.takes, self.module, batch)]

    def run(self) -> tuple[float, ...]:
        """Seconds of data, forward, backward and optimizer."""
        began = now(self.device)
        if self.draw is not None:
            self.tensors = [tensor.to(self.device) for tensor in self.draw()]
        data = now(self.device) - began if self.draw is not None else 0.0
        return (data, *self.timed(self.forward))

    def timed(self, forward: Callable[[], Tensor]) -> tuple[float, ...]:
        """Seconds of a forward pass, backward and optimizer."""
        marks = [now(self.device)]
        loss = forward()
        marks.append(now(self.device))
        loss.backward()  # type: ignore[no-untyped-call]
        marks.append(now(self.device))
        self.optimizer.step()
        self.optimizer.zero_grad()
        marks.append(now(self.device))
        return tuple(after - before for before, after in pairwise(marks))

    def forward(self) -> Tensor:
        """The loss of the batch at hand."""
        return random_loss(self.module(*self.tensors), self.loss)


def _operations(step: Step, times: int) -> tuple[float, float]:
    """The share of a step's operations that are no products, and their mean seconds."""
    os.environ.setdefault("KINETO_LOG_LEVEL", "99")  # it would tell of its own start and stop
    from torch.profiler import ProfilerActivity
    from torch.profiler import profile as record

    with record(activities=[ProfilerActivity.CPU]) as recorded:
        for _ in range(times):
            step.forward().backward()  # type: ignore[no-untyped-call]
    events = [e for e in recorded.key_averages() if e.key.startswith("aten::")]
    total = sum(e.self_cpu_time_total for e in events)
    products = sum(e.self_cpu_time_total for e in events if _is_product(e.key))
    count = sum(e.count for e in events)
    return 1 - products / max(total, 1e-9), total / 1e6 / max(count, 1)


def _is_product(name: str) -> bool:
    return any(word in name for word in PRODUCTS)
