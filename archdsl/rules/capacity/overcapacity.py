"""P501: more parameters than the data can hold in check."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from archdsl.cost.counts import own_params
from archdsl.diagnostics import Amount, Label, Severity
from archdsl.rules.base import Finding, Rule, count, place
from archdsl.rules.facts_capacity import lessons, per_unit, plain, regularised

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from archdsl.rules.case import Case


class Line(NamedTuple):
    """So many parameters for each of so many samples, and what a design above it is told."""

    severity: Severity
    above: float
    samples: int

    @property
    def most(self) -> float:
        """The parameters that stay below."""
        return self.above * self.samples


class Overcapacity(Rule):
    """A design should not be able to learn its data by heart.

    What: parameters for each sample (each token of `next_token`, each labelled pixel or node).
    Up to 0.1 nothing is said, up to 1 it is noted, up to 10 warned of, above that rejected.
    Strong augmentation or pretraining moves all three lines up by a decade. What good practice
    has shown to generalise above the last line is warned of instead: dropout or weight decay moves
    the line of rejection up by a decade, and so do 50,000 samples or more. A linear model is
    warned of at most, as there is nothing simpler. Above 10,000 every design is rejected that is
    trained from scratch. Two cases are graded further:

    Pretrained weights were settled by other data, so such a design is rejected above 1,000,000
    only, and warned of below: fine-tuning has many parameters for each sample by its nature.

    In a single graph all nodes are read while only some carry labels, so what rejects a design is
    its parameters for each node; the other lines count labelled nodes. Without `samples=` all
    nodes are labelled.

    Why: with more parameters than samples a network can fit noise; whether it does depends on
    what else holds it back, and with few samples nothing does.

    Evidence: Zhang et al. 2016 (arXiv:1611.03530): networks with more parameters than samples fit
    random labels perfectly, and yet an Inception of 1.6 million parameters, 33 for each of 50,000
    pictures, generalises without any regularisation. He et al. 2015 (arXiv:1512.03385): ResNet-50
    has 20 parameters for each picture of ImageNet and needs its augmentation. Zagoruyko &
    Komodakis 2016 (arXiv:1605.07146): 36.5 million parameters on CIFAR-10's 50,000 pictures, 730
    for each, with weight decay. Devlin et al. 2018 (BERT, arXiv:1810.04805), table 1: 110 million
    pretrained parameters tell paraphrases apart after 3,500 pairs. Kipf & Welling 2017
    (arXiv:1609.02907): on Cora 23,000 parameters learn from 140 labels among 2,708 nodes.

    Example:

    ```arch
    arch Example {
      data  table(20, samples=1000)
      model = linear(1000) -> relu -> linear(1)
    }
    ```

    Instead: fewer layers or channels first, then dropout and weight decay, then more data
    """

    code = "P501"
    of_training = True
    thresholds: ClassVar[Mapping[str, float]] = {
        "note": 0.1,
        "warning": 1,
        "error": 10,
        "always": 10_000,
        "pretrained": 1_000_000,
        "many_samples": 50_000,
    }

    def check(self, case: Case) -> Iterable[Finding]:
        if not case.samples:
            return
        lines = [line for line in self._lines(case) if case.params > line.most]
        if lines:
            yield _finding(case, lines[0], regularise=not case.fact(regularised))

    def rejects_all(self, case: Case, least: Callable[[str], float]) -> bool:
        if not case.samples:
            return False
        shift = 10 if case.data.augment == "strong" else 1
        many = case.fact(lessons) >= self.settings["many_samples"]
        each = least("params") / case.fact(lessons)
        if case.data.pretrained:
            return each > self.settings["pretrained"]
        if each > self.settings["always"]:
            return True
        mildest = self.settings["error"] * shift * 10.0 ** (many + 1)
        return each > mildest and least("depth") > 1

    def _lines(self, case: Case) -> tuple[Line, ...]:
        """The lines for a case, highest first."""
        shifted = case.data.pretrained or case.data.augment == "strong"
        shift = 10 if shifted else 1
        samples = case.samples or 0
        return (
            Line(Severity.ERROR, self._rejects(case, shift), case.fact(lessons)),
            Line(Severity.WARNING, self.settings["warning"] * shift, samples),
            Line(Severity.NOTE, self.settings["note"] * shift, samples),
        )

    def _rejects(self, case: Case, shift: int) -> float:
        if case.data.pretrained:
            return self.settings["pretrained"]
        if case.depth <= 1:
            return self.settings["always"]
        many = case.fact(lessons) >= self.settings["many_samples"]
        above = self.settings["error"] * shift * 10.0 ** (many + case.fact(regularised))
        return min(above, self.settings["always"])


def _finding(case: Case, line: Line, regularise: bool) -> Finding:
    largest = max(case.steps, key=lambda step: own_params(step.node))
    below = f"at most {line.most:,.0f} parameters stay below"
    smaller = "a smaller pretrained model" if case.data.pretrained else "fewer layers or channels"
    ways = (
        f"{smaller}: {below}, and the largest layer has {own_params(largest.node):,}",
        "dropout or `weight_decay`" if regularise else "",
        "more data",
    )
    measured = case.params / line.samples
    share = f"{count(own_params(largest.node), 'parameter')} of them are here"
    return Finding(
        line.severity,
        f"{count(case.params, 'parameter')} for {count(line.samples, case.unit)}",
        case.span,
        measured=per_unit(case, measured, line.above),
        threshold=f"at most {plain(line.above)}",
        amount=Amount(measured, line.above),
        help="; then ".join(way for way in ways if way),
        also=(Label(place(case, largest), share),),
    )
