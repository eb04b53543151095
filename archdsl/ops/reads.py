"""Which numbers of its inputs each number of a result depends on, axis by axis.

Every op declares it (:meth:`archdsl.ops.base.Op.reads`). Axes are counted as PyTorch has them, the
batch left out: a sequence has the axes length and features, an image channels, height and width.
The number at a place of the result reads the numbers of an input at the product of what is read
along each axis.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd
from typing import TYPE_CHECKING, NamedTuple

from archdsl.types import Image, Outputs, TensorType, Vector, Volume, is_ids, shape

if TYPE_CHECKING:
    from collections.abc import Sequence


class Along:
    """What is read along one axis of an input.

    ``alike``: every place is treated as every other, so that permuting the places of the input
    permutes those of the result, or leaves it as it is where the axis ends.
    """

    alike: bool = False

    def at(self, place: int, size: int) -> Sequence[int]:
        """The places read, of so many, by a place of the result, in ascending order."""
        raise NotImplementedError

    def covers(self, count: int, size: int) -> bool:
        """Whether so many places of the result read every one of so many places, as far as that is
        told without looking at each."""
        return any(len(self.at(place, size)) == size for place in (0, count - 1))

    def weights(self, place: int, size: int) -> Sequence[int] | None:
        """For each of the places read, the number of its weight: two places of the result that
        read by the same weights are computed alike. None where each has weights of its own."""
        return None

    def in_training(self) -> Along:
        """What is read while a model is trained, where that is more."""
        return self

    def extent(self, size: int) -> tuple[int, int] | None:
        """How many places in a row one place of the result reads, and how far on the next one
        begins; None where it reads its own alone."""
        return (size, 1)


class Pointwise(Along):
    """Of which one place of the result reads one place, and at most statistics besides."""

    def extent(self, size: int) -> None:
        return None


class OnePlace(Pointwise):
    """One place, by one weight that all places share; nothing where that place is beyond the
    ends."""

    def taken(self, place: int, size: int) -> int:
        """The place read, of so many, by a place of the result."""
        raise NotImplementedError

    def at(self, place: int, size: int) -> range:
        taken = self.taken(place, size)
        return range(taken, taken + 1) if 0 <= taken < size else range(0)

    def weights(self, place: int, size: int) -> range:
        return range(len(self.at(place, size)))


@dataclass(frozen=True)
class Own(Pointwise):
    """Its own place. Not ``alike`` where each place has weights of its own."""

    alike: bool = True

    def at(self, place: int, size: int) -> range:
        return range(place, place + 1)

    def covers(self, count: int, size: int) -> bool:
        return count >= size


@dataclass(frozen=True)
class All(Along):
    """All places. Not ``alike`` where each has weights of its own."""

    alike: bool = True

    def at(self, place: int, size: int) -> range:
        return range(size)


@dataclass(frozen=True)
class Together(Pointwise):
    """Its own place, and all through statistics over them."""

    alike: bool = True

    def at(self, place: int, size: int) -> range:
        return range(size)


@dataclass(frozen=True)
class Nothing(Pointwise):
    """None: the result is the same whatever flows in. Not ``alike`` where its places differ."""

    alike: bool = True

    def at(self, place: int, size: int) -> range:
        return range(0)


@dataclass(frozen=True)
class Before(Along):
    """Its own place and all before it."""

    def at(self, place: int, size: int) -> range:
        return range(place + 1)


@dataclass(frozen=True)
class After(Along):
    """Its own place and all after it."""

    def at(self, place: int, size: int) -> range:
        return range(place, size)


@dataclass(frozen=True)
class OwnOrBatch(Pointwise):
    """Its own place; in training all, through statistics of the batch."""

    alike: bool = True

    def at(self, place: int, size: int) -> range:
        return range(place, place + 1)

    def covers(self, count: int, size: int) -> bool:
        return count >= size

    def in_training(self) -> Along:
        return TOGETHER


@dataclass(frozen=True)
class Nearby(Along):
    """``kernel`` places, each ``dilation`` after the one before; that of place 0 begins ``before``
    places ahead of the first, and each begins ``stride`` after the one before it."""

    kernel: int
    stride: int = 1
    before: int = 0
    dilation: int = 1

    def at(self, place: int, size: int) -> Sequence[int]:
        start = place * self.stride - self.before
        stop = min(size, start + (self.kernel - 1) * self.dilation + 1)
        skipped = max(0, -(start // self.dilation))
        return range(start + skipped * self.dilation, stop, self.dilation)

    def covers(self, count: int, size: int) -> bool:
        last = (count - 1) * self.stride - self.before + self.kernel
        apart = self.dilation > 1 or self.stride > self.kernel
        return self.before >= 0 and not apart and last >= size

    def weights(self, place: int, size: int) -> Sequence[int]:
        skipped = max(0, -((place * self.stride - self.before) // self.dilation))
        return range(skipped, skipped + len(self.at(place, size)))

    def extent(self, size: int) -> tuple[int, int]:
        return ((self.kernel - 1) * self.dilation + 1, self.stride)


@dataclass(frozen=True)
class Spread(Along):
    """A window turned round: a place of the input goes to ``kernel`` places of the result, each
    ``dilation`` after the one before, from ``stride`` times its own on, less ``before``."""

    kernel: int
    stride: int = 1
    before: int = 0
    dilation: int = 1

    def at(self, place: int, size: int) -> range:
        """Those whose window reaches the place, ``dilation / gcd(stride, dilation)`` apart."""
        reached = place + self.before
        common = gcd(self.stride, self.dilation)
        if reached % common:
            return range(0)
        step = self.dilation // common
        first = max(0, -(-(reached - (self.kernel - 1) * self.dilation) // self.stride))
        last = min(size - 1, reached // self.stride)
        one = reached // common * pow(self.stride // common, -1, step)  # of those, one
        return range(first + (one - first) % step, last + 1, step)

    def weights(self, place: int, size: int) -> tuple[int, ...]:
        reached = place + self.before
        return tuple((reached - at * self.stride) // self.dilation for at in self.at(place, size))

    def extent(self, size: int) -> tuple[int, int]:
        reach = (self.kernel - 1) * self.dilation + 1
        return (-(-reach // self.stride), 1)


@dataclass(frozen=True)
class Taken(OnePlace):
    """One place: the first from ``start`` on, then each ``step`` after the one before."""

    start: int
    step: int = 1

    def taken(self, place: int, size: int) -> int:
        return self.start + place * self.step


@dataclass(frozen=True)
class Repeated(OnePlace):
    """One place, ``times`` in a row."""

    times: int

    def taken(self, place: int, size: int) -> int:
        return place // self.times


@dataclass(frozen=True)
class Blocks(Along):
    """Blocks of ``taken`` places, each read by ``given`` places of the result with weights of
    their own."""

    taken: int
    given: int

    def at(self, place: int, size: int) -> range:
        start = place // self.given * self.taken
        return range(start, min(size, start + self.taken))

    def extent(self, size: int) -> tuple[int, int]:
        return (self.taken, 1)


@dataclass(frozen=True)
class Parts(Along):
    """One of ``count`` parts of all places, each as long as the others as far as that goes."""

    count: int

    def at(self, place: int, size: int) -> range:
        return range(place * size // self.count, -(-(place + 1) * size // self.count))

    def weights(self, place: int, size: int) -> tuple[int, ...]:
        count = len(self.at(place, size))
        return (count,) * count

    def extent(self, size: int) -> tuple[int, int]:
        return (-(-size // self.count), max(1, size // self.count))


@dataclass(frozen=True)
class Between(Pointwise):
    """The two places next to its own once the places are ``scale`` times as many."""

    scale: int

    def at(self, place: int, size: int) -> range:
        ahead = max(0, 2 * place + 1 - self.scale)  # in halves of 1 / scale
        first, rest = divmod(ahead, 2 * self.scale)
        return range(first, min(size, first + 1 + (rest > 0)))

    def weights(self, place: int, size: int) -> tuple[int, ...]:
        ahead = max(0, 2 * place + 1 - self.scale)
        return tuple(ahead - 2 * self.scale * at for at in self.at(place, size))


@dataclass(frozen=True)
class Shifted(OnePlace):
    """The place ``by`` before its own; nothing where there is none."""

    by: int

    def taken(self, place: int, size: int) -> int:
        return place - self.by


@dataclass(frozen=True)
class Copied(OnePlace):
    """The place ``before`` before its own; beyond the ends what ``how`` says: ``reflect`` goes
    back, ``replicate`` stays at the end, ``circular`` goes on at the other end."""

    before: int
    how: str

    def taken(self, place: int, size: int) -> int:
        taken = place - self.before
        if self.how == "circular":
            return taken % size
        if self.how == "replicate":
            return min(max(taken, 0), size - 1)
        return min(abs(taken), 2 * (size - 1) - abs(taken))


@dataclass(frozen=True)
class NearbyAndCopied(Nearby):
    """As ``Nearby``, and beyond the ends the places that ``Copied`` has there."""

    how: str = "reflect"

    def at(self, place: int, size: int) -> list[int]:
        return sorted(self._kernels(place, size))

    def weights(self, place: int, size: int) -> tuple[int, ...]:
        """A number for each set of numbers of the kernel that one place is weighed by."""
        return tuple(bits for _, bits in sorted(self._kernels(place, size).items()))

    def _kernels(self, place: int, size: int) -> dict[int, int]:
        """The places read, and by which numbers of the kernel, as bits."""
        copied = Copied(self.before, self.how)
        found: dict[int, int] = {}
        for number in range(self.kernel):
            taken = copied.taken(place * self.stride + number * self.dilation, size)
            found[taken] = found.get(taken, 0) | 1 << number
        return found


@dataclass(frozen=True)
class Dealt(OnePlace):
    """Places dealt out over ``groups``, as cards are."""

    groups: int

    def taken(self, place: int, size: int) -> int:
        return place % self.groups * (size // self.groups) + place // self.groups


@dataclass(frozen=True)
class Windows(Along):
    """The places of its own window, of ``length``; the windows begin ``shift`` places on, and what
    that leaves over at the two ends stands by itself."""

    length: int
    shift: int = 0

    def at(self, place: int, size: int) -> range:
        start = (place - self.shift) // self.length * self.length + self.shift
        return range(max(0, start), min(size, start + self.length))

    def extent(self, size: int) -> tuple[int, int]:
        return (self.length, 1)


@dataclass(frozen=True)
class Only(Along):
    """All places, by the places of the result from ``start`` up to ``stop``; the others nothing."""

    start: int
    stop: int

    def at(self, place: int, size: int) -> range:
        return range(size) if self.start <= place < self.stop else range(0)


@dataclass(frozen=True)
class Neighbours(Along):
    """Its own node and those at most ``hops`` edges away: which these are the data tells. A
    permutation of the nodes takes their edges along."""

    hops: int = 1
    alike: bool = True

    def at(self, place: int, size: int) -> range:
        return range(size)

    def extent(self, size: int) -> tuple[int, int]:
        return (1, 1)


OWN, ALL, NOTHING, TOGETHER = Own(), All(), Nothing(), Together()
PLACED = Nothing(alike=False)  # nothing, and yet no place of the result is as another
WEIGHED = Own(alike=False)  # each place by weights of its own
MIXED = All(alike=False)  # all places, each by weights of its own


class Axis(NamedTuple):
    """An axis of an input: the axis of the result that it becomes, and what is read along it.

    ``to`` is None where it ends: then every place of the result reads what place 0 would.
    """

    to: int | None
    along: Along


class Reads(NamedTuple):
    """What a result reads of one input: of each axis of it. An axis of the result that none of
    them becomes is new: the same is read all along it."""

    axes: tuple[Axis, ...]
    source: int = 0  # of the inputs

    @property
    def makes_a_difference(self) -> bool:
        """Whether the result depends on the input at all."""
        return not any(isinstance(axis.along, Nothing) for axis in self.axes)


class Laid(NamedTuple):
    """The numbers of one input laid out anew: its sizes are split into ``sizes``, these put in
    another ``order``, and all cut into the sizes of the result."""

    sizes: tuple[int, ...]
    order: tuple[int, ...]
    source: int = 0

    @property
    def makes_a_difference(self) -> bool:
        """Whether the result depends on the input at all: on each of its numbers."""
        return True


def channel(x: TensorType) -> int:
    """The axis of the channels or features."""
    return 1 if not isinstance(x, (Vector, Image, Volume)) else 0


def each(
    x: TensorType,
    positions: Along | Sequence[Along] = OWN,
    channels: Along = OWN,
    source: int = 0,
) -> Reads:
    """Of an input whose kind is that of the result: what is read along the axes of its positions
    (one for all, or each) and along its channels."""
    if isinstance(x, Outputs):
        x = x.parts[0]
    axes = len(shape(x))
    at = None if is_ids(x) else channel(x)
    along = iter([positions] * axes if isinstance(positions, Along) else positions)
    return Reads(tuple(Axis(k, channels if k == at else next(along)) for k in range(axes)), source)


def grouped(groups: int, into: int, out: int) -> Along:
    """What the channels of a convolution read of those that flow in."""
    return MIXED if groups == 1 else Blocks(into // groups, out // groups)


def pooled(x: TensorType, along: Along = ALL) -> Reads:
    """Of an input whose positions become one: the axes of its positions end."""
    at = channel(x)
    return Reads(
        tuple(Axis(0, OWN) if k == at else Axis(None, along) for k in range(len(shape(x))))
    )


def laid(x: TensorType, order: tuple[int, ...] = ()) -> Laid:
    """An input whose axes are put in another order, and cut as the result needs."""
    sizes = shape(x)
    return Laid(sizes, order or tuple(range(len(sizes))))


def nothing(x: TensorType, source: int = 0, along: Along = NOTHING) -> Reads:
    """Of an input that makes no difference."""
    if isinstance(x, Outputs):
        x = x.parts[0]
    return Reads(tuple(Axis(None, along) for _ in shape(x)), source)
