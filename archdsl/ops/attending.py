"""What attention reads: which keys a query is compared with, and which features go together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archdsl.ops.reads import Along, OnePlace

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Band(Along):
    """Its own place and those at most ``reach`` away, any where it is None, of which ``causal``
    leaves out the later ones. The first ``first`` places are read by all, and read all."""

    reach: int | None = None
    causal: bool = False
    first: int = 0

    def at(self, place: int, size: int) -> Sequence[int]:
        far = size if self.reach is None or place < self.first else self.reach
        stop = min(size, place + 1 if self.causal else place + far + 1)
        start, ahead = max(0, place - far), min(self.first, stop)
        if start <= ahead:
            return range(stop)
        return (*range(ahead), *range(start, stop)) if ahead else range(start, stop)


@dataclass(frozen=True)
class Dispersed(Along):
    """``count`` places as far apart as all of them allow, its own among them."""

    count: int

    def at(self, place: int, size: int) -> range:
        step = -(-size // self.count)
        return range(place % step, size, step)


@dataclass(frozen=True)
class Compared(Along):
    """Keys that are weighed against each other: those that ``read`` reads, but none where it reads
    one alone, which has all the weight whatever it is."""

    read: Along

    def at(self, place: int, size: int) -> Sequence[int]:
        found = self.read.at(place, size)
        return found if len(found) > 1 else range(0)


@dataclass(frozen=True)
class Comparing(OnePlace):
    """The query of each place that compares several keys, which ``read`` reads."""

    read: Along

    def taken(self, place: int, size: int) -> int:
        return place if len(self.read.at(place, size)) > 1 else -1


@dataclass(frozen=True)
class Shared(OnePlace):
    """Features of heads of ``width``, each of which ``times`` heads of the result read."""

    width: int
    times: int

    def taken(self, place: int, size: int) -> int:
        head, feature = divmod(place, self.width)
        return head // self.times * self.width + feature


@dataclass(frozen=True)
class From(OnePlace):
    """Its own place, but nothing before place ``start``."""

    start: int

    def taken(self, place: int, size: int) -> int:
        return place if place >= self.start else -1


@dataclass(frozen=True)
class Partner(OnePlace):
    """The feature that is turned together with its own: of heads of ``width`` features the first
    ``turned``, each in the first half of these with one in the second."""

    width: int
    turned: int

    def taken(self, place: int, size: int) -> int:
        feature, half = place % self.width, self.turned // 2
        if feature >= self.turned:
            return -1
        return place + half if feature < half else place - half
