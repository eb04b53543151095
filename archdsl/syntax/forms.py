"""What a grammar is made of, apart from how any one tool writes it.

A form is a text, a class of characters, the name of another rule, or forms in a row, as
alternatives, or several times.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Text:
    """These characters."""

    text: str


@dataclass(frozen=True)
class OneOf:
    """One character of some ranges, first and last each, or with ``negated`` one of no range."""

    ranges: tuple[tuple[str, str], ...]
    negated: bool = False


@dataclass(frozen=True)
class Named:
    """What another rule of the grammar describes."""

    rule: str


@dataclass(frozen=True)
class Row:
    """Parts one behind the other; nothing at all where there are none."""

    parts: tuple[Form, ...]


@dataclass(frozen=True)
class Either:
    """One of some alternatives."""

    options: tuple[Form, ...]


@dataclass(frozen=True)
class Times:
    """A part from ``least`` to ``most`` times; with None without an end."""

    part: Form
    least: int
    most: int | None


Form: TypeAlias = Text | OneOf | Named | Row | Either | Times


class Forms(NamedTuple):
    """A grammar whose blanks stand where they may: rules of tokens and rules, and what each token
    is in characters. It begins at the rule ``start``."""

    rules: Mapping[str, Form]
    tokens: Mapping[str, Form]


def row(*parts: Form) -> Form:
    """Parts in a row, empty ones left out; a part before any number of it is told as one or more
    of it."""
    flat: list[Form] = []
    for part in parts:
        flat += part.parts if isinstance(part, Row) else (part,)
        last = flat[-1] if flat else None
        if isinstance(last, Times) and (last.least, last.most) == (0, None):
            same = last.part.parts if isinstance(last.part, Row) else (last.part,)
            if tuple(flat[-1 - len(same) : -1]) == same:
                flat[-1 - len(same) :] = [Times(last.part, 1, None)]
    return flat[0] if len(flat) == 1 else Row(tuple(flat))


def either(*options: Form) -> Form:
    """One of some forms, with what all end in written once; where one is empty, the others are
    optional."""
    empty = Row(())
    places = zip(*map(_backwards, options), strict=False)
    ends = tuple(takewhile(lambda parts: len(set(parts)) == 1, places))
    if ends and len(options) > 1:
        begins = (row(*reversed(_backwards(option)[len(ends) :])) for option in options)
        return row(either(*begins), *(parts[0] for parts in reversed(ends)))
    full = tuple(dict.fromkeys(option for option in options if option != empty))
    if not full:
        return empty
    chosen = full[0] if len(full) == 1 else Either(full)
    return possible(chosen) if len(full) < len(options) else chosen


def _backwards(form: Form) -> tuple[Form, ...]:
    return form.parts[::-1] if isinstance(form, Row) else (form,)


def possible(part: Form) -> Form:
    """A part, or nothing."""
    if isinstance(part, Times) and part.least <= 1 and part.most != 0:
        return Times(part.part, 0, part.most)
    return Times(part, 0, 1)
