"""The emitted module held to its prediction and to what a sound one does, on random batches."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from archdsl.cost.counts import macs, params
from archdsl.cost.metrics.memory import training
from archdsl.cost.saved import saved_for_backward
from archdsl.runtime.live.batches import least_batch, random_batch, samples, sizes
from archdsl.runtime.live.counting import counted
from archdsl.runtime.live.gradients import probes
from archdsl.runtime.live.learning.initial import redraw
from archdsl.runtime.live.losses import random_loss, several
from archdsl.runtime.live.probes import probed
from archdsl.runtime.live.room import make_room
from archdsl.runtime.live.tasks import loss_of
from archdsl.runtime.live.verdicts import FINE, VANISHING, judge, overall
from archdsl.runtime.live.verifying.fitting import RATES, SECONDS, fit
from archdsl.runtime.live.verifying.stepping import stepped
from archdsl.runtime.live.verifying.subject import Subject, size_of, training_without_dropout
from archdsl.runtime.live.verifying.telling import CODES, excused, findings_of, told_of_fit
from archdsl.runtime.live.verifying.verification import Claim, Verification, has_errors
from archdsl.runtime.module import build

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor, nn

    from archdsl.diagnostics import Diagnostic
    from archdsl.graph.nodes import Graph
    from archdsl.runtime.live.gradients import LayerGradient
    from archdsl.runtime.live.losses import Loss
    from archdsl.spec.task import Task
    from archdsl.spec.train import Train

KEPT_BYTES = 2**30  # what a default batch may keep for its backward pass
WORK = 40e9  # and the multiply-accumulates of its forward pass
USUAL = 16  # samples of a batch where the spec does not say
FEW = 4  # samples of a probe
WARMING = 3  # steps of training, before gradients are looked at
WARM_RATE = 1e-4  # of Adam, in these: norms behind the sums need a warm-up for more
WARM_BATCH = 8  # samples of each of them, at most
LEAST = 2  # however large the model, so that a batch is one, unless the spec's batch is smaller


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
    graph: Graph,
    task: Task | None,
    batch: int,
    rounds: int = 2,
    gradients: bool = True,
    train: Train | None = None,
    seconds: float = SECONDS,
    fits: bool = True,
) -> Verification:
    """Build, run and compare; then probe what is built, and teach it a few answers.

    ``rounds`` batches go forward and back, after :data:`WARMING` steps of training; without
    ``gradients`` one goes forward only, and nothing else is looked at. Norms train; dropout and
    stochastic depth, which in a small batch may drop a branch for every sample, rest. ``seconds``
    are the most that a fit may take; without ``fits`` there is none. The same design gives the same
    verdict, unless the seconds run out.
    """
    import torch

    make_room(training(graph, None, batch).total, f"a batch of {batch} through {graph.name}")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        module = training_without_dropout(build(graph))
        loss = loss_of(task, graph.model.out)
        with torch.set_grad_enabled(gradients):
            results, flops = _counted_run(module, graph, batch)
        claims = tuple(_claims(graph, module, batch, results, flops))
        subject = Subject(graph, task, train, module, loss, _few(graph, batch))
        found = Verification(graph.name, batch, loss.name, claims)
        if gradients and any(result.requires_grad for result in results):
            del results
            found = _judged(found, subject, rounds)
        elif not gradients:
            return found._replace(findings=tuple(findings_of(found, subject.places)))
        told = [*findings_of(found, subject.places), *probed(subject)]
        if _is_broken(told):
            told = [one for one in told if one.code not in CODES.values()]
        elif fits and found.layers:
            found, told = _taught(found, told, subject, seconds)
        return found._replace(findings=tuple(told))


def _taught(
    found: Verification, told: list[Diagnostic], subject: Subject, seconds: float
) -> tuple[Verification, list[Diagnostic]]:
    """With what learning a few answers by heart tells.

    Where gradients are at fault already one rate is tried, and only success tells anything: that
    the model learns in spite of layers that get nothing, which then are a warning.
    """
    training_without_dropout(subject.module)
    is_told = has_errors([one for one in told if one.code in CODES.values()])
    taught = fit(subject, seconds, RATES[:1] if is_told else RATES)
    found = found._replace(fit=taught)
    if not is_told:
        told = [*told, *filter(None, (told_of_fit(taught, subject), stepped(subject)))]
    elif taught is not None and taught.fits:
        told = [excused(one) for one in told]
    return found, told


def _few(graph: Graph, batch: int) -> int:
    """Samples of a probe: as many as tell, and no more than a step takes."""
    return max(least_batch(graph), min(batch, FEW))


def _is_broken(told: Sequence[Diagnostic]) -> bool:
    """Whether numbers that are none leave nothing to learn."""
    return any(found.code == "V301" for found in told)


def _judged(found: Verification, subject: Subject, rounds: int) -> Verification:
    """With the gradients of its layers after a few steps; where they vanish the module starts anew
    as He does, and keeps what it comes to if that is fine."""
    module = subject.module
    fresh = {name: value.clone() for name, value in module.state_dict().items()}
    trial = GradientProbe(module, subject.graph, found.batch, subject.loss, rounds)
    layers = trial.gradients()
    verdicts, he = tuple(judge(layers)), None
    module.load_state_dict(fresh)
    if overall(verdicts).word == VANISHING:
        start_as_he(module)
        as_he = {name: value.clone() for name, value in module.state_dict().items()}
        he = overall(judge(trial.gradients()))
        module.load_state_dict(as_he if he.word == FINE else fresh)
    module.zero_grad(set_to_none=True)
    return found._replace(layers=layers, verdicts=verdicts, he=he)


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
        Claim("FLOPs", 2 * macs(graph, in_use=False), flops / samples(takes, batch)),
    ]


class GradientProbe(NamedTuple):
    """Batches of a module that go forward and back."""

    module: nn.Module
    graph: Graph
    batch: int
    loss: Loss
    rounds: int

    def gradients(self) -> tuple[LayerGradient, ...]:
        """What reaches each layer's weights once it has been trained for a few steps, those that
        it never reads left out. A branch that begins at nothing has grown by then."""
        import torch

        optimizer = torch.optim.Adam(self.module.parameters(), lr=WARM_RATE)
        watched = probes(self.module)
        start: list[float] = []
        hooks = [probe.owner.register_forward_pre_hook(probe.called) for probe in watched]
        for _ in range(WARMING):
            self._back(max(min(self.batch, WARM_BATCH), least_batch(self.graph)))
            start = start or [_gradient(probe.weight) for probe in watched]
            optimizer.step()
        for hook in hooks:
            hook.remove()
        for _ in range(self.rounds):
            self._back(self.batch)
            for probe in watched:
                probe.add()
        return tuple(
            probe.result()._replace(start=began)
            for probe, began in zip(watched, start, strict=True)
            if not probe.is_unread
        )

    def _back(self, batch: int) -> None:
        self.module.zero_grad()
        results = _run(self.module, self.graph, batch)
        random_loss(results, self.loss).backward()  # type: ignore[no-untyped-call]


def _gradient(weight: Tensor) -> float:
    """The root mean square of a weight's gradient."""
    return 0.0 if weight.grad is None else size_of(weight.grad)


def start_as_he(module: nn.Module) -> None:
    """Weights of convolutions and linear layers drawn as He et al. (2015) do, biases zero."""
    from torch import nn

    for part in module.modules():
        if isinstance(part, nn.Linear | nn.modules.conv._ConvNd):
            redraw(part, partial(nn.init.kaiming_normal_, nonlinearity="relu"))
            if part.bias is not None:
                nn.init.zeros_(part.bias)
