"""The group of all commands: found by listing, imported when called; and how a run ends."""

from __future__ import annotations

import errno
import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn

import click

from archdsl import __version__
from archdsl.catalog import files
from archdsl.cli import exits
from archdsl.cli.interrupts import is_interruption
from archdsl.cli.refused import DOCUMENTS, finding_of
from archdsl.diagnostics import Diagnostic, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence


BUG = "E902"  # in documents
LONGEST = 1_000  # signs of a command's first sentence
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


class Commands(click.Group):
    """A group whose commands are the modules of :mod:`archdsl.cli.commands`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(files("archdsl.cli.commands"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in files("archdsl.cli.commands"):
            return None
        command: click.Command = import_module(f"archdsl.cli.commands.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Each command with its first sentence, which is never cut short."""
        commands = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        rows = [(name, one.get_short_help_str(limit=LONGEST)) for name, one in commands if one]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if not name.startswith("-") and self.get_command(ctx, name) is None:
            guess = did_you_mean(name, self.list_commands(ctx))
            ctx.fail(f"there is no command `{name}`" + (f"; {guess}" if guess else ""))
        return super().resolve_command(ctx, args)

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> NoReturn:
        """Run a command; leaves with one of the codes of :mod:`archdsl.cli.exits`."""
        given = sys.argv[1:] if args is None else list(args)
        try:
            code = super().main(given, prog_name, complete_var, False, **extra)
        except Exception as stop:
            code = _leave(stop, _document_asked(given))
        except KeyboardInterrupt:
            code = exits.INTERRUPTED
        except SystemExit:  # so click leaves when whoever read our output has left
            code = exits.CLEAN
        sys.exit(code if isinstance(code, int) else exits.CLEAN)


def _document_asked(args: Sequence[str]) -> str:
    """The format of a document that stdout gets whatever happens; empty where none is asked for.

    Read off the arguments themselves, as they may be what click cannot make sense of.
    """
    followed = zip(args, (*args[1:], ""), strict=True)
    given = [value for name, value in followed if name == "--format"]
    given += [one.removeprefix("--format=") for one in args if one.startswith("--format=")]
    return next((name for name in reversed(given) if name in DOCUMENTS), "")


def _leave(stop: Exception, document: str) -> int:
    """What is told about why a command stopped, to a person or in a document, and the code."""
    if isinstance(stop, click.exceptions.Abort) or is_interruption(stop):
        return exits.INTERRUPTED
    if isinstance(stop, click.ClickException):
        if document:
            _tell(document, finding_of(stop))
        stop.show()
        return stop.exit_code
    if isinstance(stop, BrokenPipeError):
        _quiet_stdout()
        return exits.CLEAN
    if isinstance(stop, OSError) and stop.errno in FULL:
        click.echo(f"Error: cannot write the output: {str(stop.strerror).lower()}", err=True)
        _quiet_stdout()
        return exits.USAGE
    if document:
        _tell(document, Diagnostic(BUG, _summary(stop)))
    return _bug(stop)


def _tell(document: str, finding: Diagnostic) -> None:
    from archdsl.rendering import render

    click.echo(render([finding], document), nl=False)


def _quiet_stdout() -> None:
    """Whoever read our output has left: keep the interpreter from complaining while it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _bug(stop: Exception) -> int:
    if os.environ.get("ARCHDSL_DEBUG"):
        import traceback

        traceback.print_exception(stop)
    told = f"archdsl {__version__} stopped because of a bug of its own.\n  {_summary(stop)}"
    click.echo(told, err=True)
    click.echo(
        "Please report this line with the spec and the command; with ARCHDSL_DEBUG=1 set,\n"
        "the same command prints the traceback that says where.",
        err=True,
    )
    return exits.BUG


def _summary(stop: Exception) -> str:
    from archdsl.rendering.escape import visible

    return visible(f"{type(stop).__name__}: {stop}")[:300]


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="archdsl")
def archdsl() -> None:
    """A language for neural-network architectures, and its compiler.

    FILE is a spec (.arch), `zoo:NAME` for a known model, or `-` for stdin. Results go to stdout,
    findings and progress to stderr. With --format json, stdout gets one document: the result when
    a command succeeds, else the findings.

    Exit codes: 0 clean, 1 the spec has errors (or --check would change a file), 2 usage,
    3 a bug of archdsl, 4 a valid spec that no design satisfies.
    """
