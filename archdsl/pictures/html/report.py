"""The report of a design or a space as a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.pictures.html.space import space_parts
from archdsl.pictures.html.tables import findings_part, layers_part, metrics_part
from archdsl.pictures.svg.document import element
from archdsl.rendering.pages import Section, page, told

if TYPE_CHECKING:
    from archdsl.pictures.picture import Picture
    from archdsl.pictures.report import Report

LOOK = """
main { max-width: 64rem; }
.picture { overflow-x: auto; margin: 1.2rem 0; } .picture svg { display: block; margin: 0 auto; }
td:first-child, th:first-child { text-align: left; }
.layers td:first-child { white-space: pre; font-family: ui-monospace, "DejaVu Sans Mono", monospace;
  font-size: .78rem; }
.layers th:last-child, .layers td:last-child { text-align: right; }
.share { display: inline-block; height: .5rem; background: #0072b2; border-radius: 2px;
  vertical-align: middle; margin-right: .4rem; }
.findings { list-style: none; padding: 0; } .findings li { margin: 0 0 .7rem; }
.findings b { margin-right: .3rem; } .error b { color: #b3261e; } .warning b { color: #b25e00; }
.note b { color: #2f6fae; } .findings .under { margin: 0; font-size: .88rem; }
.doc { margin: .6rem 0 0; } pre { overflow-x: auto; border: 1px solid var(--grid); padding: .8rem;
  border-radius: 6px; } pre code { font-size: .8rem; }
.bars { display: inline-flex; align-items: flex-end; gap: 1px; height: 1.1rem; }
.bars i { width: 6px; background: #0072b2; border-radius: 1px 1px 0 0; }
.wrap td:last-child { white-space: normal; }
@media (prefers-color-scheme: dark) { .share, .bars i { background: #56b4e9; }
  .error b { color: #ff8a80; } .warning b { color: #ffb15c; } .note b { color: #6fb1ee; } }
@media print { main { max-width: none; } }
"""


def report_page(picture: Picture, report: Report | None) -> str:
    """The page; without a report of the picture and its findings alone."""
    parts = [
        f"<h1>{told(picture.name)}</h1>",
        f'<p class="under">{told(" · ".join(picture.facts))}</p>',
        f'<p class="doc">{told(picture.doc)}</p>' if picture.doc else "",
        f'<figure class="picture">{element(picture, heading=False)}</figure>',
        *(f'<p class="under">{told(remark)}</p>' for remark in picture.remarks),
        findings_part(picture),
    ]
    if report is not None:
        parts += _told(report)
    first = Section(tuple(parts), {}, {})
    sections = report.sections if report is not None else ()
    last = Section((_spec(report.text),) if report is not None else (), {}, {})
    return page(f"{picture.name}: a picture", [first, *sections, last], LOOK)


def _told(report: Report) -> list[str]:
    parts = [metrics_part(report.metrics)]
    if report.layers is not None:
        parts.append(layers_part(report.layers))
    if report.survey is not None:
        parts += space_parts(report.survey)
    return parts


def _spec(text: str) -> str:
    """The text of the spec; its line breaks are the only signs in it that are not shown."""
    lines = "\n".join(told(line.expandtabs(4)) for line in text.splitlines())
    return f"<h2>The spec</h2>\n<pre><code>{lines}</code></pre>"
