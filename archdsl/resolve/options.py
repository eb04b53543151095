"""What a design calls the options of a choice."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.diagnostics import Diagnostic, SpecError
from archdsl.evaluate import scalars
from archdsl.evaluate.points import Spellings, as_text
from archdsl.syntax import nodes as ast
from archdsl.syntax.text import expression_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Names = tuple[ast.Name | None, ...]


class Called(NamedTuple):
    """The labels of options, and other ways to spell them."""

    labels: tuple[Any, ...]
    spellings: Spellings

    def as_texts(self) -> Called:
        """The same, all of them texts."""
        spellings = Spellings(lambda: [_texts(labels) for labels in self.spellings()])
        return Called(_texts(self.labels), spellings)


def _texts(labels: Sequence[Any]) -> tuple[str, ...]:
    return tuple(map(as_text, labels))


def call_layers(options: Sequence[ast.Expression], names: Names = ()) -> Called:
    """What layers are called: by their names, else as short as tells them apart. Raises for two
    that are called alike."""
    short = [_short_name(option) for option in options]
    times = Counter(short)
    told = [
        name if name is not None and times[name] == 1 else expression_text(option)
        for name, option in zip(short, options, strict=True)
    ]
    return _called(told, options, names, lambda: [name or "" for name in short])


def _short_name(option: ast.Expression) -> str | None:
    if isinstance(option, ast.Name):
        return option.id
    return option.function.id if isinstance(option, ast.Call) else None


def call_values(
    values: Sequence[scalars.Scalar], options: Sequence[ast.Expression], names: Names = ()
) -> Called:
    """What values are called: by their names, constants by themselves, others by their text.
    Raises for two that are called alike."""
    told = [_told(*pair) for pair in zip(values, options, strict=True)]
    return _called(told, options, names, lambda: told)


def _told(value: scalars.Scalar, expression: ast.Expression) -> Any:
    constant = value.constant if isinstance(value, scalars.Constant) else None
    if isinstance(constant, (bool, int, float)):
        return constant
    return str(constant) if isinstance(constant, str) else expression_text(expression)


def _called(
    told: Sequence[Any],
    options: Sequence[ast.Expression],
    names: Names,
    more: Callable[[], Sequence[Any]],
) -> Called:
    named = zip(told, names or [None] * len(told), strict=True)
    labels = tuple(label if name is None else name.id for label, name in named)
    _refuse_repeats(labels, options)
    spellings = Spellings(lambda: [told, [expression_text(o) for o in options], more()])
    return Called(labels, spellings)


def _refuse_repeats(labels: Sequence[Any], options: Sequence[ast.Expression]) -> None:
    seen: set[tuple[type, Any]] = set()
    for label, option in zip(labels, options, strict=True):
        if (type(label), label) in seen:
            raise SpecError(
                Diagnostic(
                    "E501",
                    f"`{label}` is offered twice",
                    option.span,
                    needed="options that differ, or names that do: `first: … | second: …`",
                )
            )
        seen.add((type(label), label))
