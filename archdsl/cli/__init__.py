"""The command line. Each command is one file in ``archdsl/cli/commands``."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper


def main() -> None:
    """Run ``archdsl`` with the arguments of this process, and exit."""
    # Pydantic would look through all installed packages for plugins: a tenth of a cold start.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # no output stops at an odd character
    from archdsl.cli.group import archdsl

    archdsl(prog_name="archdsl")
