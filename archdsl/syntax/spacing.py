"""The grammar with its blanks written out, for tools that read characters one by one and skip none.

A keyword has blanks before and behind it; between all other tokens there may be some, and nowhere
else. Blanks are bounded, so that a model cannot write them for ever. What this describes is a part
of the language that holds every formatted spec.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.syntax.forms import (
    Either,
    Form,
    Forms,
    Named,
    Row,
    Text,
    Times,
    either,
    possible,
    row,
)
from archdsl.syntax.productions import POSSIBLE, REQUIRED, comment

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from archdsl.syntax.productions import Alternative, Productions, Rules

INDENT = 100
"""Blanks at the beginning of a line, and between two words."""

LINES = 40
"""Empty lines and lines of comments in a row."""

_LINE = "LINE"
_OPENING = "OPENING"
_START = "start"


def spaced(of: Productions) -> Forms:
    """A grammar with blanks, without left recursion, alternatives parting as late as they can."""
    rules = {name: _with_gaps(of, options) for name, options in of.rules.items()}
    rules[_START] = tuple((*option, POSSIBLE) if option else () for option in rules[_START])
    forms = {name: _form(rules, name) for name in rules}
    kept = {name: form for name, form in forms.items() if not _is_repeat(name)}
    told = {name: _inlined(form, forms) for name, form in kept.items()}
    told[_START] = row(possible(Named(_OPENING)), told[_START])
    opening = Times(Named(_LINE), 1, LINES)
    return Forms(told, {**of.tokens, REQUIRED: _gap(), _OPENING: opening, _LINE: _line()})


def _is_repeat(name: str) -> bool:
    """Whether Lark made a rule of a repeat."""
    return name.startswith("__")


def _line() -> Form:
    return row(possible(comment()), Text("\n"), Times(Text(" "), 0, INDENT))


def _gap() -> Form:
    same, next_ = Times(Text(" "), 1, INDENT), row(Text("\n"), Times(Text(" "), 0, INDENT))
    return row(either(same, next_), Times(Named(_LINE), 0, LINES))


def _with_gaps(of: Productions, options: Sequence[Alternative]) -> tuple[Alternative, ...]:
    return tuple(tuple(_between(of, option)) for option in options)


def _between(of: Productions, option: Alternative) -> Iterable[str]:
    for before, symbol in zip(("", *option), option, strict=False):
        if before:
            wanted = _ends(of, before, -1) & of.closed or _ends(of, symbol, 0) & of.keywords
            yield REQUIRED if wanted else POSSIBLE
        yield symbol


def _ends(of: Productions, symbol: str, place: int) -> frozenset[str]:
    """The tokens that a symbol begins with (place 0) or ends in (place -1)."""
    seen, left = {symbol}, [symbol]
    while left:
        for option in of.rules.get(left.pop(), ()):
            if option and option[place] not in seen:
                seen.add(option[place])
                left.append(option[place])
    return frozenset(seen & of.tokens.keys())


def _form(rules: Rules, name: str) -> Form:
    """A rule without left recursion: what it begins as, then what goes on from itself."""
    options = rules[name]
    tails = [option[1:] for option in options if option[:1] == (name,)]
    begun = factored(_apart(rules, [option for option in options if option[:1] != (name,)]))
    return row(begun, Times(factored(tails), 0, None)) if tails else begun


def _apart(rules: Rules, options: list[Alternative]) -> list[Alternative]:
    """Alternatives in which a rule that begins as another alternative does is written out."""
    leads = {option[0] for option in options if option}
    for lead in sorted(leads & rules.keys()):
        inner = {option[0] for option in rules[lead] if option}
        if lead not in inner and inner & (leads - {lead}):
            opened = [one for option in options for one in _opened(rules, lead, option)]
            return _apart(rules, opened)
    return options


def _opened(rules: Rules, lead: str, option: Alternative) -> list[Alternative]:
    """An alternative with the rule it begins with written out, where that is the one."""
    return [(*inner, *option[1:]) for inner in rules[lead]] if option[:1] == (lead,) else [option]


def factored(options: Sequence[Alternative]) -> Form:
    """Alternatives with what they begin with in common written once."""
    groups: dict[str, list[Alternative]] = {}
    for option in options:
        groups.setdefault(option[0] if option else "", []).append(option[1:])
    told = [
        row(_symbol(first), factored(rest)) if first else Row(()) for first, rest in groups.items()
    ]
    return either(*told)


def _symbol(symbol: str) -> Form:
    return possible(Named(REQUIRED)) if symbol == POSSIBLE else Named(symbol)


def _inlined(form: Form, forms: dict[str, Form]) -> Form:
    """A form with the rules that Lark made of repeats written out."""
    if isinstance(form, Named):
        known = forms.get(form.rule) if _is_repeat(form.rule) else None
        return form if known is None else _inlined(known, forms)
    if isinstance(form, Row):
        return row(*(_inlined(part, forms) for part in form.parts))
    if isinstance(form, Either):
        return either(*(_inlined(option, forms) for option in form.options))
    if isinstance(form, Times):
        inside = _inlined(form.part, forms)
        return possible(inside) if form.most == 1 else Times(inside, form.least, form.most)
    return form
