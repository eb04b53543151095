"""The training loop."""

from __future__ import annotations

import math
import time
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING

from archdsl.emit.pytorch import emit
from archdsl.runtime.extras import BadInput
from archdsl.runtime.live.learning.batches import mixed
from archdsl.runtime.live.learning.checkpoints import (
    Snapshot,
    named,
    optimizer_tensors,
    read,
    remember,
    write,
)
from archdsl.runtime.live.learning.freezing import Frozen
from archdsl.runtime.live.learning.initial import initialised
from archdsl.runtime.live.learning.measuring import answers, measured
from archdsl.runtime.live.learning.metric import heads, judges_of, metrics_of
from archdsl.runtime.live.learning.precision import precision_of
from archdsl.runtime.live.learning.progress import (
    DIVERGED,
    FINISHED,
    PATIENCE,
    STOPPED,
    TIME,
    Epoch,
    Learned,
    Options,
    Stopped,
    best_of,
    unsound,
)
from archdsl.runtime.live.learning.schedules import schedule_of
from archdsl.runtime.live.learning.settled import device_of, seed_all, settled
from archdsl.runtime.live.learning.started import take
from archdsl.runtime.live.losses import several
from archdsl.runtime.live.optimizers import optimizer_of, train_or_adam
from archdsl.runtime.live.room import make_room, training_bytes
from archdsl.runtime.live.tasks import loss_of
from archdsl.runtime.module import build

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from torch import Tensor, nn

    from archdsl.evaluate.program import Clauses
    from archdsl.graph.nodes import Graph
    from archdsl.runtime.live.learning.batches import Batches
    from archdsl.runtime.live.learning.splits import Splits
    from archdsl.runtime.live.learning.started import Start

LOOKED_AT = 50  # steps, after which it is seen whether the loss is still a number


def learn(
    graph: Graph,
    clauses: Clauses,
    data: Splits,
    options: Options | None = None,
    report: Callable[[Epoch], None] | None = None,
    checkpoint: Path | None = None,
    module: nn.Module | None = None,
    start: Start | None = None,
) -> Learned:
    """Train a model as its clauses say, with Adam where they say nothing.

    ``report`` is told of each epoch, and may raise :class:`Stopped` to end the training; what else
    it raises goes on to the caller. ``checkpoint`` is a file that holds the training after each
    epoch: where there is one, training goes on from it, and comes to what it would have come to
    undisturbed (to the bit on a processor). ``module`` is trained instead of a new one; ``start``
    are weights that a new one begins with.

    Raises :class:`BadInput` for a device that is not there, a warm-up that never ends, too little
    memory, weights to start from that do not fit, nothing to train, or a checkpoint of another
    training.
    """
    options = options or Options.of(train_or_adam(clauses.train))
    device = device_of(options.device)
    batch = train_or_adam(clauses.train).batch
    with settled(graph, batch, device):
        training = Training(graph, clauses, data, options, device, module, start)
        if checkpoint is not None:
            training.resume(checkpoint)
        training.run(report, checkpoint)
        return training.learned()


