"""HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.pictures.base import Format
from archdsl.pictures.html.report import report_page

if TYPE_CHECKING:
    from archdsl.pictures.picture import Picture
    from archdsl.pictures.report import Report


class Html(Format):
    """A report: the picture with findings, costs, layers or the page of a space, and the spec, in
    one file that loads nothing."""

    suffix = ".html"
    needs_report = True

    def draw(self, picture: Picture, report: Report | None = None) -> str:
        return report_page(picture, report)
