"""What a search may try: sound designs, valid and breaking no principle, each network once."""

from __future__ import annotations

import hashlib
from collections import Counter
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.cost.counts import macs, params
from archdsl.diagnostics import Diagnostic, SpecError
from archdsl.evaluate.designs import Given, design_of, dumps, load_design
from archdsl.examine import errors
from archdsl.searching.moves import Choice, crossed, designs_of, mutated, neighbours
from archdsl.space.idle import network
from archdsl.space.metrics import metric_of, sort_key
from archdsl.space.restrict import STATES
from archdsl.space.space import Space

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from random import Random

    from archdsl.evaluate.program import Evaluation
    from archdsl.examine import Judging
    from archdsl.searching.moves import DesignSource

WORK = 100_000_000  # of exploring a space, some microseconds: a search has the time
TRIES = 1_000  # designs in a row that may break a principle, or were tried before
MISSED = 16  # draws that give nothing, as where one change leaves no design, before that is it
LISTED = 200_000  # designs of a space that is gone through for those not tried yet
KEPT = 4_096  # evaluations kept


class Candidate(NamedTuple):
    """A design to try. ``key`` is the same for designs that are one network, trained alike."""

    design: dict[str, Any]
    key: str


class Candidates:
    """The sound designs of a program. ``rejected`` counts by code those that were looked at and are
    not sound (they are drawn again, before anything is trained); ``reasons`` says why, of one each.
    """

    def __init__(self, judging: Judging, work: int = WORK) -> None:
        self.judging = judging
        bounds = judging.terms.bounds
        enough = bounds._replace(work=max(bounds.work, work))
        self.space = Space(judging.program, enough, STATES)
        self.rejected: Counter[str] = Counter()
        self.reasons: dict[str, str] = {}
        self._evaluated = lru_cache(KEPT)(self._evaluate)

    @cached_property
    def designs(self) -> DesignSource:
        """Where valid designs come from."""
        return designs_of(self.space)

    @property
    def count(self) -> int | None:
        """How many designs are valid, at most; None where that takes too much to be told."""
        return self.designs.count

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The choices that designs make, with all of their options."""
        return self.designs.choices

    def admitted(self, design: Mapping[str, Any] | None) -> Candidate | None:
        """A design as a candidate; None, counted in ``rejected``, if it is not sound."""
        if design is None:
            return None
        evaluation = self._evaluated(_frozen(design))
        if isinstance(evaluation, Diagnostic):
            self.rejected[evaluation.code] += 1
            self.reasons.setdefault(evaluation.code, evaluation.message)
            return None
        return Candidate(design_of(evaluation), _key(evaluation))

    def candidate(self, design: Mapping[str, Any]) -> Candidate:
        """A design of a user's as a candidate. Raises :class:`~archdsl.diagnostics.SpecError` for
        one that is none, misses a requirement or breaks a principle."""
        program = self.judging.program
        evaluation = load_design(program, design, self.judging.terms.bounds).evaluation
        found = errors(self.judging.verdict(evaluation))
        if found:
            raise SpecError(*found)
        return Candidate(design_of(evaluation), _key(evaluation))

    def drawn(self, random: Random) -> Candidate | None:
        """Any sound design, each as likely as any other. None after so many that are not sound."""
        return self._first(lambda: self.designs.drawn(random))

    def unseen(self, seen: Collection[str], random: Random) -> Candidate | None:
        """A sound design drawn at random whose key was not ``seen``; None when there is none left
        (or, of a space with very many designs, none was met)."""
        found = self._first(lambda: self.designs.drawn(random), seen)
        if found is None and self.count is not None and self.count <= LISTED:
            for design in self.designs.every(random.getrandbits(32)):
                found = self.admitted(design)
                if found is not None and found.key not in seen:
                    return found
            return None
        return found

    def nearest(
        self, wish: Mapping[str, Any], random: Random, fixed: Collection[str] = ()
    ) -> Candidate | None:
        """A sound design that differs from a wish in few choices, in none of the ``fixed`` ones."""
        return self._first(lambda: self.designs.nearest(wish, random, fixed), tries=8)

    def mutated(
        self, design: Mapping[str, Any], random: Random, changes: int = 1
    ) -> Candidate | None:
        """A sound design with so many choices changed, the rest as near as can be."""
        return self._first(lambda: mutated(self.designs, design, random, changes), tries=64)

    def crossed(
        self, one: Mapping[str, Any], other: Mapping[str, Any], random: Random
    ) -> Candidate | None:
        """A sound design near to a mixture of two."""
        return self._first(lambda: crossed(self.designs, one, other, random), tries=64)

    def neighbours(self, design: Mapping[str, Any], random: Random) -> Iterator[Candidate]:
        """The sound designs with one choice changed, in random order."""
        for one in neighbours(self.designs, design, random):
            found = self.admitted(one)
            if found is not None:
                yield found

    def every(self, seed: int = 0) -> Iterator[Candidate]:
        """All sound designs of a space that can be counted, in a random order."""
        for design in self.designs.every(seed):
            found = self.admitted(design)
            if found is not None:
                yield found

    def costs(self, design: Mapping[str, Any]) -> dict[str, float]:
        """Parameters and multiply-accumulates of a design."""
        graph = self.evaluation(design).graph
        return {"params": params(graph), "macs": macs(graph)}

    def computed(self, design: Mapping[str, Any], metric: str) -> float:
        """A metric of the language, such as ``memory(training)``, of one design: bytes, seconds or
        a plain number. Raises :class:`~archdsl.diagnostics.SpecError` for what is none."""
        evaluation = self.evaluation(design)
        bound = metric_of(metric, self.judging.program, evaluation.clauses)
        return float(sort_key(bound.of(evaluation.graph)))

    def evaluation(self, design: Mapping[str, Any]) -> Evaluation:
        """The graph and the clauses of a sound design. Raises ValueError for another one."""
        found = self._evaluated(_frozen(design))
        if isinstance(found, Diagnostic):
            raise ValueError(f"{dumps(dict(design))}: {found.message}")  # noqa: TRY004
        return found

    def _first(
        self,
        draw: Callable[[], Mapping[str, Any] | None],
        seen: Collection[str] = (),
        tries: int = TRIES,
    ) -> Candidate | None:
        missed = 0
        for _ in range(tries):
            design = draw()
            missed += design is None
            if missed > MISSED:
                return None
            found = self.admitted(design)
            if found is not None and found.key not in seen:
                return found
        return None

    def _evaluate(self, frozen: tuple[tuple[str, type, Any], ...]) -> Evaluation | Diagnostic:
        """A design evaluated, or why it is not sound."""
        program, terms = self.judging.program, self.judging.terms
        evaluation = program.attempt(
            Given({name: value for name, _, value in frozen}), terms.bounds
        )
        found = errors(self.judging.verdict(evaluation))
        if found or isinstance(evaluation, SpecError):
            return found[0]
        return evaluation


def _frozen(design: Mapping[str, Any]) -> tuple[tuple[str, type, Any], ...]:
    """A design as a key: 1 and true are two values."""
    return tuple((name, type(value), value) for name, value in design.items())


def _key(evaluation: Evaluation) -> str:
    """The digest of a design's graph, and of how it is trained."""
    text = repr((network(evaluation), evaluation.clauses.task))
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
