"""Whether an answer that may not read what comes after it does so."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from archdsl.cost.counts import macs
from archdsl.diagnostics import Diagnostic
from archdsl.ops.base import Trait
from archdsl.runtime.live.verifying.places import first
from archdsl.runtime.live.verifying.subject import differ
from archdsl.types import Sequence as Series
from archdsl.types import Tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor, nn

    from archdsl.runtime.live.verifying.subject import Subject

HEAVY = 5e9  # multiply-accumulates of a sample, beyond which one place has to do
APART = 1e-5  # of the size of the answers
CUTS = (0.5, 0.25, 0.75, 0.4)  # of the length: behind these places the input is changed


def probe(subject: Subject) -> Iterator[Diagnostic]:
    """V302: answers up to a position are the same whatever follows it, in training too."""
    from archdsl.runtime.live.verifying.subject import training_without_dropout

    takes = subject.inputs[subject.about]
    if not subject.is_causal or not isinstance(takes, (Tokens, Series)):
        return
    x = subject.batch(2)
    cuts = CUTS[:1] if macs(subject.graph) > HEAVY else CUTS
    places = sorted({int(cut * takes.length) for cut in cuts} - {takes.length - 1})
    yield from islice(_leaks(subject, x, places, "evaluation"), 1)
    if subject.has(Trait.OVER_BATCH):
        training_without_dropout(subject.module)
        yield from islice(_leaks(subject, x, places, "training"), 1)


def _leaks(subject: Subject, x: list[Tensor], places: list[int], mode: str) -> Iterator[Diagnostic]:
    before, about = subject.answers(x), subject.about
    length = x[about].shape[1]
    for place in places:
        changed = [*x]
        changed[about] = x[about].clone()
        changed[about][:, place + 1 :] = subject.batch(2)[about][:, place + 1 :]
        one, other = (_up_to(place, r, length) for r in (before, subject.answers(changed)))
        if one and differ(one, other, APART):
            yield _finding(subject, x, changed, place, mode, _furthest(one, other))


def _furthest(one: tuple[Tensor, ...], other: tuple[Tensor, ...]) -> int:
    """The answer that changes most."""
    return int((one[0] - other[0]).abs().flatten(2).amax((0, 2)).argmax())


def _finding(
    subject: Subject, x: list[Tensor], changed: list[Tensor], place: int, mode: str, answer: int
) -> Diagnostic:
    layer = _first_that_reads(subject, x, changed, place)
    return subject.places.at(
        Diagnostic(
            "V302",
            f"answer {answer} changes with what comes after position {place} ({mode})",
            label="reads later positions" if layer else "",
            needed="that an answer reads its own position and those before",
            help="`attention(…, causal=true)`, `conv(…, causal=true)`, recurrence one way; or a "
            "task that may read all of its input",
        ),
        layer,
    )


def _up_to(place: int, results: tuple[Tensor, ...], length: int) -> tuple[Tensor, ...]:
    """The answers up to a place, of results with one for each position."""
    series = [result for result in results if result.dim() == 3 and result.shape[1] == length]
    return tuple(result[:, : place + 1] for result in series)


def _first_that_reads(subject: Subject, x: list[Tensor], changed: list[Tensor], place: int) -> str:
    """The first layer whose result changes up to the place."""
    one, other = (_beginnings(subject, given, place) for given in (x, changed))
    for path, before in one.items():
        after = other.get(path)
        if after is not None and after.shape == before.shape and differ((before,), (after,), APART):
            return path
    return ""


def _beginnings(subject: Subject, x: list[Tensor], place: int) -> dict[str, Tensor]:
    """What each layer that keeps the length gives up to a place."""
    import torch
    from torch import nn

    module, length = subject.module, x[subject.about].shape[1]
    found: dict[str, Tensor] = {}

    def noting(path: str, part: nn.Module) -> Any:
        axis = 2 if isinstance(part, (nn.Conv1d, nn.BatchNorm1d)) else 1

        def note(_: Any, __: Any, given: Any) -> None:
            tensor = first(given)
            is_series = isinstance(tensor, torch.Tensor) and tensor.dim() == 3
            if is_series and tensor.shape[axis] == length:
                found.setdefault(path, tensor.narrow(axis, 0, place + 1).clone())

        return part.register_forward_hook(note)

    hooks = [
        noting(path, part)
        for path, part in module.named_modules()
        if path and not isinstance(part, nn.Sequential)
    ]
    try:
        with torch.no_grad():
            module(*x)
    finally:
        for hook in hooks:
            hook.remove()
    return found
