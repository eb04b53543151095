"""What pooling over sliding windows shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from archdsl.ops.base import As, Construct, Op, OpError, Saves, Spelling, Trait
from archdsl.ops.convolution._window import Window, slid, slide, window
from archdsl.ops.parameters import extent, flag
from archdsl.ops.parameters import padding as padding_option
from archdsl.ops.plumbing._axes import SWAPPED, around, short
from archdsl.ops.plumbing._kinds import GRIDS, wrong_kind
from archdsl.ops.plumbing._padding import emptied, filled, kept_when_filled
from archdsl.ops.reads import Nearby, Reads, each
from archdsl.types import (
    Padded,
    Sequence,
    TensorType,
    channels,
    padding,
    resized,
    spatial,
    unpadded,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Sliding(Op):
    """Pools each window of each channel into one number."""

    kernel: int | tuple[int, ...] = extent()
    stride: int | tuple[int, ...] | None = extent(None)
    padding: int | tuple[int, ...] | str | None = padding_option()
    ceil: bool = flag(False)

    traits = frozenset({Trait.POOLING, Trait.DOWNSAMPLING, Trait.MIXES_POSITIONS})
    attribute = "pool"
    heeds_padding = True
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

    def saves(self, *inputs: TensorType) -> Saves:
        """Of padded rows a copy, and which positions are within the rows: of the largest, also of
        those of the result."""
        (x,) = inputs
        plain = self._saves_plain(x)
        if padding(x) is None:
            return plain
        kept = kept_when_filled(plain, x)
        emptied = spatial(self.infer(unpadded(x)))[0] if self.pools == "Max" else 0
        return kept._replace(per_sample=kept.per_sample + emptied)

    def _saves_plain(self, x: TensorType) -> Saves:
        raise NotImplementedError

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        (x,) = inputs
        shape = self._window(spatial(x))
        each_axis = zip(shape.kernel, shape.stride, shape.padding, strict=True)
        return (each(x, [Nearby(*sizes) for sizes in each_axis]),)

    def rows(self, given: Padded, *inputs: TensorType) -> Padded:
        if self.ceil:
            raise of_different_lengths("ceil", "false")
        return slid(given, self._window(spatial(inputs[0])), self.padding)

    def spelling(self, *inputs: TensorType) -> Spelling:
        (x,) = inputs
        plain = filled(self._spelled(x), x, least=self.pools == "Max")
        rows = padding(x)
        if rows is None or self.pools != "Max":
            return plain
        return emptied(plain, self.rows(rows, x))

    def _spelled(self, x: TensorType) -> Spelling:
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


def of_different_lengths(argument: str, replacement: str) -> OpError:
    """An argument by which windows at the ends of rows are told from others."""
    return OpError(
        f"unless {argument}={replacement}, windows at the ends of rows depend on what is behind",
        code="E302",
        needed=f"{argument}={replacement}, where rows are of different lengths",
        argument=argument,
        replacement=replacement,
    )


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
