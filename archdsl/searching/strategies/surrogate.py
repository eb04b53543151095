"""``search surrogate``: a model of the results says which design is worth a try."""

from __future__ import annotations

from functools import cached_property
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

from archdsl.searching.encoding import Encoding
from archdsl.searching.gaussian_process import GaussianProcess
from archdsl.searching.strategies.base import Strategy, finished, keys
from archdsl.space.arrays import numpy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from random import Random

    from archdsl.searching.candidates import Candidate
    from archdsl.searching.records import Tried

    Wish = Mapping[str, Any]

BEST = 8  # trials whose surroundings are looked at
AROUND = 64  # wishes with one choice of a trial changed, at most
DOUBLE = 100  # wishes with two choices of one of them changed
DRAWN = 200  # valid designs drawn at random
REPAIRED = 4  # the best wishes that are no sound designs, and what is next to them
KEPT = 1_000  # trials that the model learns from at most
NORMAL = NormalDist()
SHARE = 0.05  # of all objectives together in a mixture of them


class Surrogate(Strategy):
    """A Gaussian process over the choices (see :mod:`archdsl.searching.gaussian_process`).

    It learns from the ranks of the results, as normal scores, so that one very bad design counts no
    more than a bad one; failed designs are the worst. Looked at are the neighbours of the eight
    best designs, some with two choices changed, and valid ones drawn at random; tried is the one
    whose expected improvement on the best result is most (Jones et al. 1998). Designs that still
    run count with what is expected of them. Several objectives are mixed into one anew for each
    trial, with weights at random (ParEGO, Knowles 2006).
    """

    def propose(self, number: int, trials: Sequence[Tried]) -> Candidate | None:
        random = self.random(number)
        known = finished(trials)
        if len(trials) < self.options.startup or len(known) < 2:
            return self.candidates.unseen(keys(trials), random)
        losses = self._mixed(known, random)
        model = self._model(trials, known, losses)
        order = sorted(range(len(known)), key=lambda i: losses[i])
        best = [known[i].design for i in order[:BEST]]
        wishes = [*self._around(best, random), *self._drawn(random)]
        return self._most_promising(wishes, model, keys(trials), random) or self.fresh(
            (self.candidates.mutated(random.choice(best), random) for _ in range(BEST)),
            trials,
            random,
        )

    @cached_property
    def _encoding(self) -> Encoding:
        return Encoding(self.candidates.choices)

    def _mixed(self, known: Sequence[Tried], random: Random) -> list[float]:
        """One loss for each trial."""
        losses = [self.losses(one) for one in known]
        if len(self.directions) == 1:
            return [loss for (loss,) in losses]
        drawn = [random.expovariate(1) for _ in self.directions]
        weights = [one / sum(drawn) for one in drawn]
        scaled = zip(*(shares(column) for column in zip(*losses, strict=True)), strict=True)
        parts = [[w * x for w, x in zip(weights, row, strict=True)] for row in scaled]
        return [max(part) + SHARE * sum(part) for part in parts]

    def _model(
        self, trials: Sequence[Tried], known: Sequence[Tried], losses: Sequence[float]
    ) -> GaussianProcess:
        np = numpy()
        failed = [trial for trial in trials if trial.failed]
        worst = max(losses)
        learned = [*zip(losses, known, strict=True), *((worst, one) for one in failed)]
        learned = sorted(learned, key=lambda one: one[0])[:KEPT]
        scores = [-NORMAL.inv_cdf(share) for share in shares([loss for loss, _ in learned])]
        designs = [one.design for _, one in learned]
        choices = sum(map(len, designs)) / len(designs)
        rows = self._encoding(designs)
        model = GaussianProcess(rows, scores, choices)
        running = [one.design for one in trials if one.values is None and not one.failed]
        if running:
            more = self._encoding(running)
            scores = [*scores, *model(more).mean]
            model = GaussianProcess(np.concatenate([rows, more]), scores, choices)
        return model

    def _around(self, best: Sequence[Wish], random: Random) -> Iterator[Wish]:
        """The best designs with one choice changed, or two: perhaps not sound."""
        for design in best:
            moves = list(self._moves(design, random))
            for move in random.sample(moves, min(AROUND, len(moves))):
                yield {**design, **move}
        for _ in range(DOUBLE):
            design = random.choice(best)
            moves = list(self._moves(design, random))
            yield {**design, **random.choice(moves), **random.choice(moves)} if moves else design

    def _moves(self, design: Wish, random: Random) -> Iterator[dict[str, Any]]:
        for choice in self.candidates.choices:
            if choice.path in design:
                for other in choice.others(design[choice.path], random):
                    yield {choice.path: other}

    def _drawn(self, random: Random) -> Iterator[Wish]:
        for _ in range(DRAWN):
            found = self.candidates.designs.drawn(random)
            if found is not None:
                yield found

    def _most_promising(
        self, wishes: Sequence[Wish], model: GaussianProcess, seen: set[str], random: Random
    ) -> Candidate | None:
        """The best wish that is a sound design not tried; where what is best is none, the best of
        some sound designs next to the best wishes."""
        worth = self._worth(wishes, model)
        near: list[Candidate] = []
        for i in sorted(range(len(wishes)), key=lambda i: -worth[i]):
            found = self.candidates.nearest(wishes[i], random)
            if found is None or found.key in seen:
                continue
            near.append(found)
            if found.design == wishes[i] or len(near) == REPAIRED:
                break
        if not near:
            return None
        worth = self._worth([one.design for one in near], model)
        return near[max(range(len(near)), key=lambda i: worth[i])]

    def _worth(self, designs: Sequence[Wish], model: GaussianProcess) -> list[float]:
        guess = model(self._encoding(designs))
        return [
            improvement(mean - model.best, deviation)
            for mean, deviation in zip(guess.mean.tolist(), guess.deviation.tolist(), strict=True)
        ]


def improvement(ahead: float, deviation: float) -> float:
    """How much better than now a normally distributed result is expected to be, results that are no
    better counting nothing; ``ahead`` is how far its mean is above what there is now."""
    scores = ahead / deviation
    return deviation * (scores * NORMAL.cdf(scores) + NORMAL.pdf(scores))


def shares(values: Sequence[float]) -> list[float]:
    """Where each value stands among all, between 0 for the least and 1; equal ones in the middle of
    theirs."""
    order = sorted(range(len(values)), key=lambda i: values[i])
    found = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end < len(order) and values[order[end]] == values[order[start]]:
            end += 1
        for i in order[start:end]:
            found[i] = (start + end) / 2 / len(order)
        start = end
    return found
