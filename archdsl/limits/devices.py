"""The devices that a spec speaks of, and the batches that go through designs on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archdsl.cost.metrics._on_device import OnDevice
from archdsl.cost.profiles import device_of
from archdsl.evaluate.measures import measures_in
from archdsl.limits.meter import bound
from archdsl.syntax import nodes as ast

if TYPE_CHECKING:
    from archdsl.evaluate.program import Clauses, Program
    from archdsl.source import Span
    from archdsl.spec.device import Device


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


def forward_runs(program: Program, clauses: Clauses) -> list[DeviceRun]:
    """The batches that a program's requirements and objectives speak of, in order, for designs
    with some clauses."""
    conditions = [r.condition for r in program.requirements]
    scalars = (*conditions, *(o.metric for o in program.objectives))
    found = []
    for measure in (measure for scalar in scalars for measure in measures_in(scalar)):
        metric = bound(program, measure, clauses)
        if isinstance(metric, OnDevice):
            found.append(DeviceRun(metric.name, metric.device, metric.batch, measure.span))
    return found


def devices_named(program: Program, clauses: Clauses) -> list[tuple[str, Device]]:
    """The devices that a spec speaks of, each once; ``clauses`` are those of a design."""
    trained = training_run(program, clauses)
    runs = [*forward_runs(program, clauses), *([trained] if trained else [])]
    return list({run.device: run.profile for run in runs}.items())
