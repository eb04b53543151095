"""The grammar held to names that exist: ``closed.lark`` with the rules that tell them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from archdsl.syntax.grammar import grammar_text
from archdsl.syntax.productions import productions, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from archdsl.syntax.productions import Productions

_TERMINALS = re.compile(r"^[A-Z_]+:", re.MULTILINE)


class Call(NamedTuple):
    """What a call takes, each argument as a rule of ``closed.lark``: first all that are ``needed``,
    then any number of ``more``, if there are more, and those with names, in any order."""

    needed: tuple[str, ...] = ()
    more: str = ""
    named: Mapping[str, str] = {}


class Names(NamedTuple):
    """All names that there are. ``calls`` by their rule (``layer_call``), then by name; ``words``
    by the rule that is one of them (``principle``)."""

    calls: Mapping[str, Mapping[str, Call]]
    words: Mapping[str, tuple[str, ...]]


def held(names: Names | None) -> Productions:
    """The grammar; with names the part of it that has only these."""
    return productions() if names is None else read(closed_text(names), "earley")


def closed_text(names: Names) -> str:
    """The closed grammar as Lark reads it."""
    whole = grammar_text()
    first = _TERMINALS.search(whole)
    assert first is not None
    made = [*_call_rules(names), *_word_rules(names)]
    return "\n".join([grammar_text("closed.lark"), *made, "", whole[first.start() :]])


def _call_rules(names: Names) -> Iterator[str]:
    for rule, calls in names.calls.items():
        yield f"{rule}: " + " | ".join(f"{word}_{rule}" for word in calls)
        for word, call in calls.items():
            yield f'{word}_{rule}: "{word}" "(" {_arguments(f"{word}_{rule}", call)} ")"'
            if call.named:
                named = " | ".join(f'"{name}" "=" {sort}' for name, sort in call.named.items())
                yield f"{word}_{rule}_argument: {named}"


def _arguments(rule: str, call: Call) -> str:
    """Arguments parted by commas: those that are needed, then as many as one likes."""
    free = [call.more] if call.more else []
    first, *others = (*call.needed, *free) or ("",)
    placed = " ".join([first, *(f'"," {sort}' for sort in others)])
    if call.more:
        placed += f' ("," {call.more})*'
    named = f"{rule}_argument" if call.named else ""
    if not named:
        return placed
    return f'{placed} ("," {named})*' if placed.strip() else f'[{named} ("," {named})*]'


def _word_rules(names: Names) -> Iterable[str]:
    for rule, words in names.words.items():
        yield f"{rule}: " + " | ".join(words)
