"""Drawing many designs at once: down through the large nodes of a diagram, and up again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.space.diagram import ZERO, Part, Product, Union, ordered
from archdsl.space.steps import Adding, Parting
from archdsl.space.tables import SMALL, Tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archdsl.space.diagram import Node
    from archdsl.space.steps import Met, Way
    from archdsl.space.tables import Array


class Levels:
    """A step for each large node of some diagrams, each after those inside it, the whole last.
    ``grouped`` when there are several diagrams: then the last step parts designs by diagram."""

    def __init__(self, roots: Sequence[Node], small: int = SMALL) -> None:
        nodes = ordered(Product((), tuple(Part(root) for root in roots), ()))[:-1]
        tables = Tables(nodes, roots, small)
        self.width, self.kind = tables.width, tables.kind
        self.grouped = len(roots) > 1
        large = [node for node in nodes if not tables.has(node)]
        numbers = {id(node): number for number, node in enumerate(large)}
        self.steps: list[Adding | Parting] = []
        for node in large:
            is_union = type(node) is Union
            step = Parting(node.options, tables, numbers) if is_union else None  # type: ignore[union-attr]
            self.steps.append(step or Adding(node, tables, numbers))  # type: ignore[arg-type]
        if self.grouped:
            self.steps.append(Parting(roots, tables, numbers, shared=False))
        elif not large:
            whole = Product((), (Part(roots[0]),), ZERO[: self.width])
            self.steps.append(Adding(whole, tables, numbers))
        self.read_last = self._read_last()

    def _read_last(self) -> list[list[int]]:
        """For each step, the ones whose amounts it is the last to read."""
        last = {inside: number for number, step in enumerate(self.steps) for inside in step.inside}
        found: list[list[int]] = [[] for _ in self.steps]
        for inside, number in last.items():
            found[number].append(inside)
        return found


class Draw:
    """Designs drawn together. ``coming[i]`` of them come to step i, in the order in which they are
    sent there; ``met[i]`` is what they met. Tables' rows are kept where ``recorded``."""

    def __init__(self, levels: Levels, size: int, random: Any, recorded: bool = False) -> None:
        self.levels = levels
        self.width, self.kind = levels.width, levels.kind
        self.random = random
        self.recorded = recorded
        self.coming = [0] * len(levels.steps)
        self.met: list[Met] = [None] * len(levels.steps)  # type: ignore[list-item]
        self._amounts: dict[int, Array] = {}
        self._down(size)
        self.amounts = self._up()

    @property
    def groups(self) -> Array:
        """Which of the diagrams each design is of; None where there is one."""
        return self.met[-1].taken if self.levels.grouped else None

    def _down(self, size: int) -> None:
        self.coming[-1] = size
        for number in reversed(range(len(self.coming))):
            if self.coming[number]:
                self.met[number] = self.levels.steps[number].come(self, self.coming[number])

    def _up(self) -> Array:
        for number, step in enumerate(self.levels.steps):
            if self.coming[number]:
                self._amounts[number] = step.add(self, self.met[number], self.coming[number])
            for inside in self.levels.read_last[number]:
                self._amounts.pop(inside, None)
        return self._amounts.pop(len(self.coming) - 1)

    def send(self, step: int, number: int) -> int:
        """Sends designs to a step. Returns which of those that come there is the first of them."""
        first = self.coming[step]
        self.coming[step] += number
        return first

    def amounts_of(self, step: int) -> Array:
        """The amounts of all designs that came to a step."""
        return self._amounts[step]

    def rows(self, table: Array, number: int, drawn: dict[int, Array], key: int) -> Array:
        """Random rows of a table; which ones is noted in ``drawn`` under a key."""
        chosen = self.random.integers(0, len(table), number)
        if self.recorded:
            drawn[key] = chosen
        return table.take(chosen, axis=0, mode="clip")

    def rank(self, row: int) -> int:
        """The rank of one of the designs, where they are recorded."""
        total = 0
        waiting: list[Way] = [(len(self.coming) - 1, row, 1)]
        while waiting:
            number, place, stride = waiting.pop()
            known, ways = self.levels.steps[number].ranked(self.met[number], place)
            total += stride * known
            waiting += [(inside, where, stride * more) for inside, where, more in ways]
        return total
