"""The changes that the mutation check makes in a module.

- a threshold, a constant of the module, a number compared with: × 2, / 2, + 1, - 1
- ``<`` and ``<=``, ``>`` and ``>=``, ``==`` and ``!=`` in turn
- ``and`` and ``or``, ``min`` and ``max`` in turn
"""

from __future__ import annotations

import ast
import copy
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

TURNED: dict[type, type] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.And: ast.Or,
    ast.Or: ast.And,
}
SIGNS = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.And: "and",
    ast.Or: "or",
}


class Mutant(NamedTuple):
    """One change: what it is, where, and the module's tree with it."""

    what: str
    line: int
    tree: ast.Module


def mutants(tree: ast.Module) -> Iterator[Mutant]:
    """Every change of a module, one at a time."""
    compared = {id(number) for number in _numbers(tree)}
    for index, node in enumerate(ast.walk(tree)):
        if id(node) in compared:
            assert isinstance(node, ast.Constant)
            for value in _nearby(node.value):
                yield _mutant(tree, index, {"value": value}, f"{node.value} → {value}")
        elif isinstance(node, ast.Compare):
            for place, sign in enumerate(node.ops):
                if type(sign) in TURNED:
                    ops = [*node.ops]
                    ops[place] = turned = TURNED[type(sign)]()
                    what = f"{SIGNS[type(sign)]} → {SIGNS[type(turned)]}"
                    yield _mutant(tree, index, {"ops": ops}, what)
        elif isinstance(node, ast.BoolOp):
            other = TURNED[type(node.op)]()
            what = f"{SIGNS[type(node.op)]} → {SIGNS[type(other)]}"
            yield _mutant(tree, index, {"op": other}, what)
        elif isinstance(node, ast.Name) and node.id in ("min", "max"):
            name = "max" if node.id == "min" else "min"
            yield _mutant(tree, index, {"id": name}, f"{node.id} → {name}")


def _numbers(tree: ast.Module) -> Iterator[ast.Constant]:
    """The values of ``thresholds``, constants of the module, and what is compared with."""
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "thresholds":
            assert isinstance(node.value, ast.Dict)
            yield from (value for value in node.value.values if _is_number(value))  # type: ignore[misc]
        elif isinstance(node, ast.Compare):
            yield from (part for part in [node.left, *node.comparators] if _is_number(part))  # type: ignore[misc]
    for node in tree.body:
        if isinstance(node, ast.Assign) and _is_number(node.value):
            yield node.value  # type: ignore[misc]


def _is_number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) in (int, float)


def _nearby(value: float) -> list[float]:
    half = value // 2 if value % 2 == 0 else value / 2
    return sorted({value * 2, half, value + 1, value - 1} - {value})


def _mutant(tree: ast.Module, index: int, changes: dict[str, Any], what: str) -> Mutant:
    made = copy.deepcopy(tree)
    for at, node in enumerate(ast.walk(made)):
        if at == index:
            for name, value in changes.items():
                setattr(node, name, value)
            return Mutant(what, getattr(node, "lineno", 0), ast.fix_missing_locations(made))
    raise AssertionError(index)
