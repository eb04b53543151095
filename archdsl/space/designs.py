"""The designs of a diagram by their numbers.

Every design has a number, its *rank*, from 0 to ``count - 1``. The alternatives of a union take
consecutive ranges of ranks, in order. A product of parts with c1, c2, c3 … designs counts like a
clock, its last part running fastest: rank = ((r1 * c2) + r2) * c3 + r3 ….
"""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.evaluate.designs import shown_path
from archdsl.evaluate.points import ContinuousPoint
from archdsl.space.diagram import ZERO, Product, Union, amounts_of
from archdsl.space.lookup import rank_in
from archdsl.space.sites import OWN, Site, Sites, asked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archdsl.space.diagram import Answer, Node

SMALL = 50_000  # designs of a part whose designs are kept once they were read
KEPT = 4_000_000  # choices of all designs kept, some 25 bytes each
FEWER = 16  # parts within a part that is kept are kept too if they have so many times fewer designs


class Reading(NamedTuple):
    """A design as it was read: the value of each choice by its name, in about the order in which
    evaluating asks for them; its amounts, as many as the diagram adds up; and those choices that
    are open within an interval, of which ``design`` holds the lower end."""

    design: dict[str, Any]
    amounts: tuple[int, ...]
    continuous: tuple[tuple[str, ContinuousPoint], ...] = ()


