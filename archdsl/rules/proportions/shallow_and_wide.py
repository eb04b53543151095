"""P402: one or two very wide hidden layers for data that wants depth."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from archdsl import types
from archdsl.diagnostics import Amount, Severity
from archdsl.ops.base import Trait
from archdsl.rules.base import Finding, Rule, count, place, trail

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archdsl.rules.case import Case

EXEMPT = (types.Vector, types.Category, types.Nodes)


class ShallowAndWide(Rule):
    """Width does not replace depth where features are made of features.

    What: one or two hidden layers, the widest of 1,024 units or more, on images, volumes, series
    or tokens. Three kinds of nets are left out, for which few layers are right: on tables there is
    nothing to compose, on graphs depth oversmooths (P702), and a recurrent layer is as deep as its
    sequence is long.

    Why: one hidden layer can represent any function, but may need exponentially many units for
    what a few layers compose; its many weights memorise instead.

    Evidence: Eldan and Shamir 2015 (The Power of Depth, arXiv:1512.03965) and Telgarsky 2016
    (arXiv:1602.04485): functions of small deep nets that shallow ones need exponential width for.
    Urban et al. 2016 (arXiv:1603.05691): shallow students of the same size as deep convolutional
    ones do not reach them on CIFAR-10, even when taught by an ensemble.

    Example:

    ```arch
    arch Example {
      data  image(3, 64, 64, samples=1_000_000)
      task  classify(10)
      model = flatten -> linear(4096) -> relu -> linear(classes)
    }
    ```

    Instead: `4 * (conv(128, 3) -> batch_norm -> relu) -> global_avg_pool -> linear(classes)`
    """

    code = "P402"
    thresholds: ClassVar[Mapping[str, float]] = {"layers": 2, "units": 1024}

    def check(self, case: Case) -> Iterable[Finding]:
        grids = [given for given in case.inputs.values() if not isinstance(given, EXEMPT)]
        if not grids or case.having(Trait.RECURRENT):
            return
        hidden = case.widths[:-1]
        layers = case.depth - 1
        if not hidden or layers > self.settings["layers"]:
            return
        widest, units = max(hidden, key=lambda pair: pair[1])
        fewer = self.settings["units"]
        if units < fewer:
            return
        yield Finding(
            Severity.WARNING,
            f"{count(layers, 'hidden layer')}, {units:,} wide, on {_an(grids[0].kind)}",
            place(case, widest),
            measured=f"{count(layers, 'hidden layer')} of {units:,}",
            threshold=f"more than {self.settings['layers']:g} layers,"
            f" or fewer than {fewer:,.0f} units",
            amount=Amount(units, fewer),
            help=f"four layers of {units // 4:,} units see features of features, at less cost",
            also=trail(case, widest),
        )


def _an(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"
