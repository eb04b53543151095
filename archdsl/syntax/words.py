"""What the parser can take next, and what it found, in the language's own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.syntax.tables import END

if TYPE_CHECKING:
    from collections.abc import Iterable

KEYWORDS = {
    "_ALLOW": "allow",
    "_ARCH": "arch",
    "_BECAUSE": "because",
    "_BLOCK": "block",
    "_BY": "by",
    "_DATA": "data",
    "_DEVICE": "device",
    "_FUNCTION": "function",
    "_LANGUAGE": "language",
    "_LET": "let",
    "_LOG": "log",
    "_MAXIMIZE": "maximize",
    "_MINIMIZE": "minimize",
    "_MODEL": "model",
    "_MODULE": "module",
    "_REQUIRE": "require",
    "_RETURN": "return",
    "_SEARCH": "search",
    "_SHARED": "shared",
    "_TASK": "task",
    "_TO": "to",
    "_TRAIN": "train",
    "_USE": "use",
    "_WEIGHTS": "weights",
}
INFIX = frozenset(("_BECAUSE", "_BY", "_LOG", "_TO"))
STATEMENTS = frozenset(KEYWORDS) - INFIX
TOP_LEVEL = frozenset(("_ARCH", "_BLOCK", "_DEVICE", "_FUNCTION", "_SHARED", "_USE"))
CLAUSES = STATEMENTS - TOP_LEVEL - {"_LANGUAGE", "_RETURN"}
EXPRESSION = frozenset(("LPAR", "LSQB", "MINUS", "NAME", "NUMBER", "STRING"))

_MARKS = {
    "LPAR": "`(`",
    "RPAR": "`)`",
    "LSQB": "`[`",
    "RSQB": "`]`",
    "LBRACE": "`{`",
    "RBRACE": "`}`",
    "COMMA": "`,`",
    "EQUAL": "`=`",
    "DOT": "`.`",
    "COLON": "`:`",
    "UNIT": "a unit",
    "NAME": "a name",
    "STRING": 'a text in `"`',
    "NUMBER": "a number",
    END: "the end of the file",
}
_OPERATORS = {
    "__ANON_0": "`->`",
    "VBAR": "`|`",
    "COMPARE": "a comparison",
    "PLUS": "`+`",
    "MINUS": "`-`",
    "STAR": "`*`",
    "SLASH": "`/`",
    "__ANON_1": "`//`",
    "PERCENT": "`%`",
    "CIRCUMFLEX": "`^`",
    "_TO": "`to`",
    "_BY": "`by`",
    "_LOG": "`log`",
}
_AFTER = {
    "__ANON_0": "a layer",
    "VBAR": "another choice",
    "COLON": "the option of that name",
    "_TO": "the end of the range",
    "_BY": "the step of the range",
    "_REQUIRE": "a condition",
    "_MAXIMIZE": "a metric",
    "_MINIMIZE": "a metric",
    "_RETURN": "a layer",
    "_USE": "the path of a file",
    "_BECAUSE": "a reason",
    "_ALLOW": "the name of a principle",
    "_LET": "a name",
    "_MODULE": "a name",
    "_BLOCK": "a name",
    "_ARCH": "a name",
    "_FUNCTION": "a name",
    "_LANGUAGE": "a version, such as `0.2`,",
    "_DATA": "a kind of data, such as `image(3, 32, 32)`,",
    "_TASK": "a task, such as `classify(10)`,",
    "_TRAIN": "an optimizer, such as `sgd(batch=32)`,",
    "_SEARCH": "a strategy, such as `random(trials=100)`,",
    "_WEIGHTS": 'where the weights are from, such as `torchvision("fc.*" -> "head.*")`,',
    "_DEVICE": "a device, such as `phone(compute=10G)`,",
    "DOT": "a size, such as `shape` or `channels`,",
    "LBRACE": "`let`, `module`, `require` or `return`",
}


def terminal_words(terminal: str) -> str:
    """A terminal as a reader of the language knows it."""
    if terminal in KEYWORDS:
        return f"`{KEYWORDS[terminal]}`"
    return _MARKS.get(terminal) or _OPERATORS.get(terminal) or "text"


def after(terminal: str) -> str:
    """What follows a keyword: ``an optimizer, such as `sgd(batch=32)```."""
    return _AFTER.get(terminal, "something").rstrip(",")


def wanted(expected: frozenset[str], previous: str, text: str) -> str:
    """What could stand after a token (terminal and text): ``a layer after `->```."""
    if len(expected) > 1:
        expected -= {END, "COLON"}
    rest = sorted(expected - EXPRESSION - STATEMENTS, key=_order)
    if expected >= EXPRESSION:
        phrase = _or([_AFTER.get(previous, "a value"), *(_MARKS[t] for t in rest if t in _MARKS)])
    elif previous in _AFTER and not expected & STATEMENTS:
        phrase = _AFTER[previous]
    else:
        phrase = _or(_parts(expected))
    shown = text.strip()
    return f"{phrase.rstrip(',')} after `{shown}`" if shown else phrase.rstrip(",")


def _parts(expected: frozenset[str]) -> Iterable[str]:
    operators = [t for t in _OPERATORS if t in expected]
    if len(operators) > 3:
        yield "an operator (`->`, `|`, `*` …)"
        expected -= {"LPAR", "LSQB", "DOT", "UNIT"}
    else:
        yield from (_OPERATORS[t] for t in operators)
    yield from (words for t, words in _MARKS.items() if t in expected and t not in operators)
    if "_BECAUSE" in expected:
        yield "`because`"
    yield from _statement_words(expected & STATEMENTS)


def _statement_words(keywords: frozenset[str]) -> Iterable[str]:
    if keywords >= CLAUSES:
        yield "a clause (`let`, `require`, `model` …)"
    elif keywords >= TOP_LEVEL:
        yield "`arch`, `block` or another item"
    else:
        yield from (f"`{KEYWORDS[t]}`" for t in sorted(keywords))


def _order(terminal: str) -> int:
    return list(_MARKS).index(terminal) if terminal in _MARKS else len(_MARKS)


def _or(parts: Iterable[str]) -> str:
    *most, last = list(dict.fromkeys(parts))
    return f"{', '.join(most)} or {last}" if most else last
