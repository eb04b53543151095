"""The LALR automaton: one loop and one stack, so that no source is too deep for it."""

from __future__ import annotations

from typing import Any, NamedTuple

from archdsl.source import Source, Span
from archdsl.syntax.bounds import DEFAULT_LIMITS, Limits
from archdsl.syntax.build import OPERATORS, build, unreadable
from archdsl.syntax.scanner import Scanner, Token
from archdsl.syntax.tables import END, Rule, load_tables

_DEEPENING = frozenset(
    (*OPERATORS, "neg", "compare", "flow", "choice", "range", "log_range", "call", "list", "index")
)
_RENAMED: dict[tuple[int, int, str], tuple[int, str]] = {}
_CLOSES = {"RPAR": "LPAR", "RSQB": "LSQB", "RBRACE": "LBRACE"}


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
        self.read: list[Token] = []
        self.dropped_braces = 0
        self.resumed_at = -1
        self.stopped_at = -1
        self.repaired_at = -1
        self._undo: list[tuple[str, list[Entry], list[int]]] = []

    @property
    def value(self) -> Any:
        """What was parsed, once ``run`` has returned None."""
        return self.entries[-1].value

    @property
    def last(self) -> Token | None:
        """The last token read."""
        return self.read[-1] if self.read else None

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
            stop = self.take(token)
            if stop is not None or token.terminal == END:
                return stop

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

    def unread(self) -> None:
        """Give the last token back."""
        self.entries.pop()
        self.states.pop()
        self.position = self.read.pop().start

    def _resume(self, keep: int, terminal: str, position: int) -> bool:
        stack = self.states[:keep]
        as_expression = self.tables.states[stack[-1]].get("expr")
        if self.tables.accepts(stack, terminal):
            self._cut(keep, position)
        elif as_expression is not None and self.tables.accepts([*stack, as_expression], terminal):
            self._cut(keep, position)
            end = self.previous_end
            value = unreadable(Span(self.source, end, end))
            self._push(as_expression, Entry("expr", value, end, end, 1))
        else:
            return False
        return True

    def _cut(self, keep: int, position: int) -> None:
        dropped = self.entries[keep - 1 :]
        self.dropped_braces += sum(entry.symbol == "LBRACE" for entry in dropped)
        del self.states[keep:], self.entries[keep - 1 :]
        self.position = position
        self.resumed_at = position
        self.openers = []
        for entry in self.entries:
            if entry.symbol in _CLOSES:
                self.openers.pop()
            elif entry.symbol in _CLOSES.values():
                self.openers.append(entry.value)

    def take(self, token: Token) -> Stop | None:
        """Read one token; where it cannot stand the stack stays as it was."""
        self.tokens += 1
        if self.tokens > self.limits.tokens:
            return Stop("tokens", token.start, token)
        self._undo.clear()
        while True:
            action = self.tables.states[self.states[-1]].get(token.terminal)
            if action is None:
                self._restore()
                return Stop("unexpected", token.start, token)
            if action >= 0:
                return self._shift(action, token)
            rule = self.tables.rules[-action - 1]
            if not rule.build and rule.length == 1:
                self._rename(token.terminal)
            elif not self._reduce(rule, token.start):
                return Stop("nesting", self.entries[-1].start, token)

    def _shift(self, state: int, token: Token) -> Stop | None:
        if token.terminal == END:
            return None
        if token.terminal in _CLOSES.values():
            self.openers.append(token)
            if len(self.openers) > self.limits.nesting:
                return Stop("nesting", token.start, token)
        elif token.terminal in _CLOSES:
            self.closed.append((self.openers.pop(), token))
        self._push(state, Entry(token.terminal, token, token.start, token.end, 0))
        self.read.append(token)
        self.position = max(self.position, token.end)
        return None

    def _push(self, state: int, entry: Entry) -> None:
        self.states.append(state)
        self.entries.append(entry)

    def _rename(self, terminal: str) -> None:
        """Take all steps at once of an atom that is a power, a product, a sum and no more."""
        under, state = self.states[-2:]
        entry = self.entries[-1]
        key = (under, state, terminal)
        if key not in _RENAMED:
            _RENAMED[key] = self.tables.renamed(under, state, terminal)
        self.states[-1], symbol = _RENAMED[key]
        self.entries[-1] = Entry(symbol, entry.value, entry.start, entry.end, entry.height)
        self._undo.append(("", [entry], [state]))

    def _reduce(self, rule: Rule, next_start: int) -> bool:
        """Replace a rule's symbols by their node; False where it nests too deep."""
        origin, length, name, kept = rule
        first = len(self.entries) - length
        taken = self.entries[first:]
        self._undo.append((name, taken, self.states[first + 1 :]))
        del self.entries[first:], self.states[first + 1 :]
        start, end = (taken[0].start, taken[-1].end) if taken else (next_start, next_start)
        height = max((entry.height for entry in taken), default=0) + (name in _DEEPENING)
        parts = [None if i < 0 else taken[i].value for i in kept]
        value = build(name, Span(self.source, start, end), parts) if name else parts[0]
        state = self.tables.states[self.states[-1]][origin]
        self._push(state, Entry(origin, value, start, end, height))
        return height <= self.limits.nesting

    def _restore(self) -> None:
        """Take back the reductions since the last token, which a wrong token may have set off."""
        for name, taken, states in reversed(self._undo):
            if name == "append":
                taken[0].value.pop()
            self.entries.pop()
            self.states.pop()
            self.entries += taken
            self.states += states
        self._undo.clear()
