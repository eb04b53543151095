"""Which rank a design has: it is looked for in a diagram from the root on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.evaluate.designs import shown_path
from archdsl.evaluate.points import ContinuousPoint
from archdsl.space.diagram import Union

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from archdsl.space.diagram import Product
    from archdsl.space.sites import Site, Sites

    Search = Generator[Site, "int | None", "int | None"]


def rank_in(sites: Sites, design: Mapping[str, Any]) -> int | None:
    """The rank of the one design that the entries of ``design`` admit; None when there is none.

    Where it finds one, every choice of it is as ``design`` says; ``design`` may say more.
    """
    lookup = _Lookup(sites, design)
    return lookup.rank(sites.root)


class _Lookup:
    """The search for one design. What was found out of a site is remembered: sites are met again.

    At most one design of a site agrees with ``design`` if that is a design of the whole: evaluating
    asks for one choice after another, and what it asks for next follows from the answers so far.
    So the first agreement found is the right one.
    """

    def __init__(self, sites: Sites, design: Mapping[str, Any]) -> None:
        self.sites = sites
        self.design = design
        self.known: dict[Site, int | None] = {}
        self.found: dict[tuple[str, int], Any] = {}

    def rank(self, root: Site) -> int | None:
        """The rank within a site, without recursion: a search that needs another one waits."""
        searches = [(root, self._search(root))]
        result: int | None = None
        while searches:
            site, search = searches[-1]
            try:
                needed = search.send(result)
            except StopIteration as done:
                result = self.known[site] = done.value
                searches.pop()
                continue
            result = self.known.get(needed)
            if needed not in self.known:
                searches.append((needed, self._search(needed)))
        return result

    def _search(self, site: Site) -> Search:
        if type(site.node) is Union:
            return self._among_alternatives(site)
        return self._in_parts(site)

    def _among_alternatives(self, site: Site) -> Search:
        base = 0
        for index, option in enumerate(site.node.options):  # type: ignore[union-attr]
            if self._agrees(option, site.path):
                rank = yield self.sites.option(site, index)
                if rank is not None:
                    return base + rank
            base += option.count
        return None

    def _in_parts(self, site: Site) -> Search:
        if not self._agrees(site.node, site.path):  # type: ignore[arg-type]
            return None
        parts = self.sites.parts(site)
        ranks = [0] * len(parts)
        for index in sorted(range(len(parts)), key=lambda index: parts[index].count):
            rank = yield parts[index]
            if rank is None:
                return None
            ranks[index] = rank
        total = 0
        for part, rank in zip(parts, ranks, strict=True):
            total = total * part.count + rank
        return total

    def _agrees(self, product: Product, path: str) -> bool:
        return all(
            self._is_taken(path + answer.path, answer.point, answer.option)
            for answer in product.answers
        )

    def _is_taken(self, path: str, point: Any, option: int) -> bool:
        key = (path, id(point))
        if key not in self.found:
            name = shown_path(path)
            self.found[key] = point.find(self.design[name]) if name in self.design else None
        taken = self.found[key]
        if type(point) is ContinuousPoint:
            return taken is not None
        return taken == option  # type: ignore[no-any-return]
