"""Spec and design to the text of a spec without choices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.closing.spec import Closing
from archdsl.diagnostics import SpecError
from archdsl.evaluate.bounds import DEFAULT, Bounds
from archdsl.limits.telling import DIGITS, shown
from archdsl.rendering.escape import visible
from archdsl.syntax.bounds import DEFAULT_LIMITS, Limits
from archdsl.syntax.carried import written
from archdsl.syntax.parser import parse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from archdsl.evaluate.program import Program
    from archdsl.resolve.loading import Spec
    from archdsl.syntax import nodes

EXACT = DIGITS[1]  # significant digits of a number in the head comment


def closed_text(
    spec: Spec,
    program: Program,
    design: Mapping[str, Any],
    head: Sequence[str] = (),
    bounds: Bounds = DEFAULT,
    limits: Limits = DEFAULT_LIMITS,
) -> str:
    """The text of an architecture of a spec as one of its designs has it.

    ``design`` has to be one that evaluates; ``head`` are comment lines for the top. Raises
    :class:`~archdsl.diagnostics.SpecError` where that takes too much.
    """
    closing = Closing(spec, program, design, bounds)
    files = _files(spec, limits)
    try:
        return written(closing.items(), files, head, limits)
    except SpecError:  # too deep, or too long: blocks that stay blocks take less
        return written(closing.items(writes_inline=False), files, head, limits)


def head_of(metrics: Mapping[str, Any]) -> list[str]:
    """Comment lines that tell numbers by their names: ``# params: 1,531,546``."""
    return [f"# {visible(name)}: {visible(shown(value, EXACT))}" for name, value in metrics.items()]


def _files(spec: Spec, limits: Limits) -> list[nodes.File]:
    """The text of a spec and those of the files it uses."""
    sources = {item.span.source: None for item in spec.declared}
    sources.pop(spec.tree.source, None)
    return [spec.tree, *(parse(source, limits) for source in sources)]
