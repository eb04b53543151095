"""All rules on one design, after its evaluation: ResNet-50, and generated graphs."""

from __future__ import annotations

import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING

from archdsl.evaluate.bounds import DEFAULT
from archdsl.evaluate.designs import sampler
from archdsl.resolve.loading import load
from archdsl.rules.case import Case
from archdsl.rules.catalog import all_rules
from archdsl.source import Source

if TYPE_CHECKING:
    from archdsl.evaluate.program import Evaluation, Program

ZOO = Path(__file__).parent.parent / "specs" / "zoo"
BLOCK_OPS = 5  # conv, norm, relu, conv, and the sum


def resnet50() -> tuple[Program, Evaluation]:
    (path,) = ZOO.rglob("resnet50.arch")
    program = load(Source(path.read_text(encoding="utf-8"), str(path)), ZOO).program()
    return program, program.evaluate(sampler(0))


def generated(nodes: int) -> tuple[Program, Evaluation]:
    """A residual net of so many ops."""
    body = "conv(32, 3, bias=false) -> batch_norm -> relu -> conv(32, 3)"
    spec = f"""arch Generated {{
  data  image(32, 32, 32, samples=1_000_000)
  task  classify(10)
  model = {nodes // BLOCK_OPS} * residual({body}) -> global_avg_pool -> linear(classes)
}}
"""
    program = load(Source(spec, "generated.arch")).program()
    return program, program.evaluate(sampler(0), DEFAULT)


def mistaken(nodes: int) -> tuple[Program, Evaluation]:
    """A plain net of so many ops, repeated here and there, with a fix for each repeat."""
    row = " -> ".join(["2 * (linear(8) -> relu)"] * (nodes // 4))
    spec = f"arch Mistaken {{\n  data table(8)\n  model = {row}\n}}\n"
    program = load(Source(spec, "mistaken.arch")).program()
    return program, program.evaluate(sampler(0), DEFAULT)


def seconds(design: tuple[Program, Evaluation], repeats: int = 5) -> float:
    """CPU-seconds of all rules on a fresh case, the median."""
    found = []
    for _ in range(repeats):
        case = Case(*design)
        start = time.process_time()
        for rule in all_rules():
            list(rule().check(case))
        found.append(time.process_time() - start)
    return statistics.median(found)


def by_rule(design: tuple[Program, Evaluation]) -> list[tuple[float, str]]:
    """CPU-seconds of each rule on one case in turn: who asks first pays for a fact."""
    case = Case(*design)
    found = []
    for rule in all_rules():
        start = time.process_time()
        list(rule().check(case))
        found.append((time.process_time() - start, rule.slug()))
    return sorted(found, reverse=True)


def main() -> None:
    print(f"{len(all_rules())} rules, CPU time after evaluation")
    seconds(resnet50())  # imports
    print(f"{'ResNet-50':22}{1e3 * seconds(resnet50()):10.1f} ms   (target: 10 ms)")
    for nodes in (1_250, 2_500, 5_000, 10_000):
        target = "   (target: 1,000 ms)" if nodes == 10_000 else ""
        print(f"{f'{nodes:,} ops':22}{1e3 * seconds(generated(nodes), 3):10.1f} ms{target}")
    for nodes in (1_250, 2_500, 5_000):
        print(f"{f'{nodes:,}, with fixes':22}{1e3 * seconds(mistaken(nodes), 3):10.1f} ms")


if __name__ == "__main__":
    main()
