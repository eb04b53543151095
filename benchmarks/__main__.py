"""Run all benchmarks and print a table."""

from __future__ import annotations

import statistics

from benchmarks.cold_start import ratios
from benchmarks.designs import NAMES, archdsl_rate, torch_rate


def main() -> None:
    print("designs per CPU-second: sampled, shaped, params and MACs counted")
    print(f"{'space':22}{'archdsl, cold':>15}{'warm':>10}{'torch + fvcore':>17}{'ratio':>9}")
    for name in NAMES:
        ours, peer = archdsl_rate(name), torch_rate(name)
        row = f"{name:22}{ours.cold:15,.0f}{ours.warm:10,.0f}{peer:17.1f}{ours.cold / peer:8,.0f}x"
        print(row)
    print()
    found = ratios()
    low, middle, high = min(found), statistics.median(found), max(found)
    print(f"cold `archdsl check` / `import torch`: {middle:.3f} (min {low:.3f}, max {high:.3f})")


if __name__ == "__main__":
    main()
