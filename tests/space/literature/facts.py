"""What is known of each space of specs/spaces: its designs, counted, and what they cost."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from archdsl.resolve.loading import load
from archdsl.source import Source
from tests.space.literature import (
    autoformer,
    darts,
    einspace,
    hierarchical,
    mobilenet_v2_like,
    nas_bench_101,
    nas_bench_201,
    once_for_all,
    sequence,
    table,
    unet,
)
from tests.space.literature.costs import Cost, Span

if TYPE_CHECKING:
    from types import ModuleType

    from archdsl.evaluate.program import Program

ROOT = Path(__file__).parents[3]
SPACES = ROOT / "specs" / "spaces"


class Facts(NamedTuple):
    """Of one space; ``calculator`` comes to the same numbers by itself."""

    calculator: ModuleType
    count: int
    params: tuple[int, int]
    macs: tuple[int, int]

    @property
    def span(self) -> Span:
        """The extremes as a calculator tells them."""
        low, high = zip(self.params, self.macs, strict=True)
        return Span(Cost(*low), Cost(*high))


GRAMMAR = hierarchical.count()  # a number of 376 digits

FACTS = {
    "autoformer_tiny": Facts(
        autoformer, 280_804_921_344, (4_830_376, 10_409_752), (1_079_390_208, 2_263_242_112)
    ),
    "darts": Facts(
        darts, 1_076_746_950_455_072_400, (1_370_134, 5_144_086), (227_272_320, 817_833_600)
    ),
    "einspace_like": Facts(einspace, 101_407_790_976, (1_898, 183_722), (98_624, 11_244_544)),
    "hierarchical_nas_bench_201": Facts(
        hierarchical, GRAMMAR, (73_306, 5_286_106), (7_783_040, 602_325_632)
    ),
    "mobilenet_v2_like": Facts(
        mobilenet_v2_like,
        21_758_655_492_572_485_851,
        (761_208, 2_506_456),
        (91_132_288, 467_113_600),
    ),
    "nas_bench_101": Facts(
        nas_bench_101, 431_568, (227_274, 49_979_274), (37_098_496, 7_335_187_456)
    ),
    "nas_bench_201": Facts(nas_bench_201, 15_625, (73_306, 1_531_546), (7_783_040, 220_119_680)),
    "ofa_mobilenet_v3": Facts(
        once_for_all,
        21_758_655_492_572_485_851,
        (3_410_792, 7_664_760),
        (121_278_672, 566_170_656),
    ),
    "sequence": Facts(sequence, 19_710, (1_894, 348_166), (144_480, 44_114_304)),
    "table": Facts(table, 5_562, (641, 3_159_553), (576, 13_397_184)),
    "unet": Facts(unet, 135_648, (109_698, 81_241_346), (1_230_716_928, 99_513_860_096)),
}


def program(name: str) -> Program:
    """A space, resolved."""
    path = SPACES / f"{name}.arch"
    return load(Source(path.read_text(encoding="utf-8"), str(path)), ROOT).program()
