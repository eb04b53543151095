"""Where the nodes of a diagram stand: the same node in several places holds several choices.

A diagram shares its nodes, and the paths of its answers are relative. A *site* is a node together
with the path that the paths in it begin with, so the answers of a site have full paths. Two ways
through a diagram that lead to the same node at the same path lead to the same site.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.space.diagram import Answer, Product, Union, ordered

if TYPE_CHECKING:
    from collections.abc import Callable

    from archdsl.space.diagram import Node, Place

NOTHING: list[Any] = []
NOWHERE: dict[Any, Any] = {}
OWN = -1  # stands among the indices of a product's parts for what the product itself holds


class Site:
    """A node where it stands. ``path`` begins the paths of its answers; ``places`` are the paths
    of the places that it refers to and does not hold itself."""

    __slots__ = (
        "amounts",
        "bases",
        "count",
        "fixed",
        "known",
        "largest",
        "node",
        "path",
        "pieces",
        "places",
        "steps",
    )

    def __init__(self, node: Node, path: str, places: dict[Place, str]) -> None:
        self.node = node
        self.path = path
        self.places = places
        self.count = node.count
        # What archdsl.space.reader has found out of it:
        self.bases: list[int] | None = None
        self.steps: list[Any] = NOTHING
        self.fixed = 0
        self.largest = 0
        self.pieces: list[Any] | None = None  # of each design what its choices are, if known
        self.amounts: list[int] = NOTHING
        self.known: Callable[[int], Any] = NOWHERE.get  # of a rank the pieces, or None

    def keep_designs(self) -> None:
        """Make room for what is read of its designs."""
        self.pieces = [None] * self.count
        self.amounts = [0] * self.count
        self.known = self.pieces.__getitem__

    def answers(self) -> tuple[Answer, ...]:
        """What a product itself answers, with full paths."""
        if type(self.node) is Union:
            return ()
        own = self.node.answers  # type: ignore[union-attr]
        return tuple([answer._replace(path=self.path + answer.path) for answer in own])


class Sites:
    """The sites of a diagram, each made once, when it is first asked for."""

    def __init__(self, root: Node) -> None:
        self.nodes = ordered(root)
        self._needs: dict[int, tuple[Place, ...]] = {}
        self._begun: set[int] = set()  # the products that a part inside begins its paths at
        for node in self.nodes:
            self._note_needs(node)
        self._known: dict[Any, Site] = {}
        self.root = self._at(root, "", {})

    def __len__(self) -> int:
        """How many sites were met so far."""
        return len(self._known)

    def forget(self) -> None:
        """Begin anew with the root alone, so that nothing else is kept in memory."""
        self._known = {}
        self.root = self._at(self.root.node, "", {})

    def option(self, site: Site, index: int) -> Site:
        """The alternative number ``index`` of a union."""
        return self._at(site.node.options[index], site.path, site.places)  # type: ignore[union-attr]

    def parts(self, site: Site) -> list[Site]:
        """The parts of a product, in the order in which it lists them."""
        node: Product = site.node  # type: ignore[assignment]
        places = site.places
        if id(node) in self._begun:
            places = {**places, node.place: site.path}  # type: ignore[dict-item]
        path = site.path
        return [
            self._at(inner, (path if place is None else places[place]) + more, places)
            for inner, more, place, _ in node.parts
        ]

    def inner(self, site: Site) -> list[Site]:
        """All alternatives or parts of a site, in the order in which their choices are asked."""
        if type(site.node) is Union:
            return [self.option(site, index) for index in range(len(site.node.options))]
        parts = self.parts(site)
        if len(parts) < 2:
            return parts
        return [parts[index] for index in asked(site.node) if index != OWN]  # type: ignore[arg-type]

    def _at(self, node: Node, path: str, places: dict[Place, str]) -> Site:
        needs = self._needs[id(node)]
        key = (id(node), path, *[places[place] for place in needs]) if needs else (id(node), path)
        site = self._known.get(key)
        if site is None:
            needed = {place: places[place] for place in needs} if needs else NOWHERE
            site = self._known[key] = Site(node, path, needed)
        return site

    def _note_needs(self, node: Node) -> None:
        """Takes down the places that a node refers to and does not hold itself; those of the nodes
        in it are known."""
        known = self._needs
        needs: dict[Place, None] = {}
        if type(node) is Union:
            for option in node.options:
                needs.update(dict.fromkeys(known[id(option)]))
        else:
            for inner, _, place, _ in node.parts:  # type: ignore[union-attr]
                needs.update(dict.fromkeys(known[id(inner)]))
                if place is not None:
                    needs[place] = None
            place = node.place  # type: ignore[union-attr]
            if place is not None and place in needs:
                del needs[place]
                self._begun.add(id(node))
        known[id(node)] = tuple(needs)


def asked(node: Product) -> list[int]:
    """The indices of a product's parts, and :data:`OWN` for its own answers, in about the order
    in which evaluating a design asks for them.

    Parts that begin at a place are the lets of a body. Evaluating binds them before what reads
    them; exploring settles them after it, the last one first.
    """
    lets = [index for index, part in enumerate(node.parts) if part.place is not None]
    others = [index for index, part in enumerate(node.parts) if part.place is None]
    return [*reversed(lets), OWN, *others]
