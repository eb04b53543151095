"""The designs of a diagram nearest to what is wished for, one of them drawn at random.

A wish is a value for some choices. The nearest designs differ from it in the fewest choices; each
of them is as likely as any other. This is how a design is changed and stays valid: in a diagram
that holds just the designs within a limit, what has to give way does, and no more than that.

The diagram is gone through from the root down for designs that differ in nothing, then in one
choice, then in two, and so on: little of it is met, where few choices have to give way. What was
found out of a site stays true for the next round: how far its nearest designs are, and how many
these are, or that all are further than so much.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.evaluate.designs import shown_path
from archdsl.evaluate.points import ContinuousPoint
from archdsl.space.diagram import Union
from archdsl.space.sites import OWN, asked

if TYPE_CHECKING:
    from collections.abc import Collection, Generator, Mapping
    from random import Random

    from archdsl.space.diagram import Answer, Product
    from archdsl.space.sites import Site, Sites

    Search = Generator["tuple[Site, int]", "Distance | None", "Distance | None"]

MOST = 20_000  # sites gone through for one wish; some microseconds each
DEEP = 4  # products inside products that are looked into for what is sure to differ


class Distance(NamedTuple):
    """In how many choices the nearest designs of a site differ, and how many designs they are."""

    changes: int
    ways: int


class _TooFar(Exception):
    """Finding the nearest designs takes more than may be gone through."""


def nearest(
    sites: Sites,
    wish: Mapping[str, Any],
    random: Random,
    fixed: Collection[str] = (),
    most: int = MOST,
) -> dict[str, Any] | None:
    """One of the designs that differ from a ``wish`` in the fewest choices, at random.

    The choices in ``fixed`` have to be as wished; None where that is not to be had. Choices that
    the wish leaves out may be anything; a continuous one is drawn on its scale. Where more than
    ``most`` sites have to be gone through, it is a near design instead of a nearest one: each
    choice in turn is as wished where any design left has it so.
    """
    search = _Nearest(sites, wish, fixed, most)
    try:
        found = search.drawn_nearest(random)
    except _TooFar:
        found = search.drawn_near(random)
    return found if found and all(name in found for name in fixed) else None


class _Nearest:
    """The search for one wish."""

    def __init__(
        self, sites: Sites, wish: Mapping[str, Any], fixed: Collection[str], most: int
    ) -> None:
        self.sites = sites
        self.wish = wish
        self.fixed = frozenset(fixed)
        self.left = most
        self.known: dict[Site, Distance] = {}
        self.beyond: dict[Site, int] = {}  # all designs of a site differ in more choices than this
        self.wished: dict[tuple[str, int], Any] = {}
        self.beginnings = {name[:end] for name in wish for end in _ends(name)}

    def drawn_nearest(self, random: Random) -> dict[str, Any] | None:
        """A nearest design; None where none has the fixed choices as wished. Raises _TooFar."""
        root = self.sites.root
        for changes in range(len(self.wish) + 1):
            if self._within(root, changes) is not None:
                return self._drawn(root, random, self._nearest_option)
        return None

    def drawn_near(self, random: Random) -> dict[str, Any] | None:
        """A design in which choice after choice is as wished, where that is still to be had."""
        return self._drawn(self.sites.root, random, self._near_option)

    def _within(self, root: Site, limit: int) -> Distance | None:
        """How far the nearest designs of a site are; None if further than the limit. Without
        recursion, as diagrams may be deep: a search that needs another one waits."""
        searches = [(root, limit, self._search(root, limit))]
        result: Distance | None = None
        while searches:
            site, limit, search = searches[-1]
            try:
                needed, allowed = search.send(result)
            except StopIteration as done:
                result = done.value
                self._note(site, limit, result)
                searches.pop()
                continue
            result = self.known.get(needed)
            if result is not None and result.changes > allowed:
                result = None
            elif result is None and self.beyond.get(needed, -1) < allowed:
                searches.append((needed, allowed, self._search(needed, allowed)))
        return result

    def _note(self, site: Site, limit: int, result: Distance | None) -> None:
        if result is None:
            self.beyond[site] = limit
        else:
            self.known[site] = result

    def _search(self, site: Site, limit: int) -> Search:
        self.left -= 1
        if self.left < 0:
            raise _TooFar
        if not self._is_wished_in(site):
            return self._all(site)
        if type(site.node) is Union:
            return self._among_alternatives(site, limit)
        return self._in_parts(site, limit)

    def _all(self, site: Site) -> Search:
        """All designs of a site agree, as nothing is wished in it."""
        yield from ()
        return Distance(0, site.count)

    def _is_wished_in(self, site: Site) -> bool:
        """Whether anything may be wished of a choice inside a site."""
        if not self.wish:
            return False
        return any(
            not path or shown_path(path) in self.beginnings
            for path in (site.path, *site.places.values())
        )

    def _among_alternatives(self, site: Site, limit: int) -> Search:
        found: Distance | None = None
        for index, option in enumerate(site.node.options):  # type: ignore[union-attr]
            if self._own(option, site.path) > limit:
                continue
            distance = yield self.sites.option(site, index), limit
            if distance is None:
                continue
            if found is None or distance.changes < found.changes:
                found, limit = distance, distance.changes
            else:
                found = Distance(limit, found.ways + distance.ways)
        return found

    def _in_parts(self, site: Site, limit: int) -> Search:
        changes, ways = self._own(site.node, site.path), 1  # type: ignore[arg-type]
        if changes > limit:
            return None
        for part in self.sites.parts(site):
            distance = yield part, limit - changes
            if distance is None:
                return None
            changes, ways = changes + distance.changes, ways * distance.ways
        return Distance(changes, ways)

    def _own(self, product: Product, path: str) -> int:
        """In how many choices the answers of a product itself differ from the wish."""
        return sum(self._differs(path, answer) for answer in product.answers)

    def _differs(self, path: str, answer: Answer) -> int:
        name = shown_path(path + answer.path)
        if name not in self.wish:
            return 0
        wished = self._wished(name, answer.point)
        is_continuous = type(answer.point) is ContinuousPoint
        if wished == answer.option or (is_continuous and wished is not None):
            return 0
        return len(self.wish) + 1 if name in self.fixed else 1

    def _wished(self, name: str, point: Any) -> Any:
        """The answer that is wished for a choice; None for none, and for what is not offered."""
        key = (name, id(point))
        if key not in self.wished:
            self.wished[key] = point.find(self.wish[name]) if name in self.wish else None
        return self.wished[key]

    def _drawn(self, root: Site, random: Random, taken: Any) -> dict[str, Any] | None:
        """A design, with the alternatives that ``taken`` takes."""
        design: dict[str, Any] = {}
        stack = [(root, False)]
        while stack:
            site, is_own = stack.pop()
            if is_own:
                if self._own(site.node, site.path) > len(self.wish):  # type: ignore[arg-type]
                    return None
                self._answer(site, design, random)
            elif type(site.node) is Union:
                stack.append((taken(site, random), False))
            else:
                parts = self.sites.parts(site)
                order = reversed(asked(site.node))  # type: ignore[arg-type]
                stack += [(site, True) if i == OWN else (parts[i], False) for i in order]
        return design

    def _nearest_option(self, site: Site, random: Random) -> Site:
        """An alternative of a union, as likely as it holds nearest designs."""
        options = [self.sites.option(site, index) for index in range(len(site.node.options))]  # type: ignore[union-attr]
        if not self._is_wished_in(site):
            return _by_weight(options, [option.count for option in options], random)
        changes = self.known[site].changes
        near = [o for o in options if o in self.known and self.known[o].changes == changes]
        return _by_weight(near, [self.known[option].ways for option in near], random)

    def _near_option(self, site: Site, random: Random) -> Site:
        """An alternative of those that are sure to differ least, as likely as it holds designs."""
        options = [self.sites.option(site, index) for index in range(len(site.node.options))]  # type: ignore[union-attr]
        changes = [self._sure(option, DEEP) for option in options]
        least = min(changes)
        near = [one for one, sure in zip(options, changes, strict=True) if sure == least]
        return _by_weight(near, [option.count for option in near], random)

    def _sure(self, site: Site, deep: int) -> int:
        """In how many choices all designs of a site differ, as far as its products tell."""
        if type(site.node) is Union or not deep:
            return 0
        inner = sum(self._sure(part, deep - 1) for part in self.sites.parts(site))
        return inner + self._own(site.node, site.path)  # type: ignore[arg-type]

    def _answer(self, site: Site, design: dict[str, Any], random: Random) -> None:
        for answer in site.node.answers:  # type: ignore[union-attr]
            name = shown_path(site.path + answer.path)
            point = answer.point
            if type(point) is ContinuousPoint:
                wished = self._wished(name, point)
                design[name] = point.at(random.random()) if wished is None else wished
            else:
                design[name] = point.labels[answer.option]


def _by_weight(sites: list[Site], weights: list[int], random: Random) -> Site:
    """One of some sites, exactly as likely as its share of the weights, that may be huge."""
    place = random.randrange(sum(weights))
    for site, weight in zip(sites, weights, strict=True):
        if place < weight:
            return site
        place -= weight
    raise AssertionError("a place among weights is in one of them")


def _ends(name: str) -> list[int]:
    """Where the beginnings of a path end that sites may stand at, the whole path among them."""
    return [place for place, letter in enumerate(name) if letter == "."] + [len(name)]
