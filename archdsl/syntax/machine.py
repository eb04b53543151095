"""The LALR automaton: one loop and one stack, so that no source is too deep for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.source import Source, Span
from archdsl.syntax.bounds import DEFAULT_LIMITS, Limits
from archdsl.syntax.build import build, unreadable
from archdsl.syntax.scanner import Scanner, Token
from archdsl.syntax.tables import END, load_tables

_DEEPENING = frozenset(
    "add sub mul div floordiv mod pow neg compare flow choice range call".split()
)
_CLOSES = {"RPAR": "LPAR", "RBRACE": "LBRACE"}


class Entry(NamedTuple):
    """One symbol on the stack; ``height`` counts the levels of the expression in ``value``."""

    symbol: str
    value: Any
    start: int
    end: int
    height: int


class Stop(NamedTuple):
    """Why a run ended early: no token can be read, one cannot stand here, or a bound is reached."""

    reason: str
    position: int
    token: Token | None = None


class Machine:
    """Parses one source; after a stop, ``recover`` and ``run`` again go on behind it."""

    def __init__(self, source: Source, limits: Limits = DEFAULT_LIMITS) -> None:
        self.source = source
        self.limits = limits
        self.tables = load_tables()
        self.scanner = Scanner(source.text, limits)
        self.states = [0]
        self.entries: list[Entry] = []
        self.openers: list[Token] = []
        self.closed: list[tuple[Token, Token]] = []
        self.position = 0
        self.tokens = 0

    @property
    def value(self) -> Any:
        """What was parsed, once ``run`` has returned None."""
        return self.entries[-1].value

    @property
    def previous_end(self) -> int:
        """Where the last symbol read ends."""
        return self.entries[-1].end if self.entries else 0

    def run(self) -> Stop | None:
        """Parse to the end of the source, or to the first thing wrong."""
        while True:
            token = self.scanner.next(self.states[-1], self.position)
            if token is None:
                return Stop("unreadable", self.scanner.skip(self.position))
            stop = self._take(token)
            if stop is not None or token.terminal == END:
                return stop
            self.position = token.end

    def expected(self) -> frozenset[str]:
        """The terminals that can come next."""
        return self.tables.expected(self.states)

    def recover(self, terminal: str, position: int, *, leave_braces: bool) -> bool:
        """Make room for a terminal at a position: drop the unfinished part of the stack, or let an
        unreadable expression stand for it. Without ``leave_braces`` no open ``{`` is dropped."""
        for keep in range(len(self.states), 0, -1):
            if (
                keep < len(self.states)
                and self.entries[keep - 1].symbol == "LBRACE"
                and not leave_braces
            ):
                return False
            if self._resume(keep, terminal, position):
                return True
        return False

    def _resume(self, keep: int, terminal: str, position: int) -> bool:
        stack = self.states[:keep]
        as_expression = self.tables.states[stack[-1]].get("expr")
        if self.tables.accepts(stack, terminal):
            self._cut(keep, position)
        elif as_expression is not None and self.tables.accepts([*stack, as_expression], terminal):
            self._cut(keep, position)
            end = self.previous_end
            value = unreadable(Span(self.source, end, end))
            self._push("expr", as_expression, Entry("expr", value, end, end, 1))
        else:
            return False
        return True

    def _cut(self, keep: int, position: int) -> None:
        del self.states[keep:], self.entries[keep - 1 :]
        self.position = position
        open_at = {entry.start for entry in self.entries if entry.symbol in ("LPAR", "LBRACE")}
        self.openers = [token for token in self.openers if token.start in open_at]

    def _take(self, token: Token) -> Stop | None:
        self.tokens += 1
        if self.tokens > self.limits.tokens:
            return Stop("tokens", token.start, token)
        while True:
            action = self.tables.states[self.states[-1]].get(token.terminal)
            if action is None:
                return Stop("unexpected", token.start, token)
            if action >= 0:
                return self._shift(action, token)
            if not self._reduce(-action - 1, token.start):
                return Stop("nesting", self.entries[-1].start, token)

    def _shift(self, state: int, token: Token) -> Stop | None:
        if token.terminal == END:
            return None
        if token.terminal in ("LPAR", "LBRACE"):
            self.openers.append(token)
            if len(self.openers) > self.limits.nesting:
                return Stop("nesting", token.start, token)
        elif token.terminal in _CLOSES:
            self.closed.append((self.openers.pop(), token))
        self._push(token.terminal, state, Entry(token.terminal, token, token.start, token.end, 0))
        return None

    def _push(self, symbol: str, state: int, entry: Entry) -> None:
        self.states.append(state)
        self.entries.append(entry)

    def _reduce(self, number: int, next_start: int) -> bool:
        """Replace a rule's symbols by their node; False where it nests too deep."""
        origin, length, name, kept = self.tables.rules[number]
        if length == 1 and not name:
            entry = self.entries[-1]._replace(symbol=origin)
            self.states[-1] = self.tables.states[self.states[-2]][origin]
            self.entries[-1] = entry
            return True
        taken = self.entries[len(self.entries) - length :]
        start = taken[0].start if taken else next_start
        end = taken[-1].end if taken else next_start
        height = max((entry.height for entry in taken), default=0) + (name in _DEEPENING)
        del self.entries[len(self.entries) - length :], self.states[len(self.states) - length :]
        parts = [None if i < 0 else taken[i].value for i in kept]
        value = build(name, Span(self.source, start, end), parts) if name else parts[0]
        self._push(
            origin,
            self.tables.states[self.states[-1]][origin],
            Entry(origin, value, start, end, height),
        )
        return height <= self.limits.nesting
