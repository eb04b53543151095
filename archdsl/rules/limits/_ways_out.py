"""What can be done about a limit that a design exceeds, with the numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.cost import memory
from archdsl.cost.latency import seconds
from archdsl.cost.limits import missed_requirements, shown
from archdsl.spec.constants import Quantity

if TYPE_CHECKING:
    from archdsl.cost.limits import Missed
    from archdsl.rules.case import Case
    from archdsl.spec.device import Device

LARGER_HALF = ("bf16", "fp16")


def missed(case: Case, metric: str) -> list[Missed]:
    """The requirements on a measured metric that a design does not meet."""
    return [
        one
        for one in missed_requirements(case.program, case.evaluation)
        if one.measure is not None and one.measure.name == metric
    ]


def fitting_memory(case: Case, limit: float) -> str:
    """What would bring a training step below a limit in bytes."""
    one = memory.training(case.graph, case.train, 1)
    if one.total <= limit:
        return f"batch={_largest_batch(case, one.total, limit):,} is the largest that fits"
    precision = case.train.precision if case.train is not None else "fp32"
    halved = one.total / 2
    if precision not in LARGER_HALF and halved <= limit:
        return f"precision=bf16 takes {shown(Quantity(halved, 'bytes'))} at batch=1"
    room = limit - one.saved
    if room <= 0:
        return "even the activations of one sample do not fit: fewer channels or a smaller input"
    most = int(room * case.graph.params / (one.total - one.saved))
    return f"a model of at most {most:,} parameters fits (this one has {case.graph.params:,})"


def _largest_batch(case: Case, one: int, limit: float) -> int:
    """The largest batch whose training step fits, when a batch of one takes ``one`` bytes."""
    each = memory.training(case.graph, case.train, 2).total - one
    return 1 + int((limit - one) // each)


def slowest(case: Case, device: Device, batch: int = 1) -> str:
    """The three layers that take most of the time, with their shares."""
    precision = case.train.precision if case.train is not None else "fp32"
    times = [(seconds(step, device, precision, batch), step) for step in case.steps]
    total = sum(time for time, _ in times)
    times.sort(key=lambda pair: (-pair[0], pair[1].place))
    listed = [
        f"line {step.node.span.position.line} `{step.node.span.text}` {time / total:.0%}"
        for time, step in times[:3]
    ]
    return ", ".join(listed)
