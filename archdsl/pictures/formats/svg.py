"""SVG."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.pictures.base import Format
from archdsl.pictures.svg.document import document

if TYPE_CHECKING:
    from archdsl.pictures.picture import Picture
    from archdsl.pictures.report import Report


class Svg(Format):
    """A drawing, light or dark as the reader's screen is, whose text can be selected."""

    suffix = ".svg"

    def draw(self, picture: Picture, report: Report | None = None) -> str:
        return document(picture)
