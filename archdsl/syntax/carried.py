"""Trees made of parts of texts, written with the comments that those parts had there."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Any

from archdsl.source import Source
from archdsl.syntax import nodes
from archdsl.syntax.bounds import DEFAULT_LIMITS, Limits
from archdsl.syntax.comments import is_apart
from archdsl.syntax.format import Writer, kept_tokens
from archdsl.syntax.layout import Remark, Word
from archdsl.syntax.parser import read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from archdsl.record import Record
    from archdsl.syntax.scanner import Token


CLAUSES = nodes.ArchItem.__args__
SIGNS = frozenset(
    ("(", ")", "[", "]", ",", "->", "|", "return", "=")
)  # tokens that belong to no node alone


def written(
    items: Sequence[nodes.Item],
    files: Iterable[nodes.File],
    head: Sequence[str] = (),
    limits: Limits = DEFAULT_LIMITS,
) -> str:
    """The text of items in canonical layout.

    ``files`` are the texts that they are made of: a comment there is kept with what it stands
    beside, if that is kept, and the comment at the top of the first file always. Above it come the
    lines of ``head``. Raises :class:`~archdsl.diagnostics.SpecError` for trees that are too large
    or too deep to be read again.
    """
    plain = Writer(Word)
    plain.file(nodes.File(tuple(items), (), Source("")))
    file, tokens = read(Source(plain.page.text()), limits)
    indices = kept_tokens(file, tokens)
    carried = _Carried(_Places(items, file.items, tokens, indices), head)
    for number, origin in enumerate(files):
        carried.take(origin, is_main=number == 0)
    carried.settle()
    writer = Writer(carried.word)
    writer.file(file)
    writer.page.remarks(carried.at_end())
    return writer.page.text()


class _Places:
    """Where the nodes of old texts stand in the new one: at which of its kept tokens."""

    def __init__(
        self,
        items: Sequence[nodes.Item],
        again: Sequence[nodes.Item],
        tokens: Sequence[Token],
        indices: Sequence[int],
    ) -> None:
        self.texts = [tokens[index].text.strip() for index in indices]
        self._starts = [tokens[index].start for index in indices]
        self._begins: dict[tuple[str, int], int] = {}
        self._ends: dict[tuple[str, int], int] = {}
        self.apart: set[int] = set()
        self.items: dict[int, bool] = {}  # where each item begins, and whether it stands apart
        below = False  # whether the item above is one that others stand apart from
        for old, new in zip(items, again, strict=True):
            above = is_apart(old.span.source.text, old.span.start)
            place = bisect_left(self._starts, new.span.start)
            self.items[place] = above or _is_braced(old) or below
            below = _is_braced(old)
            for one, other in _beside(old, new):
                self._note(one, other)

    def _note(self, old: Any, new: Any) -> None:
        name, place = old.span.source.name, bisect_left(self._starts, new.span.start)
        self._begins.setdefault((name, old.span.start), place)
        self._ends.setdefault((name, old.span.end), bisect_left(self._starts, new.span.end) - 1)
        if isinstance(old, CLAUSES) and is_apart(old.span.source.text, old.span.start):
            self.apart.add(place)

    def begin(self, old: _Old, index: int) -> int | None:
        """The new token at which a node begins that began at an old one."""
        return self._begins.get((old.name, old.starts[index])) if old.starts else None

    def behind(self, old: _Old, index: int) -> int | None:
        """The new token behind which a comment goes that stood behind an old one."""
        passed: list[str] = []
        while (old.name, old.ends[index]) not in self._ends:
            if index == 0 or old.texts[index] not in SIGNS:
                return None
            passed.append(old.texts[index])
            index -= 1
        place = self._ends[old.name, old.ends[index]]
        for sign in reversed(passed):
            if place + 1 < len(self.texts) and self.texts[place + 1] == sign:
                place += 1
        return place

    def ahead(self, old: _Old, index: int) -> int | None:
        """The new token before which a comment goes that stood before an old one."""
        if old.texts[index] == "}":
            return self._ends.get((old.name, old.ends[index]))
        passed: list[str] = []
        while (old.name, old.starts[index]) not in self._begins:
            if index + 1 == len(old.tokens) or old.texts[index] not in SIGNS:
                return None
            passed.append(old.texts[index])
            index += 1
        place = self._begins[old.name, old.starts[index]]
        for sign in reversed(passed):
            if place and self.texts[place - 1] == sign:
                place -= 1
        return place


def _is_braced(item: nodes.Item) -> bool:
    return isinstance(item, nodes.Arch) or (
        isinstance(item, (nodes.Block, nodes.Function)) and item.body.braced
    )


def _beside(old: Record, new: Record) -> Iterator[tuple[Record, Record]]:
    """The nodes of two trees of the same shape, side by side."""
    if type(old) is not type(new):
        return
    yield old, new
    for one, other in zip(old.parts(), new.parts(), strict=False):
        yield from _beside(one, other)


class _Carried:
    """Gives out the tokens of the new text with the comments of the old ones."""

    def __init__(self, places: _Places, head: Sequence[str]) -> None:
        self._places = places
        self._top = [Remark(line, apart=False) for line in head]
        self._before: dict[int, list[Remark]] = {}
        self._after: dict[int, str] = {}
        self._parted = True  # whether the top is about all, not about the first item
        self._apart = set(places.apart)
        self._next = 0

    def word(self, text: str) -> Word:
        """The next token."""
        index = self._next
        self._next += 1
        before = tuple(self._before.get(index, ()))
        return Word(text, before, self._after.get(index, ""), index in self._apart)

    def at_end(self) -> tuple[Remark, ...]:
        """The comments behind the last token."""
        return tuple(self._before.get(len(self._places.texts), ()))

    def take(self, origin: nodes.File, is_main: bool) -> None:
        """Take over the comments of a text: the one at its top, and those at its end, in any case
        or else only where they are about something that is kept."""
        tokens = read(origin.source)[1]
        old = _Old(origin, tokens)
        top = old.top(origin.comments)
        if is_main:
            self._top += [Remark(one.text.rstrip(), apart=False) for one in origin.comments[:top]]
            begins = self._places.begin(old, 0) == 0
            self._parted = not top or not begins or old.is_of_the_file(origin.comments[:top])
        elif not old.is_of_the_file(origin.comments[:top]):
            top = 0
        for comment in origin.comments[top:]:
            self._carry(comment, old, origin, is_main)

    def settle(self) -> None:
        """Set the items apart, each with the comments above it, and put the top above all."""
        for index, apart in self._places.items.items():
            apart = bool(self._top) and self._parted if index == 0 else apart
            above = self._before.get(index, [])
            if above:
                above[0] = Remark(above[0].text, above[0].apart or apart)
            elif apart:
                self._apart.add(index)
        if self._top:
            self._before[0] = [*self._top, *self._before.get(0, [])]

    def _carry(self, comment: nodes.Comment, old: _Old, origin: nodes.File, is_main: bool) -> None:
        behind, ahead = old.around(comment.span.start)
        if behind is not None:
            index = self._places.behind(old, behind)
            if index is not None and index not in self._after:
                self._after[index] = comment.text.rstrip()
            return
        if ahead == len(old.tokens):
            if is_main:
                self._put_before(len(self._places.texts), comment, origin)
            return
        index = self._places.ahead(old, ahead)
        if index is not None:
            self._put_before(index, comment, origin)

    def _put_before(self, index: int, comment: nodes.Comment, origin: nodes.File) -> None:
        apart = is_apart(origin.source.text, comment.span.start)
        self._before.setdefault(index, []).append(Remark(comment.text.rstrip(), apart))


class _Old:
    """The tokens of a text that comments stand between."""

    def __init__(self, origin: nodes.File, tokens: Sequence[Token]) -> None:
        self.name = origin.source.name
        self.text = origin.source.text
        self.comments = [comment.span.start for comment in origin.comments]
        self.tokens = [token for token in tokens if token.text.strip()]
        self.texts = [token.text.strip() for token in self.tokens]
        self.starts = [token.start for token in self.tokens]
        self.ends = [token.start + len(token.text.rstrip()) for token in self.tokens]

    def around(self, start: int) -> tuple[int | None, int]:
        """The token on the line of a comment, if there is one before it, and the next token."""
        ahead = bisect_left(self.starts, start)
        behind = ahead - 1
        alone = behind < 0 or "\n" in self.text[self.ends[behind] : start]
        return None if alone else behind, ahead

    def is_of_the_file(self, top: Sequence[nodes.Comment]) -> bool:
        """Whether the comment at the top stands apart from all that follows."""
        behind = [s for s in (*self.starts, *self.comments) if top and s > top[-1].span.start]
        return bool(behind) and is_apart(self.text, min(behind))

    def top(self, comments: Sequence[nodes.Comment]) -> int:
        """How many comments are the one at the top: up to the first blank line."""
        first = self.starts[0] if self.starts else len(self.text)
        count = 0
        for comment in comments:
            if comment.span.start > first or (count and is_apart(self.text, comment.span.start)):
                break
            count += 1
        return count
