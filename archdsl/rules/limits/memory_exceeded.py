"""P601: training or inference that does not fit the memory there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.cost.metrics.memory import Inference, Training, inference, training
from archdsl.cost.precision import WEIGHT
from archdsl.diagnostics import Amount, Severity
from archdsl.limits.devices import forward_runs, training_run
from archdsl.limits.telling import apart, shown
from archdsl.rules.base import Finding, Rule
from archdsl.rules.limits._training_memory import HALVED, TrainingLimit
from archdsl.rules.limits._ways_out import missed
from archdsl.spec.constants import Quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from archdsl.limits.devices import DeviceRun
    from archdsl.limits.requirements import Violation
    from archdsl.rules.case import Case
    from archdsl.spec.device import Device


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

    Instead: the largest batch that fits, half precision, fewer channels, checkpointing, frozen
    pretrained weights, or sharding

    The finding tells weights, gradients, optimizer state and activations apart. bf16 is offered
    unless the device that `train` names multiplies none: profiles say `bf16=true` of those that do
    (`a100_80gb` and `h200`; `t4` has fp16 only). Checkpointing is told as an estimate: of a chain
    of L layers it keeps about 2/√L of the activations (Chen et al. 2016, arXiv:1604.06174).
    Freezing pretrained weights is told where gradients and optimizer state are half of it or more.
    Where weights, gradients and optimizer state alone are too much, it tells how many cards have to
    share them: 175 billion parameters with Adam in fp32 take 2.8 TB, 35 cards of 80 GB.

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
    )
    if not isinstance(metric, Training):
        stored = metric.stored if isinstance(metric, Inference) else None
        return _of_inference(finding, case, missed.found.value, stored=stored)
    assert missed.measure is not None
    fixed = any(argument.name == "batch" for argument in missed.measure.arguments)
    trained = training_run(case.program, case.evaluation.clauses)
    device = trained.profile if trained is not None else None
    return _of_training(
        finding, TrainingLimit(case, metric.batch, missed.limit.value, device), fixed
    )


def _of_training(finding: Finding, step: TrainingLimit, fixed: bool = False) -> Finding:
    """What takes the memory and what can be done; ``fixed``: the batch is not the clause's."""
    fix = None if fixed else step.fix()
    return finding._replace(help=step.ways_out(), fix=fix, notes=(step.parts(),))


def _of_inference(
    finding: Finding,
    case: Case,
    taken: float,
    device: Device | None = None,
    stored: int | None = None,
) -> Finding:
    """The same of a forward pass without gradients; ``stored`` are the bytes of a number where the
    requirement says its precision."""
    precision = case.train.precision if case.train is not None else "fp32"
    weights = (WEIGHT[precision] if stored is None else stored) * case.params
    alive = taken - weights
    parts = f"weights {_bytes(weights)}, activations alive at once {_bytes(alive)}"
    ways = ["a smaller batch", "fewer channels or layers"]
    if stored is not None and stored > 1:
        ways.append("`precision=int8`")
    elif stored is None and precision not in HALVED and (device is None or device.bf16):
        ways.append("`precision=bf16`")
    return finding._replace(help=_listed(ways), notes=(parts,))


def _listed(ways: list[str]) -> str:
    *first, last = ways
    return f"{', '.join(first)} or {last}"


def _bytes(size: float) -> str:
    return shown(Quantity(size, "bytes"))


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
    finding = Finding(
        Severity.ERROR,
        f"{mode} takes {found} of memory at batch={run.batch}, and `{run.device}` has {limit}",
        run.span,
        measured=found,
        threshold=f"at most {limit}",
        amount=Amount(taken, room),
    )
    if mode == "training":
        yield _of_training(finding, TrainingLimit(case, run.batch, room, run.profile))
    else:
        yield _of_inference(finding, case, taken, run.profile)
