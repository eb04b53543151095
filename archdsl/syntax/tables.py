"""The parser's tables, read from the file that ``archdsl.syntax.generate`` writes."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

TABLES_PATH = Path(__file__).with_name("tables.json")
END = "$END"


class Rule(NamedTuple):
    """``build`` is empty where the one kept child stands for the whole; -1 in ``kept`` is None."""

    origin: str
    length: int
    build: str
    kept: tuple[int, ...]


class Tables(NamedTuple):
    """A state maps a symbol to the next state, or a terminal to ``-rule - 1``, which reduces."""

    grammar: str
    terminals: dict[str, str]
    ignored: frozenset[str]
    rules: tuple[Rule, ...]
    states: tuple[dict[str, int], ...]

    def accepts(self, stack: list[int], terminal: str) -> bool:
        """Whether a terminal can really come next: LALR rows alone promise too much."""
        kept = len(stack)
        pushed: list[int] = []
        while True:
            action = self.states[pushed[-1] if pushed else stack[kept - 1]].get(terminal)
            if action is None or action >= 0:
                return action is not None
            rule = self.rules[-action - 1]
            from_pushed = min(rule.length, len(pushed))
            del pushed[len(pushed) - from_pushed :]
            kept -= rule.length - from_pushed
            top = pushed[-1] if pushed else stack[kept - 1]
            pushed.append(self.states[top][rule.origin])

    def renamed(self, under: int, state: int, terminal: str) -> tuple[int, str]:
        """State and symbol after all reductions by rules that only rename, above another state."""
        symbol = ""
        while True:
            action = self.states[state].get(terminal, 0)
            rule = self.rules[-action - 1] if action < 0 else None
            if rule is None or rule.build or rule.length != 1:
                return state, symbol
            symbol = rule.origin
            state = self.states[under][symbol]

    def expected(self, stack: list[int]) -> frozenset[str]:
        """Every terminal that can come next."""
        return frozenset(
            symbol
            for symbol in self.states[stack[-1]]
            if (symbol in self.terminals or symbol == END) and self.accepts(stack, symbol)
        )


@cache
def load_tables() -> Tables:
    """The shipped tables."""
    data: Any = json.loads(TABLES_PATH.read_text(encoding="utf-8"))
    rules = tuple(Rule(o, n, b, tuple(k)) for o, n, b, k in data["rules"])
    return Tables(
        data["grammar"], data["terminals"], frozenset(data["ignored"]), rules, tuple(data["states"])
    )
