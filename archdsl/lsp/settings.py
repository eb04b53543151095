"""What a person has set in the editor: the section ``archdsl`` of its settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

CHANGES, ALL, OFF = "changes", "all", "off"


class Settings(NamedTuple):
    """``inlay_hints``: behind each step what it changes (its shape where that is another than
    before it, its parameters where it has some), all of each, or nothing; ``code_lens``: whether
    there is a line above each ``arch``."""

    inlay_hints: str = CHANGES
    code_lens: bool = True


def read_settings(given: Any) -> Settings:
    """The settings that an editor sends, of the section or of all; what means nothing is as it
    is without them."""
    section = given.get("archdsl", given) if isinstance(given, Mapping) else {}
    section = section if isinstance(section, Mapping) else {}
    hints = section.get("inlayHints", CHANGES)
    lens = section.get("codeLens", True)
    return Settings(
        hints if hints in (CHANGES, ALL, OFF) else CHANGES, lens if isinstance(lens, bool) else True
    )
