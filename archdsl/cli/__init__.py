"""The command line. Each command is one file in ``archdsl/cli/commands``."""

from __future__ import annotations


def main() -> None:
    """Run ``archdsl`` with the arguments of this process, and exit."""
    from archdsl.cli.group import archdsl

    archdsl(prog_name="archdsl")
