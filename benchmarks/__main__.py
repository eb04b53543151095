"""Run all benchmarks and print their tables."""

from __future__ import annotations

from benchmarks import cold_start, designs, rules


def main() -> None:
    for benchmark in (designs, rules, cold_start):
        benchmark.main()
        print()


if __name__ == "__main__":
    main()
