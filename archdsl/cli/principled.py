"""The options about principles, which several commands share."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from archdsl.cli.arguments import Word, rules
from archdsl.rendering.escape import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from archdsl.terms import Terms

F = TypeVar("F", bound="Callable[..., Any]")
STDIN = "-"


class Asked(NamedTuple):
    """What the options of one call say."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    strict: bool = False

    def over(self, terms: Terms, path: str) -> Terms:
        """Terms with the settings of a file's project, and with these over them.

        Raises :class:`~archdsl.diagnostics.SpecError` for a project's settings that mean nothing.
        """
        from archdsl.rules.project import project_config

        settings = project_config(Path() if path == STDIN else Path(path).parent)
        settings = settings._replace(
            select=self.select or settings.select,
            ignore=(*settings.ignore, *self.ignore),
            allow=(*settings.allow, *self.allow),
            strict=self.strict or settings.strict,
        )
        return terms._replace(config=settings)


def principled(command: F) -> F:
    """``--select``, ``--ignore``, ``--allow`` and ``--strict``, given as ``asked``."""

    @click.option(
        "--select",
        multiple=True,
        metavar="RULES",
        type=Word("rules", rules),
        help="Hold to these rules only.",
    )
    @click.option(
        "--ignore",
        multiple=True,
        metavar="RULES",
        type=Word("rules", rules),
        help="Leave these rules out.",
    )
    @click.option(
        "--allow",
        multiple=True,
        metavar="RULE",
        type=Word("rule", rules),
        help="Accept what this rule rejects, this once.",
    )
    @click.option("--strict", is_flag=True, help="Take warnings for errors.")
    @functools.wraps(command)
    def wrapped(
        select: tuple[str, ...],
        ignore: tuple[str, ...],
        allow: tuple[str, ...],
        strict: bool,
        **arguments: Any,
    ) -> Any:
        asked = Asked(
            _names("--select", select), _names("--ignore", ignore), _names("--allow", allow), strict
        )
        return command(asked=asked, **arguments)

    return wrapped  # type: ignore[return-value]


def _names(option: str, given: Sequence[str]) -> tuple[str, ...]:
    """Codes, beginnings of codes (``P3``) or slugs, parted by commas."""
    from archdsl.rules.project import known, meant

    names = tuple(name.strip() for text in given for name in text.split(","))
    for name in names:
        if not known(name, whole=option == "--allow"):
            guess = meant(name) if not known(name) else "it takes whole codes or slugs"
            said = f"{option}: there is no rule `{visible(name)}`"
            raise click.UsageError(said + (f"; {guess}" if guess else ""))
    return names
