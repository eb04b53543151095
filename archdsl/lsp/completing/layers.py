"""What an expression is made of: names that are bound, blocks, ops, functions and metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.cost import catalog as metrics
from archdsl.explain.functions import functions
from archdsl.explain.metrics import written
from archdsl.lsp.completing.proposals import Kind, Place, Proposal
from archdsl.ops import catalog as ops
from archdsl.ops.binding import parameters, signature
from archdsl.resolve.blocks import library
from archdsl.resolve.lower_values import CONSTANTS
from archdsl.syntax import nodes as ast

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.lsp.names import Symbol
    from archdsl.ops.base import Op

MEASURING = ("require", "maximize", "minimize")
DECLARING = ("NAME", "_LET", "_MODULE", "_BLOCK", "_ARCH", "_FUNCTION")  # a new name follows


def proposed(place: Place) -> Iterator[Proposal]:
    """What can stand where an expression is written."""
    is_expression = "NUMBER" in place.cursor.expected and place.takes_name
    if not is_expression or place.is_in_clause:
        return
    for name, kind in place.bound().items():
        yield Proposal(name, Kind.Variable, 2, kind)
    yield from _given(place)
    in_body = place.cursor.clause in ("let", "module", "return", "block", "model")
    if not in_body or place.cursor.clause == "block":
        yield from _measures(place)
    yield from _own(place)
    if in_body:
        yield from _layers(place)
    for name, page in functions().items():
        snippet = f"{name}($0)" if "(" in page.signature else name
        yield Proposal(name, Kind.Function, 6, page.signature, snippet=snippet)
    for word in CONSTANTS:
        yield Proposal(word, Kind.Constant, 7)


def _given(place: Place) -> Iterator[Proposal]:
    """What a body knows besides: what flows in, and the width that the task asks for."""
    if place.cursor.clause not in MEASURING:
        yield Proposal("x", Kind.Variable, 2, "what flows in")
    known = place.document.evaluated
    programs = known.spec.programs.values() if known is not None and known.spec is not None else ()
    for name in dict.fromkeys(name for program in programs for name in program.constants):
        yield Proposal(name, Kind.Constant, 2, "of the data and the task")


def _measures(place: Place) -> Iterator[Proposal]:
    """The metrics, beside the model."""
    if place.cursor.clause not in MEASURING:
        return
    for metric in metrics.every():
        word = metric.word()
        plain = not metric.signature or metric.is_plain
        snippet = word if plain else f"{word}($0)"
        yield Proposal(word, Kind.Property, 1, written(metric), snippet=snippet)


def _own(place: Place) -> Iterator[Proposal]:
    """The blocks and functions of the file and of those that it uses."""
    known = place.names.declared if place.names is not None else {}
    for name, symbol in known.items():
        if not symbol.span.source.name.startswith("archdsl/library/"):
            yield Proposal(name, Kind.Class, 3, _head(symbol), snippet=f"{name}($0)")


def _head(symbol: Symbol) -> str:
    node = symbol.node
    assert isinstance(node, (ast.Block, ast.Function))
    return f"{symbol.name}({', '.join(p.span.text for p in node.parameters)})"


def _layers(place: Place) -> Iterator[Proposal]:
    """The ops and the blocks of the library."""
    for word in ops.words():
        op = ops.find(word)
        assert op is not None
        yield Proposal(word, Kind.Function, 4, signature(op), "op", _snippet(word, op))
    own = place.names.declared if place.names is not None else {}
    for word in library():
        if word not in own or own[word].span.source.name.startswith("archdsl/library/"):
            yield Proposal(word, Kind.Class, 5, "block of the library", "op", f"{word}($0)")


def _snippet(word: str, op: type[Op]) -> str:
    needs = op.branches.any or any(one.required for one in parameters(op))
    return f"{word}($0)" if needs else word
