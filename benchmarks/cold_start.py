"""The wall time of a cold ``archdsl check``, as a ratio to ``import torch``."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
SPEC = ROOT / "specs" / "zoo" / "resnet50.arch"


def wall(command: list[str]) -> float:
    """Seconds that a command takes, started fresh."""
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    return time.perf_counter() - start


def ratios(pairs: int = 7) -> list[float]:
    """check / import torch, pair by pair, after one pair to warm the disk."""
    check = [sys.executable, "-m", "archdsl", "check", str(SPEC)]
    torch = [sys.executable, "-c", "import torch"]
    found = [wall(check) / wall(torch) for _ in range(pairs + 1)]
    return found[1:]


def main() -> None:
    found = ratios()
    low, middle, high = min(found), statistics.median(found), max(found)
    print(f"cold `archdsl check` / `import torch`: {middle:.3f} (min {low:.3f}, max {high:.3f})")


if __name__ == "__main__":
    main()
