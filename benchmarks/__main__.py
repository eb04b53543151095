"""Run all benchmarks and print their tables."""

from __future__ import annotations

from benchmarks import cold_start, designs, rules, spaces, training


def main() -> None:
    for benchmark in (designs, spaces, rules, cold_start, training):
        benchmark.main()
        print()


if __name__ == "__main__":
    main()
