"""How many designs have each option of each choice: from weights inside and outside of each site.

Inside a site there are ``count`` designs; its outside weight is how many ways there are to complete
one of them to a design of the whole. Their product is the number of designs that lead through it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

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


class Option(NamedTuple):
    """One option of a choice, and how many designs take it."""

    label: Any
    designs: int


class Choice(NamedTuple):
    """A choice point met at a path, which is shown as ``name``, and how many designs make it.

    A range whose ends are chosen elsewhere offers different options in different designs:
    ``options`` are all of them. A continuous choice has one, its interval in words.
    """

    name: str
    point: ChoicePoint
    options: tuple[Option, ...]
    designs: int

    @property
    def dead(self) -> tuple[Any, ...]:
        """The options that no design takes."""
        return tuple(option.label for option in self.options if not option.designs)

    @property
    def only(self) -> Any:
        """The option that all designs take that make this choice; None where they differ."""
        alive = [option.label for option in self.options if option.designs]
        return alive[0] if len(alive) == 1 else None


class Shares(NamedTuple):
    """All choices of a space of so many ``designs``, in about the order in which they are asked."""

    designs: int
    choices: tuple[Choice, ...]

    @property
    def core(self) -> dict[str, Any]:
        """The options that every design takes, by the names of their choices."""
        return {
            choice.name: option.label
            for choice in self.choices
            for option in choice.options
            if option.designs == self.designs
        }

    @property
    def dead(self) -> dict[str, tuple[Any, ...]]:
        """The options that no design takes, by the names of their choices."""
        return {choice.name: choice.dead for choice in self.choices if choice.dead}


def shares(root: Node, most_sites: int = MOST_SITES) -> Shares:
    """How many designs of a diagram make each choice, and take each of its options.

    Raises :class:`~archdsl.space.explore.explorer.Unexplorable` where nodes stand at more than
    ``most_sites`` paths in all.
    """
    with collecting_later():
        return _shares(root, most_sites)


def _shares(root: Node, most_sites: int) -> Shares:
    sites = Sites(root)
    inner = _in_order(sites, most_sites)
    outside = dict.fromkeys(inner, 0)
    outside[sites.root] = 1
    for site in _each_after_those_around_it(inner):
        weight = outside[site]
        is_union = type(site.node) is Union
        for part in inner[site]:
            outside[part] += weight if is_union else weight * (site.count // part.count)
    found: dict[Any, _Tally] = {}
    for site in inner:
        designs = outside[site] * site.count
        for path, point, option in site.answers():
            tally = found.setdefault((path, point.span), _Tally(path, point))
            tally.add(point, option, designs)
    return Shares(root.count, tuple(tally.choice() for tally in found.values()))


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


class _Tally:
    """The designs counted so far for each option of a choice, in the order of its options."""

    def __init__(self, path: str, point: ChoicePoint) -> None:
        self.path = path
        self.point = point
        self.options: dict[Any, int] = {}
        self.listed: set[int] = set()

    def add(self, point: ChoicePoint, option: int, designs: int) -> None:
        if id(point) not in self.listed:
            self.listed.add(id(point))
            for label in _labels(point):
                self.options.setdefault((type(label), label), 0)
        label = _labels(point)[option]
        self.options[type(label), label] += designs

    def choice(self) -> Choice:
        options = tuple(Option(label, n) for (_, label), n in self.options.items())
        return Choice(shown_path(self.path), self.point, options, sum(self.options.values()))


def _labels(point: ChoicePoint) -> Any:
    return [point.offered()] if type(point) is ContinuousPoint else point.labels


def _too_many(most: int) -> Diagnostic:
    return Diagnostic(
        "E608",
        f"the choices of this space stand at more than {most:,} places",
        needed="fewer copies that choose for themselves",
    )
