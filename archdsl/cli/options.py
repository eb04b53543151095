"""Options that several commands share."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, TypeVar

import click

from archdsl.cli import exits
from archdsl.cli.arguments import Spec
from archdsl.cli.console import Console
from archdsl.diagnostics import SpecError
from archdsl.rendering import known_formats

if TYPE_CHECKING:
    from collections.abc import Callable


F = TypeVar("F", bound="Callable[..., Any]")


def reporting(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--format``, ``--no-color``, ``-v`` and ``-q``; the command gets a :class:`Console` as its
    first argument.

    What the command raises as a SpecError is reported there.
    """

    @click.option(
        "--format",
        "format_",
        type=click.Choice(known_formats()),
        default="full",
        show_default=True,
        help="How findings are shown; json and sarif put them on stdout.",
    )
    @click.option(
        "--no-color",
        is_flag=True,
        help="No colours (as with NO_COLOR set; FORCE_COLOR is the opposite).",
    )
    @click.option("-v", "--verbose", is_flag=True, help="Tell notes everywhere.")
    @click.option("-q", "--quiet", is_flag=True, help="Tell errors only.")
    @functools.wraps(command)
    def wrapped(format_: str, no_color: bool, verbose: bool, quiet: bool, **arguments: Any) -> Any:
        if verbose and quiet:
            raise click.UsageError("-v and -q are opposites")
        console = Console(format_, not no_color, verbose, quiet)
        try:
            return command(console, **arguments)
        except SpecError as error:
            return _refused(console, error)

    return wrapped


def _refused(console: Console, error: SpecError) -> int:
    """Report an error, without fixes that nobody tried; its exit code."""
    from archdsl.cli.specs import Told, code_of
    from archdsl.offering import plain

    found = error.diagnostics
    if isinstance(error, Told):
        console.report(found)
        return code_of(found)
    console.report(tuple(map(plain, found)))
    return exits.of_codes([one.code for one in found])


def one_file(command: F) -> F:
    """The argument FILE."""
    return click.argument("file", metavar="FILE", type=Spec())(command)


def one_arch(command: F) -> F:
    """``--arch NAME``"""
    help = "The architecture, when the file has several."
    return click.option("--arch", metavar="NAME", help=help)(command)


def one_design(command: F) -> F:
    """``--design FILE`` and ``--choose PATH=VALUE``"""
    choose = click.option(
        "--choose",
        metavar="PATH=VALUE",
        multiple=True,
        help="The value of a choice (may be repeated; wins over --design).",
    )
    design = click.option(
        "--design",
        metavar="JSON",
        help="A file with the values of the choices, one line of `archdsl sample` (- is stdin).",
    )
    return design(choose(command))


def table_targets(command: F) -> F:
    """``--target COLUMN``, given as ``targets``"""
    return click.option(
        "--target",
        "targets",
        metavar="COLUMN",
        multiple=True,
        help="The column of a table to predict; repeated for several numbers.",
    )(command)