class Training:
    """A training under way: the model, what changes it, and the epochs so far."""

    def __init__(
        self,
        graph: Graph,
        clauses: Clauses,
        data: Splits,
        options: Options,
        device: str,
        module: nn.Module | None,
        start: Start | None = None,
    ) -> None:

        train = train_or_adam(clauses.train)
        make_room(training_bytes(graph, train), f"training {graph.name}", device)
        seed_all(options.seed, device)
        self.graph, self.clauses, self.data, self.options = graph, clauses, data, options
        self.train = train
        self.precision = precision_of(train.precision, device, train.loss_scaling)
        made = initialised(build(graph), train.init) if module is None else module
        self.module = self.precision.placed(made)
        self.loss = loss_of(clauses.task, graph.model.out)
        self.frozen = Frozen(self.module, graph, train.adapter_rank)
        self.start_digest = ""
        if start is not None:
            take(self.module, start, self.frozen.tensors)
            self.start_digest = start.digest
        self.optimizer = optimizer_of(train, self.frozen.trained())
        self.scaler = self.precision.scaler()
        self.schedule = schedule_of(train, self.optimizer, options.epochs, len(data.training))
        self.judges = judges_of(clauses.task)
        wanted = options.metrics or metrics_of(clauses.task)
        self.metrics = tuple(dict.fromkeys((*self.judges, *wanted)))
        self.epochs: list[Epoch] = []
        self.best: dict[str, Tensor] = {}
        self.best_epoch = 0
        self.ended = self.reason = ""
        self.is_cut = False  # whether the last epoch had no time for all samples
        self.before = 0.0  # seconds, in runs that were interrupted
        self.start = time.perf_counter()

    @property
    def seconds(self) -> float:
        """Those that training took so far."""
        return self.before + time.perf_counter() - self.start

    @property
    def is_late(self) -> bool:
        limit = self.options.seconds
        return limit is not None and time.perf_counter() - self.start > limit

    def run(self, report: Callable[[Epoch], None] | None, checkpoint: Path | None) -> None:
        """Train until something ends it."""
        while not self.ended:
            before = len(self.epochs)
            self._go_on(before + 1)
            if checkpoint is not None and not self.is_cut and self.ended != TIME:
                write(checkpoint, self.snapshot())
            if report is not None and len(self.epochs) > before:
                try:
                    report(self.epochs[-1])
                except Stopped as stop:
                    self._end(STOPPED, str(stop) or "what it reports to stopped it")

    def _go_on(self, number: int) -> None:
        """The next epoch, or the end where there is none."""
        if self.is_cut or (self.is_late and self.epochs):
            self._end(TIME, f"{self.options.seconds:g} seconds are over")
        elif number > self.options.epochs:
            self._end(FINISHED, f"all {self.options.epochs} epochs are over")
        else:
            self._epoch(number)

    def _end(self, ended: str, reason: str) -> None:
        self.ended, self.reason = ended, reason

    def _epoch(self, number: int) -> None:
        """Train once on all samples, or on as many as there is time for, and measure."""
        loss = self._trained(number)
        if unsound([loss]):
            self._end(DIVERGED, f"the loss was {loss} in epoch {number}")
            return
        validation = self.measured(self.data.validation, self.metrics)
        if unsound(validation[word] for word in self.judges if validation):
            self._end(
                DIVERGED, f"the validation loss was {validation['loss']} after epoch {number}"
            )
            return
        rate = self.optimizer.param_groups[0]["lr"]
        self.epochs.append(Epoch(number, loss, validation, rate, self.seconds))
        self.best_epoch = best_of(self.epochs, self.judges)
        if self.best_epoch == number and validation:
            self.best = {name: value.clone() for name, value in self.module.state_dict().items()}
        patience = self.train.patience
        if patience is not None and validation and number - self.best_epoch >= patience:
            self._end(PATIENCE, f"{patience} epochs brought nothing better than {self.best_epoch}")

    def _trained(self, number: int) -> float:
        """The mean loss over an epoch's batches; what is no number ends it at once."""

        seed = mixed(self.options.seed, number)
        seed_all(seed, self.precision.device)
        self.frozen.in_training()
        total, step = 0.0, (number - 1) * len(self.data.training)
        losses: list[Tensor] = []
        counts: list[int] = []
        for place, (inputs, targets) in enumerate(self.data.training.epoch(seed)):
            self.schedule.is_constant or self.schedule.set(self.optimizer, step + place)
            losses.append(self._step(inputs, targets))
            counts.append(len(targets))
            if len(losses) == LOOKED_AT:
                total += weighed(losses, counts)
                losses.clear()
                if not math.isfinite(total):
                    return total
            if self.is_late:
                self.is_cut = True
                break
        return (total + weighed(losses, counts)) / max(sum(counts), 1)

    def _step(self, inputs: tuple[Tensor, ...], targets: Tensor) -> Tensor:
        """The loss of a batch, before the weights were changed by it."""
        import torch

        self.optimizer.zero_grad()
        with self.precision.computing():
            results = several(self.module(*self.precision.given(inputs)))
        loss = self.loss.of_all([result.float() for result in results], targets)
        self.scaler.scale(loss).backward()
        if self.train.clip is not None:
            self.scaler.unscale_(self.optimizer)
            torch.nn.utils.clip_grad_norm_(self.module.parameters(), self.train.clip)
        self.scaler.step(self.optimizer)
        self.scaler.update()
        return loss.detach()

    def measured(
        self, batches: Batches | None, words: tuple[str, ...], by_step: bool = False
    ) -> dict[str, float]:
        """Metrics of the model as it is, nothing where there are no samples."""
        if batches is None:
            return {}
        given = answers(self.module, batches, self.loss, self.precision)
        widths = {
            name: 0 if task is None else task.classes_of(self.clauses.data)
            for name, task in heads(self.clauses.task)
        }
        return measured(words, widths, given, by_step)

    def snapshot(self) -> Snapshot:
        """The training as it stands."""
        is_best = self.best_epoch == len(self.epochs)
        tensors = {
            **named("model", self.module.state_dict()),
            **named("best", {} if is_best else self.best),
            **named("optimizer", optimizer_tensors(self.optimizer, self.module)),
        }
        told = {
            "of": self._identity(),
            "epochs": [epoch._asdict() for epoch in self.epochs],
            "ended": self.ended,
            "reason": self.reason,
            "seconds": self.seconds,
            "scaler": self.scaler.state_dict(),
        }
        return Snapshot(tensors, told)

    def resume(self, path: Path) -> None:
        """Go on from a snapshot in a file, if there is one."""
        snapshot = read(path)
        if snapshot is None:
            return
        told = snapshot.told
        if told.get("of") != self._identity():
            raise BadInput(f"{path} is the checkpoint of another training: name another place")
        self.module.load_state_dict(snapshot.part("model"))
        remember(self.optimizer, self.module, snapshot.part("optimizer"))
        self.scaler.load_state_dict(told["scaler"])
        self.epochs = [Epoch(**epoch) for epoch in told["epochs"]]
        self.best_epoch = best_of(self.epochs, self.judges)
        best = snapshot.part("best") or snapshot.part("model")
        if self.epochs and self.epochs[-1].validation:
            self.best = {name: t.clone() for name, t in best.items()}
        self._end(told["ended"], told["reason"])
        self.before = told["seconds"]

    def _identity(self) -> str:
        """A digest of what training follows from, seconds and device aside."""
        options = self.options._replace(seconds=None, device=None)
        train, task = self.train.model_dump_json(), repr(self.clauses.task)
        parts = (emit(self.graph), type(self.train).__name__, train, task, repr(options))
        sizes = (str(self.data.training.samples), str(len(self.data.training)))
        start = (self.start_digest,) if self.start_digest else ()
        return sha256("\n".join((*parts, *sizes, *start)).encode()).hexdigest()

    def learned(self) -> Learned:
        """The model with the weights of its best epoch."""
        if self.best:
            self.module.load_state_dict(self.best)
        self.frozen.end()
        words = metrics_of(self.clauses.task, is_costly=True)
        return Learned(
            self.module.eval(),
            tuple(self.epochs),
            self.best_epoch,
            self.ended,
            self.reason,
            self.seconds,
            self.precision.told,
            partial(self._tested, words),
        )

    def _tested(self, words: tuple[str, ...]) -> dict[str, float]:
        with settled(self.graph, self.train.batch, self.precision.device):
            return self.measured(self.data.test, words, by_step=True)


def weighed(losses: list[Tensor], counts: list[int]) -> float:
    """The sum of the last losses, each as often as there were samples."""
    import torch

    if not losses:
        return 0.0
    times = counts[-len(losses) :]
    each: list[float] = torch.stack(losses).double().tolist()
    return sum(loss * count for loss, count in zip(each, times, strict=True))
