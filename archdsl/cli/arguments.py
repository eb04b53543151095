"""What arguments are, so that the shell can complete them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from archdsl.cli.zoo import PREFIX, path_of
from archdsl.zoo import models

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from click.shell_completion import CompletionItem


class Spec(click.ParamType):  # type: ignore[type-arg, unused-ignore]
    """A path to a spec, ``-`` for stdin, or ``zoo:NAME``."""

    name = "spec"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = str(value)
        return path_of(text.removeprefix(PREFIX)) if text.startswith(PREFIX) else text

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Models of the zoo once their prefix is there; else what the shell finds of files."""
        if incomplete.startswith(PREFIX):
            return _begun((PREFIX + name for name in models()), incomplete)
        from click.shell_completion import CompletionItem

        begun = PREFIX.startswith(incomplete) and incomplete
        offered = [CompletionItem(PREFIX, help="known models")] if begun else []
        return [CompletionItem(incomplete, type="file"), *offered]


class Word(click.ParamType):  # type: ignore[type-arg, unused-ignore]
    """A name of an unordered set: an op, a block, a code. What there is, is asked for only to
    complete it; the command itself says what is wrong with others."""

    def __init__(self, name: str, known: Callable[[], Iterable[str]]) -> None:
        self.name = name
        self.known = known

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        return _begun(self.known(), incomplete)


def _begun(names: Iterable[str], incomplete: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    low = incomplete.lower()
    return [CompletionItem(name) for name in names if name.lower().startswith(low)]


def ops() -> Iterable[str]:
    from archdsl.ops import catalog

    return catalog.words()


def blocks() -> Iterable[str]:
    from archdsl.resolve.blocks import library

    return library()


def explained() -> Iterable[str]:
    """Codes, the slugs of rules, metrics."""
    from archdsl.cost.catalog import words
    from archdsl.explain.errors import pages

    return sorted((*rules(), *pages(), *words()))


def rules() -> Iterable[str]:
    """Codes and slugs."""
    from archdsl.rules.catalog import all_rules

    return sorted(name for rule in all_rules() for name in (rule.code, rule.slug()))
