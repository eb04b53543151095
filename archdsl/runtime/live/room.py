"""Whether this machine has the memory for something, asked before it is taken."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from archdsl.cost.memory import training
from archdsl.cost.precision import WEIGHT
from archdsl.runtime.live.extras import Unfit

if TYPE_CHECKING:
    from archdsl.graph.nodes import Graph
    from archdsl.spec.train import Train

UNITS = ("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB")


def make_room(needed: int, what: str) -> None:
    """Raises :class:`Unfit` when ``what`` needs more bytes than the whole machine has."""
    there = memory()
    if there is not None and needed > there:
        raise Unfit(f"{what} needs {shown(needed)} of memory; this machine has {shown(there)}")


def step_bytes(graph: Graph, train: Train, batch: int) -> int:
    """What a training step in fp32 holds."""
    state = int(WEIGHT["fp32"] * graph.params * train.state)
    return training(graph, None, batch).total + state


def memory() -> int | None:
    """Bytes of this machine, where the system tells."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None


def shown(size: float) -> str:
    """``1.5 GiB``"""
    place = 0
    while size >= 1024 and place < len(UNITS) - 1:
        size, place = size / 1024, place + 1
    return f"{size:,.3g} {UNITS[place]}"
