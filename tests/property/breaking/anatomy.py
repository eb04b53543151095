"""A right spec taken apart: where its calls, names and clauses stand."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from archdsl.ops import catalog
from archdsl.resolve.blocks import library
from archdsl.source import Source
from archdsl.syntax import nodes as ast
from archdsl.syntax.parser import parse
from tests.property.breaking import Broken
from tests.property.words import walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from random import Random

    from archdsl.source import Span

Item = TypeVar("Item")
CONDITIONAL = ("when", "pick", "each")


class Anatomy:
    """A spec's text and tree, and an author who breaks it."""

    def __init__(self, text: str, random: Random) -> None:
        self.text = text
        self.random = random
        self.tree = parse(Source(text))
        self.arch = next(item for item in self.tree.items if isinstance(item, ast.Arch))
        self.model = next(item for item in self.arch.items if isinstance(item, ast.Model))

    @property
    def flowing(self) -> str:
        """A name of what flows into the model."""
        name = self.clause("data").name
        return name.id if name is not None else "x"

    def clause(self, keyword: str) -> ast.Clause:
        """The clause of a keyword."""
        clauses = [item for item in self.arch.items if isinstance(item, ast.Clause)]
        return next(clause for clause in clauses if clause.keyword == keyword)

    def among(self, found: list[Item], fits: Callable[[Item], Any] = bool) -> Item | None:
        """One of those that fit."""
        fitting = [item for item in found if fits(item)]
        return self.random.choice(fitting) if fitting else None

    # Where things stand -------------------------------------------------------------------

    @cached_property
    def calls(self) -> list[ast.Call]:
        """All calls of ops and blocks of the library, taken or not."""
        return [node for node in walk(self.tree.items) if _calls_a_word(node)]

    @cached_property
    def reached(self) -> list[ast.Call]:
        """Those calls in the model that every design comes to, once at least."""
        return [node for node in _certain(self.model.body) if _calls_a_word(node)]

    @cached_property
    def words(self) -> list[ast.Name]:
        """Ops and blocks in the model that stand without arguments."""
        steps = [s for node in _certain(self.model.body) for s in getattr(node, "steps", ())]
        names = [step for step in steps if isinstance(step, ast.Name)]
        return [name for name in names if catalog.find(name.id) or name.id in library()]

    @property
    def result(self) -> Span:
        """What the model gives."""
        return self.model.body.result.span

    # Breaking -----------------------------------------------------------------------------

    def replace(self, span: Span, new: str) -> Broken:
        return self.put(span.start, span.end, new)

    def put(self, start: int, end: int, new: str) -> Broken:
        """The text with a part of it replaced, which is then what is wrong."""
        return Broken(self.text[:start] + new + self.text[end:], start, start + len(new))

    def argue(self, call: ast.Call, extra: str) -> Broken:
        """A call with one more argument; the call is what is wrong."""
        glue = ", " if call.arguments else ""
        made = self.put(call.span.end - 1, call.span.end - 1, glue + extra)
        return made._replace(start=call.span.start, end=made.end + 1)

    def append(self, step: str) -> Broken | None:
        """A further step behind what the model gives. Where that is several results, one step takes
        none of them (E260), whatever else is wrong with it."""
        if any(made in self.result.text for made in ("outputs(", "-> chunk(")):
            return None
        return self.put(self.result.end, self.result.end, f" -> {step}")

    def state(self, statement: str) -> Broken:
        """A further statement in the ``arch``, before its model."""
        start = self.model.span.start
        return self.put(start, start, f"{statement}\n  ")

    def declare(self, item: str) -> Broken:
        """A further item before the ``arch``."""
        start = self.arch.span.start
        return self.put(start, start, f"{item}\n")


def _calls_a_word(node: Any) -> bool:
    if not isinstance(node, ast.Call):
        return False
    return catalog.find(node.function.id) is not None or node.function.id in library()


def _certain(node: Any) -> Iterator[Any]:
    """The nodes under a body that are evaluated whatever is chosen."""
    if isinstance(node, (ast.Choice, ast.Binary)):
        return
    if isinstance(node, ast.Call) and node.function.id in CONDITIONAL:
        return
    yield node
    for child in _children(node):
        yield from _certain(child)


def _children(node: Any) -> list[Any]:
    if isinstance(node, ast.Body):
        return [*(let.value for let in node.lets), node.result]
    if isinstance(node, ast.Flow):
        return list(node.steps)
    if isinstance(node, ast.Call):
        return [argument.value for argument in node.arguments]
    return []
