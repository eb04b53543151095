"""Run the benchmarks named, or all that take minutes, and print their tables."""

from __future__ import annotations

import sys

from benchmarks import (
    cold_start,
    constrained,
    designs,
    rules,
    search,
    searches,
    spaces,
    starting,
    training,
)

QUICK = (designs, spaces, rules, cold_start, training)
ALONE = {
    "search": search.main,
    "constrained": constrained.main,
    "searches": searches.main,
    "starting": starting.main,
}


def main() -> None:
    """``search`` and what comes behind it are a benchmark of their own, which takes hours."""
    name, *rest = sys.argv[1:] or ("",)
    if name in ALONE:
        ALONE[name](rest)
        return
    for benchmark in QUICK:
        benchmark.main()
        print()


if __name__ == "__main__":
    main()
