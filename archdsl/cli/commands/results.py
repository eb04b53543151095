"""archdsl results"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from archdsl.cli import exits
from archdsl.cli.options import reporting
from archdsl.cli.searched.sorting import SORTED, TRIALS

if TYPE_CHECKING:
    from archdsl.cli.console import Console
    from archdsl.searching.results.results import Results


@click.command("results")
@click.argument("run", metavar="RUN", type=click.Path())
@click.option(
    "-n",
    "number",
    type=click.IntRange(0),
    default=TRIALS,
    show_default=True,
    help="How many trials are told.",
)
@click.option(
    "--sort",
    type=click.Choice(tuple(SORTED)),
    default="best",
    show_default=True,
    help="The best trials first, or by number, or the longest first.",
)
@click.option("--csv", "csv", metavar="FILE", help="Write all trials as a table (- is stdout).")
@click.option("--plots", metavar="FOLDER", help="Draw them: PNG and SVG files.")
@click.option("--html", metavar="FILE", help="Write one page with everything in it.")
@click.option("--compare", metavar="RUN2", help="Show two runs side by side.")
@click.option("--leave", is_flag=True, help="Write the best as files: spec, module and weights.")
@click.option("--into", metavar="FOLDER", help="Where --leave writes, by default RUN.")
@click.option("--storage", metavar="URL", default="", help="The database, with its password.")
@reporting
def command(
    console: Console,
    run: str,
    number: int,
    sort: str,
    csv: str | None,
    plots: str | None,
    html: str | None,
    compare: str | None,
    leave: bool,
    into: str | None,
    storage: str,
) -> int:
    """Show what a search came to, also while it runs.

    The best trials, why it ended, what was rejected and what failed; the learning curves of the
    best, which choices matter, and what the best have in common against all valid designs. Of
    several objectives the front, with a star.

    --leave writes what a search leaves at its end: best.arch (a spec without choices, its numbers
    in the first lines), best.py (needs torch alone) and best.safetensors; of several objectives
    each design of the front, in FOLDER/front.

    Figures of test samples are those that an evaluator reports under names that begin with
    `test_`: the search never saw them. Needs the extra archdsl[search].
    """
    from archdsl.cli.live import live

    if into is not None and not leave:
        raise click.UsageError("--into says where --leave writes; give both")
    with live("results"):
        from archdsl.searching.results.gathering import results

        found = results(run, storage=storage)
        if csv is not None:
            _write_csv(console, found, csv, sort)
        if plots is not None:
            _draw(console, found, plots)
        if html is not None:
            _write_page(console, found, html)
        if leave:
            _leave(console, found, into)
        if compare is not None:
            _compare(console, found, compare, storage)
        elif csv != "-":
            _show(console, found, number, sort)
    return exits.CLEAN


def _show(console: Console, found: Results, number: int, by: str) -> None:
    from archdsl.cli.searched.document import document
    from archdsl.cli.searched.page import page
    from archdsl.cli.searched.sorting import listed

    shared = found.shared
    trials = listed(found, by)[:number]
    shown = document(found, trials, shared) if console.is_json else {}
    text = "" if console.is_json else page(found, shared, number, by, console.columns)
    console.result(text, shown)


def _write_csv(console: Console, found: Results, where: str, by: str) -> None:
    from archdsl.cli.outputs import refuse_over, write
    from archdsl.cli.searched.sorting import listed
    from archdsl.cli.searched.trials import as_csv

    text = as_csv(found, listed(found, by))
    if where == "-":
        click.echo(text, nl=False)
        return
    refuse_over(where)
    write(Path(where), text)
    console.progress(f"{where}: {len(found.trials):,} trials")


def _draw(console: Console, found: Results, where: str) -> None:
    from archdsl.cli.refused import refused
    from archdsl.searching.results.plots.drawing import save

    found.refuse_unfinished()
    try:
        written = save(found, Path(where))
    except OSError as error:
        raise refused("write", where, error) from None
    console.progress("\n".join(map(str, written)))


def _write_page(console: Console, found: Results, where: str) -> None:
    from archdsl.cli.outputs import refuse_over, write
    from archdsl.searching.results.plots.html import html

    refuse_over(where)
    found.refuse_unfinished()
    write(Path(where), html(found))
    console.progress(where)


def _leave(console: Console, found: Results, into: str | None) -> None:
    from archdsl.searching.results.leaving import leave
    from archdsl.searching.results.subject import candidates_of

    found.refuse_unfinished()
    written = leave(found, candidates_of(found.subject), found.subject, into)
    console.progress("\n".join(f"wrote {path}" for path in written))


def _compare(console: Console, found: Results, other: str, storage: str) -> None:
    from archdsl.cli.searched.comparison import document, page
    from archdsl.searching.results.comparing import compared
    from archdsl.searching.results.gathering import results

    both = compared(found, results(other, storage=storage))
    console.result(page(both, console.columns), document(both))
