"""The emitted module held to its prediction: one random batch forward and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.cost.counts import macs, params
from archdsl.cost.metrics.memory import training
from archdsl.cost.saved import saved_for_backward
from archdsl.runtime.live.batches import least_batch, random_batch, samples, sizes
from archdsl.runtime.live.counting import counted
from archdsl.runtime.live.gradients import probes
from archdsl.runtime.live.losses import loss_of, random_loss, several
from archdsl.runtime.live.room import make_room
from archdsl.runtime.live.verdicts import FINE, VANISHING, Verdict, judge, overall
from archdsl.runtime.module import build

if TYPE_CHECKING:
    from torch import Tensor, nn

    from archdsl.graph.nodes import Graph
    from archdsl.runtime.live.gradients import LayerGradient
    from archdsl.runtime.live.losses import Loss
    from archdsl.spec.task import Task
    from archdsl.spec.train import Train

KEPT_BYTES = 2**30  # what a default batch may keep for its backward pass
WORK = 40e9  # and the multiply-accumulates of its forward pass
USUAL = 16  # samples of a batch where the spec does not say
LEAST = 2  # however large the model, so that a batch is one, unless the spec's batch is smaller


class Claim(NamedTuple):
    """One prediction beside what was measured; FLOPs are those of one sample's forward pass."""

    name: str
    predicted: Any
    measured: Any

    @property
    def agrees(self) -> bool:
        return bool(self.predicted == self.measured)


class Verification(NamedTuple):
    """``layers`` and ``verdicts`` are empty when no gradients were asked for, or nothing learns.

    ``he`` is the verdict after He's initialisation, tried when gradients vanish with PyTorch's own:
    it tells weights that start too small from an architecture that cannot be trained.
    """

    name: str
    batch: int
    loss: str
    claims: tuple[Claim, ...]
    layers: tuple[LayerGradient, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    he: Verdict | None = None

    @property
    def gradients(self) -> Verdict | None:
        """The verdict over all layers."""
        return overall(self.verdicts) if self.verdicts else None

    @property
    def agrees(self) -> bool:
        """Whether every prediction holds and the gradients are fine."""
        healthy = FINE in {v.word for v in (self.gradients, self.he) if v} or not self.layers
        return healthy and all(claim.agrees for claim in self.claims)


def usual_batch(graph: Graph, train: Train | None = None, more: int = 1) -> int:
    """The batch of the spec, or the usual one where it has none; fewer samples for large models, to
    keep the check quick. ``more`` times as many are quick enough for some.

    Where a norm could not train on so few, as many as it takes.
    """
    kept = max(saved_for_backward(graph).bytes(1), 1)
    fits = min(KEPT_BYTES // kept, int(WORK // max(macs(graph), 1)))
    wanted = train.batch if train is not None else USUAL
    return max(min(wanted, LEAST), min(wanted, more * fits), least_batch(graph))


def verify(
    graph: Graph, task: Task | None, batch: int, rounds: int = 2, gradients: bool = True
) -> Verification:
    """Build, run and compare. ``rounds`` batches go forward and back; without ``gradients`` one
    goes forward only. Norms train; dropout and stochastic depth, which in a small batch may drop
    a branch for every sample, rest."""
    import torch

    make_room(training(graph, None, batch).total, f"a batch of {batch} through {graph.name}")
    torch.manual_seed(0)
    module = training_without_dropout(build(graph))
    loss = loss_of(task, graph.model.out)
    with torch.set_grad_enabled(gradients):
        results, flops = _counted_run(module, graph, batch)
    claims = tuple(_claims(graph, module, batch, results, flops))
    if not gradients or not any(result.requires_grad for result in results):
        return Verification(graph.name, batch, loss.name, claims)
    trial = GradientProbe(module, graph, batch, loss, rounds)
    layers = trial.gradients(results)
    verdicts = tuple(judge(layers))
    he = None
    if overall(verdicts).word == VANISHING:
        start_as_he(module)
        he = overall(judge(trial.gradients()))
    return Verification(graph.name, batch, loss.name, claims, layers, verdicts, he)


def _counted_run(module: nn.Module, graph: Graph, batch: int) -> tuple[tuple[Tensor, ...], int]:
    with counted(module) as counter:
        results = _run(module, graph, batch)
    return results, counter.get_total_flops()


def _run(module: nn.Module, graph: Graph, batch: int) -> tuple[Tensor, ...]:
    return several(module(*random_batch(graph.model.takes, module, batch)))


def _claims(
    graph: Graph, module: nn.Module, batch: int, results: tuple[Tensor, ...], flops: int
) -> list[Claim]:
    takes, out = graph.model.takes, graph.model.out
    held = sum(parameter.numel() for parameter in module.parameters())
    return [
        Claim("output", sizes(out, takes, batch), tuple(tuple(r.shape) for r in results)),
        Claim("parameters", params(graph), held),
        Claim("FLOPs", 2 * macs(graph), flops / samples(takes, batch)),
    ]


def training_without_dropout(module: nn.Module) -> nn.Module:
    """The module in training, except for those of its parts that hold no state at all."""
    for part in module.train().modules():
        if not any(True for _ in part.children()) and not part.state_dict():
            part.eval()
    return module


class GradientProbe(NamedTuple):
    """Batches of a module that go forward and back."""

    module: nn.Module
    graph: Graph
    batch: int
    loss: Loss
    rounds: int

    def gradients(self, results: tuple[Tensor, ...] | None = None) -> tuple[LayerGradient, ...]:
        """What reaches each layer's weights, those that it never reads left out; the first batch
        may have gone forward already."""
        watched = probes(self.module)
        for _ in range(self.rounds):
            results = results or _run(self.module, self.graph, self.batch)
            self.module.zero_grad()
            random_loss(results, self.loss).backward()  # type: ignore[no-untyped-call]
            results = None
            for probe in watched:
                probe.add()
        return tuple(probe.result() for probe in watched if not probe.is_unread)


def start_as_he(module: nn.Module) -> None:
    """Weights of convolutions and linear layers drawn as He et al. (2015) do, biases zero."""
    from torch import nn

    for part in module.modules():
        if isinstance(part, nn.Linear | nn.modules.conv._ConvNd):
            nn.init.kaiming_normal_(part.weight, nonlinearity="relu")
            if part.bias is not None:
                nn.init.zeros_(part.bias)
