"""``memory(…)``, ``latency(…)`` and ``throughput(…)`` in a spec: arguments and values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.cost import memory
from archdsl.cost.latency import latency, throughput
from archdsl.cost.profiles import find, shipped
from archdsl.diagnostics import Diagnostic, SpecError, did_you_mean
from archdsl.evaluate.measures import Measure
from archdsl.evaluate.scalars import Arithmetic, Function
from archdsl.spec.constants import Quantity, constant
from archdsl.syntax import nodes as ast

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archdsl.evaluate.program import Clauses, Program
    from archdsl.graph.nodes import Graph
    from archdsl.source import Span
    from archdsl.spec.device import Device
    from archdsl.spec.train import Train

SIGNATURES = {
    "memory": "memory(training|inference, batch=)",
    "latency": "latency(DEVICE, batch=)",
    "throughput": "throughput(DEVICE, batch=)",
}


class Setting(NamedTuple):
    """What a design is measured in."""

    graph: Graph
    train: Train | None
    devices: Mapping[str, Device]

    @property
    def precision(self) -> str:
        return self.train.precision if self.train is not None else "fp32"


class Arguments(NamedTuple):
    """``subject`` is the mode or the device; ``batch`` None when it is left to its default."""

    subject: ast.Name
    batch: int | None


def arguments(measure: Measure) -> Arguments:
    """The arguments of a measured metric. Raises :class:`SpecError`."""
    plain = [a.value for a in measure.arguments if a.name is None]
    named = {a.name: a.value for a in measure.arguments if a.name is not None}
    if len(plain) != 1 or not isinstance(plain[0], ast.Name) or named.keys() - {"batch"}:
        raise SpecError(_misused(measure))
    batch = constant(named["batch"]) if "batch" in named else None
    if batch is not None and (type(batch) is not int or batch < 1):
        raise SpecError(_misused(measure))
    return Arguments(plain[0], batch)


def _misused(measure: Measure) -> Diagnostic:
    return Diagnostic(
        "E431",
        f"`{measure.name}` does not read like this",
        measure.span,
        needed=f"`{SIGNATURES[measure.name]}`",
    )


def measured(measure: Measure, setting: Setting) -> Any:
    """The value of a measured metric: a quantity of bytes or seconds, or samples per second."""
    subject, batch = arguments(measure)
    if measure.name == "memory":
        return _memory(subject, batch, setting)
    device = device_of(subject, setting.devices)
    if measure.name == "latency":
        return Quantity(latency(setting.graph, device, setting.precision, batch or 1), "seconds")
    return throughput(setting.graph, device, setting.precision, batch or 1)


def _memory(mode: ast.Name, batch: int | None, setting: Setting) -> Quantity:
    train = setting.train
    if mode.id == "inference":
        return Quantity(memory.inference(setting.graph, train, batch or 1), "bytes")
    if mode.id == "training":
        usual = train.batch if train is not None else 1
        return Quantity(memory.training(setting.graph, train, batch or usual).total, "bytes")
    raise SpecError(
        Diagnostic(
            "E431",
            f"memory has no mode `{mode.id}`",
            mode.span,
            needed="`training` or `inference`",
            help=did_you_mean(mode.id, ("training", "inference")),
        )
    )


def device_of(name: ast.Name, declared: Mapping[str, Device]) -> Device:
    """The profile a spec names. Raises :class:`SpecError` for an unknown one."""
    device = find(name.id, declared)
    if device is not None:
        return device
    known = (*declared, *shipped())
    raise SpecError(
        Diagnostic(
            "E432",
            f"there is no device called `{name.id}`",
            name.span,
            needed=f"one of {', '.join(known)}, or a `device {name.id}(compute=…, bandwidth=…)`",
            help=did_you_mean(name.id, known),
        )
    )


class DeviceRun(NamedTuple):
    """A batch that goes through a design on a device, and where the spec says so."""

    device: str
    profile: Device
    batch: int
    span: Span


def training_run(program: Program, clauses: Clauses) -> DeviceRun | None:
    """The device that a design is trained on, if its clauses name one. Raises
    :class:`SpecError`."""
    train = clauses.train
    if train is None or train.device is None:
        return None
    given = clauses.calls["train"].arguments
    (span,) = (argument.value.span for argument in given if argument.name == "device")
    name = ast.Name(train.device, span)
    return DeviceRun(name.id, device_of(name, program.devices), train.batch, span)


def forward_runs(program: Program) -> list[DeviceRun]:
    """The batches that a program's requirements and objectives speak of, in order."""
    conditions = [r.condition for r in program.requirements]
    scalars = (*conditions, *(o.metric for o in program.objectives))
    found = []
    for measure in (measure for scalar in scalars for measure in _measures(scalar)):
        if measure.name in ("latency", "throughput"):
            subject, batch = arguments(measure)
            device = device_of(subject, program.devices)
            found.append(DeviceRun(subject.id, device, batch or 1, measure.span))
    return found


def devices_named(program: Program, clauses: Clauses) -> list[tuple[str, Device]]:
    """The devices that a spec speaks of, each once; ``clauses`` are those of a design."""
    trained = training_run(program, clauses)
    runs = [*forward_runs(program), *([trained] if trained else [])]
    return list({run.device: run.profile for run in runs}.items())


def _measures(scalar: Any) -> list[Measure]:
    """The measured metrics inside a value expression."""
    if isinstance(scalar, Measure):
        return [scalar]
    if isinstance(scalar, Arithmetic):
        return [*_measures(scalar.left), *_measures(scalar.right)]
    inner = scalar.arguments if isinstance(scalar, Function) else ()
    return [measure for part in inner for measure in _measures(part)]
