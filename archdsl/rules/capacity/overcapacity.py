"""P501: more parameters than the data can hold in check."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from archdsl.diagnostics import Label, Severity
from archdsl.rules.base import Finding, Rule, count, place
from archdsl.rules.facts_capacity import per_unit, plain, ratio, regularised

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archdsl.rules.case import Case


class Line(NamedTuple):
    """A ratio of parameters to samples, and what a design above it is told."""

    severity: Severity
    above: float


class Overcapacity(Rule):
    """A design should not be able to learn its data by heart.

    What: parameters for each sample (each token of `next_token`, each labelled pixel or node).
    Up to 0.1 nothing is said, up to 1 it is noted, up to 10 warned of, above that rejected.
    Strong augmentation or pretraining moves all three lines up by a decade. What good practice
    has shown to generalise above the last line is warned of instead: dropout or weight decay moves
    the line of rejection up by a decade, and so do 50,000 samples or more. A linear model is
    warned of at most, as there is nothing simpler. Above 10,000 every design is rejected.

    Why: with more parameters than samples a network can fit noise; whether it does depends on
    what else holds it back, and with few samples nothing does.

    Evidence: Zhang et al. 2016 (arXiv:1611.03530): networks with more parameters than samples fit
    random labels perfectly, and yet an Inception of 1.6 million parameters, 33 for each of 50,000
    pictures, generalises without any regularisation. He et al. 2015 (arXiv:1512.03385): ResNet-50
    has 20 parameters for each picture of ImageNet and needs its augmentation. Zagoruyko &
    Komodakis 2016 (arXiv:1605.07146): 36.5 million parameters on CIFAR-10's 50,000 pictures, 730
    for each, with weight decay.

    Example: `linear(1000) -> relu -> linear(1)` on `data table(20, samples=1000)`

    Instead: fewer layers or channels first, then dropout and weight decay, then more data
    """

    code = "P501"
    thresholds: ClassVar[Mapping[str, float]] = {
        "note": 0.1,
        "warning": 1,
        "error": 10,
        "always": 10_000,
        "many_samples": 50_000,
    }

    def check(self, case: Case) -> Iterable[Finding]:
        measured = case.fact(ratio)
        if measured is None:
            return
        lines = [line for line in self._lines(case) if measured > line.above]
        if lines:
            yield _finding(case, measured, lines[0], regularise=not case.fact(regularised))

    def _lines(self, case: Case) -> tuple[Line, ...]:
        """The lines for a case, highest first."""
        shifted = case.data.pretrained or case.data.augment == "strong"
        shift = 10 if shifted else 1
        return (
            Line(Severity.ERROR, min(self._rejects(case) * shift, self.settings["always"])),
            Line(Severity.WARNING, self.settings["warning"] * shift),
            Line(Severity.NOTE, self.settings["note"] * shift),
        )

    def _rejects(self, case: Case) -> float:
        if case.depth <= 1:
            return self.settings["always"]
        many = (case.samples or 0) >= self.settings["many_samples"]
        return self.settings["error"] * 10.0 ** (many + case.fact(regularised))


def _finding(case: Case, measured: float, line: Line, regularise: bool) -> Finding:
    samples = case.samples or 0
    largest = max(case.steps, key=lambda step: step.node.params)
    below = f"at most {line.above * samples:,.0f} parameters stay below"
    ways = (
        f"fewer layers or channels: {below}, and the largest layer has {largest.node.params:,}",
        "dropout or `weight_decay`" if regularise else "",
        "more data",
    )
    share = f"{count(largest.node.params, 'parameter')} of them are here"
    return Finding(
        line.severity,
        f"{count(case.graph.params, 'parameter')} for {count(samples, case.unit)}",
        case.span,
        measured=per_unit(case, measured),
        threshold=f"at most {plain(line.above)}",
        help="; then ".join(way for way in ways if way),
        also=(Label(place(case, largest), share),),
    )