class Designs:
    """The designs of a diagram, read by rank. What is read of small parts is kept, so that most of
    a design is put together from parts known already."""

    def __init__(self, root: Node, most_kept: int = KEPT) -> None:
        self.sites = Sites(root)
        self.count = root.count
        self.most_kept = most_kept
        self._left = most_kept
        self._zero = ZERO[: amounts_of(root)]
        self._bases: dict[int, list[int]] = {}
        self._fixed = _fixed(self.sites.nodes)

    def read(self, rank: int) -> Reading:
        """The design of a rank. Raises :class:`IndexError` when there is none."""
        self._refuse_unknown(rank)
        if self._left < 0:
            self.sites.forget()
            self._left = self.most_kept
        return self._read(self.sites.root, rank, SMALL)

    def design(self, rank: int) -> dict[str, Any]:
        """The design of a rank: the value of each choice by its name."""
        return self.read(rank).design

    def amounts(self, rank: int) -> tuple[int, ...]:
        """What the design of a rank costs. Raises :class:`IndexError` when there is none."""
        return self.read(rank).amounts

    def rank(self, design: Mapping[str, Any]) -> int | None:
        """The rank of a design; None when it is no design of this diagram."""
        rank = rank_in(self.sites, design)
        if rank is None or len(self.design(rank)) != len(design):
            return None
        return rank

    def answers(self, rank: int) -> list[Answer]:
        """The answers of the design of a rank, with full paths."""
        self._refuse_unknown(rank)
        found: list[Answer] = []
        stack = [(self.sites.root, rank)]
        while stack:
            site, rank = stack.pop()
            if not site.count:
                found += site.kept[OWN]  # type: ignore[index]
            elif type(site.node) is Union:
                stack.append(self._taken(site, rank))
            else:
                stack += [(s, rank // stride % n) for s, stride, n, _ in self._steps(site)]
        return found

    def _refuse_unknown(self, rank: int) -> None:
        if not 0 <= rank < self.count:
            raise IndexError(f"there is no design {rank} among {self.count}")

    def _read(self, site: Site, rank: int, small: int) -> Reading:
        """The design of a site; parts of it with at most ``small`` designs are kept."""
        design: dict[str, Any] = {}
        amounts: list[tuple[int, ...]] = []
        continuous: tuple[tuple[str, ContinuousPoint], ...] = ()
        stack = [(site, rank, 1)]
        while stack:
            site, rank, times = stack.pop()
            if site.count <= small:
                kept = site.kept
                read = (kept and kept.get(rank)) or self._keep(site, rank)
                design.update(read[0])
                amounts.append(read[1] if times == 1 else tuple([times * a for a in read[1]]))
                continuous += read[2]
            elif type(site.node) is Union:
                stack.append((*self._taken(site, rank), times))
            else:
                for inner, stride, count, n in site.steps or self._steps(site):
                    stack.append((inner, rank // stride % count, times * n))
        total = tuple(map(sum, zip(*amounts))) if amounts else self._zero  # noqa: B905
        return Reading(design, total, continuous)

    def _keep(self, site: Site, rank: int) -> Reading:
        read = self._read(site, rank, site.count // FEWER)
        if site.kept is None:
            site.kept = {}
        site.kept[rank] = read
        self._left -= len(read.design) + FEWER
        return read

    def _taken(self, site: Site, rank: int) -> tuple[Site, int]:
        """The alternative of a union in which a rank is, and the rank in it."""
        bases = site.bases
        if bases is None:
            site.steps = [None] * len(site.node.options)  # type: ignore[union-attr]
            bases = site.bases = self._bases_of(site.node)
        index = bisect_right(bases, rank) - 1
        option = site.steps[index]
        if option is None:
            option = site.steps[index] = self.sites.option(site, index)
            self._left -= FEWER
        return option, rank - bases[index]

    def _bases_of(self, node: Any) -> list[int]:
        """The first rank of each alternative of a union."""
        found = self._bases.get(id(node))
        if found is None:
            counts = [option.count for option in node.options[:-1]]
            found = self._bases[id(node)] = list(accumulate(counts, initial=0))
        return found

    def _steps(self, site: Site) -> list[tuple[Site, int, int, int]]:
        """The parts of a product from the last asked for to the first, each with where its rank
        stands in that of the product: ``rank // stride % count``; and how often it is paid. Where
        nothing is chosen in a part, its amounts are the product's own."""
        if not site.steps:
            node: Any = site.node
            sites = self.sites.parts(site)
            stride, found = 1, {OWN: (self._own(site), 1, 1, 1)}
            for index in reversed(range(len(sites))):
                part = node.parts[index]
                if id(part.node) not in self._fixed:
                    found[index] = (sites[index], stride, part.node.count, part.times)
                    stride *= part.node.count
            site.steps = [found[index] for index in reversed(asked(node)) if index in found]
            self._left -= FEWER * len(site.steps)
        return site.steps

    def _own(self, site: Site) -> Site:
        """What a product itself holds, as a site of its own in which there is nothing to choose."""
        answers = site.answers()
        design = {shown_path(path): point.labels[option] for path, point, option in answers}
        continuous = tuple(
            [(shown_path(path), p) for path, p, _ in answers if type(p) is ContinuousPoint]
        )
        own = Site(site.node, site.path, {})
        own.count = 0
        amounts = with_parts(site.node, self._fixed)  # type: ignore[arg-type]
        own.kept = {0: Reading(design, amounts, continuous), OWN: answers}
        return own


def _fixed(nodes: list[Node]) -> dict[int, tuple[int, ...]]:
    """The amounts of the nodes in which nothing is chosen, by their identity."""
    found: dict[int, tuple[int, ...]] = {}
    for node in nodes:
        if type(node) is Union or node.answers:  # type: ignore[union-attr]
            continue
        if all(id(part.node) in found for part in node.parts):  # type: ignore[union-attr]
            found[id(node)] = with_parts(node, found)  # type: ignore[arg-type]
    return found


def with_parts(node: Product, known: Mapping[int, tuple[int, ...]]) -> tuple[int, ...]:
    """The amounts of a product, those of its parts that are known (by identity) included."""
    total = node.amounts
    for part in node.parts:
        inside = known.get(id(part.node))
        if inside is not None:
            total = tuple([a + part.times * b for a, b in zip(total, inside, strict=True)])
    return total


@lru_cache(maxsize=8)
def designs_of(node: Node) -> Designs:
    """The designs of a diagram; those of the diagrams asked for last are kept."""
    return Designs(node)


def answers(node: Node, rank: int) -> list[Answer]:
    """The answers of the design of a rank, with full paths."""
    return designs_of(node).answers(rank)


def design(node: Node, rank: int) -> dict[str, Any]:
    """The design of a rank: the value of each choice by its name."""
    return designs_of(node).design(rank)


def amounts(node: Node, rank: int) -> tuple[int, ...]:
    """What the design of a rank costs, as many amounts as the diagram adds up."""
    return designs_of(node).amounts(rank)


def rank_of(node: Node, design: Mapping[str, Any]) -> int | None:
    """The rank of a design; None when it is no design of the diagram."""
    return designs_of(node).rank(design)
