"""Changes of a spec as people and patch read them."""

from __future__ import annotations

from archdsl.rendering.escape import visible


def diff(name: str, old: str, new: str) -> str:
    """A unified diff; what the texts contain is made safe to show."""
    from difflib import unified_diff

    shown = visible(name)
    lines = unified_diff(old.splitlines(), new.splitlines(), shown, shown, lineterm="")
    return "".join(f"{visible(line)}\n" for line in lines)
