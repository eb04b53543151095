"""Whether attention knows where its positions stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.diagnostics import Diagnostic, Severity
from archdsl.ops.base import Trait
from archdsl.runtime.live.verifying.subject import differ
from archdsl.types import Image, Tokens
from archdsl.types import Sequence as Series

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor

    from archdsl.runtime.live.verifying.subject import Subject

APART = 1e-4  # of the size of the answers: what sums in another order come to is less


def probe(subject: Subject) -> Iterator[Diagnostic]:
    """V303: text in another order, or an image whose patches are, gives the same answers."""
    takes = subject.graph.model.takes
    if not subject.has(Trait.ATTENTION) or not isinstance(takes, (Tokens, Series, Image)):
        return
    x, *lengths = subject.batch()
    moved, what = _mixed(subject, x)
    if moved is None:
        return
    one, other = subject.answers([x, *lengths]), subject.answers([moved[0], *lengths])
    again = tuple(_in_order(a, moved[1], x) for a in one)
    if differ(again, other, APART):
        return
    yield subject.places.at(
        Diagnostic(
            "V303",
            f"the {what} in another order give the same answers",
            severity=Severity.WARNING,
            label="attention alone sees a set",
            needed="positions, where the order means something",
            help="`position_embedding` before the first attention",
        ),
        _attention(subject),
    )


def _attention(subject: Subject) -> str:
    steps = subject.places.steps
    return next((p for p, s in steps.items() if Trait.ATTENTION in s.node.op.traits), "")


Moved = tuple["Tensor", "Tensor | None"]  # and the order, where it is one of positions


def _mixed(subject: Subject, x: Tensor) -> tuple[Moved | None, str]:
    """The input with its positions, or patches, in another order."""
    import torch

    takes = subject.graph.model.takes
    if not isinstance(takes, Image):
        order = torch.randperm(x.shape[1])
        return (x[:, order], order), "positions"
    size = _patch(subject)
    high, wide = takes.height // max(size, 1), takes.width // max(size, 1)
    if not size or high * size != takes.height or wide * size != takes.width:
        return None, ""
    order = torch.randperm(high * wide)
    count, channels = x.shape[:2]
    parts = x.reshape(count, channels, high, size, wide, size).permute(2, 4, 0, 1, 3, 5)
    mixed = parts.reshape(high * wide, -1)[order].reshape(parts.shape).permute(2, 3, 0, 4, 1, 5)
    return (mixed.reshape(x.shape), None), "patches"


def _patch(subject: Subject) -> int:
    """The side of the patches that the first layer with weights cuts; 0 where they overlap."""
    for step in subject.steps:
        if Trait.WEIGHTED in step.node.op.traits:
            window = step.node.window()
            return window[0] if window is not None and window[0] == window[1] else 0
    return 0


def _in_order(result: Tensor, order: Tensor | None, x: Tensor) -> Tensor:
    """Answers for each position go where their positions went."""
    if order is None or result.dim() < 3 or result.shape[1] != x.shape[1]:
        return result
    return result[:, order]
