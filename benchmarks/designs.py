"""Designs per CPU-second: sampled, shaped, valid, parameters and MACs counted, named.

One by one and in batches from a decision diagram, and by evaluating each. Beside it, in the same
run, a walker written by hand for the one space (benchmarks/walkers.py), and the way it is done
without either: build the torch module, count parameters, and let fvcore trace the MACs.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from archdsl.cost import counts
from archdsl.evaluate.designs import design_of, sampler
from archdsl.resolve.loading import load
from archdsl.source import Source
from archdsl.space.batch import Batch
from archdsl.space.designs import Designs
from archdsl.space.diagram import union
from archdsl.space.drawing import Drawing, Sample
from archdsl.space.explore.explorer import Explorer
from archdsl.space.explore.program import explored
from archdsl.space.metrics import metric_of
from benchmarks.walkers import WALKERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from archdsl.cost.compose import Composition
    from archdsl.evaluate.program import Program
    from archdsl.space.diagram import Node

SPACES = Path(__file__).parent.parent / "specs" / "spaces"
NAMES = ("nas_bench_201", "mobilenet_v2_like")


FEW = ("params", "macs")
MORE = (*FEW, "memory(training)", "latency(t4)")  # five amounts in all


class Rate(NamedTuple):
    """Designs per CPU-second from the first design on, and once the memo is warm."""

    cold: float
    warm: float


class FromDiagram(NamedTuple):
    """Designs per CPU-second from a diagram. One by one, ``drawn`` and, each once, ``sampled``; the
    same with training memory and latency; in batches with ``FEW`` and with ``MORE`` metrics."""

    drawn: float
    sampled: float
    drawn_more: float
    batch: float
    batch_more: float


class ByHand(NamedTuple):
    """Designs per CPU-second of a walker: as it comes to mind, and from tables."""

    plain: float
    tables: float


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


def diagram_of(name: str, metrics: tuple[str, ...]) -> Node:
    """All designs of a space with what the metrics add up."""
    program = program_of(name)
    costs: dict[Composition, None] = {}
    for metric in metrics:
        costs.update(dict.fromkeys(metric_of(metric, program).compositions))
    return union([node for _, node in explored(program, Explorer(tuple(costs)))])


def diagram_rates(name: str, seconds: float = 2.0) -> FromDiagram:
    """Designs per CPU-second from a diagram, what is kept between them filled on the way."""
    few, more = diagram_of(name, FEW), diagram_of(name, MORE)
    sample = Sample(Designs(few), seed=0)
    positions = iter(range(1_000_000_000))
    return FromDiagram(
        per_second(Drawing(Designs(few), seed=0).__next__, seconds),
        per_second(lambda: sample[next(positions) % few.count], seconds),
        per_second(Drawing(Designs(more), seed=0).__next__, seconds),
        batch_rate(few, seconds),
        batch_rate(more, seconds),
    )


def batch_rate(node: Node, seconds: float, size: int = 1_000_000) -> float:
    """Designs sampled and costed per CPU-second, a million at a time."""
    batch = Batch([node], seed=0)
    return size * per_second(lambda: batch.draw(size), seconds)


def walker_rates(name: str, seconds: float = 2.0) -> ByHand:
    """Designs per CPU-second of the walker of a space."""
    walker = WALKERS[name]()
    return ByHand(per_second(walker.draw, seconds), per_second(walker.draw_from_tables, seconds))


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
    print("designs per CPU-second: sampled, shaped, valid, params and MACs counted, named")
    print(f"{'space':20}{'evaluated, cold':>17}{'warm':>8}{'torch + fvcore':>16}{'ratio':>8}")
    for name in NAMES:
        ours, peer = archdsl_rate(name), torch_rate(name)
        row = f"{name:20}{ours.cold:17,.0f}{ours.warm:8,.0f}{peer:16.1f}{ours.cold / peer:7,.0f}x"
        print(row)
    print("from the diagram, one by one; beside a walker by hand, plain and from tables")
    print(f"{'space':20}{'drawn':>9}{'sampled':>9}{'+ memory, latency':>19}", end="")
    print(f"{'by hand':>9}{'ratio':>7}{'tables':>11}{'ratio':>7}{'in batches':>13}{'+ m., l.':>12}")
    for name in NAMES:
        rates, hand = diagram_rates(name), walker_rates(name)
        print(f"{name:20}{rates.drawn:9,.0f}{rates.sampled:9,.0f}{rates.drawn_more:19,.0f}", end="")
        print(f"{hand.plain:9,.0f}{rates.drawn / hand.plain:6.1f}x", end="")
        print(f"{hand.tables:11,.0f}{rates.drawn / hand.tables:6.2f}x", end="")
        print(f"{rates.batch:13,.0f}{rates.batch_more:12,.0f}")


if __name__ == "__main__":
    main()
