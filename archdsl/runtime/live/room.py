"""Whether this machine has the memory for something, asked before it is taken."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from archdsl.cost.counts import params
from archdsl.cost.metrics.memory import training
from archdsl.cost.precision import WEIGHT
from archdsl.limits.telling import apart
from archdsl.runtime.extras import BadInput
from archdsl.spec.constants import Quantity

if TYPE_CHECKING:
    from archdsl.graph.nodes import Graph
    from archdsl.spec.train import Train


def make_room(needed: int, what: str) -> None:
    """Raises :class:`BadInput` when ``what`` needs more bytes than the whole machine has."""
    there = memory()
    if there is not None and needed > there:
        wanted, had = apart(Quantity(needed, "bytes"), Quantity(there, "bytes"))
        raise BadInput(f"{what} needs {wanted} of memory; this machine has {had}")


def step_bytes(graph: Graph, train: Train, batch: int) -> int:
    """What a training step in fp32 holds."""
    state = int(WEIGHT["fp32"] * params(graph) * train.state)
    return training(graph, None, batch).total + state


def memory() -> int | None:
    """Bytes of this machine, where the system tells."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None
