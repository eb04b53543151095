"""The command line. Each command is one file in ``archdsl/cli/commands``."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from io import TextIOWrapper

from archdsl.cli import interrupts


def main() -> None:
    """Run ``archdsl`` with the arguments of this process, and exit."""
    interrupts.leave_at_once()
    # Pydantic would look through all installed packages for plugins: a tenth of a cold start.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")
    gc.set_threshold(100_000)  # most of what imports make stays; looking for garbage is idle
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # no output stops at an odd character
    from archdsl.cli.group import archdsl
    from archdsl.space.explore.room import with_room

    atexit.register(_keep_all)
    interrupts.raise_it()
    try:
        with_room(lambda: archdsl(prog_name="archdsl"))
    finally:
        interrupts.pass_over()
        interrupts.end_as_told()


def _keep_all() -> None:
    """Leaves it to the system to free what is left: looking through a large space for garbage
    takes seconds as Python ends."""
    gc.disable()
    gc.freeze()
