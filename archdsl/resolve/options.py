"""What a design calls the options of a choice."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from archdsl.diagnostics import Diagnostic, SpecError
from archdsl.evaluate import scalars
from archdsl.evaluate.points import as_text
from archdsl.syntax import nodes as ast
from archdsl.syntax.text import expression_text

if TYPE_CHECKING:
    from collections.abc import Sequence


def layer_names(options: Sequence[ast.Expression]) -> tuple[str, ...]:
    """The names of layers: as short as tells them apart. Raises for two that are alike."""
    short = [_short_name(option) for option in options]
    times = Counter(short)
    names = tuple(
        name if name is not None and times[name] == 1 else expression_text(option)
        for name, option in zip(short, options, strict=True)
    )
    refuse_repeats(names, options)
    return names


def _short_name(option: ast.Expression) -> str | None:
    if isinstance(option, ast.Name):
        return option.id
    return option.function.id if isinstance(option, ast.Call) else None


def value_names(
    values: Sequence[scalars.Scalar], options: Sequence[ast.Expression]
) -> tuple[Any, ...]:
    """The names of values: constants by themselves, others by their text. Raises for two that are
    alike."""
    names = tuple(_value_name(*pair) for pair in zip(values, options, strict=True))
    refuse_repeats(names, options)
    return names


def value_texts(
    values: Sequence[scalars.Scalar], options: Sequence[ast.Expression]
) -> tuple[str, ...]:
    """The names of values as texts."""
    return tuple(map(as_text, value_names(values, options)))


def _value_name(value: scalars.Scalar, expression: ast.Expression) -> Any:
    constant = value.constant if isinstance(value, scalars.Constant) else None
    if isinstance(constant, (bool, int, float)):
        return constant
    return str(constant) if isinstance(constant, str) else expression_text(expression)


def refuse_repeats(names: Sequence[Any], options: Sequence[ast.Expression]) -> None:
    seen: set[tuple[type, Any]] = set()
    for name, option in zip(names, options, strict=True):
        if (type(name), name) in seen:
            raise SpecError(
                Diagnostic(
                    "E501", f"`{name}` is offered twice", option.span, needed="options that differ"
                )
            )
        seen.add((type(name), name))
