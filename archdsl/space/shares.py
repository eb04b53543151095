"""How many designs have each option of each choice: from weights inside and outside of each site.

Inside a site there are ``count`` designs; its outside weight is how many ways there are to complete
one of them to a design of the whole. Their product is the number of designs that lead through it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.diagnostics import Diagnostic
from archdsl.evaluate.designs import shown_path
from archdsl.evaluate.points import ContinuousPoint
from archdsl.space.diagram import Union
from archdsl.space.explore.explorer import Unexplorable, collecting_later
from archdsl.space.sites import Sites

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.evaluate.points import ChoicePoint
    from archdsl.space.diagram import Node
    from archdsl.space.sites import Site

MOST_SITES = 100_000  # nodes times the paths at which they stand; some 500 bytes each


class Taken:
    """One choice: the ``point`` where it stands in the source, and by type and label of each of its
    ``options`` how many designs take it, in the order in which they are offered.

    A range whose ends are chosen elsewhere offers different options in different designs: these
    are all of them. A continuous choice has one, its interval in words.
    """

    def __init__(self, point: ChoicePoint) -> None:
        self.point = point
        self.options: dict[tuple[type, Any], int] = {}
        self._listed: set[int] = set()

    def add(self, point: ChoicePoint, option: int, designs: int) -> None:
        labels = [point.offered()] if type(point) is ContinuousPoint else point.labels
        if id(point) not in self._listed:
            self._listed.add(id(point))
            for label in labels:
                self.options.setdefault((type(label), label), 0)
        label = labels[option]
        self.options[type(label), label] += designs


def shares(root: Node, most_sites: int = MOST_SITES) -> dict[str, Taken]:
    """How many designs of a diagram take each option of each choice: by the choices' names, in
    about the order in which they are asked.

    Raises :class:`~archdsl.space.explore.explorer.Unexplorable` where nodes stand at more than
    ``most_sites`` paths in all.
    """
    with collecting_later():
        return _shares(root, most_sites)


def _shares(root: Node, most_sites: int) -> dict[str, Taken]:
    sites = Sites(root)
    inner = _in_order(sites, most_sites)
    outside = dict.fromkeys(inner, 0)
    outside[sites.root] = 1
    for site in _each_after_those_around_it(inner):
        weight = outside[site]
        is_union = type(site.node) is Union
        for part in inner[site]:
            outside[part] += weight if is_union else weight * (site.count // part.count)
    found: dict[str, Taken] = {}
    for site in inner:
        designs = outside[site] * site.count
        for path, point, option in site.answers():
            name = shown_path(path)
            found.setdefault(name, Taken(point)).add(point, option, designs)
    return found


def _in_order(sites: Sites, most: int) -> dict[Site, list[Site]]:
    """All sites with those inside them, in about the order in which their choices are asked."""
    found: dict[Site, list[Site]] = {}
    waiting = [sites.root]
    while waiting:
        site = waiting.pop()
        if site not in found:
            found[site] = sites.inner(site)
            waiting += reversed(found[site])
            if len(sites) > most:
                raise Unexplorable(_too_many(most))
    return found


def _each_after_those_around_it(inner: dict[Site, list[Site]]) -> Iterator[Site]:
    """All sites, each after those that it is inside of."""
    around = dict.fromkeys(inner, 0)
    for parts in inner.values():
        for part in parts:
            around[part] += 1
    ready = [site for site, number in around.items() if not number]
    while ready:
        site = ready.pop()
        yield site
        for part in inner[site]:
            around[part] -= 1
            if not around[part]:
                ready.append(part)


def _too_many(most: int) -> Diagnostic:
    return Diagnostic(
        "E608",
        f"the choices of this space stand at more than {most:,} places",
        needed="fewer copies that choose for themselves",
    )
