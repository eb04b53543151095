"""Attention inside the windows of an image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from archdsl.ops.base import Construct, DenseLayer, Op, OpError, Saves, Spelling, Trait
from archdsl.ops.parameters import flag, whole
from archdsl.ops.plumbing._kinds import wrong_kind
from archdsl.ops.reads import MIXED, Reads, Windows, each
from archdsl.ops.sequence._heads import check_heads, packed
from archdsl.ops.sequence._window_text import WINDOW_ATTENTION
from archdsl.types import Image, TensorType, spatial


@dataclass(frozen=True)
class WindowAttention(Op):
    """C×H×W → C×H×W: multi-head attention inside windows of size × size positions, with a learned
    bias for each head and distance (Swin, Liu et al., 2021).

    ``shift`` moves the windows down and right, as every other block of Swin does by half a window;
    what is shifted over the border attends to its own side alone. An image is padded to whole
    windows. MACs: the projections and 2·size²·C for each position, the padding counted. Computes
    what torchvision's ShiftedWindowAttention does, on PyTorch's N×C×H×W.

    Errors: heads that do not divide the channels; a shift of a whole window or more; anything but
    an image.
    """

    heads: int = whole()
    size: int = whole()
    shift: int = whole(0, minimum=0)
    bias: bool = flag(True)

    traits = frozenset({Trait.WEIGHTED, Trait.ATTENTION, Trait.MIXES_POSITIONS})
    example = "window_attention(4, size=7, shift=3)"
    example_data: ClassVar[str] = "image(32, 28, 28)"
    attribute = "attention"

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, Image):
            help = "local_attention reads the neighbours in a sequence"
            raise wrong_kind("window_attention", x, (Image,), help=help)
        check_heads(self.heads, x.channels, None)
        if self.shift >= self.size:
            raise _too_far(self.shift, self.size)
        return x

    def params(self, *inputs: TensorType) -> int:
        (x,) = inputs
        assert isinstance(x, Image)
        distances = (2 * self.size - 1) ** 2 * self.heads
        return 4 * x.channels * (x.channels + self.bias) + distances

    def macs(self, *inputs: TensorType) -> int:
        (x,) = inputs
        assert isinstance(x, Image)
        per_position = 4 * x.channels**2 + 2 * self.size**2 * x.channels
        return self._padded(x) * per_position

    def saves(self, *inputs: TensorType) -> Saves:
        """The scores too, as the fused kernel gives no gradient to the bias."""
        (x,) = inputs
        assert isinstance(x, Image)
        positions, window = self._padded(x), self.size**2
        copies = 5 if positions == window else 7  # a single window needs no copy of the values
        kept = copies * positions * x.channels + self.heads * positions * window
        return Saves(fixed=positions * window, per_sample=4 * kept)

    def dense(self, *inputs: TensorType) -> tuple[DenseLayer, ...]:
        (x,) = inputs
        assert isinstance(x, Image)
        return packed(x.channels, self._padded(x))

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        (x,) = inputs
        windows = [Windows(self.size, self.shift if size > self.size else 0) for size in spatial(x)]
        return (each(x, windows, MIXED),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        (x,) = inputs
        assert isinstance(x, Image)
        arguments: dict[str, Any] = {"features": x.channels}
        arguments.update(heads=self.heads, size=self.size)
        if self.shift:
            arguments["shift"] = self.shift
        if not self.bias:
            arguments["bias"] = False
        construct = Construct(WINDOW_ATTENTION.name, arguments, positional=1)
        return Spelling(module=construct, definitions=(WINDOW_ATTENTION,))

    def _padded(self, x: Image) -> int:
        """Positions in whole windows."""
        size = self.size
        return -(-x.height // size) * -(-x.width // size) * size * size


def _too_far(shift: int, size: int) -> OpError:
    return OpError(
        f"shift={shift} moves windows of {size} by {'more than one' if shift > size else 'one'}",
        needed=f"a shift below {size}; half a window is usual",
        argument="shift",
        replacement=str(size // 2),
    )
