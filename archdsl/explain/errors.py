"""The pages of the E and W codes: sections ``## E101: title`` of the files in ``pages``."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from archdsl.catalog import files


class Page(NamedTuple):
    """What one code means. ``example`` is a spec, or the inside of an ``arch``, that has it."""

    code: str
    title: str
    text: str
    example: str

    @property
    def spec(self) -> str:
        """The example as a whole spec."""
        whole = re.search(r"^(arch|block|use) ", self.example, flags=re.MULTILINE)
        return self.example if whole else f"arch Example {{\n{self.example}}}\n"


@cache
def pages() -> dict[str, Page]:
    """Every page by its code."""
    found = [
        _page(part)
        for path in files("archdsl.explain", ".md").values()
        for part in re.split(r"^## ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    ]
    return {page.code: page for page in sorted(found)}


def _page(part: str) -> Page:
    head, _, text = part.partition("\n")
    code, _, title = head.partition(": ")
    example = re.search(r"^```arch\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    return Page(code, title.strip(), text.strip(), example[1] if example else "")
