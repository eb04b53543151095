"""What a call takes, part by part."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archdsl.cost import catalog as metrics
from archdsl.explain.functions import functions
from archdsl.explain.metrics import written
from archdsl.lsp.comments import above
from archdsl.lsp.pages import argument_told, clause_page, field_told, model_of, page, prose
from archdsl.ops import catalog as ops
from archdsl.ops.binding import parameters, signature_parts
from archdsl.spec.bind import signature_parts as clause_parts
from archdsl.syntax import nodes as ast

if TYPE_CHECKING:
    from archdsl.lsp.names import Names
    from archdsl.syntax.cursor import OpenCall


class Part(NamedTuple):
    """One argument: as the signature shows it, its name, and what it accepts."""

    shown: str
    name: str
    told: str = ""


class Signature(NamedTuple):
    """``parts`` are the arguments; where it ``repeats``, any number of the first."""

    word: str
    parts: tuple[Part, ...]
    doc: str = ""
    repeats: bool = False

    @property
    def label(self) -> str:
        """``conv(channels, kernel, stride=1)``"""
        return f"{self.word}({', '.join(part.shown for part in self.parts)})"

    def active(self, call: OpenCall) -> int | None:
        """Which argument is being written; None where it is none of them."""
        names = [part.name for part in self.parts]
        if call.naming:
            return names.index(call.naming) if call.naming in names else None
        place = sum(argument.name is None for argument in call.given)
        if self.repeats:
            return 0
        return place if place < len(names) else None


def signature_of(word: str, clause: str, names: Names | None) -> Signature | None:
    """What a word takes in a clause, or in an expression; None where nothing is called so."""
    model = model_of(clause, word)
    if model is not None:
        parts = [(shown, shown.rstrip("=")) for shown in clause_parts(model)]
        fields = tuple(Part(shown, name, field_told(model, name)) for shown, name in parts)
        doc = clause_page(clause, word).partition("```\n\n")[2]
        return Signature(word, fields, doc)
    op = ops.find(word)
    if op is not None:
        told = {one.name: argument_told(one) for one in parameters(op)}
        shown = [(part, part.partition("=")[0]) for part in signature_parts(op)]
        parts_ = tuple(Part(part, name, told.get(name, "")) for part, name in shown)
        return Signature(word, parts_, _doc(word), repeats=op.branches.variadic)
    return _own(word, names) or _function(word) or _metric(word)


def _doc(word: str) -> str:
    return page(word, "").partition("```\n\n")[2]


def _own(word: str, names: Names | None) -> Signature | None:
    symbol = names.callee(word) if names is not None else None
    node = symbol.node if symbol is not None else None
    if not isinstance(node, (ast.Block, ast.Function)):
        return None
    parts = tuple(Part(p.span.text, p.name.id) for p in node.parameters)
    return Signature(word, parts, above(node.span))


def _function(word: str) -> Signature | None:
    found = functions().get(word)
    if found is None:
        return None
    shown = found.signature.partition("(")[2].removesuffix(")").split(", ")
    parts = tuple(Part(one, one.partition("=")[0].strip()) for one in shown if one)
    return Signature(word, parts, prose(found.doc), repeats="…" in shown[1:2])


def _metric(word: str) -> Signature | None:
    metric = metrics.find(word)
    if metric is None or not metric.signature:
        return None
    shown = written(metric).partition("(")[2].removesuffix(")").split(", ")
    parts = tuple(Part(one, one.rstrip("=")) for one in shown)
    return Signature(word, parts, metric.meaning())
