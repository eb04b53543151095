"""``--fix``, ``--unsafe-fixes`` and ``--diff`` of ``archdsl check``."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from archdsl.cli.inputs import STDIN
from archdsl.cli.zoo import refuse_writing
from archdsl.rendering.escape import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from archdsl.api import Report
    from archdsl.cli.console import Console
    from archdsl.diagnostics import Diagnostic
    from archdsl.source import Source
    from archdsl.terms import Terms

F = TypeVar("F", bound="Callable[..., Any]")


class FixOptions(NamedTuple):
    """Which fixes ``check`` applies, and whether it only shows them."""

    safe: bool = False
    unsafe: bool = False
    only_diff: bool = False

    def __bool__(self) -> bool:
        return any(self)

    def apply(
        self, console: Console, path: str, source: Source, root: Path | None, terms: Terms
    ) -> FixedFile:
        """Fix a file, or show what fixing would change; its findings afterwards."""
        from archdsl.cli.diffs import diff
        from archdsl.fixing import fix

        done = fix(source.text, unsafe=self.unsafe, name=source.name, root=root, terms=terms)
        changed = done.text != source.text
        if self.only_diff:
            console.patch(diff(source.name, source.text, done.text))
        elif path == STDIN:
            console.spec(done.text)
        elif changed:
            _write(path, done.text)
        if changed:
            verb = "would fix" if self.only_diff else "fixed"
            told = visible("; ".join(dict.fromkeys(done.titles)))
            console.progress(f"{verb} {visible(source.name)}: {told}")
        kept = source.text if self.only_diff else done.text
        return FixedFile(done.report, kept, changed)

    def left(self, findings: Iterable[Diagnostic]) -> str:
        """What could still be fixed, and how: ``1 can be fixed with `--fix` ``."""
        safe = [found.fix.safe for found in findings if found.fix is not None]
        counts = {"--fix": 0 if self else sum(safe)}
        counts["--unsafe-fixes"] = 0 if self.unsafe else len(safe) - sum(safe)
        return ", ".join(
            f"{count} can be fixed with `{option}`" for option, count in counts.items() if count
        )


class FixedFile(NamedTuple):
    """The findings left in a file, its text now, and whether fixes changed it."""

    report: Report
    text: str
    changed: bool


def _write(path: str, text: str) -> None:
    from archdsl.cli.outputs import write

    refuse_writing(path)
    write(Path(path), text)


def fix_options(command: F) -> F:
    """The options, given as ``fixes``."""

    @click.option("--fix", is_flag=True, help="Apply fixes that cannot change what a spec means.")
    @click.option("--unsafe-fixes", is_flag=True, help="Apply those that change it, too.")
    @click.option(
        "--diff",
        "only_diff",
        is_flag=True,
        help="Write nothing; show the fixes, and exit 1 if there are any.",
    )
    @functools.wraps(command)
    def wrapped(fix: bool, unsafe_fixes: bool, only_diff: bool, **arguments: Any) -> Any:
        return command(fixes=FixOptions(fix, unsafe_fixes, only_diff), **arguments)

    return wrapped  # type: ignore[return-value]
