"""Designs per CPU-second: sample one, then its shapes, parameters and MACs.

Beside it, in the same run, the way it is done without archdsl: sample a design, build the torch
module, count parameters, and let fvcore trace the MACs.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from archdsl.cost import counts
from archdsl.evaluate.designs import design_of, sampler
from archdsl.resolve.loading import load
from archdsl.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from archdsl.evaluate.program import Program

SPACES = Path(__file__).parent.parent / "specs" / "spaces"
NAMES = ("nas_bench_201", "mobilenet_v2_like")


class Rate(NamedTuple):
    """Designs per CPU-second from the first design on, and once the memo is warm."""

    cold: float
    warm: float


def program_of(name: str) -> Program:
    path = SPACES / f"{name}.arch"
    return load(Source(path.read_text(encoding="utf-8"), str(path)), SPACES).program()


def per_second(step: Callable[[], object], seconds: float) -> float:
    """Calls of ``step`` per CPU-second, over at least ``seconds`` of them."""
    start = time.process_time()
    calls = 0
    while time.process_time() - start < seconds:
        step()
        calls += 1
    return calls / (time.process_time() - start)


def archdsl_rate(name: str, seconds: float = 2.0) -> Rate:
    """Sample + design document + output type + params + MACs, per CPU-second."""
    program = program_of(name)
    chooser = sampler(0)

    def step() -> tuple[object, int, int, dict[str, object]]:
        evaluation = program.evaluate(chooser)
        model = evaluation.graph.model
        return model.out, counts.params(model), counts.macs(model), design_of(evaluation)

    return Rate(per_second(step, seconds), per_second(step, seconds))


def torch_rate(name: str, seconds: float = 4.0) -> float:
    """Sample + build the emitted torch module + count + fvcore, per CPU-second."""
    import warnings

    import torch
    from fvcore.nn import FlopCountAnalysis

    from archdsl.runtime.module import build

    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    program = program_of(name)
    chooser = sampler(0)
    channels, height, width = program.input[:3]
    batch = torch.zeros(1, channels, height, width)
    built = [build(program.evaluate(chooser).graph) for _ in range(6)]
    designs = iter(built * 1000)

    def step() -> tuple[int, float]:
        module = type(design := next(designs))()
        params = sum(p.numel() for p in module.parameters())
        analysis = FlopCountAnalysis(design, batch)
        analysis.unsupported_ops_warnings(False)
        analysis.uncalled_modules_warnings(False)
        return params, analysis.total()

    return per_second(step, seconds)


def main() -> None:
    print("designs per CPU-second: sampled, shaped, params and MACs counted")
    print(f"{'space':22}{'archdsl, cold':>15}{'warm':>10}{'torch + fvcore':>17}{'ratio':>9}")
    for name in NAMES:
        ours, peer = archdsl_rate(name), torch_rate(name)
        row = f"{name:22}{ours.cold:15,.0f}{ours.warm:10,.0f}{peer:17.1f}{ours.cold / peer:8,.0f}x"
        print(row)


if __name__ == "__main__":
    main()
