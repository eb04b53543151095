"""The wall time of a cold ``archdsl check``, as a ratio to ``import torch``."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
SPEC = ROOT / "specs" / "zoo" / "resnet50.arch"
# Both as they are installed, with bytecode: pip compiles what it installs, torch's among it.
INSTALLED = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


class Pair(NamedTuple):
    """Seconds that two processes took, started fresh one after the other."""

    check: float
    torch: float


def wall(command: list[str]) -> float:
    """Seconds that a command takes, started fresh."""
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT, env=INSTALLED)
    return time.perf_counter() - start


def pairs(count: int = 15) -> list[Pair]:
    """Pair by pair, after one to warm the disk and to write the bytecode."""
    check = [sys.executable, "-m", "archdsl", "check", str(SPEC)]
    torch = [sys.executable, "-c", "import torch"]
    return [Pair(wall(check), wall(torch)) for _ in range(count + 1)][1:]


def main() -> None:
    found = pairs()
    fastest = min(pair.check for pair in found) / min(pair.torch for pair in found)
    middle = statistics.median(pair.check / pair.torch for pair in found)
    print(f"cold `archdsl check` / `import torch`: {middle:.3f} (of the fastest: {fastest:.3f})")


if __name__ == "__main__":
    main()
