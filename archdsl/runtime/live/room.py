"""Whether this machine has the memory for something, asked before it is taken."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from archdsl.cost.counts import params
from archdsl.cost.metrics.memory import training
from archdsl.cost.precision import CAST, WEIGHT
from archdsl.limits.telling import apart
from archdsl.runtime.extras import BadInput
from archdsl.spec.constants import Quantity

if TYPE_CHECKING:
    from archdsl.graph.nodes import Graph
    from archdsl.spec.train import Train


TORCH = "OutOfMemoryError"  # the name of torch's exception for a full graphics card
SAID = (  # what torch says in a plain RuntimeError, and which library said it
    "t allocate memory",  # the allocator of processors
    "out of memory",  # CUDA outside of torch's allocator
    "CUBLAS_STATUS_ALLOC_FAILED",
    "CUDNN_STATUS_ALLOC_FAILED",
)


class NoRoom(BadInput, MemoryError):
    """Something needs more memory than there is."""


def make_room(needed: int, what: str, device: str = "cpu") -> None:
    """Raises :class:`NoRoom` when ``what`` needs more bytes than the whole machine has, or with
    ``cuda`` its graphics card."""
    there, where = room(device), "machine" if device == "cpu" else "graphics card"
    if there is not None and needed > there:
        wanted, had = apart(Quantity(needed, "bytes"), Quantity(there, "bytes"))
        raise NoRoom(f"{what} needs {wanted} of memory; this {where} has {had}")


def room(device: str) -> int | None:
    """Bytes of the whole machine, or with ``cuda`` of its graphics card; None where the system
    does not tell."""
    return memory() if device == "cpu" else of_card()


def ran_out(error: BaseException) -> bool:
    """Whether an exception says that there is no more memory, of the machine or of its card."""
    if isinstance(error, MemoryError) or type(error).__name__ == TORCH:
        return True
    return isinstance(error, RuntimeError) and any(words in str(error) for words in SAID)


def step_bytes(graph: Graph, train: Train, batch: int) -> int:
    """What a training step in fp32 holds."""
    state = int(WEIGHT["fp32"] * params(graph) * train.state)
    return training(graph, None, batch).total + state


def training_bytes(graph: Graph, train: Train) -> int:
    """What training holds at least, in its precision: in a mixed one, as much as if all that is
    kept for backward were halved."""
    found = training(graph, train, train.batch)
    return found.total - (found.saved // 2 if CAST[train.precision] else 0)


def of_card() -> int:
    """Bytes of the graphics card that is used."""
    import torch

    return int(torch.cuda.mem_get_info()[1])


def memory() -> int | None:
    """Bytes of this machine, where the system tells."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None
