"""What a metric is: a word of the language that says one thing of a design, in one file.

A metric is a frozen dataclass in ``archdsl/cost/metrics/<word>.py``, its class the word in
CamelCase. An instance is *bound*: its fields are what a spec gives as arguments, in the setting
that the spec's clauses make. The first sentence of its docstring says what it means.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from inspect import cleandoc
from math import floor
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from archdsl.cost.compose import total
from archdsl.cost.precision import STORED
from archdsl.diagnostics import Diagnostic, SpecError
from archdsl.spec.constants import constant
from archdsl.syntax import nodes as ast

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from archdsl.cost.compose import Composition
    from archdsl.graph.nodes import Graph
    from archdsl.source import Span
    from archdsl.spec.device import Device
    from archdsl.spec.train import Train


class Limit(NamedTuple):
    """How a ``require`` limits a metric, and the code of the principle that tells a miss."""

    operators: tuple[str, ...]
    code: str


AT_MOST = ("<", "<=")
AT_LEAST = (">", ">=")


class Setting(NamedTuple):
    """What a spec says of how its designs are trained, and the devices that it declares."""

    train: Train | None
    devices: Mapping[str, Device]

    @property
    def precision(self) -> str:
        return self.train.precision if self.train is not None else "fp32"


class Written(NamedTuple):
    """A metric as it stands in a spec."""

    word: str
    arguments: tuple[ast.Argument, ...]
    span: Span


class Arguments(NamedTuple):
    """``subject`` is what stands first; ``batch`` and ``stored``, the bytes of a number at the
    ``precision`` that is told, are None where they are left out."""

    subject: ast.Name | None
    batch: int | None
    stored: int | None = None


@dataclass(frozen=True)
class Metric(ABC):
    """One metric, bound. Equal ones measure the same."""

    signature: ClassVar[str] = ""  # how it is written when it takes arguments
    is_plain: ClassVar[bool] = False  # whether it is usually written without those that it takes
    synonyms: ClassVar[tuple[str, ...]] = ()  # what others call it
    dimension: ClassVar[str] = ""  # "bytes", "seconds", or a plain number
    is_cost: ClassVar[bool] = False  # whether a model takes it, so that less of it is better
    limit: ClassVar[Limit | None] = None  # when a principle tells of a limit that is missed

    @classmethod
    def word(cls) -> str:
        """The name in the language, which is that of its file."""
        return cls.__module__.rpartition(".")[2]

    @classmethod
    def meaning(cls) -> str:
        """What it says of a design, in one sentence."""
        return cleandoc(cls.__doc__ or "").partition("\n\n")[0].replace("\n", " ")

    @classmethod
    def notes(cls) -> str:
        """What else there is to know of it."""
        return cleandoc(cls.__doc__ or "").partition("\n\n")[2]

    @classmethod
    def bind(cls, written: Written, setting: Setting) -> Metric:
        """The metric with its arguments. Raises :class:`SpecError` for those it does not take."""
        cls.refuse_arguments(written)
        return cls()

    @classmethod
    def refuse_arguments(cls, written: Written) -> None:
        """Raises :class:`SpecError` where arguments are given."""
        if written.arguments:
            raise SpecError(cls.misused(written))

    @property
    def weights(self) -> tuple[Fraction, ...] | None:
        """What each amount of its costs counts in a sum that it follows from, if there is one."""
        return None

    @property
    def rising(self) -> bool | None:
        """Whether a larger sum is a larger value; None where there is no such sum."""
        return None

    @property
    @abstractmethod
    def compositions(self) -> tuple[Composition, ...]:
        """The costs it is computed from."""

    @abstractmethod
    def value(self, *totals: tuple[int, ...]) -> Any:
        """The metric, from what each of its costs comes to for a whole design."""

    def of(self, graph: Graph) -> Any:
        """The metric of a design: a number, or a quantity of bytes or seconds."""
        return self.value(*[total(composition, graph) for composition in self.compositions])

    @classmethod
    def read(
        cls, written: Written, subject: bool = False, takes: tuple[str, ...] = ("batch",)
    ) -> Arguments:
        """``(batch=8)``, or ``(t4, batch=8)`` with a ``subject``. Raises :class:`SpecError`."""
        plain = [a.value for a in written.arguments if a.name is None]
        named = {a.name: a.value for a in written.arguments if a.name is not None}
        names = [value for value in plain if isinstance(value, ast.Name)]
        if len(plain) != subject or len(names) != subject or named.keys() - {*takes}:
            raise SpecError(cls.misused(written))
        batch = constant(named["batch"]) if "batch" in named else None
        if batch is not None and (type(batch) is not int or batch < 1):
            raise SpecError(cls.misused(written))
        stored = cls._stored(written, named["precision"]) if "precision" in named else None
        return Arguments(names[0] if names else None, batch, stored)

    @classmethod
    def _stored(cls, written: Written, given: ast.Expression) -> int:
        """The bytes of a number at a precision."""
        if not isinstance(given, ast.Name) or given.id not in STORED:
            raise SpecError(cls.misused(written))
        return STORED[given.id]

    @classmethod
    def misused(cls, written: Written) -> Diagnostic:
        """The finding for arguments that it does not take."""
        return Diagnostic(
            "E431",
            f"`{written.word}` does not read like this",
            written.span,
            needed=f"`{cls.signature or written.word}`",
        )


class Linear(Metric):
    """A metric that follows from one weighted sum of amounts: of ``weights``, one for each amount
    of its costs in order. The sum is rounded down to a whole number."""

    @property
    @abstractmethod
    def weights(self) -> tuple[Fraction, ...]:
        """What each amount of its costs counts in the sum."""

    @property
    def rising(self) -> bool:
        return True

    def value(self, *totals: tuple[int, ...]) -> Any:
        amounts = [amount for one in totals for amount in one]
        pairs = zip(self.weights, amounts, strict=True)
        return self.of_sum(floor(sum(weight * amount for weight, amount in pairs)))

    def of_sum(self, whole: int) -> Any:
        """The value for a sum."""
        return whole
