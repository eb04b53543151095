"""Reading a design of a diagram: down from the root, its rank parted among the parts.

Most of the time would go into choices that were read before, so what was read is kept: of *tiny*
sites a dictionary for each design, of *small* ones which of these dictionaries a design is made of.
Tiny parts of a product are read as one, several at a time. Sites nest deeper than Python does, so
there is no recursion but among sites that are kept, each of which is a good deal smaller than the
one around it.

Amounts are added as one number: each has so many bits of it that no sum reaches the next.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.evaluate.designs import shown_path
from archdsl.evaluate.points import ContinuousPoint
from archdsl.space.diagram import Product, Union
from archdsl.space.packing import Packing
from archdsl.space.sites import OWN, Site, Sites, asked

if TYPE_CHECKING:
    from archdsl.space.diagram import Answer, Node

TINY = 128  # designs of a site of which each has a dictionary of its own
SMALL = 50_000  # designs of a site of which it is kept what each is made of
KEPT = 2_000_000  # pieces and choices kept, some 40 bytes each
EACH = 4  # what a design kept counts besides, and a site
FEWER = 16  # how many times fewer designs a tiny site has inside another
LONGEST = 4_096  # steps of a product with the steps of the products in it

Piece = dict[str, Any]  # of a continuous choice it holds the point
Pieces = tuple[Piece, ...]


class Step(NamedTuple):
    """A part of a product: ``rank // stride % size`` is the rank in it, and its amounts count
    ``times``."""

    site: Site
    stride: int
    size: int
    times: int


class Reader:
    """Reads the designs of one diagram. ``is_continuous`` when some of its choices are."""

    def __init__(self, root: Node, most_kept: int = KEPT, small: int = SMALL) -> None:
        self.sites = Sites(root)
        self.packing = Packing(self.sites.nodes, root)
        self.is_continuous = any(map(_has_continuous, self.sites.nodes))
        self.small = small
        self._most_kept = self._left = most_kept
        self._bases: dict[int, list[int]] = {}
        self._fixed: dict[int, int] = {}
        self._note_fixed()

    def read(self, rank: int) -> tuple[Pieces, int]:
        """The choices of a design in several pieces, and its amounts packed. The rank has to be
        one that there is."""
        if self._left < 0:
            self.sites.forget()
            self._left = self._most_kept
        root = self.sites.root
        pieces = root.known(rank)
        if pieces is not None:
            return pieces, root.amounts[rank]
        return self._read(root, rank, self.small)

    def answers(self, rank: int) -> list[Answer]:
        """The answers of the design of a rank, with full paths."""
        found: list[Answer] = []
        stack = [(self.sites.root, rank)]
        while stack:
            site, rank = stack.pop()
            if not site.count:
                found += site.answers()
            elif type(site.node) is Union:
                stack.append(self._taken(site, rank))
            else:
                steps = reversed(site.steps or self._steps(site))
                stack += [(inner, rank // stride % n) for inner, stride, n, _ in steps]
        return found

    def _read(self, site: Site, rank: int, small: int) -> tuple[Pieces, int]:
        """A design of a site. Of sites in it with at most ``small`` designs, what is read is kept.

        What is still to be read stands on a stack, the next one last.
        """
        pieces: Pieces = ()
        amounts = 0
        stack = [(site, rank, 1)]
        while stack:
            site, rank, times = stack.pop()
            if site.count <= small:
                pieces += site.known(rank) or self._keep(site, rank)
                amounts += times * site.amounts[rank]
            elif type(site.node) is Union:
                stack.append((*self._taken(site, rank), times))
            else:
                steps = site.steps or self._steps(site)
                amounts += times * site.fixed
                if site.largest > small:
                    for inner, stride, count, n in reversed(steps):
                        stack.append((inner, rank // stride % count, times * n))
                    continue
                for inner, stride, count, n in steps:  # in this case there is no need of a stack
                    rest = rank // stride % count
                    pieces += inner.known(rest) or self._keep(inner, rest)
                    amounts += times * n * inner.amounts[rest]
        return pieces, amounts

    def _keep(self, site: Site, rank: int) -> Pieces:
        tiny = site.count <= TINY
        inner = site.count // FEWER if tiny else max(TINY, site.count // FEWER)
        pieces, amounts = self._read(site, rank, inner)
        if tiny:
            whole: Piece = {}
            for piece in pieces:
                whole.update(piece)
            pieces = (whole,)
        if site.pieces is None:
            site.keep_designs()
            self._left -= site.count // EACH
        site.pieces[rank], site.amounts[rank] = pieces, amounts  # type: ignore[index]
        self._left -= EACH + (len(pieces[0]) if tiny else len(pieces))
        return pieces

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
            self._left -= EACH
        return option, rank - bases[index]

    def _bases_of(self, node: Any) -> list[int]:
        """The first rank of each alternative of a union."""
        found = self._bases.get(id(node))
        if found is None:
            counts = [option.count for option in node.options[:-1]]
            found = self._bases[id(node)] = list(accumulate(counts, initial=0))
        return found

    def _steps(self, site: Site) -> list[Step]:
        """The parts of a product in the order in which they are asked for: products among them are
        taken apart, tiny parts put together. What costs without a choice is the site's own."""
        found: list[Step] = []
        site.fixed = 0
        waiting = [Step(site, 1, site.count, 1)]
        while waiting:
            step = waiting.pop()
            is_long = len(found) + len(waiting) > LONGEST
            if step.site is site or (_is_open(step.site) and not is_long):
                parts, fixed = self._parts(step)
                waiting += parts
                site.fixed += fixed
            else:
                found.append(step)
        site.steps = joined(found)
        site.largest = max([step.site.count for step in site.steps], default=0)
        self._left -= EACH * len(found)
        return site.steps

    def _parts(self, whole: Step) -> tuple[list[Step], int]:
        """The parts of a product in a step, from the last asked for to the first, as steps of what
        the product is in; and what it costs without a choice."""
        site, low, _, often = whole
        node: Any = site.node
        fixed, stride = self._own_amounts(node), low
        found: dict[int, Step] = {}
        if node.answers:
            found[OWN] = Step(self._own(site, fixed), 1, 1, often)
            fixed = 0
        for index, inner in reversed(list(enumerate(self.sites.parts(site)))):
            part = node.parts[index]
            if id(part.node) not in self._fixed:
                found[index] = Step(inner, stride, inner.count, often * part.times)
                stride *= inner.count
        return [found[i] for i in reversed(asked(node)) if i in found], often * fixed

    def _own_amounts(self, node: Product) -> int:
        """What a product costs itself and in those of its parts in which nothing is chosen."""
        known = self._fixed
        parts = [part.times * known[id(part.node)] for part in node.parts if id(part.node) in known]
        return self.packing.pack(node.amounts) + sum(parts)

    def _own(self, site: Site, amounts: int) -> Site:
        """What a product itself answers, as a site of its own in which nothing is open."""
        own = Site(site.node, site.path, {})
        own.count = 1
        own.keep_designs()
        design = {
            shown_path(path): point if type(point) is ContinuousPoint else point.labels[option]
            for path, point, option in site.answers()
        }
        own.pieces[0], own.amounts[0] = (design,), amounts  # type: ignore[index]
        own.count = 0
        return own

    def _note_fixed(self) -> None:
        """Takes down the packed amounts of the nodes in which nothing is chosen."""
        for node in self.sites.nodes:
            if type(node) is Union or node.answers:  # type: ignore[union-attr]
                continue
            if all(id(part.node) in self._fixed for part in node.parts):  # type: ignore[union-attr]
                self._fixed[id(node)] = self._own_amounts(node)  # type: ignore[arg-type]


