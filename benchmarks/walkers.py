"""What one would write by hand to draw designs of one space: no compiler, just its numbers.

A walker draws a design uniformly among all designs of its space, adds up parameters and
multiply-accumulates, and gives the design as a dict with the names that archdsl gives. Neither
space requires anything, so each of its designs is valid. ``draw`` is what comes to mind first;
``draw_from_tables`` reads names and costs from tables made beforehand, the best we could do.
"""

from __future__ import annotations

from itertools import pairwise
from random import Random

Drawn = tuple[dict[str, object], int, int]  # design, parameters, multiply-accumulates

STAGES = ((16, 32), (32, 16), (64, 8))  # channels and height of NAS-Bench-201
CELLS = 5  # of a stage, all alike
OPERATIONS = {
    "zero": 0,
    "identity": 0,
    "relu_conv_bn(width, 1)": 1,
    "relu_conv_bn(width, 3)": 3,
    "avg_pool": 0,
}  # and the kernel of a convolution


def edge_name(node: int, edge: int) -> str:
    return f"cell.node{node}.edge_{edge}" if edge > 1 else f"cell.node{node}.edge"


class NasBench201:
    """``specs/spaces/nas_bench_201.arch``"""

    def __init__(self, seed: int = 0) -> None:
        self.random = Random(seed)
        self.params, self.macs = self._fixed()
        self.operations = [(name, *self._conv(kernel)) for name, kernel in OPERATIONS.items()]
        self.names = [edge_name(node, edge) for node in (1, 2, 3) for edge in range(1, node + 1)]

    @staticmethod
    def _conv(kernel: int) -> tuple[int, int]:
        """What a convolution on one edge costs in all cells."""
        if not kernel:
            return 0, 0
        params = macs = 0
        for width, side in STAGES:
            weights = width * width * kernel**2
            params += CELLS * (weights + 2 * width)
            macs += CELLS * weights * side * side
        return params, macs

    @staticmethod
    def _fixed() -> tuple[int, int]:
        """Stem, reductions, last norm and classifier."""
        params, macs = 3 * 16 * 9 + 2 * 16, 3 * 16 * 9 * 32 * 32
        for (before, _), (width, side) in pairwise(STAGES):
            weights = 9 * before * width + 9 * width * width + before * width
            params += weights + 4 * width
            macs += weights * side * side
        return params + 2 * 64 + 65 * 10, macs + 64 * 10

    def draw(self) -> Drawn:
        design: dict[str, object] = {}
        params, macs = self.params, self.macs
        for node in (1, 2, 3):
            for edge in range(1, node + 1):
                operation = self.random.choice(tuple(OPERATIONS))
                design[edge_name(node, edge)] = operation
                more_params, more_macs = self._conv(OPERATIONS[operation])
                params += more_params
                macs += more_macs
        return design, params, macs

    def draw_from_tables(self) -> Drawn:
        random, operations = self.random.random, self.operations
        design: dict[str, object] = {}
        params, macs = self.params, self.macs
        for name in self.names:
            operation, more_params, more_macs = operations[int(random() * 5)]
            design[name] = operation
            params += more_params
            macs += more_macs
        return design, params, macs


UNITS = ((24, 2), (32, 2), (64, 2), (96, 1), (160, 2))  # channels and stride of MobileNetV2Like
EXPANDS, KERNELS = (3, 4, 6), (3, 5, 7)
BLOCKS = [(expand, kernel) for expand in EXPANDS for kernel in KERNELS]
DEPTHS = {2: 9**2, 3: 9**3, 4: 9**4}  # and the designs of a unit that has it


class MobileNetV2Like:
    """``specs/spaces/mobilenet_v2_like.arch``"""

    def __init__(self, seed: int = 0) -> None:
        self.random = Random(seed)
        self.params = 3 * 16 * 9 + 2 * 16 + 160 * 320 + 2 * 320 + 321 * 1000
        self.macs = 3 * 16 * 9 * 112 * 112 + 160 * 320 * 7 * 7 + 320 * 1000
        self.tables = []
        before, side = 16, 112
        for number, (channels, stride) in enumerate(UNITS, 1):
            name = f"unit{number}.unit"
            blocks = []
            for place in range(1, 5):
                prefix = f"{name}.each.{place}.inverted_residual"
                step = stride if place == 1 else 1
                costs = [
                    (e, k, *self._block(before, channels, e, k, step, side)) for e, k in BLOCKS
                ]
                blocks.append((f"{prefix}.expand", f"{prefix}.kernel", costs))
                before, side = channels, side // step
            self.tables.append((f"{name}.depth", blocks))

    @staticmethod
    def _block(
        before: int, channels: int, expand: int, kernel: int, stride: int, side: int
    ) -> tuple[int, int]:
        """Parameters and multiply-accumulates of an inverted residual."""
        hidden, after = expand * before, (side // stride) ** 2
        widen, filtered, narrow = before * hidden, hidden * kernel**2, hidden * channels
        params = widen + filtered + narrow + 4 * hidden + 2 * channels
        return params, widen * side * side + (filtered + narrow) * after

    def draw(self) -> Drawn:
        random = self.random
        design: dict[str, object] = {}
        params, macs = self.params, self.macs
        before, side = 16, 112
        for number, (channels, stride) in enumerate(UNITS, 1):
            (depth,) = random.choices(list(DEPTHS), list(DEPTHS.values()))
            design[f"unit{number}.unit.depth"] = depth
            for place in range(1, depth + 1):
                expand, kernel = random.choice(EXPANDS), random.choice(KERNELS)
                prefix = f"unit{number}.unit.each.{place}.inverted_residual"
                design[f"{prefix}.expand"] = expand
                design[f"{prefix}.kernel"] = kernel
                step = stride if place == 1 else 1
                more_params, more_macs = self._block(before, channels, expand, kernel, step, side)
                params += more_params
                macs += more_macs
                before, side = channels, side // step
        return design, params, macs

    def draw_from_tables(self) -> Drawn:
        random = self.random.random
        design: dict[str, object] = {}
        params, macs = self.params, self.macs
        two, three, all_ = DEPTHS[2], DEPTHS[2] + DEPTHS[3], sum(DEPTHS.values())
        for name, blocks in self.tables:
            drawn = int(random() * all_)
            depth = 2 if drawn < two else 3 if drawn < three else 4
            design[name] = depth
            for expand_name, kernel_name, costs in blocks[:depth]:
                expand, kernel, more_params, more_macs = costs[int(random() * 9)]
                design[expand_name] = expand
                design[kernel_name] = kernel
                params += more_params
                macs += more_macs
        return design, params, macs


WALKERS = {"nas_bench_201": NasBench201, "mobilenet_v2_like": MobileNetV2Like}
