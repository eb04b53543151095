"""P601: training or inference that does not fit the memory there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.cost.metrics.memory import Training, inference, training
from archdsl.diagnostics import Amount, Severity
from archdsl.limits.devices import forward_runs, training_run
from archdsl.limits.telling import apart
from archdsl.rules.base import Finding, Rule
from archdsl.rules.limits._ways_out import TrainingLimit, missed
from archdsl.spec.constants import Quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from archdsl.limits.devices import DeviceRun
    from archdsl.limits.requirements import Violation
    from archdsl.rules.case import Case

SMALLER = "a smaller batch, fewer channels or layers, or half precision"


class MemoryExceeded(Rule):
    """A model has to fit the memory it is trained and run in.

    What: `memory(training)` is weights, gradients, optimizer state and the bytes that autograd
    keeps for the backward pass, at the batch and precision of the `train` clause;
    `memory(inference)` is weights and the tensors alive at once. Either over a `require` rejects
    the design. So does training over the memory of the device that `train` names
    (`train adamw(batch=32, device=t4)`) unless the task says `deployed=true`, and a forward pass
    over that of a device whose latency or throughput the spec asks for, at the largest batch it
    asks for. What autograd keeps is counted as eager PyTorch does on a CPU, for some layers as a
    bound: `archdsl explain memory` tells of which. A GPU keeps less of attention with
    dropout (its fused kernels keep no scores) and of dropout (a byte where a CPU keeps four).

    Why: with Adam in fp32 a parameter takes 16 bytes before a single activation is kept: 1.5
    billion parameters fill 24 GB, and the activations of a batch come on top.

    Evidence: kept bytes equal to what torch 2.13 saves, to the byte, for ResNet-18, ResNet-50,
    MobileNetV2 and ViT-B/16 at batches of 1, 8 and 32; Rajbhandari et al. 2020 (ZeRO,
    arXiv:1910.02054) for the 16 bytes of mixed-precision Adam.

    Example: ResNet-50

    ```arch
    arch ResNet50 {
      data  image(3, 224, 224, samples=1_281_167, augment=strong)
      task  classify(1000)
      train sgd(batch=32, lr=0.1, momentum=0.9, weight_decay=1e-4)
      require memory(training) <= 1 GiB
      model {
        let body = resnet_stem(64)
                   -> 3 * bottleneck(64)
                   -> bottleneck(128, stride=2)
                   -> 3 * bottleneck(128)
                   -> bottleneck(256, stride=2)
                   -> 5 * bottleneck(256)
                   -> bottleneck(512, stride=2)
                   -> 2 * bottleneck(512)
        return body -> global_avg_pool -> linear(classes)
      }
    }
    ```

    Instead: the largest batch that fits, half precision, fewer channels, or checkpointing

    The fix writes the largest batch that fits into the `train` clause, where one does. Training
    goes another way with it: it is applied with `--unsafe-fixes` only.
    """

    code = "P601"

    def check(self, case: Case) -> Iterable[Finding]:
        for one in missed(case, "memory"):
            yield _over_requirement(case, one)
        trained = training_run(case.program, case.evaluation.clauses)
        if trained is not None and not _is_deployed(case):
            found = training(case.graph, case.train, trained.batch).total
            yield from _over_device(case, trained, "training", found)
        for run in _largest(forward_runs(case.program, case.evaluation.clauses)):
            found = inference(case.graph, case.train, run.batch)
            yield from _over_device(case, run, "inference", found)

    def rejects_all(self, case: Case, least: Callable[[str], float]) -> bool:
        if case.program.open_clauses or _is_deployed(case):
            return False  # other designs may be trained otherwise
        trained = training_run(case.program, case.evaluation.clauses)
        room = trained.profile.memory if trained is not None else None
        return room is not None and least("memory(training)") > room


def _is_deployed(case: Case) -> bool:
    """Whether the model only runs: what training would take is then of no matter, unless a
    ``require`` asks."""
    return case.task is not None and case.task.deployed


def _over_requirement(case: Case, missed: Violation) -> Finding:
    metric = missed.metric
    mode = "training" if isinstance(metric, Training) else "inference"
    found, limit = apart(missed.found, missed.limit)
    finding = Finding(
        Severity.ERROR,
        f"{mode} takes {found} of memory, and {limit} are allowed{missed.because}",
        missed.requirement.condition.span,
        measured=found,
        threshold=f"at most {limit}",
        amount=missed.amount,
        help=SMALLER,
    )
    if not isinstance(metric, Training):
        return finding
    assert missed.measure is not None
    fixed = any(argument.name == "batch" for argument in missed.measure.arguments)
    step = TrainingLimit(case, metric.batch, missed.limit.value)
    return finding._replace(help=step.ways_out(), fix=None if fixed else step.fix())


def _largest(runs: list[DeviceRun]) -> Iterable[DeviceRun]:
    """For each device, the first run with the largest batch."""
    found: dict[str, DeviceRun] = {}
    for run in sorted(runs, key=lambda run: -run.batch):
        found.setdefault(run.device, run)
    return found.values()


def _over_device(case: Case, run: DeviceRun, mode: str, taken: int) -> Iterable[Finding]:
    room = run.profile.memory
    if room is None or taken <= room:
        return
    found, limit = apart(Quantity(taken, "bytes"), Quantity(room, "bytes"))
    step = TrainingLimit(case, run.batch, room) if mode == "training" else None
    yield Finding(
        Severity.ERROR,
        f"{mode} takes {found} of memory at batch={run.batch}, and `{run.device}` has {limit}",
        run.span,
        measured=found,
        threshold=f"at most {limit}",
        amount=Amount(taken, room),
        help=SMALLER if step is None else step.ways_out(),
        fix=None if step is None else step.fix(),
    )
