"""The distributions of the small parts of a diagram: how many designs have each total."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.space.diagram import Union

if TYPE_CHECKING:
    from archdsl.space.bounds import Ends
    from archdsl.space.diagram import Node, Product
    from archdsl.space.slots import Table

OPTIONS = 100_000  # totals of all options of a union, when these are put together


class SmallParts:
    """``tables`` holds for each node of a diagram the counts of its designs, by how far their total
    lies above the least. It is None where that takes more than ``most`` multiplications of counts,
    more than ``OPTIONS`` additions, or more than ``work`` of both for all nodes together."""

    def __init__(self, nodes: list[Node], ends: list[Ends], *, most: int, work: int) -> None:
        self.ends = ends
        self.most = most
        self.left = work
        self.tables: list[Table | None] = []
        for node in nodes:
            self.tables.append(self._table(node))

    def _table(self, node: Node) -> Table | None:
        ends = self.ends[node.order]
        if ends.least == ends.largest:
            return {0: node.count}
        return self._options(node) if type(node) is Union else self._parts(node)  # type: ignore[arg-type]

    def _afford(self, work: int, most: int) -> bool:
        if work > min(most, self.left):
            return False
        self.left -= work
        return True

    def _options(self, node: Union) -> Table | None:
        tables = [table for o in node.options if (table := self.tables[o.order]) is not None]
        if len(tables) < len(node.options) or not self._afford(
            sum(map(len, tables)), max(self.most, OPTIONS)
        ):
            return None
        least = self.ends[node.order].least
        total: Table = {}
        for option, table in zip(node.options, tables, strict=True):
            above = self.ends[option.order].least - least
            for value, count in table.items():
                total[above + value] = total.get(above + value, 0) + count
        return total

    def _parts(self, node: Product) -> Table | None:
        count = 1
        factors: list[tuple[int, Table]] = []
        for part in node.parts:
            table = self.tables[part.node.order] if part.times else {0: part.node.count}
            if table is None:
                return None
            if len(table) == 1:
                count *= table[0]
            else:
                factors.append((part.times, table))
        total = {0: count}
        for times, table in sorted(factors, key=lambda factor: len(factor[1])):
            if not self._afford(len(total) * len(table), self.most):
                return None
            total = _sums(total, table, times)
        return total


def _sums(first: Table, second: Table, times: int) -> Table:
    found: Table = {}
    for value, count in second.items():
        for other, n in first.items():
            key = other + times * value
            found[key] = found.get(key, 0) + n * count
    return found
