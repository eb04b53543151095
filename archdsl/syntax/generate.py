"""Builds ``tables.json`` from the grammar: ``python -m archdsl.syntax.generate``.

Lark reads the grammar and computes the LALR(1) tables; what is kept is plain data, so a parse needs
neither Lark's import nor its table construction, and nothing is ever unpickled. Besides this module
only `archdsl.syntax.reference`, which judges by Lark itself, imports it.
"""

from __future__ import annotations

import json
from collections import deque
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from lark import Lark

from archdsl.syntax.grammar import grammar_text
from archdsl.syntax.tables import END, TABLES_PATH

if TYPE_CHECKING:
    from lark.grammar import Rule


def lark_parser(text: str, *, strict: bool = False) -> Lark:
    """Lark's own parser for a grammar: the reference that the tables are tested against."""
    return Lark(text, parser="lalr", lexer="contextual", strict=strict)


def tables_text(grammar: str) -> str:
    """The serialised tables of a grammar; the same text for the same grammar, always."""
    parser = lark_parser(grammar)
    table: Any = getattr(parser.parser, "parser")._parse_table  # noqa: B009
    order = _breadth_first(table.states, table.start_states["start"])
    rule_numbers = {rule: number for number, rule in enumerate(parser.rules)}
    data: dict[str, Any] = {
        "grammar": fingerprint(grammar),
        "terminals": {t.name: t.pattern.to_regexp() for t in parser.terminals},
        "ignored": sorted(parser.ignore_tokens),
        "rules": [_rule(rule) for rule in parser.rules],
        "states": [_state(table.states[state], order, rule_numbers) for state in order],
    }
    end = order[table.end_states["start"]]
    data["states"][end][END] = end
    return json.dumps(data, ensure_ascii=True, separators=(",", ":")).replace('],"', '],\n"') + "\n"


def fingerprint(grammar: str) -> str:
    """What ties the tables to the grammar that they were built from."""
    return sha256(grammar.encode()).hexdigest()


def _breadth_first(states: dict[int, dict[str, Any]], start: int) -> dict[int, int]:
    """New numbers for the states, from the start state on, whatever Lark's own numbers are."""
    order = {start: 0}
    queue = deque([start])
    while queue:
        row = states[queue.popleft()]
        for symbol in sorted(row):
            action, target = row[symbol]
            if action.name == "Shift" and target not in order:
                order[target] = len(order)
                queue.append(target)
    return order


def _state(row: dict[str, Any], order: dict[int, int], rules: dict[Rule, int]) -> dict[str, int]:
    """Shift to state n is n; reduce by rule n is -n - 1; a goto looks like a shift."""
    return {
        symbol: order[target] if action.name == "Shift" else -rules[target] - 1
        for symbol, (action, target) in sorted(row.items())
    }


def _rule(rule: Rule) -> list[Any]:
    """Origin, length, the builder's name ("" passes the one child on), children kept."""
    kept = _kept(rule)
    name = str(rule.alias or rule.origin.name)
    if name.startswith("__"):
        name = "first" if len(kept) == 1 else "append"
    elif rule.options.expand1 and not rule.alias and len(kept) == 1:
        name = ""
    return [rule.origin.name, len(rule.expansion), name, kept]


def _kept(rule: Rule) -> list[int]:
    """Positions of the children that a builder gets; -1 stands for an optional part left out."""
    kept: list[int] = []
    position = 0
    for missing in rule.options.empty_indices or (False,) * len(rule.expansion):
        if missing:
            kept.append(-1)
            continue
        symbol: Any = rule.expansion[position]
        if not (symbol.is_term and symbol.filter_out):
            kept.append(position)
        position += 1
    return kept


def main() -> None:
    """Write the tables beside this module."""
    TABLES_PATH.write_text(tables_text(grammar_text()), encoding="utf-8")


if __name__ == "__main__":
    main()
