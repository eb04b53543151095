"""Which token each comment belongs to."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from archdsl.syntax.layout import Remark, Word

if TYPE_CHECKING:
    from archdsl.syntax import nodes
    from archdsl.syntax.scanner import Token


class Comments:
    """Gives out the kept tokens in order, each with its comments.

    A comment on the line of a token goes behind it, or behind the last kept token before it;
    any other comment goes before the next kept token.
    """

    def __init__(self, file: nodes.File, tokens: tuple[Token, ...], kept: list[int]) -> None:
        self._text = file.source.text
        self._ends = [token.start + len(token.text.rstrip()) for token in tokens]
        self._starts = [tokens[index].start for index in kept]
        self._before: dict[int, list[Remark]] = {}
        self._after: dict[int, str] = {}
        self._next = 0
        for comment in file.comments:
            self._attach(comment, bisect_left(self._starts, comment.span.start))

    @property
    def at_end(self) -> tuple[Remark, ...]:
        """The comments behind the last token."""
        return tuple(self._before.get(len(self._starts), ()))

    def word(self, text: str) -> Word:
        """The next kept token."""
        index = self._next
        self._next += 1
        before = tuple(self._before.get(index, ()))
        apart = is_apart(self._text, self._starts[index])
        return Word(text, before, self._after.get(index, ""), apart)

    def _attach(self, comment: nodes.Comment, following: int) -> None:
        start, text = comment.span.start, comment.text.rstrip()
        last = following - 1
        taken = last in self._after or following in self._before
        if last >= 0 and not taken and self._is_on_the_line_of_a_token(start):
            self._after[last] = text
            return
        self._before.setdefault(following, []).append(Remark(text, is_apart(self._text, start)))

    def _is_on_the_line_of_a_token(self, start: int) -> bool:
        token = bisect_right(self._ends, start) - 1
        return token >= 0 and "\n" not in self._text[self._ends[token] : start]


def is_apart(text: str, start: int) -> bool:
    """Whether a blank line stands before a position."""
    line = text.rfind("\n", 0, start)
    above = text.rfind("\n", 0, max(line, 0))
    blank_above = line >= 0 and not text[above + 1 : line].strip()
    return blank_above and not text[line + 1 : start].strip()