def _is_open(site: Site) -> bool:
    """Whether a part is taken apart."""
    return site.count > TINY and type(site.node) is Product


def _has_continuous(node: Node) -> bool:
    answers = () if type(node) is Union else node.answers  # type: ignore[union-attr]
    return any(type(answer.point) is ContinuousPoint for answer in answers)


def joined(steps: list[Step]) -> list[Step]:
    """Steps with those put together whose ranks stand beside each other, as far as these are tiny
    together."""
    found: list[Step] = []
    group: list[Step] = []
    low = size = 1
    for step in steps:
        _, stride, count, _ = step
        beside = 1 in (count, size) or stride == low * size or stride * count == low
        if group and not (beside and size * count <= TINY):
            found.append(_together(group, low, size))
            group, low, size = [], 1, 1
        if count > 1:
            low = stride if size == 1 else min(low, stride)
        group.append(step)
        size *= count
    return [*found, _together(group, low, size)] if group else found


def _together(steps: list[Step], low: int, size: int) -> Step:
    """Some steps as one, to a site that stands for the parts of all."""
    if len(steps) == 1:
        return steps[0]
    site = Site(Product((), (), ()), "", {})
    site.count = size
    site.steps = [
        step._replace(stride=step.stride // low) if step.size > 1 else step for step in steps
    ]
    site.largest = max(step.site.count for step in steps)
    return Step(site, low, size, 1)
