"""Random texts of the whole language, with blanks and comments in odd places."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

UNITS = "KiB MiB GiB TiB kB MB GB TB k M G T us ms s".split()
NAMES = "x conv width relu batch_norm a b else to by log let data model search s ms k".split()
NAMES += "function language list".split()
KEYWORDS = frozenset(
    "allow arch because block by data device function language let maximize minimize require "
    "return search shared task to train use".split()
)
_BLANKS = [
    *("   ", "\n", "\t", "\r\n", "\n\n\n"),
    " ",
    " # note {\n",
    "\n# own ( line\n",
    "\n\n# é\n",
]
_BINARY = "+ - * / // % ^".split()

_TEXTS = ['"why"', '""', '"# no comment"', '"{ ( é"', '"' + "w" * 90 + '"']


class Author:
    """Writes the tokens of one file; keywords are marked by a blank behind them."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self._kinds = (self._atom, self._call, self._call, self._flow, self._flow, self._choice)
        self._kinds += (self._range, self._binary, self._negation, self._comparison, self._group)
        self._kinds += (self._list, self._index)

    def file(self) -> list[str]:
        language = ["language ", self._number()] if self.random.random() < 0.2 else []
        return [*language, *self._some(self._item, 0, 3)]

    def expression(self, depth: int) -> list[str]:
        if depth <= 0:
            return self._atom()
        return self.random.choice(self._kinds)(depth)

    def _item(self) -> list[str]:
        kind = self.random.randrange(6)
        if kind == 5:
            return ["function ", self._name(), "(", *self._parameters(), ")", *self._body()]
        if kind == 0:
            return ["use ", self._text()]
        if kind == 1:
            return ["device ", *self._call(1)]
        if kind <= 3:
            shared = ["shared "] if self.random.random() < 0.3 else []
            return [*shared, "block ", self._name(), "(", *self._parameters(), ")", *self._body()]
        return ["arch ", self._name(), "{", *self._some(self._clause, 0, 5), "}"]

    def _clause(self) -> list[str]:
        kind = self.random.randrange(8)
        if kind == 0:
            return [self.random.choice(["data ", "task ", "search "]), *self._call(1)]
        if kind == 6:
            return ["train ", *self._settings(2)]
        if kind == 1:
            return self._require()
        if kind == 2:
            return ["allow ", self._name(), "because ", self._text()]
        if kind == 3:
            return [self.random.choice(["maximize ", "minimize "]), *self.expression(2)]
        if kind == 4:
            return ["model", *self._body()]
        return self._let()

    def _settings(self, depth: int) -> list[str]:
        kind = self.random.randrange(3) if depth else 0
        if kind == 0:
            return self._call(2)
        if kind == 1:
            return ["(", *self._settings(depth - 1), ")"]
        tokens: list[str] = []
        for _ in range(self.random.randrange(2, 4)):
            name = [self._name(), ":"] if self.random.random() < 0.3 else []
            bare = [*self._call(1)]
            inner = bare if depth < 2 else self.random.choice([bare, self._group_of_settings()])
            tokens += ["|", *name, *inner]
        return tokens[1:]

    def _group_of_settings(self) -> list[str]:
        return ["(", *self._settings(1), ")"]

    def _require(self) -> list[str]:
        message = [",", self._text()] if self.random.random() < 0.5 else []
        return ["require ", *self.expression(3), *message]

    def _statement(self) -> list[str]:
        if self.random.random() < 0.2:
            return self._let_parts()
        return self._let() if self.random.random() < 0.7 else self._require()

    def _let(self) -> list[str]:
        return ["let ", self._name(), "=", *self.expression(4)]

    def _let_parts(self) -> list[str]:
        others = [
            token for _ in range(self.random.randrange(1, 3)) for token in (",", self._name())
        ]
        return ["let ", "(", self._name(), *others, ")", "=", *self.expression(2)]

    def _results(self) -> list[str]:
        others = self.random.choice((0, 0, 0, 1, 2))
        more = [token for _ in range(others) for token in (",", *self.expression(2))]
        return [*self.expression(3), *more]

    def _body(self) -> list[str]:
        if self.random.random() < 0.5:
            return ["=", *self.expression(4)]
        return ["{", *self._some(self._statement, 0, 3), "return ", *self._results(), "}"]

    def _parameters(self) -> list[str]:
        return self._listed(
            lambda: (
                [self._name()] + (["=", *self.expression(1)] if self.random.random() < 0.5 else [])
            )
        )

    def _call(self, depth: int = 1) -> list[str]:
        return [self._name(), "(", *self._listed(lambda: self._argument(depth - 1)), ")"]

    def _argument(self, depth: int) -> list[str]:
        if self.random.random() < 0.1:
            names = [token for _ in range(self.random.randrange(1, 4)) for token in (",", "b")]
            return ["(", self._name(), *names, ")", "=", *self.expression(depth)]
        named = [self._name(), "="] if self.random.random() < 0.4 else []
        return [*named, *self.expression(depth)]

    def _listed(self, part) -> list[str]:
        parts = [part() for _ in range(self.random.randrange(4))]
        tokens = [token for p in parts for token in [*p, ","]]
        return tokens if self.random.random() < 0.2 else tokens[:-1]

    def _list(self, depth: int) -> list[str]:
        return ["[", *self._listed(lambda: self.expression(depth - 1)), "]"]

    def _index(self, depth: int) -> list[str]:
        return [*self._operand(depth - 1), "[", *self.expression(depth - 1), "]"]

    def _group(self, depth: int) -> list[str]:
        return ["(", *self.expression(depth - 1), ")"]

    def _flow(self, depth: int) -> list[str]:
        return self._chain("->", depth, 5)

    def _choice(self, depth: int) -> list[str]:
        named = self.random.random() < 0.3
        tokens = self._option(depth, named)
        for _ in range(self.random.randrange(1, 4)):
            tokens += ["|", *self._option(depth, named)]
        return tokens

    def _option(self, depth: int, named: bool) -> list[str]:
        name = [self._name(), ":"] if named and self.random.random() < 0.7 else []
        return [*name, *self._operand(depth)]

    def _chain(self, mark: str, depth: int, most: int) -> list[str]:
        tokens = self._operand(depth)
        for _ in range(self.random.randrange(1, most)):
            tokens += [mark, *self._operand(depth)]
        return tokens

    def _operand(self, depth: int) -> list[str]:
        return self.random.choice([self._atom, self._group, self._call, self._list])(depth)

    def _range(self, depth: int) -> list[str]:
        kind = self.random.randrange(5)
        step = ["by ", *self._operand(depth - 1)] if kind < 2 else []
        if kind > 2:
            factor = self.random.choice([[], [self._number()], self._group(depth)])
            step = ["log", *factor]
        return [*self._operand(depth - 1), "to ", *self._operand(depth - 1), *step]

    def _binary(self, depth: int) -> list[str]:
        tokens = self._operand(depth - 1)
        for _ in range(self.random.randrange(1, 4)):
            minus = ["-"] if self.random.random() < 0.2 else []
            tokens += [self.random.choice(_BINARY), *minus, *self._operand(depth - 1)]
        return tokens

    def _negation(self, depth: int) -> list[str]:
        return ["-", *self._operand(depth - 1)]

    def _comparison(self, depth: int) -> list[str]:
        mark = self.random.choice(["<=", ">=", "==", "!=", "<", ">"])
        tokens = [*self._operand(depth - 1), mark, *self._operand(depth - 1)]
        return ["(", *tokens, ")"]

    def _atom(self, _: int = 0) -> list[str]:
        kind = self.random.randrange(6)
        if kind == 0:
            return [self._text()]
        if kind == 1:
            return [self._name(), ".", self._name()]
        if kind <= 3:
            unit = [self.random.choice(UNITS)] if self.random.random() < 0.5 else []
            return [self._number(), *unit]
        return [self._name()]

    def _number(self) -> str:
        return self.random.choice(
            ["0", "7", "1_281_167", "0.5", "12.25", "1e-3", "2.5E+10", "007", "123456789012345678"]
        )

    def _name(self) -> str:
        return self.random.choice(NAMES)

    def _text(self) -> str:
        return self.random.choice(_TEXTS)

    def _some(self, part, least: int, most: int) -> list[str]:
        return [token for _ in range(self.random.randint(least, most)) for token in part()]


def joined(tokens: list[str], random: Random) -> str:
    """The tokens as a text, with blanks and comments wherever they can stand, or none."""
    text = _blank(random) if random.random() < 0.3 else ""
    for token, following in zip(tokens, [*tokens, ""][1:], strict=True):
        keyword = token.endswith(" ")
        text += token.rstrip()
        wordy = token[-1].isalnum() or token[-1] == "_" or keyword
        meets = bool(following) and (following[0].isalnum() or following[0] in '_."')
        if keyword:
            text += random.choice([" ", "\n", "\t"])
        elif wordy and meets:
            text += " "
        if random.random() < 0.5:
            text += _blank(random)
    return text


def plain(tokens: list[str]) -> str:
    """The tokens with one blank between them."""
    return " ".join(token.rstrip() for token in tokens)


def random_text(random: Random) -> str:
    """A random file of the language."""
    return joined(Author(random).file(), random)


def _blank(random: Random) -> str:
    return "".join(random.choice(_BLANKS) for _ in range(random.randrange(1, 3)))
