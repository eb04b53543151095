"""Padding."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.base import Construct, Op, OpError, Saves, Spelling, Synonyms, Trait
from archdsl.ops.parameters import extent, word
from archdsl.ops.plumbing._axes import SWAPPED, around, short, spread
from archdsl.ops.plumbing._kinds import GRIDS, wrong_kind
from archdsl.ops.plumbing._padding import filled, kept_when_filled, most_copied
from archdsl.ops.reads import Copied, Reads, Shifted, each
from archdsl.types import (
    Grid,
    Padded,
    Sequence,
    TensorType,
    channels,
    padding,
    resized,
    said,
    spatial,
)

_MODULES = {
    "zeros": "nn.ZeroPad",
    "reflect": "nn.ReflectionPad",
    "replicate": "nn.ReplicationPad",
    "circular": "nn.CircularPad",
}


@dataclass(frozen=True)
class Pad(Op):
    """C×H×W → C×(before+H+after)×(before+W+after) with zeros or with copies (mode); also on volumes
    and sequences. after left to itself is before; pad(2, after=0) makes a convolution causal. Of
    zeros there may be less than none: pad(-1) takes a border away.

    PyTorch: F.pad, nn.ZeroPad2d, nn.ReflectionPad2d, nn.ReplicationPad2d, nn.CircularPad2d.

    Errors: taking away all there is, or with another mode than zeros; reflecting as much as there
    is or more; going round more than once; an extent with another number of sizes than the input
    has axes.
    """

    before: int | tuple[int, ...] = extent(minimum=None)
    after: int | tuple[int, ...] | None = extent(None, minimum=None)
    mode: str = word("zeros", "reflect", "replicate", "circular", default="zeros")

    traits = frozenset({Trait.AFFINE})
    example = "pad(1, after=2)"
    synonyms = Synonyms(
        torch=(
            "ZeroPad1d",
            "ZeroPad2d",
            "ZeroPad3d",
            "ReflectionPad1d",
            "ReflectionPad2d",
            "ReflectionPad3d",
            "ReplicationPad1d",
            "ReplicationPad2d",
            "ReplicationPad3d",
            "CircularPad1d",
            "CircularPad2d",
            "CircularPad3d",
            "ConstantPad1d",
            "ConstantPad2d",
            "ConstantPad3d",
        ),
        keras=("ZeroPadding1D", "ZeroPadding2D", "ZeroPadding3D"),
        arguments={"padding": "before"},
    )
    attribute = "pad"
    heeds_padding = True

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, GRIDS):
            raise wrong_kind("pad", x, GRIDS)
        amounts = self._amounts(x)
        self._check_copies(x, amounts)
        each = zip(spatial(x), amounts, strict=True)
        sizes = tuple(n + before + after for n, (before, after) in each)
        self._check_less(x, amounts, sizes)
        return resized(x, channels(x), sizes)

    def _check_less(
        self, x: Grid, amounts: tuple[tuple[int, int], ...], sizes: tuple[int, ...]
    ) -> None:
        """Raises where borders are taken away by a mode that copies, or until nothing is left."""
        if self.mode != "zeros" and min(map(min, amounts)) < 0:
            raise OpError(
                f"mode={self.mode} copies what is there, and takes nothing away",
                needed="at least 0",
                help="crop takes the middle, pad(-1) a border away",
                argument="before" if min(pair[0] for pair in amounts) < 0 else "after",
            )
        if min(sizes) < 1:
            raise OpError(
                f"nothing is left of {said(x)}", needed="less to be taken away", argument="before"
            )

    def _check_copies(self, x: Grid, amounts: tuple[tuple[int, int], ...]) -> None:
        """Raises where an axis has too little to copy from; zeros and the outermost number never
        run out."""
        there = tuple(n for size in spatial(x) if (n := most_copied(self.mode, size)) is not None)
        if not there:
            return
        over = [pair for pair, most in zip(amounts, there, strict=True) if max(pair) > most]
        if over:
            given = self.after is None or any(
                a > n for (a, _), n in zip(amounts, there, strict=True)
            )
            raise OpError(
                f"mode={self.mode} cannot pad {said(x)} by {max(map(max, over))}",
                needed=f"at most {_each(there)}",
                argument="before" if given else "after",
            )

    def saves(self, *inputs: TensorType) -> Saves:
        (x,) = inputs
        if self.mode in ("reflect", "replicate"):
            return Saves(inputs=(0,))
        is_behind = padding(x) is not None and self._amounts(x)[0][1] > 0
        return kept_when_filled(Saves(), x) if is_behind else Saves()

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        (x,) = inputs
        before = [pair[0] for pair in self._amounts(x)]
        if self.mode == "zeros":
            return (each(x, [Shifted(count) for count in before]),)
        return (each(x, [Copied(count, self.mode) for count in before]),)

    def rows(self, given: Padded, *inputs: TensorType) -> Padded:
        ((before, after),) = self._amounts(inputs[0])
        if self.mode != "zeros" or before < 0:
            raise _of_different_lengths(self.mode)
        return given.then(before + after)

    def spelling(self, *inputs: TensorType) -> Spelling:
        (x,) = inputs
        sides = tuple(side for pair in reversed(self._amounts(x)) for side in pair)
        axes = len(sides) // 2
        if isinstance(x, Sequence) and self.mode == "zeros":
            sides, axes, swapped = (0, 0, *sides), 2, False
        else:
            swapped = isinstance(x, Sequence)
        mode = "" if self.mode == "zeros" else f', mode="{self.mode}"'
        call = f"F.pad({{x}}, {{padding}}{mode})"
        plain = Spelling(
            module=Construct(f"{_MODULES[self.mode]}{axes}d", {"padding": short(sides)}, 1),
            apply=SWAPPED if swapped else "{m}({x})",
            function=around(x, call) if swapped else call,
            values={"padding": sides},
        )
        return filled(plain, x) if self._amounts(x)[0][1] > 0 else plain

    def _amounts(self, x: TensorType) -> tuple[tuple[int, int], ...]:
        axes = len(spatial(x))
        after = self.before if self.after is None else self.after
        pairs = zip(spread("before", self.before, axes), spread("after", after, axes), strict=True)
        return tuple(pairs)


def _of_different_lengths(mode: str) -> OpError:
    if mode == "zeros":
        return OpError(
            "a row of different lengths may be shorter than what is taken away from its start",
            code="E302",
            needed="at least 0",
            argument="before",
        )
    return OpError(
        f"mode={mode} copies what stands at the ends, and rows are of different lengths",
        code="E302",
        needed="mode=zeros",
        argument="mode",
        replacement="zeros",
    )


def _each(most: tuple[int, ...]) -> str:
    """``3``, or ``3×5`` where axes differ."""
    return str(most[0]) if len(set(most)) == 1 else "×".join(map(str, most))
