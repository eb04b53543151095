"""What pooling over sliding windows shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from archdsl.ops.base import As, Construct, Op, OpError, Spelling, Trait
from archdsl.ops.convolution._window import Window, slide, window
from archdsl.ops.parameters import extent, flag, padding
from archdsl.ops.plumbing._axes import SWAPPED, around, short
from archdsl.ops.plumbing._kinds import GRIDS, wrong_kind
from archdsl.ops.reads import Nearby, Reads, each
from archdsl.types import Sequence, TensorType, channels, resized, spatial

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Sliding(Op):
    """Pools each window of each channel into one number."""

    kernel: int | tuple[int, ...] = extent()
    stride: int | tuple[int, ...] | None = extent(None)
    padding: int | tuple[int, ...] | str | None = padding()
    ceil: bool = flag(False)

    traits = frozenset({Trait.POOLING, Trait.DOWNSAMPLING, Trait.MIXES_POSITIONS})
    attribute = "pool"
    pools: ClassVar[str]  # Max or Avg: as PyTorch names it
    filler: ClassVar[str] = ""  # how F.pad is told what is put around, if no zeros

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, GRIDS):
            raise wrong_kind(self.word(), x, GRIDS)
        sizes = spatial(x)
        shape = self._window(sizes)
        if shape.behind and self.ceil:
            raise _rounded_up()
        if any(2 * p > k for p, k in zip(shape.padding, shape.kernel, strict=True)):
            raise _padded_too_far(shape)
        return resized(x, channels(x), slide(sizes, shape, self.ceil))

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        (x,) = inputs
        shape = self._window(spatial(x))
        each_axis = zip(shape.kernel, shape.stride, shape.padding, strict=True)
        return (each(x, [Nearby(*sizes) for sizes in each_axis]),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        (x,) = inputs
        axes, shape = len(spatial(x)), self._window(spatial(x))
        module = self._construct(shape, axes)
        arguments = module.arguments
        if shape.behind:
            return self._padded_first(x, shape, arguments)
        name = f"{self.pools}_pool{axes}d"
        values = ", ".join(f"{key}={{{key}}}" for key in list(arguments)[1:])
        call = f"F.{name.lower()}({{x}}, {{kernel_size}}{', ' + values if values else ''})"
        return Spelling(
            module=module,
            apply=SWAPPED if isinstance(x, Sequence) else "{m}({x})",
            function=around(x, call),
            values=arguments,
        )

    def _padded_first(self, x: TensorType, shape: Window, arguments: Mapping[str, Any]) -> Spelling:
        """With more put around behind than in front, in a step of its own."""
        given = {name: value for name, value in arguments.items() if name != "padding"}
        values = ", ".join(f"{key}={{{key}}}" for key in list(given)[1:])
        axes = len(shape.kernel)
        around_it = f"F.pad({{x}}, {{sides}}{self.filler})"
        name = f"F.{self.pools.lower()}_pool{axes}d"
        call = f"{name}({around_it}, {{kernel_size}}{', ' + values if values else ''})"
        return Spelling(function=around(x, call), values={"sides": shape.sides(), **given})

    def _window(self, sizes: tuple[int, ...]) -> Window:
        stride = self.kernel if self.stride is None else self.stride
        return window(sizes, self.kernel, stride, self.padding)

    def _construct(self, shape: Window, axes: int) -> Construct:
        arguments = {
            "kernel_size": short(shape.kernel),
            "stride": short(shape.stride),
            "padding": short(shape.padding),
            "ceil_mode": self.ceil,
        }
        defaults = {"stride": As("kernel_size"), "padding": 0, "ceil_mode": False}
        return Construct(f"nn.{self.pools}Pool{axes}d", arguments, positional=1, defaults=defaults)


def _rounded_up() -> OpError:
    return OpError(
        "padding=same fills the last window up by itself",
        needed="padding=same, or ceil=true",
        argument="ceil",
        replacement="false",
    )


def _padded_too_far(shape: Window) -> OpError:
    kernel, padding = short(shape.kernel), short(shape.padding)
    most = tuple(k // 2 for k in shape.kernel)
    return OpError(
        f"padding {padding} is more than half of kernel {kernel}",
        needed=f"at most {short(most)}, so that every window holds something",
        argument="padding",
        replacement=str(short(most)) if isinstance(short(most), int) else None,
    )
