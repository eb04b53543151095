"""Chance and threads settled for a training, and left as they were found."""

from __future__ import annotations

import os
import warnings
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from archdsl.cost.counts import macs
from archdsl.runtime.extras import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.graph.nodes import Graph

WORTH_A_THREAD = 10**9  # multiply-accumulates of a batch; below it, threads wait for each other


def device_of(wanted: str | None) -> str:
    """``cpu`` or ``cuda``; by default the graphics card where PyTorch finds one.

    Raises :class:`BadInput` for one that there is not.
    """
    import torch

    there = torch.cuda.is_available()
    if wanted is None:
        return "cuda" if there else "cpu"
    if wanted not in ("cpu", "cuda"):
        raise BadInput(f"a device is cpu or cuda, not {wanted}")
    if wanted == "cuda" and not there:
        raise BadInput("PyTorch finds no graphics card here: --device cpu")
    return wanted


def seed_all(seed: int, device: str) -> None:
    """Seed the chance of a device. (``torch.manual_seed`` seeds cards that nobody asked for, and
    where they were not started yet notes for each call where it came from.)"""
    import torch

    torch.default_generator.manual_seed(seed)
    if device == "cuda":
        torch.cuda.manual_seed_all(seed)


@contextmanager
def settled(graph: Graph, batch: int, device: str) -> Iterator[None]:
    """Inside, the same seed gives the same numbers (on a graphics card where its kernels allow it),
    and models too small for threads run on one."""
    import torch

    with ExitStack() as stack:
        cards = [torch.cuda.current_device()] if device == "cuda" else []
        stack.enter_context(torch.random.fork_rng(devices=cards))
        if device == "cuda":
            stack.enter_context(_deterministic())
        if macs(graph) * batch < WORTH_A_THREAD:
            stack.enter_context(_one_thread())
        yield


@contextmanager
def _one_thread() -> Iterator[None]:
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


@contextmanager
def _deterministic() -> Iterator[None]:
    """Kernels that add up in one order, where there are such."""
    import torch

    deterministic: Any = torch.utils.deterministic
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # read when cuBLAS starts
    was = torch.are_deterministic_algorithms_enabled()
    warned = torch.is_deterministic_algorithms_warn_only_enabled()
    filled = deterministic.fill_uninitialized_memory
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*deterministic.*")
        torch.use_deterministic_algorithms(True, warn_only=True)
        deterministic.fill_uninitialized_memory = False
        try:
            yield
        finally:
            torch.use_deterministic_algorithms(was, warn_only=warned)
            deterministic.fill_uninitialized_memory = filled
