"""The canonical spelling of expressions: blanks, and parentheses where precedence needs them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from archdsl.syntax import nodes
from archdsl.syntax.layout import BLANK, Doc, Lines, Row, Word, flat
from archdsl.syntax.table import aligned

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_COMPARISON, _FLOW, _CHOICE, _RANGE, _SUM, _PRODUCT, _UNARY, _POWER, _ATOM = range(9)
_SHORT = 12
"""A name up to this long lets the lines of a broken flow start under its arrow."""
_GLUED_UNITS = frozenset("kMGT")


def expression_text(expression: nodes.Expression) -> str:
    """An expression on one line: ``x -> conv(64, 3) -> relu``."""
    return flat(Spelling(Word).expression(expression))


class Spelling:
    """Makes documents of expressions; ``word`` gives each token, in order, its comments."""

    def __init__(self, word: Callable[[str], Word]) -> None:
        self.word = word

    def expression(self, node: nodes.Expression, level: int = _COMPARISON) -> Doc:
        """The document of an expression where nothing weaker than ``level`` may stand bare."""
        if _level(node) >= level:
            return self._bare(node)
        return Row((self.word("("), self._bare(node), self.word(")")))

    def items(self, parts: Sequence[Callable[[], Doc]], apart: bool = False) -> Doc:
        """``(a, b, c)``; ``apart``: where they do not fit on one line, each has one of its own."""
        opener = self.word("(")
        made: list[Doc] = []
        for i, part in enumerate(parts):
            doc = part()
            made.append(Row((doc, self.word(","))) if i < len(parts) - 1 else doc)
        if not made:
            return Row((opener, self.word(")")))
        breaks = frozenset(range(1, len(made))) if apart else frozenset[int]()
        return Row((opener, Lines(tuple(made), breaks), self.word(")")))

    def list(self, node: nodes.List) -> Doc:
        """``[24, 32, 64]``; of rows that do not fit on one line each stands on its own."""
        opener = self.word("[")
        made: list[Doc] = []
        for i, item in enumerate(node.items):
            doc = self.expression(item)
            made.append(Row((doc, self.word(","))) if i < len(node.items) - 1 else doc)
        closer = self.word("]")
        if not made:
            return Row((opener, closer))
        rows = [item for item in node.items if isinstance(item, nodes.List)]
        if len(rows) < len(made):
            return Row((opener, Lines(tuple(made)), closer))
        breaks = frozenset(range(1, len(made)))
        return Row((opener, Lines(tuple(made), breaks, spread=aligned(rows, made)), closer))

    def call(self, node: nodes.Call, apart: bool = False) -> Doc:
        """``conv(64, 3, bias=false)``; ``apart``: as :meth:`items` has it."""
        name = self.word(node.function.id)
        return Row((name, self.items([partial(self._argument, a) for a in node.arguments], apart)))

    def result(self, node: nodes.Expression) -> Doc:
        """What a body returns: one expression, or several."""
        if not isinstance(node, nodes.Results):
            return self.expression(node)
        *others, last = [argument.value for argument in node.arguments]
        made: list[Doc] = [Row((self.expression(one), self.word(","))) for one in others]
        return Lines((*made, self.expression(last)))

    def text(self, node: nodes.Text) -> Word:
        return self.word(f'"{node.value}"')

    def _bare(self, node: nodes.Expression) -> Doc:
        if isinstance(node, nodes.Number):
            return self._number(node)
        if isinstance(node, nodes.Text):
            return self.text(node)
        if isinstance(node, nodes.Name):
            return self.word(node.id)
        if isinstance(node, nodes.Attribute):
            return Row((self.word(node.owner.id), self.word("."), self.word(node.name)))
        if isinstance(node, nodes.Call):
            return self.call(node)
        if isinstance(node, nodes.List):
            return self.list(node)
        if isinstance(node, nodes.Index):
            owner = self.expression(node.owner, _ATOM)
            return Row((owner, self.word("["), self.expression(node.place), self.word("]")))
        if isinstance(node, nodes.Negation):
            return Row((self.word("-"), self.expression(node.operand, _UNARY)))
        return self._compound(node)

    def _compound(
        self, node: nodes.Binary | nodes.Comparison | nodes.Flow | nodes.Choice | nodes.Range
    ) -> Doc:
        if isinstance(node, nodes.Binary):
            return self._binary(node)
        if isinstance(node, nodes.Comparison):
            first = self.expression(node.left, _FLOW)
            return Lines((first, self._joined(node.operator, node.right, _FLOW)))
        if isinstance(node, nodes.Flow):
            return self._flow(node)
        if isinstance(node, nodes.Choice):
            return self._choice(node)
        return self._range(node)

    def _choice(self, node: nodes.Choice) -> Doc:
        parts: list[Doc] = []
        for name, option in zip(node.names, node.options, strict=True):
            bar = (self.word("|"), BLANK) if parts else ()
            named = (self.word(name.id), self.word(":"), BLANK) if name else ()
            parts.append(Row((*bar, *named, self.expression(option, _RANGE))))
        return Lines(tuple(parts))

    def _range(self, node: nodes.Range) -> Doc:
        ends = [self.expression(node.first, _SUM), self._joined("to", node.last, _SUM)]
        if node.log:
            word = self.word("log")
            ends.append(Row((word, BLANK, self._factor(node.step))) if node.step else word)
        elif node.step is not None:
            ends.append(self._joined("by", node.step, _SUM))
        return Lines(tuple(ends))

    def _factor(self, node: nodes.Expression) -> Doc:
        """A number as it is, anything else in parentheses: so the grammar wants it."""
        if isinstance(node, nodes.Number) and node.unit is None:
            return self._number(node)
        return Row((self.word("("), self._bare(node), self.word(")")))

    def _joined(self, operator: str, node: nodes.Expression, level: int) -> Doc:
        return Row((self.word(operator), BLANK, self.expression(node, level)))

    def _flow(self, node: nodes.Flow) -> Doc:
        """A broken flow has one step that does the work on each line, and plain names behind it."""
        first = self.expression(node.steps[0], _CHOICE)
        parts = (first, *(self._joined("->", step, _CHOICE) for step in node.steps[1:]))
        working = {i for i, step in enumerate(node.steps) if not isinstance(step, nodes.Name)}
        if not isinstance(first, Word) or len(first.text) > _SHORT or first.after:
            return Lines(parts, frozenset(working - {0}))
        held = frozenset({1} & working)
        return Lines(parts, frozenset(working) - held, held, len(first.text) + 1)

    def _binary(self, node: nodes.Binary) -> Doc:
        if node.operator == "^":
            left = self.expression(node.left, _ATOM)
            return Lines((left, self._joined("^", node.right, _UNARY)))
        level = _level(node)
        chain = [node]
        while isinstance(chain[-1].left, nodes.Binary) and _level(chain[-1].left) == level:
            chain.append(chain[-1].left)
        first = self.expression(chain[-1].left, level)
        links = (self._joined(link.operator, link.right, level + 1) for link in reversed(chain))
        return Lines((first, *links))

    def _argument(self, node: nodes.Argument) -> Doc:
        if node.name is None:
            return self.expression(node.value)
        if isinstance(node, nodes.Unpacked):
            names = self.items([partial(self.word, name.id) for name in node.names])
            return Row((names, BLANK, self.word("="), BLANK, self.expression(node.value)))
        name = self.word(node.name)
        if isinstance(node.value, nodes.Range):
            return Row((name, BLANK, self.word("="), BLANK, self.expression(node.value)))
        return Row((name, self.word("="), self.expression(node.value)))

    def _number(self, node: nodes.Number) -> Doc:
        digits = self.word(node.text)
        if node.unit is None:
            return digits
        unit = self.word(node.unit)
        return Row((digits, unit) if node.unit in _GLUED_UNITS else (digits, BLANK, unit))


def _level(node: nodes.Expression) -> int:
    if isinstance(node, nodes.Binary):
        return {"+": _SUM, "-": _SUM, "^": _POWER}.get(node.operator, _PRODUCT)
    levels: dict[type, int] = {
        nodes.Comparison: _COMPARISON,
        nodes.Flow: _FLOW,
        nodes.Choice: _CHOICE,
        nodes.Range: _RANGE,
        nodes.Negation: _UNARY,
    }
    return levels.get(type(node), _ATOM)
