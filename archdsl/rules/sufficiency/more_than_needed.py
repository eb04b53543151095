"""P201: a table handled by more than its samples ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from archdsl.diagnostics import Amount, Severity
from archdsl.rules.base import Finding, Rule, count, place
from archdsl.rules.facts_capacity import regularised
from archdsl.rules.facts_ladder import for_table
from archdsl.rules.facts_structure import specialised
from archdsl.rules.facts_towers import Tower, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archdsl.rules.case import Case
    from archdsl.source import Span

_RUNGS = ("a linear model", "an MLP of two or three layers", "a larger MLP")


class MoreThanNeeded(Rule):
    """Take the simplest design that the data calls for, and go up when it is beaten.

    What: for tables, how many rungs of the ladder a design skips. The rungs are a linear model,
    an MLP of two or three layers, and anything larger or made for other data. Fewer than 1,000
    samples call for the first, up to 100,000 for the second, more for the third. One rung too
    high is a warning, two are an error. A pretrained design is warned of at most: it has not to
    learn all it knows from these samples; so is an MLP that is regularised. An MLP that is only
    deeper than the second rung is noted. Of layers made for other data on tables that call for an
    MLP, `structure_on_table` speaks. Several inputs that are columns (`table`, `category`) are one
    table; beside a picture or a text it is the layers that read columns alone.

    Why: on few samples a simple model is as good, trains in seconds and can be read; each rung up
    has more to tune and more ways to learn by heart.

    Evidence: Grinsztajn et al. 2022 (arXiv:2207.08815): on tables of about 10,000 samples trees
    beat deep networks. Kadra et al. 2021 (arXiv:2106.11189): a plain MLP, well regularised, beats
    the networks designed for tables, on 40 sets from 452 samples on, with nine layers.

    Example:

    ```arch
    arch Example {
      data  table(20, samples=500)
      model = 3 * (linear(64) -> relu) -> linear(1)
    }
    ```

    Instead: `linear(1)`
    """

    code = "P201"
    of_training = True
    thresholds: ClassVar[Mapping[str, float]] = {"linear": 1_000, "small": 100_000, "layers": 3}

    def check(self, case: Case) -> Iterable[Finding]:
        columns = table(case)
        if columns is not None:
            yield from self._of_table(columns)

    def _of_table(self, case: Case) -> Iterable[Finding]:
        if case.samples is None:
            return
        taken, needed = self._taken(case), self._needed(case.samples)
        special, most = case.fact(specialised), self._most(needed)
        if taken <= needed or (special and needed):
            return
        yield Finding(
            self._severity(case, taken, needed),
            f"{count(case.samples, case.unit)} of a table call for {_RUNGS[needed]}",
            _where(case),
            measured=_measured(case),
            threshold=f"at most {count(most, 'dense layer')} for {self._samples(needed)}",
            amount=None if special else Amount(case.depth, most),
            help=f"start with {for_table(case.samples)}; go up when it is beaten",
        )

    def _severity(self, case: Case, taken: int, needed: int) -> Severity:
        if needed:
            return Severity.NOTE
        learned = case.data.pretrained
        held = learned or (case.fact(regularised) and not case.fact(specialised))
        return Severity.ERROR if taken > needed + 1 and not held else Severity.WARNING

    def _taken(self, case: Case) -> int:
        if case.fact(specialised) or case.depth > self.settings["layers"]:
            return 2
        return int(case.depth > 1)

    def _needed(self, samples: int) -> int:
        return (samples >= self.settings["linear"]) + (samples > self.settings["small"])

    def _most(self, needed: int) -> float:
        return self.settings["layers"] if needed else 1

    def _samples(self, needed: int) -> str:
        samples = self.settings["small" if needed else "linear"]
        return f"{'up to' if needed else 'fewer than'} {samples:,.0f} samples"


def _measured(case: Case) -> str:
    special = case.fact(specialised)
    layers = count(case.depth, "layer")
    return f"{layers}, {len(special)} of them specialised" if special else layers


def _where(case: Case) -> Span:
    """The name of the design; of a table beside other inputs the last layer that it has alone."""
    return place(case, case.weighted[-1]) if isinstance(case, Tower) else case.span
