"""What a random author of specs holds: chance, and the names in scope with what they mean."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from random import Random

    from archdsl.types import TensorType

Item = TypeVar("Item")


class Step(NamedTuple):
    """A layer expression, and the type it gives for what the author was asked to extend."""

    text: str
    out: TensorType


@dataclass
class Pen:
    """An author in one body: ``x`` is what flows in, ``numbers``, ``tensors`` and ``pointwise``
    are the names bound there. Every number is spelled by a name now and then."""

    random: Random
    x: TensorType
    numbers: dict[str, int] = field(default_factory=dict)
    tensors: dict[str, TensorType] = field(default_factory=dict)
    pointwise: list[str] = field(default_factory=list)
    widths: list[str] = field(default_factory=list)
    choices: bool = False
    embeddings: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)

    def inside(self, x: TensorType) -> Pen:
        """The same author in a body of its own."""
        return Pen(self.random, x, choices=self.choices, used=self.used)

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def among(self, *options: Item) -> Item:
        return self.random.choice(options)

    def number(self, value: int) -> str:
        """A value spelled out, or as a name or arithmetic that comes to it."""
        spellings = [str(value)] * 4 + [n for n, v in self.numbers.items() if v == value]
        spellings += [f"2 * {n}" for n, v in self.numbers.items() if 2 * v == value]
        spellings += [f"{n} + {value - v}" for n, v in self.numbers.items() if v < value]
        spellings += [self._size(value)] if self.chance(0.2) else []
        return self.among(*spellings)

    def _size(self, value: int) -> str:
        sizes = ("channels", "features", "height", "width", "length")
        equal = [name for name in sizes if getattr(self.x, name, None) == value]
        return f"x.{equal[0]}" if equal else f"max(1, {value})"

    def flag(self, name: str, default: bool) -> tuple[str, bool]:
        """``, bias=false`` or nothing, and what the flag then is."""
        value = default if self.chance(0.6) else not default
        spelled = f", {name}={'true' if value else 'false'}"
        return ("" if value == default and self.chance(0.8) else spelled), value

    def option(self, name: str, value: object, default: object = None) -> str:
        """``, name=value``, left out now and then where it is the default."""
        return "" if value == default and self.chance(0.8) else f", {name}={value}"

    def width(self, *options: int) -> str:
        """A width that nothing outside depends on: a number, a name, or a choice."""
        if self.widths and self.chance(0.3):
            return self.among(*self.widths)
        if self.choices and self.chance(0.4):
            first, second = self.random.sample(range(2, 9), 2)
            named = f"low: {first} | high: {second}"
            return self.among(f"{first} | {second}", named, "2 to 6 by 2", "3 to 5", "2 to 8 log 2")
        return self.number(self.among(*(options or (2, 4, 6, 8))))

    def fresh(self, *stems: str) -> str:
        """A name that is not taken yet."""
        stem = self.among(*stems)
        names = [stem, *(f"{stem}{number}" for number in range(2, 99))]
        name = next(name for name in names if name not in self.used)
        self.used.add(name)
        return name


def divisors(*numbers: int) -> list[int]:
    """What divides all of some numbers."""
    return [n for n in range(1, min(numbers) + 1) if all(number % n == 0 for number in numbers)]


def arguments(*parts: str) -> str:
    """``(a, b)`` from ``a`` and ``, b``; nothing when there is nothing."""
    inner = "".join(parts).removeprefix(", ")
    return f"({inner})" if inner else ""
