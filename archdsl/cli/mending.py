"""``--fix``, ``--unsafe-fixes`` and ``--diff`` of ``archdsl check``."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from archdsl.cli.inputs import STDIN
from archdsl.rendering.escape import visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from archdsl.api import Report
    from archdsl.cli.console import Console
    from archdsl.source import Source
    from archdsl.terms import Terms

F = TypeVar("F", bound="Callable[..., Any]")


class Mending(NamedTuple):
    """Which fixes are applied, and whether they are only shown."""

    safe: bool = False
    unsafe: bool = False
    only_diff: bool = False

    def __bool__(self) -> bool:
        return any(self)

    def mend(
        self, console: Console, path: str, source: Source, root: Path | None, terms: Terms
    ) -> Report:
        """Fix a file, or show what that would change; what there is to say afterwards."""
        from archdsl.cli.diffs import diff
        from archdsl.fixing import Fixing

        fixing = Fixing(source.name, root, terms, self.unsafe)
        done = fixing.run(source.text)
        if self.only_diff:
            click.echo(diff(source.name, source.text, done.text), nl=False)
        elif path == STDIN:
            click.echo(done.text, nl=False)
        elif done.text != source.text:
            _write(console, path, done.text, done.titles)
        return done.report


def _write(console: Console, path: str, text: str, titles: tuple[str, ...]) -> None:
    from archdsl.cli.outputs import write

    write(Path(path), text)
    console.progress(f"fixed {visible(path)}: {visible('; '.join(titles))}")


def mending(command: F) -> F:
    """The options, given as ``mending``."""

    @click.option("--fix", is_flag=True, help="Apply fixes that cannot change what a spec means.")
    @click.option("--unsafe-fixes", is_flag=True, help="Apply those that change it, too.")
    @click.option("--diff", "only_diff", is_flag=True, help="Write nothing; show the fixes.")
    @functools.wraps(command)
    def wrapped(fix: bool, unsafe_fixes: bool, only_diff: bool, **arguments: Any) -> Any:
        return command(mending=Mending(fix, unsafe_fixes, only_diff), **arguments)

    return wrapped  # type: ignore[return-value]
