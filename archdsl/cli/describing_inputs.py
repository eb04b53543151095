"""Several inputs from flags: a ``--kind NAME=KIND`` and a ``--size`` for each."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from archdsl.catalog import files
from archdsl.cli import amounts
from archdsl.diagnostics import did_you_mean
from archdsl.ops.catalog import words
from archdsl.rendering.escape import visible
from archdsl.resolve.inputs import USUAL
from archdsl.spec.catalog import tasks
from archdsl.starting.description import BESIDE, Input
from archdsl.syntax.words import KEYWORDS

if TYPE_CHECKING:
    from collections.abc import Mapping

NAME = re.compile(r"[a-z][a-z0-9_]*")
OWN = re.compile(
    r"projection|tower\d*|\w+_(tower|features)|x"
)  # what the text of `new` calls its own


def inputs(flags: Mapping[str, Any]) -> tuple[Input, ...]:
    """What the flags say of several inputs. Raises UsageError."""
    kinds, sizes = flags["kind"], flags["size"]
    if len(sizes) != len(kinds):
        raise click.UsageError(
            f"--size stands once for each --kind, in the same order: there are {len(kinds)} kinds "
            f"and {len(sizes)} size{'s' * (len(sizes) != 1)}"
        )
    _refuse_what_is_of_one(flags)
    told = [_told(text) for text in kinds]
    names = _names(told)
    found = [
        Input(name, kind, amounts.size(kind, size))
        for name, (_, kind), size in zip(names, told, sizes, strict=True)
    ]
    graphs = sum(one.kind == "graph" for one in found)
    if graphs > 1:
        raise click.UsageError(f"a model reads one graph at most, and there are {graphs}")
    if flags["graphs"] and not graphs:
        raise click.UsageError("--graphs needs --kind graph")
    for name, count in Counter(names).items():
        if count > 1:
            raise click.UsageError(f"{count} inputs are called {name!r}")
    return tuple(found)


def _refuse_what_is_of_one(flags: Mapping[str, Any]) -> None:
    """Raises UsageError for what is said of one input alone."""
    if flags["pretrained"]:
        raise click.UsageError(
            "--pretrained is of one input: which of several would have the weights?"
        )
    for task in tasks().values():
        if not task.positional and flags[task.flag()]:
            raise click.UsageError(
                f"--{task.flag().replace('_', '-')} is of one input; `archdsl zoo` has models that "
                "read one text to write another, as transformer_base"
            )


def _told(text: str) -> tuple[str, str]:
    """A name, if there is one, and a kind."""
    name, sign, kind = text.rpartition("=")
    name, kind = name.strip(), kind.strip().lower()
    if kind not in BESIDE:
        known = did_you_mean(kind, BESIDE) or f"there are {', '.join(BESIDE)}"
        raise click.UsageError(f"there is no kind of input called {visible(kind)!r}; {known}")
    if sign and (NAME.fullmatch(name) is None or name in _taken()):
        raise click.UsageError(
            f"{visible(name)!r} cannot be the name of an input: it is a word of small letters, "
            "digits and _ that means nothing else in the language"
        )
    if OWN.fullmatch(name):
        raise click.UsageError(f"{name!r} is a name that the spec itself needs; take another")
    return name, kind


def _taken() -> set[str]:
    """The words that mean something in a model."""
    bound = (name for task in tasks().values() for name in (*task.positional, *task.may_name))
    return {*words(), *files("archdsl.library", ".arch"), *KEYWORDS.values(), *bound, "vocab"}


def _names(told: list[tuple[str, str]]) -> list[str]:
    """The names of all: those that have none get the usual ones, numbered where there are more."""
    unnamed = Counter(kind for name, kind in told if not name)
    seen: Counter[str] = Counter()
    found = []
    for name, kind in told:
        seen[kind] += not name
        number = str(seen[kind]) if unnamed[kind] > 1 else ""
        found.append(name or f"{USUAL[kind]}{number}")
    return found
