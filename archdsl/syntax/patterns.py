"""Regular expressions of the grammar's terminals as forms: classes, groups, alternatives and
repeats, which is all that ``arch.lark`` has."""

from __future__ import annotations

import re

from archdsl.syntax.forms import Either, Form, OneOf, Text, Times, row

_REPEAT = re.compile(r"\{(\d+)(?:,(\d+))?\}")
_COUNTS = {"*": (0, None), "+": (1, None), "?": (0, 1)}
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


def form_of(pattern: str) -> Form:
    """The form of a whole pattern."""
    reader = _Reader(pattern)
    form = reader.alternatives()
    if reader.at != len(pattern):
        raise ValueError(f"cannot read {pattern!r} from {reader.at} on")
    return form


class _Reader:
    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0

    def alternatives(self) -> Form:
        options = [self._sequence()]
        while self._took("|"):
            options.append(self._sequence())
        return options[0] if len(options) == 1 else Either(tuple(options))

    def _sequence(self) -> Form:
        parts: list[Form] = []
        while self.at < len(self.pattern) and self.pattern[self.at] not in "|)":
            part = self._repeated(self._single())
            before = parts[-1] if parts else None
            if isinstance(part, Text) and isinstance(before, Text):
                part = Text(before.text + part.text)
                parts.pop()
            parts.append(part)
        return row(*parts)

    def _single(self) -> Form:
        if self._took("("):
            self._took("?:")
            inside = self.alternatives()
            if not self._took(")"):
                raise ValueError(f"a group of {self.pattern!r} is not closed")
            return inside
        if self._took("["):
            return self._characters()
        return Text(self._character())

    def _repeated(self, part: Form) -> Form:
        counted = _REPEAT.match(self.pattern, self.at)
        if counted:
            self.at = counted.end()
            return Times(part, int(counted[1]), int(counted[2] or counted[1]))
        mark = self.pattern[self.at : self.at + 1]
        if mark in _COUNTS:
            self.at += 1
            return Times(part, *_COUNTS[mark])
        return part

    def _characters(self) -> Form:
        negated = self._took("^")
        ranges = []
        while not self._took("]"):
            first = last = self._character()
            if self.pattern[self.at] == "-" and self.pattern[self.at + 1] != "]":
                self.at += 1
                last = self._character()
            ranges.append((first, last))
        return OneOf(tuple(ranges), negated)

    def _character(self) -> str:
        sign = self.pattern[self.at]
        self.at += 1
        if sign != "\\":
            return sign
        sign = self.pattern[self.at]
        self.at += 1
        digits = {"x": 2, "u": 4}.get(sign)
        if digits:
            self.at += digits
            return chr(int(self.pattern[self.at - digits : self.at], 16))
        return _ESCAPES.get(sign, sign)

    def _took(self, mark: str) -> bool:
        if not self.pattern.startswith(mark, self.at):
            return False
        self.at += len(mark)
        return True
