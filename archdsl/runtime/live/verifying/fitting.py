"""Whether a model can learn a handful of answers by heart: if not, no data will teach it more."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, NamedTuple

from archdsl.cost.counts import macs
from archdsl.diagnostics import Diagnostic, Severity
from archdsl.runtime.live.batches import samples
from archdsl.runtime.live.losses import Loss, several
from archdsl.types import Nodes, Outputs, Tokens, Vector, channels, numel

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from torch import Tensor, nn
    from torch.optim import Optimizer

    from archdsl.runtime.live.verifying.subject import Subject

ANSWERS = 8  # that are asked for, fewer where an input has less than twice as many numbers
BESIDE = 4  # of them in one sample, where a sample has many
STEPS = 200  # that Adam gets for them
SHARE = 0.1  # of the loss of the best constant answer
RATES = (1e-3, 1e-2, 1e-4)  # one after another
DRAWS = (1, 2)  # seeds of what is to be learned: edges at random may tell nodes apart badly
WORK = 1.5e12  # multiply-accumulates, forward and back, of all steps together
WORTH = 20  # steps, with fewer of which nothing is tried
CLIP = 1.0  # the most that the norm of the gradient may be
SECONDS = 60.0  # by default


class Fit(NamedTuple):
    """``loss`` is the least that was reached, ``needed`` what it had to fall below; ``steps`` of
    all rates together, ``rate`` that of the least loss. ``left`` are the numbers of the results
    that stayed above it. ``cut`` says why it ended before it could tell, where it did."""

    samples: int
    answers: int
    results: int
    start: float
    loss: float
    needed: float
    steps: int
    rate: float
    seconds: float
    left: tuple[int, ...] = ()
    range: tuple[float, float] | None = None
    cut: str = ""

    @property
    def fits(self) -> bool:
        return self.loss < self.needed


class Lesson(NamedTuple):
    """What is to be learned by heart: inputs, and targets of each result with its loss."""

    samples: int
    answers: int
    inputs: list[Tensor]
    targets: list[Tensor]
    losses: list[Loss]
    constant: list[float]  # the loss of the best constant answer, of each
    whole: Loss  # that of the model

    @property
    def needed(self) -> float:
        return sum(self._needed)

    @property
    def _needed(self) -> list[float]:
        """What each result has to fall below: a tenth of the way from the best answers there can be
        to a constant one."""
        told = zip(self.losses, self.constant, strict=True)
        least = [(loss.least(self.answers), most) for loss, most in told]
        return [low + SHARE * (most - low) for low, most in least]

    def of(self, results: Sequence[Tensor]) -> list[Tensor]:
        """The loss of each result."""
        told = zip(self.losses, results, self.targets, strict=True)
        return [loss(result, target) for loss, result, target in told]

    def left(self, parts: Sequence[Tensor]) -> tuple[int, ...]:
        """The numbers of the results that stay above what is needed."""
        told = zip(parts, self._needed, strict=True)
        return tuple(n for n, (loss, most) in enumerate(told) if float(loss.detach()) >= most)


class Run:
    """Steps of an optimizer on a lesson: ``start`` and ``last`` are losses, ``least`` the best."""

    def __init__(
        self, module: nn.Module, lesson: Lesson, optimizer: Optimizer, clip: float | None
    ) -> None:
        self.module = module
        self.lesson = lesson
        self.optimizer = optimizer
        self.clip = clip
        self.steps = 0
        self.least = math.inf
        self.left: tuple[int, ...] = ()
        self.range: tuple[float, float] | None = None
        self.loss = self._forward()
        self.start = self.last

    @property
    def last(self) -> float:
        return float(self.loss.detach())

    @property
    def is_lost(self) -> bool:
        return not math.isfinite(self.last)

    def step(self) -> None:
        """One step, and what it came to."""
        import torch

        self.optimizer.zero_grad()
        self.loss.backward()  # type: ignore[no-untyped-call]
        if self.clip is not None:
            torch.nn.utils.clip_grad_norm_(self.module.parameters(), self.clip)
        self.optimizer.step()
        self.steps += 1
        self.loss = self._forward()

    def _forward(self) -> Tensor:
        import torch

        with torch.enable_grad():
            results = self.lesson.whole.joined(several(self.module(*self.lesson.inputs)))
            parts = self.lesson.of(results)
            total = torch.stack([part.float() for part in parts]).sum()
        told = float(total.detach())
        if told < self.least:
            self.least, self.left = told, self.lesson.left(parts)
            shown = results[0].detach()
            self.range = float(shown.min()), float(shown.max())
        return total


def fit(subject: Subject, seconds: float = SECONDS, rates: Sequence[float] = RATES) -> Fit | None:
    """Teach the module a few random answers. None where nothing learns.

    Dropout rests, norms train. Targets are classes in turn, or numbers of mean 0 and deviation 1,
    in another order; where a sample has many answers a few of them, the others hidden.
    """
    import torch

    with torch.random.fork_rng(devices=[]):
        return _Fitting(subject, seconds, rates).run()


class _Fitting:
    def __init__(self, subject: Subject, seconds: float, rates: Sequence[float]) -> None:
        self.subject = subject
        self.rates = rates
        self.seconds = seconds
        self.began = time.monotonic()

    def run(self) -> Fit | None:
        subject = self.subject
        count = samples_of(subject)
        work = 3 * max(macs(subject.graph), 1) * count
        allowed = int(WORK // work)
        if allowed < WORTH:
            return self._untried(count)
        kept = {name: value.clone() for name, value in subject.module.state_dict().items()}
        best: Fit | None = None
        for lesson, rate in self._tries(count):
            if lesson is None:
                return None
            found = self._taught(lesson, rate, min(STEPS, allowed - (best.steps if best else 0)))
            subject.module.load_state_dict(kept)
            best = found if best is None else _better(best, found)
            if best.fits or best.cut or allowed - best.steps < WORTH:
                break
        return best

    def _tries(self, count: int) -> Iterator[tuple[Lesson | None, float]]:
        """What is to be learned, and the rate of Adam: each rate for one draw, then for another."""
        import torch

        for seed in DRAWS:
            torch.manual_seed(seed)
            lesson = lesson_of(self.subject, count)
            yield from ((lesson, rate) for rate in self.rates)

    def _untried(self, count: int) -> Fit:
        told = f"{STEPS} steps would take more than {WORK:.1e} multiply-accumulates"
        return Fit(count, 0, 1, math.nan, math.nan, math.nan, 0, RATES[0], 0.0, cut=told)

    def _taught(self, lesson: Lesson, rate: float, steps: int) -> Fit:
        import torch

        weights = list(self.subject.module.parameters())
        run = Run(self.subject.module, lesson, torch.optim.Adam(weights, lr=rate), CLIP)
        cut = ""
        while not (run.least < lesson.needed or run.is_lost or run.steps == steps):
            if time.monotonic() - self.began > self.seconds:
                cut = f"{self.seconds:g} s were over after {run.steps} steps"
                break
            run.step()
        if steps < STEPS and run.steps == steps and run.least >= lesson.needed:
            cut = f"{WORK:.1e} multiply-accumulates were over after {steps} steps"
        return Fit(
            samples=lesson.samples,
            answers=lesson.answers,
            results=len(lesson.targets),
            start=run.start,
            loss=run.least,
            needed=lesson.needed,
            steps=run.steps,
            rate=rate,
            seconds=time.monotonic() - self.began,
            left=run.left,
            range=run.range,
            cut=cut,
        )


def samples_of(subject: Subject) -> int:
    """Samples for so many answers, fewer for large models; a norm over the batch needs two."""
    if samples(subject.graph.model.takes, 2) == 1:
        return 1
    beside, asked = _positions(subject), _asked_for(subject)
    count = asked if beside == 1 else -(-asked // min(beside, BESIDE))
    fits = int(WORK // (3 * max(macs(subject.graph), 1) * STEPS))
    return max(2, min(count, fits))


def lesson_of(subject: Subject, count: int) -> Lesson | None:
    """Random inputs and answers. None where nothing learns."""
    import torch

    inputs = subject.batch(count)
    for x, takes in zip(inputs, subject.inputs, strict=False):
        if isinstance(takes, Tokens):
            _tell_apart(subject, x, takes.vocab)
    with torch.enable_grad():
        results = subject.loss.joined(several(subject.module(*inputs)))
    if not any(result.requires_grad for result in results):
        return None
    losses = subject.loss.each(len(results))
    most = _asked_for(subject)
    told = zip(losses, results, strict=True)
    made = [_asked(loss, result.detach(), most) for loss, result in told]
    answers = len(_places(results[0].movedim(subject.loss.axis, -1).shape[:-1], most))
    targets, constant = [one for one, _ in made], [most for _, most in made]
    return Lesson(count, answers, inputs, targets, losses, constant, subject.loss)


def _better(one: Fit, other: Fit) -> Fit:
    """The one of the lesser loss, with the steps of both; it was cut only where none had all its
    steps."""
    best = other if other.loss < one.loss else one
    cut = "" if best.fits or not one.cut else one.cut
    return best._replace(steps=one.steps + other.steps, seconds=other.seconds, cut=cut)


def _positions(subject: Subject) -> int:
    """How many answers a sample has, in the first result."""
    out = subject.graph.model.out
    out = out.parts[0] if isinstance(out, Outputs) else out
    if isinstance(out, Nodes):
        return out.nodes
    return numel(out) // channels(out)


def _tell_apart(subject: Subject, x: Tensor, vocab: int) -> None:
    """Give each sample another token at every position; or, where there is an answer for each
    position, another token to each that is asked for."""
    import torch

    count, length = x.shape
    beside = _positions(subject)
    if beside == 1:
        steps = torch.arange(count)[:, None] * max(1, vocab // count)
        x.copy_((x[:1] + steps) % vocab)
    elif beside == length:
        places = _places((count, length), ANSWERS)
        steps = torch.arange(len(places)) * max(1, vocab // len(places))
        x.view(-1)[places] = (x[0, 0] + steps) % vocab


def _asked_for(subject: Subject) -> int:
    """Answers that a single layer could give: of rows, and of nodes, half as many as they have
    numbers."""
    takes = subject.graph.model.takes
    if not isinstance(takes, (Vector, Nodes)):
        return ANSWERS
    return max(2, min(ANSWERS, channels(takes) // 2))


def _asked(loss: Loss, result: Tensor, most: int) -> tuple[Tensor, float]:
    """Targets for a few of the answers, the others hidden, and the loss of a constant answer."""
    return loss.lesson(result, _places(result.movedim(loss.axis, -1).shape[:-1], most))


def _places(where: Sequence[int], most: int) -> list[int]:
    """A few places of the answers, spread over each sample."""
    first, beside = where[0], math.prod(where[1:])
    if beside == 1:  # samples, or nodes
        return _spread(first, most)
    each = _spread(beside, BESIDE)
    return [n * beside + place for n in range(first) for place in each][: max(most, len(each))]


def _spread(size: int, most: int) -> list[int]:
    """So many of the places of an axis, from its first to its last."""
    count = min(size, most)
    return [n * (size - 1) // max(count - 1, 1) for n in range(count)]


def finding_of(found: Fit, loss: str) -> Diagnostic | None:
    """V401 where it could not be fitted, V403 where that was not seen; None where it could."""
    if found.fits:
        return None
    if found.cut:
        return Diagnostic(
            "V403",
            f"whether it can learn a few samples by heart was not seen: {found.cut}",
            severity=Severity.NOTE,
            needed=f"{STEPS} steps",
            help="`--seconds` gives it longer; a smaller input or fewer layers of the same kind "
            "tell as much",
        )
    which = ""
    if found.results > 1:
        which = f" (result {' and '.join(str(n + 1) for n in found.left)})"
    notes: tuple[str, ...] = ()
    if found.range is not None:
        notes = (f"its answers then lay between {found.range[0]:.2g} and {found.range[1]:.2g}",)
    return Diagnostic(
        "V401",
        f"it cannot learn {found.answers} answers by heart{which}: {loss} {found.loss:.3g} "
        f"after {STEPS} steps",
        label=f"began at {found.start:.3g}",
        needed=f"less than {found.needed:.2g}, a tenth of what a constant answer has",
        notes=notes,
        help="look at the last layers first: no softmax, sigmoid, relu or norm on what the loss "
        "takes; then at what all information has to pass: skips, norms, more width",
    )
