"""What is known of whole spaces, and what it takes.

Count, bounds, distribution and share, in seconds of CPU after start-up; the peak of memory.
"""

from __future__ import annotations

import re
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from archdsl.space.space import Space
from archdsl.space.valid import measures_in  # noqa: F401  loaded before the clock starts
from benchmarks.designs import program_of

if TYPE_CHECKING:
    from archdsl.evaluate.program import Program

NAMES = ("nas_bench_201", "mobilenet_v2_like", "darts", "ofa_mobilenet_v3", "autoformer_tiny")
METRICS = ("params", "macs")


class Known(NamedTuple):
    """One metric of one space: CPU seconds, and the ends of its range."""

    bounds_seconds: float
    spread_seconds: float
    low: int
    high: int
    values: int | None
    at_half: tuple[float, float]


def count(program: Program) -> tuple[int, float]:
    """The number of designs, and the seconds of CPU that counting took."""
    start = time.process_time()
    return Space(program).count(), time.process_time() - start


def known(program: Program, metric: str) -> Known:
    """Bounds of a metric with witnesses, its distribution, and the share of designs up to the
    middle of its range."""
    from archdsl.space.distribution import distribution

    space = Space(program)
    start = time.process_time()
    extent = space.bounds(metric)
    bounded = time.process_time()
    assert extent is not None
    middle = (extent.low.value + extent.high.value) // 2
    values, share = 0, (0.0, 0.0)
    for part, how in space.measured(metric):
        found = distribution(part.node, how.weights)
        values = values + len(found.values) if found.exact else -(10**9)
        low, high = found.count_at_most(middle)
        share = (low / part.count, high / part.count)
    spent = time.process_time() - bounded
    exact = values if values >= 0 else None
    ends = (extent.low.value, extent.high.value)
    return Known(bounded - start, spent, *ends, exact, share)


def table(name: str) -> None:
    """The figures of one space; one process each, for its peak of memory."""
    warm = program_of("nas_bench_201")
    Space(warm).bounds("params")
    program = program_of(name)
    designs, seconds = count(program)
    print(f"{name:20}{designs:>28,} designs{seconds:9.3f} s")
    for metric in METRICS:
        one = known(program_of(name), metric)
        told = f"{one.values:,} values" if one.values is not None else "an interval"
        low, high = one.at_half
        print(
            f"  {metric:8}{one.low:>14,} to {one.high:>15,}{one.bounds_seconds:9.3f} s"
            f"{one.spread_seconds:9.3f} s  {told}, up to the middle {low:.6%} to {high:.6%}"
        )
    print(f"  peak {_peak():,.0f} MiB")


def _peak() -> float:
    """The most memory that this process had, in MiB: where there is a status file without what the
    process that started it had."""
    status = Path("/proc/self/status")
    told = re.search(r"VmHWM:\s*(\d+) kB", status.read_text() if status.exists() else "")
    most = int(told.group(1)) if told else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1024


def main() -> None:
    print("spaces: count; for each metric bounds with designs, then distribution and share")
    for name in NAMES:
        subprocess.run([sys.executable, "-m", "benchmarks.spaces", name], check=True)


if __name__ == "__main__":
    table(sys.argv[1]) if len(sys.argv) > 1 else main()
