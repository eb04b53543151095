"""The pages of the E and W codes: sections ``## E101: title`` of the files in ``pages``."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from archdsl.catalog import files
from archdsl.explain.examples import Example, example_in


class Page(NamedTuple):
    """What one code means, with an example that has it."""

    code: str
    title: str
    text: str
    example: Example

    @property
    def whole(self) -> str:
        """The title with its code, and the text below."""
        return f"{self.code}: {self.title}\n\n{self.text}"

    @property
    def spec(self) -> str:
        """The spec of the example."""
        return self.example.spec


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
    return Page(code, title.strip(), text.strip(), example_in(text))
