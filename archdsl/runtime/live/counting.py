"""FLOPs of a forward pass as PyTorch counts them, with its plainest kernels."""

from __future__ import annotations

import warnings
from contextlib import ExitStack, contextmanager
from math import prod
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import nn


@contextmanager
def counted(module: nn.Module) -> Iterator[Any]:
    """Counts what runs inside; ask the value's ``get_total_flops()`` afterwards.

    The counter sees products of matrices and convolutions, so attention runs as products, and a
    recurrent layer step by step instead of as one oneDNN kernel.
    """
    import torch
    from torch.nn.attention import SDPBackend, sdpa_kernel
    from torch.utils.flop_counter import FlopCounterMode

    recurrent = any(isinstance(part, torch.nn.RNNBase) for part in module.modules())
    counter = FlopCounterMode(
        display=False, custom_mapping={torch.ops.aten._trilinear: _bilinear_flops}
    )
    with ExitStack() as stack:
        if recurrent:
            stack.enter_context(_without_onednn())
        stack.enter_context(sdpa_kernel(SDPBackend.MATH))
        if not torch.is_grad_enabled():
            stack.enter_context(_frozen(module))
        yield stack.enter_context(counter)


@contextmanager
def _frozen(module: nn.Module) -> Iterator[None]:
    """No parameter wants a gradient: of a view of one that does, made where none are kept, the
    counter asks for what made it, and fails."""
    learned = [p for p in module.parameters() if p.requires_grad]
    for parameter in learned:
        parameter.requires_grad_(False)
    try:
        yield
    finally:
        for parameter in learned:
            parameter.requires_grad_(True)


@contextmanager
def _without_onednn() -> Iterator[None]:
    from torch.backends import mkldnn

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # changing flags tells of TF32 on Intel GPUs, once
        flags: Any = mkldnn.flags(enabled=False)
        flags.__enter__()
    try:
        yield
    finally:
        flags.__exit__(None, None, None)


def _bilinear_flops(
    first: tuple[int, ...], weight: tuple[int, ...], second: tuple[int, ...], *_: Any, **__: Any
) -> int:
    """nn.Bilinear's kernel, which the counter does not know: N·out·in1·in2 products."""
    return 2 * first[0] * prod(weight)
