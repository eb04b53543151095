"""Choice points: what one place of a spec offers, and how a design names what is chosen there."""

from __future__ import annotations

import json
import math
from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from archdsl.source import Span

SHOWN = 8  # options that a message lists


class Spellings:
    """Other ways to name the options of a choice, each a label for every option; worked out when
    they are asked for, or sent to another process."""

    __slots__ = ("make",)

    def __init__(self, make: Callable[[], Sequence[Sequence[Any]]]) -> None:
        self.make = make

    def __call__(self) -> Sequence[Sequence[Any]]:
        return self.make()

    def __reduce__(self) -> tuple[Any, ...]:
        return _spelt, (tuple(self()),)


def _spelt(rows: Sequence[Sequence[Any]]) -> Spellings:
    return Spellings(lambda: rows)


class ChoicePoint:
    """A choice point as it stands in the source: ``labels`` name its options, in order; ``spans``
    are where they stand, when each is written out.

    An answer to it is the index of an option; ``labels[answer]`` is what a design holds.
    ``spellings`` gives other ways to name the options, by which designs may have been saved when
    the text was another.
    """

    __slots__ = ("_places", "labels", "size", "span", "spans", "spellings")

    def __init__(
        self,
        labels: Sequence[Any],
        span: Span,
        spellings: Spellings | None = None,
        spans: tuple[Span, ...] = (),
    ) -> None:
        self.labels = labels
        self.spans = spans
        self.size = len(labels)
        self.span = span
        self.spellings = spellings
        self._places: dict[Any, int] = {}

    def at(self, share: float) -> Any:
        """The answer at a share of the way through the options: 0 the first, 1 the last."""
        return min(int(share * self.size), self.size - 1)

    def answers(self) -> Sequence[Any]:
        """All answers; of a continuous choice, some that lie apart."""
        return range(self.size)

    def find(self, value: Any) -> Any:
        """The answer that a value in a design stands for; None when there is no such option."""
        if type(self.labels) is range and type(value) is int:
            return self.labels.index(value) if value in self.labels else None
        if not self._places:
            self._places = {_exactly(label): i for i, label in enumerate(self.labels)}
        known = self._places.get(_exactly(value)) if isinstance(value, Hashable) else None
        place = next(_places(value, self.labels), None) if known is None else known
        if place is not None or self.spellings is None:
            return place
        found = {place for labels in self.spellings() for place in _places(value, labels)}
        return found.pop() if len(found) == 1 else None

    def offered(self) -> str:
        """The options in words: ``one of 3, 5, 7``."""
        return f"one of {listed(self.labels)}"


def _exactly(label: Any) -> Any:
    """What is equal for labels that are the same: 1 and true are not."""
    return isinstance(label, bool), label


def _places(value: Any, labels: Sequence[Any]) -> Iterator[int]:
    """Where a value stands among labels, then where a text stands for what is typed so."""
    for place, label in enumerate(labels):
        if label == value and isinstance(label, bool) == isinstance(value, bool):
            yield place
    if isinstance(value, str):
        yield from (place for place, label in enumerate(labels) if as_text(label) == value)


class ContinuousPoint(ChoicePoint):
    """A choice of any number from ``low`` to ``high``; an answer to it is that number.

    ``log``: numbers are drawn evenly over their logarithms. It counts as one option where options
    are counted; an answer outside of it (the index of that option, 0) means the nearest number.
    """

    __slots__ = ("high", "log", "low")

    def __init__(self, low: float, high: float, log: bool, span: Span) -> None:
        super().__init__(Interval(low, high, log), span)
        self.low = low
        self.high = high
        self.log = log

    def at(self, share: float) -> float:
        """The number at a share of the way from ``low`` to ``high``, on the scale of the range."""
        if share <= 0 or share >= 1:
            return self.low if share <= 0 else self.high
        if not self.log:
            return self._nearest(self.low + share * (self.high - self.low))
        low, high = math.log(self.low), math.log(self.high)
        return self._nearest(math.exp(low + share * (high - low)))

    def share(self, number: float) -> float:
        """How far a number is on the way from ``low`` to ``high``, on the scale of the range."""
        if self.high == self.low:
            return 0.0
        if not self.log:
            return (number - self.low) / (self.high - self.low)
        return math.log(number / self.low) / math.log(self.high / self.low)

    def answers(self) -> Sequence[float]:
        return tuple(self.at(share / 4) for share in range(5))

    def _nearest(self, number: float) -> float:
        return min(max(number, self.low), self.high)

    def find(self, value: Any) -> float | None:
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return float(value) if is_number and self.low <= value <= self.high else None

    def offered(self) -> str:
        return f"a number from {self.low} to {self.high}" + (" on a log scale" if self.log else "")


class Interval(Sequence[float]):
    """The labels of a continuous choice: at a number stands the number of the interval nearest
    to it. Its length is 1, as it counts as one option."""

    __slots__ = ("key",)

    def __init__(self, low: float, high: float, log: bool) -> None:
        self.key = (low, high, log)

    def __getitem__(self, answer: Any) -> Any:
        low, high, _ = self.key
        return min(max(float(answer), low), high)

    def __len__(self) -> int:
        return 1

    def __iter__(self) -> Iterator[float]:
        yield self.key[0]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Interval) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


def as_text(label: Any) -> str:
    """A label as it is typed: texts as they are, numbers and truth values as in JSON."""
    return label if isinstance(label, str) else json.dumps(label)


def listed(labels: Sequence[Any]) -> str:
    """Labels in one line, a few of them when there are many."""
    if len(labels) <= SHOWN:
        return ", ".join(map(as_text, labels))
    return f"{', '.join(map(as_text, labels[: SHOWN - 1]))}, …, {as_text(labels[-1])}"
