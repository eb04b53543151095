"""A reader of GBNF that works as llama.cpp's does: all stacks that a text can have led to, side by
side, one character after another; rules that begin with themselves are refused."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from random import Random

_TOKEN = re.compile(
    r'\s*(?:(?P<define>[a-zA-Z0-9-]+)\s*::=|(?P<name>[a-zA-Z0-9-]+)|"(?P<text>(?:\\.|[^"\\])*)"'
    r"|(?P<set>\[(?:\\.|[^\]\\])*\])|(?P<count>[*+?]|\{\d+(?:,\d*)?\})|(?P<mark>[()|]))"
)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


class Signs(NamedTuple):
    """A class of characters."""

    ranges: tuple[tuple[str, str], ...]
    negated: bool = False

    def has(self, sign: str) -> bool:
        return any(a <= sign <= b for a, b in self.ranges) != self.negated


class Gbnf:
    """The rules of a text: of each its alternatives, rows of classes and of names of rules."""

    def __init__(self, text: str) -> None:
        self.rules: dict[str, list[tuple[Signs | str, ...]]] = {}
        self._tokens = list(_TOKEN.finditer(text))
        assert "".join(m.group() for m in self._tokens).split() == text.split()
        self._at = 0
        while self._at < len(self._tokens):
            name = self._next()["define"]
            assert name
            assert name not in self.rules
            self.rules[name] = self._alternatives()
        unknown = {s for os in self.rules.values() for o in os for s in o if isinstance(s, str)}
        assert unknown <= self.rules.keys(), unknown - self.rules.keys()

    def _peek(self, kind: str) -> str:
        here = self._tokens[self._at] if self._at < len(self._tokens) else None
        return (here[kind] or "") if here else ""

    def _next(self) -> re.Match[str]:
        self._at += 1
        return self._tokens[self._at - 1]

    def _made(self, options: list[tuple[Signs | str, ...]]) -> str:
        name = f"({len(self.rules)}"
        self.rules[name] = options
        return name

    def _alternatives(self) -> list[tuple[Signs | str, ...]]:
        options = [self._row()]
        while self._peek("mark") == "|":
            self._next()
            options.append(self._row())
        return options

    def _row(self) -> tuple[Signs | str, ...]:
        row: list[Signs | str] = []
        while self._at < len(self._tokens) and not self._peek("define"):
            if self._peek("mark") in ("|", ")"):
                break
            part = self._part()
            while self._peek("count"):
                part = self._times(part, self._next()["count"])
            row += part
        return tuple(row)

    def _part(self) -> list[Signs | str]:
        token = self._next()
        if token["name"]:
            return [token["name"]]
        if token["text"] is not None:
            return [Signs(((sign, sign),)) for sign in _signs(token["text"])]
        if token["set"]:
            return [_set(token["set"][1:-1])]
        inside = self._alternatives()
        assert self._next()["mark"] == ")"
        return [self._made(inside)]

    def _times(self, part: list[Signs | str], count: str) -> list[Signs | str]:
        least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(count, (None, None))
        if least is None:
            first, _, last = count[1:-1].partition(",")
            least, most = int(first), int(last or first)
        if most is None:
            more = self._made([()])
            self.rules[more].append((*part, more))
        else:
            more = ""
            for _ in range(most - least):
                more = self._made([(), (*part, more) if more else tuple(part)])
        return [*part * least, *([more] if more else [])]


def _signs(text: str) -> list[str]:
    found = re.findall(r"\\x[0-9a-f]{2}|\\u[0-9a-f]{4}|\\.|.", text, re.DOTALL)
    return [_sign(one) for one in found]


def _sign(written: str) -> str:
    if written[:2] in ("\\x", "\\u") and len(written) > 2:
        return chr(int(f"0x{written[2:]}", 0))
    return _ESCAPES.get(written[1], written[1]) if written[0] == "\\" else written


def _set(text: str) -> Signs:
    negated = text.startswith("^")
    written = re.findall(r"\\x[0-9a-f]{2}|\\u[0-9a-f]{4}|\\.|.", text[negated:], re.DOTALL)
    ranges, at = [], 0
    while at < len(written):
        first = last = _sign(written[at])
        if written[at + 1 : at + 2] == ["-"] and at + 2 < len(written):
            last = _sign(written[at + 2])
            at += 2
        ranges.append((first, last))
        at += 1
    return Signs(tuple(ranges), negated)


class Matcher:
    """A text on its way: where it stands in all readings of it."""

    def __init__(self, grammar: Gbnf) -> None:
        self.grammar = grammar
        self._opened: dict[object, list[object]] = {}
        self.stacks = self._advanced([(("root",), None)])

    def take(self, sign: str) -> bool:
        """Read a character; False where it cannot stand here."""
        matching = [s for s in self.stacks if s is not None and s[0][0].has(sign)]
        self.stacks = self._advanced([(elements[1:], under) for elements, under in matching])
        return bool(self.stacks)

    @property
    def ended(self) -> bool:
        """Whether the text may end here."""
        return None in self.stacks

    def allowed(self, signs: str) -> list[str]:
        """Those of some characters that can stand here."""
        sets = {s[0][0] for s in self.stacks if s is not None}
        return [sign for sign in signs if any(one.has(sign) for one in sets)]

    def _advanced(self, stacks: list) -> list:
        """The stacks with a class of characters on top, None for a finished text."""
        found, seen, left = [], set(), list(stacks)
        while left:
            stack = left.pop()
            if stack in seen:
                continue
            seen.add(stack)
            if stack is None:
                found.append(None)
                continue
            elements, under = stack
            if not elements:
                left.append(under)
            elif isinstance(elements[0], Signs):
                found.append(stack)
            else:
                rest = (elements[1:], under) if len(elements) > 1 else under
                left += [(option, rest) for option in self.grammar.rules[elements[0]]]
        return found


class Author:
    """Writes texts by a grammar's rules, its alternatives drawn evenly; deeper than ``depth`` those
    that end soonest, and what may be left out mostly is. Blanks are single, where some must be."""

    def __init__(self, grammar: Gbnf, random: Random, depth: int = 12, brief: float = 0.8) -> None:
        self.grammar = grammar
        self.random = random
        self.depth = depth
        self.brief = brief
        self._short: dict[str, list[tuple[Signs | str, ...]]] = {}
        self._heights = _heights(grammar)

    def text(self) -> str:
        signs, left = [], [("root", 0)]
        while left:
            part, depth = left.pop()
            if isinstance(part, Signs):
                signs.append(self.random.choice(_drawable(part)))
            else:
                left += [(one, depth + 1) for one in reversed(self._drawn(part, depth))]
        return "".join(signs).strip() + "\n"

    def _drawn(self, rule: str, depth: int) -> tuple[Signs | str, ...]:
        if rule == "gap":
            return (Signs(((" ", " "),)),)
        options = self.grammar.rules[rule]
        if () in options and (("gap",) in options or self.random.random() < self.brief):
            return ()
        return self.random.choice(self._shortest(rule) if depth > self.depth else options)

    def _shortest(self, rule: str) -> list[tuple[Signs | str, ...]]:
        if rule not in self._short:
            options = self.grammar.rules[rule]
            least = min(self._height(option) for option in options)
            self._short[rule] = [option for option in options if self._height(option) == least]
        return self._short[rule]

    def _height(self, option: tuple[Signs | str, ...]) -> int:
        return max((self._heights[part] for part in option if isinstance(part, str)), default=0)


_WRITTEN = "".join(map(chr, range(32, 127))) + "\n"


@cache
def _drawable(signs: Signs) -> str:
    return "".join(sign for sign in _WRITTEN if signs.has(sign))


def _heights(grammar: Gbnf) -> dict[str, int]:
    """How many rules deep the shortest way to end each rule is."""
    found: dict[str, int] = {}
    while len(found) < len(grammar.rules):
        before = len(found)
        for name, options in grammar.rules.items():
            ends = [[found.get(p) for p in o if isinstance(p, str)] for o in options]
            known = [max(end, default=0) for end in ends if None not in end]
            if known and name not in found:
                found[name] = 1 + min(known)
        assert len(found) > before, "a rule never ends"
    return found
