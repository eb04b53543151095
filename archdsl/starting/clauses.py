"""The clauses of a first design: its data, its task, how it is trained, what it must keep to."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from archdsl.starting import numbers
from archdsl.starting.description import sizes_of
from archdsl.starting.device import device_of
from archdsl.starting.thresholds import SMALL_ROWS, WAIT

if TYPE_CHECKING:
    from archdsl.starting.description import Description
    from archdsl.starting.families import Family

NAMED = {"vocab", "nodes", "edges"}  # sizes that a data clause takes by name
EPOCHS = {100_000: 100, 1_000_000: 50, 10_000_000: 30, 100_000_000: 10, 10**9: 3}  # up to samples
WARMUP = 20  # part of the epochs in which the rate of attention rises
FEWEST_PAIRS = 16
STEPS = 200  # over the one graph there is, each of which sees all of it


def data_clauses(data: Description) -> list[str]:
    """The clause of the data, or one for each of several inputs; the samples are counted by that
    of a graph, else by the first."""
    if not data.inputs:
        return [f"data {_clause(data)}"]
    counting = next((one for one in data.inputs if one.kind == "graph"), data.inputs[0]).name
    each = data.parts.items()
    return [f"data {name} = {_clause(part, counted=name == counting)}" for name, part in each]


def _clause(data: Description, counted: bool = True) -> str:
    sizes = zip(sizes_of(data.kind), data.size, strict=True)
    parts = [f"{name}={_n(n)}" if name in NAMED else _n(n) for name, n in sizes]
    if counted:
        parts.append(f"{'graphs' if data.many_graphs else 'samples'}={_n(data.samples)}")
    if data.augment != "none":
        parts.append(f"augment={data.augment}")
    if data.pretrained:
        parts.append("pretrained=true")
    return f"{data.kind}({', '.join(parts)})"


def _n(number: int) -> str:
    return numbers.written(number)


def task_clause(data: Description) -> str:
    return f"task {data.asks.written(_n(data.targets))}"


def first_batch(data: Description) -> int:
    """A tenth of the samples at most, and 128 at most (1,024 rows of a large table); for pairs,
    which are told from the others of a batch, no fewer than P909 asks for."""
    if data.is_one_graph:
        return 1
    batch = 1024 if data.are_columns and data.samples > SMALL_ROWS else 128
    least = FEWEST_PAIRS if data.is_pair and data.samples >= FEWEST_PAIRS else 8
    while batch > least and batch * 10 > data.samples:
        batch //= 2
    return batch


def train_clause(data: Description, family: Family, batch: int) -> str:
    enough = (epochs for most, epochs in EPOCHS.items() if data.units <= most)
    epochs = STEPS if data.is_one_graph else next(enough, 1)
    lr = "0.01" if data.is_one_graph else family.lr
    if data.pretrained and family.is_tuned:
        epochs, lr = min(epochs, family.tuning), family.tuning_lr
    device = device_of(data)
    precision = ", precision=amp" if device is not None and device.matrix_units else ""
    warmup = f", warmup={_warmup(epochs)}" if family.warms_up else ""
    return (
        f"train {family.optimizer}(batch={batch}{precision}, lr={lr}{warmup}, schedule=cosine, "
        f"weight_decay={family.weight_decay}, epochs={epochs})"
    )


def _warmup(epochs: int) -> str:
    """A twentieth of the epochs."""
    return f"{epochs / WARMUP:g}"


def require_clauses(data: Description) -> list[str]:
    """The limits given, and for a device those it has of its own."""
    found = []
    if data.params is not None:
        found.append(f"require params <= {_n(data.params)}")
    seconds = WAIT if data.latency is None else data.latency
    if data.device and isfinite(seconds):
        limit = numbers.time(seconds)
        found.append(f"require latency({data.device}, batch=1) <= {limit}")
    memory = _memory(data)
    if memory:
        mode = "inference" if _is_edge(data) else "training"
        found.append(f"require memory({mode}) <= {numbers.size(memory)}")
    return found


def training_memory(data: Description) -> float | None:
    """The bytes there are for training, None when nobody said."""
    return None if _is_edge(data) else _memory(data)


def _memory(data: Description) -> float | None:
    device = device_of(data)
    return data.memory if data.memory is not None or device is None else device.memory


def _is_edge(data: Description) -> bool:
    device = device_of(data)
    return device is not None and device.edge
