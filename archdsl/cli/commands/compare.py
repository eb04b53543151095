"""archdsl compare"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

import click

from archdsl.cli import exits
from archdsl.cli.arguments import Spec
from archdsl.cli.bounding import bounded
from archdsl.cli.options import one_arch, reporting
from archdsl.cli.principled import Asked, principled
from archdsl.source import Source

if TYPE_CHECKING:
    from archdsl.api import Read
    from archdsl.cli.console import Console
    from archdsl.terms import Terms

WORDS = ("interface", "weights", "designs", "costs", "findings")
GIT = 7  # what git gives an external diff: a path, and file, object and mode of each version


@click.command("compare")
@click.argument("files", metavar="OLD NEW", nargs=-1, type=Spec())
@one_arch
@click.option(
    "--depth",
    type=click.IntRange(1),
    default=2,
    show_default=True,
    help="Levels of layers that are compared.",
)
@click.option(
    "--keep",
    "kept",
    multiple=True,
    type=click.Choice(WORDS),
    help="What has to stay: else the exit code is 1 (may be repeated).",
)
@click.option(
    "--git",
    is_flag=True,
    help="Take what git gives an external diff, and show the text's changes, too.",
)
@principled
@bounded
@reporting
def command(
    console: Console,
    files: tuple[str, ...],
    arch: str | None,
    depth: int,
    kept: tuple[str, ...],
    git: bool,
    asked: Asked,
    within: Terms,
) -> int:
    """Tell what changes from one version of a spec to another.

    Clauses, what flows in and out, layers, costs, the names of the state dict and whether old
    weights still load, the choices and designs of a space, and findings. In continuous integration:

    \b
      archdsl compare --keep weights --keep interface old.arch new.arch

    With git, for `git diff` of .arch files:

    \b
      git config diff.arch.command "archdsl compare --git"
      echo "*.arch diff=arch" >> .gitattributes
    """
    from archdsl.cli.compared import page
    from archdsl.cli.compared_document import document
    from archdsl.cli.diffs import diff
    from archdsl.comparing.compare import compared
    from archdsl.comparing.keeping import not_kept

    versions = _versions(files, git)
    old, new = (_read(path, versions.name, asked, within) for path in versions[:2])
    if git:
        console.patch(diff(versions.name, old.source.text, new.source.text))
        if not versions.are_both:
            return exits.CLEAN
    found = compared(old, new, depth, arch)
    console.result(page(found, console.columns), document(found))
    amiss = not_kept(found, kept)
    console.remark(amiss)
    is_kept = not (amiss or found.unread)
    return exits.CLEAN if is_kept or git else exits.ERRORS


class Versions(NamedTuple):
    """The two specs by their paths; ``name`` is what git calls both."""

    old: str
    new: str
    name: str = ""

    @property
    def are_both(self) -> bool:
        """Whether the spec is there in both: git gives the null device for what is not."""
        return os.devnull not in (self.old, self.new)


def _versions(files: tuple[str, ...], git: bool) -> Versions:
    """Raises UsageError for another number of files than it takes."""
    if git:
        if len(files) < GIT:
            raise click.UsageError("--git takes the seven arguments that git gives, not a path")
        return Versions(files[1], files[4], files[0])
    if len(files) != 2:
        raise click.UsageError(f"it takes two specs, OLD and NEW, not {len(files)}")
    return Versions(*files)


def _read(path: str, name: str, asked: Asked, within: Terms) -> Read:
    """A spec; under another ``name``, what it uses is looked for beside that."""
    from archdsl.api import Read
    from archdsl.cli.inputs import root_of, source_of

    source = source_of(path, within.limits.source_bytes)
    if name:
        source = Source(source.text, name)
    return Read(source, root_of(name or path), asked.over(within, name or path))
