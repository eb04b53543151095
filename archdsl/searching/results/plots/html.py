"""The results of a run as a page of HTML, or as part of one."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from archdsl.evaluate.designs import dumps
from archdsl.rendering.escape import visible
from archdsl.rendering.pages import Section, page, told
from archdsl.rendering.spans_of_time import lasting
from archdsl.searching.results.plots.drawing import plots
from archdsl.searching.results.plots.style import DARK
from archdsl.searching.results.telling import ended, rejections, states
from archdsl.searching.results.values import column, dimension_of, percent, plain, value

if TYPE_CHECKING:
    from archdsl.searching.records import Tried
    from archdsl.searching.results.plots.drawing import Plot
    from archdsl.searching.results.results import Results

MOST = 50  # trials in the table
WORDS = "surface ink muted grid dot best test bad green pink yellow"
NAMES = dict(zip(DARK, WORDS.split(), strict=True))
ID = re.compile(r'(\bid="|\burl\(#|\bhref="#)')


def html(found: Results) -> str:
    """The results of a run as a page. Raises ImportError where Matplotlib is missing."""
    title = f"<h1>{told(found.arch)}</h1>"
    return page(f"{found.arch}: results of a search", [section(found, title)])


def section(found: Results, title: str = "<h2>What a search came to</h2>") -> Section:
    """The results of a run as part of a page. Raises ImportError where Matplotlib is missing."""
    parts = [
        title,
        f'<p class="under">{told(_objectives(found))}</p>',
        _facts(found),
        _list(found),
        *map(_figure, plots(found)),
        _table(found),
    ]
    light = {name: color for color, name in NAMES.items()}
    dark = {name: DARK[color] for color, name in NAMES.items()}
    return Section(tuple(parts), light, dark)


def _objectives(found: Results) -> str:
    said = " and ".join(f"{one.direction} {found.title(one)}" for one in found.objectives)
    return said[0].upper() + said[1:] + (f"; values by {found.evaluator}" * bool(found.evaluator))


def _facts(found: Results) -> str:
    """The few numbers that matter most."""
    facts = [("designs tried", f"{len(found.trials):,}")]
    best = found.best
    if best is not None and best.values and len(found.objectives) == 1:
        one = found.objectives[0]
        facts.append((f"best {found.title(one)}", value(one.text, best.values[0])))
        tests = [f"test_{name}" for name in one.reads if f"test_{name}" in best.metrics]
        facts += [(name.replace("_", " ", 1), plain(best.metrics[name])) for name in tests]
    if len(found.objectives) > 1:
        facts.append(("in the front", f"{len(found.front):,}"))
    if found.volume is not None:
        facts.append(("hypervolume", percent(found.volume.share)))
    facts.append(("time", lasting(found.seconds)))
    cells = (f"<div><dt>{told(name)}</dt><dd>{told(said)}</dd></div>" for name, said in facts)
    return f'<dl class="facts">{"".join(cells)}</dl>'


def _list(found: Results) -> str:
    """How it went."""
    lines = [f"{'Now' if found.is_running else 'Ended'}: {ended(found)}.", f"{states(found)}."]
    if found.rejected:
        lines.append(f"Rejected {rejections(found)}.")
    if found.volume is not None:
        pairs = zip(found.objectives, found.volume.reference, strict=True)
        corner = ", ".join(f"{one.text} {value(one.text, worst)}" for one, worst in pairs)
        share = percent(found.volume.share)
        lines.append(
            f"Hypervolume {plain(found.volume.value)}: {share} of the box from the worst values "
            f"seen ({corner}) to the best."
        )
    if found.tests:
        lines.append("Test figures are of samples that the search never saw.")
    for group in found.failures:
        log = f" ({group.log})" if group.log else ""
        lines.append(f"{len(group.trials)} failed: {group.reason}{log}.")
    return f"<ul>{''.join(f'<li>{told(line)}</li>' for line in lines)}</ul>"


def _figure(plot: Plot) -> str:
    return (
        f'<h2>{told(plot.title)}</h2>\n<figure class="plot">\n{_inline(plot)}\n'
        f"<figcaption>{told(plot.caption)}</figcaption>\n</figure>"
    )


def _inline(plot: Plot) -> str:
    """A drawing for inside a page: its colours by name, its parts by names of its own."""
    text = plot.svg(with_text=True).decode()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text, flags=re.DOTALL)
    text = ID.sub(rf"\g<1>{plot.name}-", text)
    text = re.sub(r'(<svg[^>]*?)\s(?:width|height)="[^"]*"', r"\1", text, count=1)
    text = re.sub(r'(<svg[^>]*?)\s(?:width|height)="[^"]*"', r"\1", text, count=1)
    text = re.sub(r"font: ([\d.]+)px [^;\"]*", r"font-size: \1px", text)
    for color, name in NAMES.items():
        text = text.replace(color, f"var(--{name})")
    label = f'<svg role="img" aria-label="{told(plot.title)}"'
    return text.replace("<svg", label, 1)


def _table(found: Results) -> str:
    """The best trials, and their designs as `archdsl compile --design` takes them."""
    trials = found.ordered[:MOST]
    if not trials:
        return ""
    heads = ["trial", *(found.title(one) for one in found.objectives)]
    heads += [name.replace("_", " ", 1) for name in found.tests]
    columns = [[str(tried.number) for tried in trials]]
    for place, one in enumerate(found.objectives):
        values = [(tried.values or ())[place] for tried in trials]
        is_plain = not dimension_of(one.text)
        columns.append([*column(values)] if is_plain else [value(one.text, v) for v in values])
    columns += [list(column([t.metrics.get(name) for t in trials])) for name in found.tests]
    front = {tried.number for tried in found.front} if len(found.objectives) > 1 else set()
    rows = [
        _row(tried, [line[i] for line in columns], tried.number in front)
        for i, tried in enumerate(trials)
    ]
    head = "".join(f"<th>{told(name)}</th>" for name in [*heads, "design"])
    more = len(found.complete) - len(trials)
    under = f'<p class="under">and {more:,} more</p>' if more else ""
    return (
        f'<h2>The best trials</h2>\n<div class="wide"><table><thead><tr>{head}</tr></thead>\n'
        f"<tbody>{''.join(rows)}</tbody></table></div>{under}"
    )


def _row(tried: Tried, cells: list[str], is_front: bool) -> str:
    mark = ' class="front"' if is_front else ""
    row = "".join(f"<td>{told(cell)}</td>" for cell in cells)
    design = escape(visible(dumps(dict(tried.design))))
    return f"<tr{mark}>{row}<td><code>{design}</code></td></tr>\n"
