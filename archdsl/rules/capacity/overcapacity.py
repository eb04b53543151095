"""P501: more parameters than the data can hold in check."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from archdsl.diagnostics import Amount, Label, Severity
from archdsl.rules.base import Finding, Rule, count, place
from archdsl.rules.capacity._grades import Line, held_by, lines, mildest
from archdsl.rules.facts_capacity import (
    body,
    embedded,
    lessons,
    lookups,
    per,
    plain,
    regularised,
    tables,
)
from archdsl.rules.facts_trainable import adapters, frozen, trained_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case

TOKEN = "token read"


class Share(NamedTuple):
    """A part of a design: its parameters, and of how many of what they are learned."""

    params: int
    samples: int
    unit: str
    noun: str = "parameter"

    @property
    def each(self) -> float:
        """Parameters a sample."""
        return self.params / self.samples


class Overcapacity(Rule):
    """A design should not be able to learn its data by heart.

    What: parameters for each sample (each token of `next_token`, each labelled pixel, token or node
    where the task has an answer for each; in a single graph all nodes, as all are read). Embeddings
    are graded apart, by the tokens that look them up: a sample settles the rows that it reads, not
    the others. What is frozen does not count, its adapters (`adapter_rank`) do. From 10 parameters
    a sample on a design is warned of. From where it is rejected depends on what holds it back, by
    effect: dropout, drop path, weight decay, augmentation, early stopping (`patience`), at most 10
    `epochs`. Dropout of 0.0001 is there in name only.

    Table of the grades, in parameters a sample, and of the designs that fix them:

    - 1: rejected under 1,000 samples where nothing holds it back; else noted there.
      1,000 parameters on 100 rows overfit; EEGNet (arXiv:1611.08024) with its dropout has 6.8 for
      each of 288 trials: a note.
    - 10: a warning; rejected of a graph of under 1,000 nodes where nobody says how many of them
      have labels, and nothing holds it back. ResNet-50 (arXiv:1512.03385) has 20 for each picture
      of ImageNet and needs its augmentation; GIN (arXiv:1810.00826) 48 for each graph of MUTAG.
    - 100: rejected where nothing holds it back. An Inception that does without has 33 for each
      picture of CIFAR-10 and generalises (Zhang et al. 2016, arXiv:1611.03530), GAT
      (arXiv:1710.10903) 41 for each node of PPI.
    - 1,000: rejected though something holds it back. Wide ResNet-28-10 (arXiv:1605.07146) has 730
      for each picture of CIFAR-10. The line too of convolutional networks that average a series
      with batch norm, which count as 1,000 series where there are fewer: Fawaz et al. 2018
      (arXiv:1809.04356) train half a million parameters on 85 sets of mostly fewer;
      InceptionTime (arXiv:1909.04939) has 112 for each series of FordA.
    - 10,000: rejected though two hold it back, each at its usual dose (strong augmentation is
      two). DeiT-B (arXiv:2012.12877) from scratch has 1,700 for each picture of CIFAR-10. With
      pretrained weights it is a warning: BERT (arXiv:1810.04805) has 30,000 for each of 3,668
      pairs of sentences, and how it comes out is in part luck (Dodge et al. 2020,
      arXiv:2002.06305).
    - 1,000,000: pretrained designs are rejected.

    Why: with more parameters than samples a network can fit noise; whether it does depends on
    what else holds it back, and with few samples nothing does.

    Evidence: Zhang et al. 2016 (arXiv:1611.03530): networks with more parameters than samples fit
    random labels perfectly. For embeddings, Joulin et al. 2016 (fastText, arXiv:1607.01759): on AG
    News 10 numbers for each of 10 million n-grams, 8 for each that is read. For graphs, Kipf &
    Welling 2017 (arXiv:1609.02907): on Cora 23,000 parameters, 8.5 for each of 2,708 nodes, learn
    from 140 labels. What is said of each line is in the table above.

    Example:

    ```arch
    arch Example {
      data  table(20, samples=1000)
      model = linear(5000) -> relu -> linear(1)
    }
    ```

    Instead: fewer layers or channels first, then dropout and weight decay, then more data
    """

    code = "P501"
    of_training = True
    thresholds: ClassVar[Mapping[str, float]] = {
        "note": 1,
        "warning": 10,
        "few_samples": 1_000,
        "error_few": 1,
        "error": 100,
        "held": 1_000,
        "held_twice": 10_000,
        "pretrained_warning": 10_000,
        "pretrained": 1_000_000,
    }

    def check(self, case: Case) -> Iterable[Finding]:
        if not case.samples:
            return
        reached = [
            (share, line)
            for share in _shares(case)
            for line in lines(case, share.samples, self.settings)
            if share.each >= line.at
        ]
        if reached:
            yield _finding(case, *min(reached, key=_mildness))

    def rejects_all(self, case: Case, least: Callable[[str], float]) -> bool:
        """The parameters of a design are its embeddings and the rest, and both have a line."""
        if not case.samples:
            return False
        samples = [share.samples for share in _shares(case)]
        most = sum(mildest(case, each, self.settings) * each for each in samples)
        learning = least("params(trainable)" if case.train and case.train.freeze else "params")
        return learning >= most


def _shares(case: Case) -> Iterator[Share]:
    noun = "trained parameter" if case.fact(frozen) else "parameter"
    yield Share(case.fact(body), case.fact(lessons), case.unit, noun)
    if case.fact(lookups):
        yield Share(case.fact(embedded), case.fact(lookups), TOKEN, "embedding parameter")


def _largest(case: Case, share: Share) -> Step:
    """The first of the ops with the most of a share's numbers; copies have as many as the first."""
    embeddings = {step.place for step in case.fact(tables)}
    of_share = [step for step in case.steps if (step.place in embeddings) == (share.unit == TOKEN)]
    firsts: dict[int, Step] = {}
    for step in of_share:
        firsts.setdefault(id(step.node), step)
    return max(firsts.values(), key=lambda step: trained_in(case, step.node))


def _mildness(reached: tuple[Share, Line]) -> tuple[int, float]:
    """The most severe first, and of two as severe the one further above."""
    share, line = reached
    order = (Severity.ERROR, Severity.WARNING, Severity.NOTE)
    return order.index(line.severity), line.at / share.each


def _smaller(case: Case, share: Share) -> str:
    """What makes most of the parameters fewer."""
    if share.unit != TOKEN and 2 * case.fact(adapters) > share.params:
        return "a lower `adapter_rank`"
    return "a smaller pretrained model" if case.data.pretrained else "fewer layers or channels"


def _finding(case: Case, share: Share, line: Line) -> Finding:
    largest = _largest(case, share)
    trained = trained_in(case, largest.node)
    below = f"fewer than {line.at * share.samples:,.0f} parameters stay below"
    ways = (
        f"{_smaller(case, share)}: {below}, and the largest layer has {trained:,}",
        "" if case.fact(regularised) else "dropout, `weight_decay` or early stopping (`patience`)",
        "more data",
    )
    told = f"{count(trained, 'parameter')} of them are here"
    return Finding(
        line.severity,
        f"{count(share.params, share.noun)} for {count(share.samples, share.unit)}, "
        f"{held_by(case)}",
        case.span,
        measured=per(share.unit, share.each),
        threshold=f"below {plain(line.at)}",
        amount=Amount(share.each, line.at),
        help="; then ".join(way for way in ways if way),
        also=(Label(place(case, largest), told),),
    )
