"""Pages of HTML with everything in them: they load nothing, and are light or dark as the reader's
screen is."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, NamedTuple

from archdsl.rendering.escape import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LIGHT = {"surface": "#fefefe", "ink": "#1b1f24", "muted": "#66707b", "grid": "#e4e7ea"}
DARK = {"surface": "#15181b", "ink": "#e7eaed", "muted": "#98a3ae", "grid": "#2b3136"}
LOOK = """
:root { color-scheme: light dark; LIGHT }
@media (prefers-color-scheme: dark) { :root { DARK } }
body { margin: 0; background: var(--surface); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 2rem 1.2rem 4rem; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.1rem; margin: 2.4rem 0 .4rem; }
.under, figcaption { color: var(--muted); } .under { margin: .1rem 0 1.4rem; }
.facts { display: flex; flex-wrap: wrap; gap: 1.6rem; margin: 0 0 1.2rem; }
.facts dt { color: var(--muted); font-size: .82rem; } .facts dd { margin: 0; font-size: 1.25rem; }
figure { margin: 0; }
.plot svg { width: 100%; height: auto; display: block; }
.plot svg text { font-family: system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; }
figcaption { font-size: .88rem; }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-size: .85rem;
  font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: .25rem .7rem .25rem 0; border-bottom: 1px solid var(--grid);
  white-space: nowrap; vertical-align: top; } th { color: var(--muted); font-weight: 500; }
th:last-child, td:last-child { text-align: left; padding-right: 0; }
code { font: .78rem/1.5 ui-monospace, "DejaVu Sans Mono", monospace; }
.front td:first-child { font-weight: 700; color: var(--best); } ul { padding-left: 1.1rem; }
"""


class Section(NamedTuple):
    """Part of a page: elements, with the colours that they name, light and dark."""

    parts: tuple[str, ...]
    light: Mapping[str, str]
    dark: Mapping[str, str]


def told(text: str) -> str:
    """A text as it may stand in a page."""
    return escape(visible(text))


def page(title: str, sections: Iterable[Section], look: str = "") -> str:
    """A whole page; ``look`` are rules for what is on this one alone."""
    some = list(sections)
    light, dark = dict(LIGHT), dict(DARK)
    for section in some:
        light.update(section.light)
        dark.update(section.dark)
    rules = LOOK.replace("LIGHT", _colours(light)).replace("DARK", _colours(dark))
    head = [
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{told(title)}</title>\n<style>{rules}{look}</style>\n</head>",
        "<body>\n<main>",
    ]
    parts = [part for section in some for part in section.parts if part]
    return "\n".join([*head, *parts, "</main>\n</body>\n</html>"]) + "\n"


def table(heads: Iterable[str], rows: Iterable[Iterable[str]], name: str = "") -> str:
    """A table that may be wider than the page; heads and cells are elements or texts of a page."""
    head = "".join(f"<th>{one}</th>" for one in heads)
    lines = (f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>\n" for row in rows)
    thead = f"<thead><tr>{head}</tr></thead>\n" if head else ""
    named = f' class="{name}"' if name else ""
    body = "".join(lines)
    return f'<div class="wide"><table{named}>{thead}<tbody>{body}</tbody></table></div>'


def _colours(named: Mapping[str, str]) -> str:
    return " ".join(f"--{name}: {colour};" for name, colour in named.items())
