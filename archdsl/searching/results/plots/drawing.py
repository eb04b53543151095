"""All plots of a run, as files."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.searching.results.plots import curves, front, history, importance, shared
from archdsl.searching.results.plots.style import styled

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.figure import Figure

    from archdsl.searching.results.results import Results

PLOTS = (history, front, curves, importance, shared)  # in the order in which they are shown
DOTS = 200  # an inch, of PNG
NOTHING: dict[str, Any] = {}


class Plot(NamedTuple):
    """A plot: what its files are called, its title, what is seen, and the figure."""

    name: str
    title: str
    caption: str
    figure: Figure

    def png(self) -> bytes:
        """As a picture, on white."""
        return self._saved("png", dpi=DOTS)

    def svg(self, with_text: bool = False) -> bytes:
        """As a drawing; letters are outlines, so that it looks alike everywhere, or text."""
        kind = {"svg.fonttype": "none" if with_text else "path"}
        return self._saved("svg", kind, metadata={"Date": None, "Creator": None})

    def _saved(self, format: str, settings: dict[str, Any] = NOTHING, **options: Any) -> bytes:
        with styled(settings):
            file = io.BytesIO()
            self.figure.savefig(file, format=format, **options)
            return file.getvalue()


def plots(found: Results) -> list[Plot]:
    """The plots of a run that have something to show. Raises ImportError where Matplotlib is
    missing."""
    made = []
    with styled():
        for one in PLOTS:
            figure = one.draw(found)
            if figure is not None:
                figure.draw_without_rendering()
                figure.set_layout_engine("none")  # all forms of it are laid out alike
                name = one.__name__.rpartition(".")[2]
                made.append(Plot(name, one.TITLE, one.caption(found), figure))
    return made


def save(found: Results, folder: Path) -> list[Path]:
    """The plots as PNG and SVG in a folder, made where there is none. Raises OSError."""
    from archdsl.content import replace

    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for plot in plots(found):
        for suffix, content in (("png", plot.png()), ("svg", plot.svg())):
            place = folder / f"{plot.name}.{suffix}"
            replace(place, content)
            written.append(place)
    return written
