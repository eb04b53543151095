"""What a model computes in: the words of ``precision=``, on the device that there is."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from torch import Tensor, dtype, nn

FULL = 4  # bytes of a number in float32


class Precision(NamedTuple):
    """``weights`` is what numbers are stored in; ``autocast`` what products are computed in where
    that differs, ``scaled`` whether gradients are scaled meanwhile so that small ones survive.
    ``told`` says it to people."""

    weights: dtype
    autocast: dtype | None
    scaled: bool
    device: str
    told: str

    def placed(self, module: nn.Module) -> nn.Module:
        """A module on the device, with its numbers in this precision."""
        return module.to(self.device, self.weights)

    def given(self, inputs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        """Inputs as the module takes them: its numbers, not its ids."""
        if self.weights.itemsize == FULL:
            return inputs
        return tuple(x.to(self.weights) if x.is_floating_point() else x for x in inputs)

    def computing(self) -> Any:
        """The context of a forward pass."""
        if self.autocast is None:
            return nullcontext()
        import torch

        return torch.autocast(self.device, self.autocast)

    def scaler(self) -> Any:
        """What scales the loss and takes the step of an optimizer."""
        import torch

        return torch.amp.GradScaler(self.device, enabled=self.scaled)


def precision_of(word: str, device: str, scaling: bool = True) -> Precision:
    """The precision of a ``train`` clause on a device.

    ``bf16`` stores all numbers in bfloat16 and halves the memory. ``amp`` and ``fp16`` store
    float32 and compute products in half: ``fp16`` in float16 with scaled gradients (Micikevicius
    et al., 2018, arXiv:1710.03740), ``amp`` in bfloat16, or in float16 on a graphics card without
    it. Processors have no fast float16, and compute in bfloat16 instead. Without ``scaling``
    gradients in float16 stay as small as they are.
    """
    import torch

    full, brain, half = torch.float32, torch.bfloat16, torch.float16
    if word == "fp32":
        return Precision(full, None, False, device, "fp32")
    if word == "bf16":
        return Precision(brain, None, False, device, "bf16")
    if device == "cpu":
        return Precision(full, brain, False, device, f"{word}, which is bfloat16 on a processor")
    if word == "amp" and torch.cuda.is_bf16_supported(including_emulation=False):
        return Precision(full, brain, False, device, "amp in bfloat16")
    told = f"{word} in float16, gradients {'' if scaling else 'not '}scaled"
    return Precision(full, half, scaling, device, told)
