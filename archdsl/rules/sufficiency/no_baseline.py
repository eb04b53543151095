"""P202: a specialised design with nothing simple to beat."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from archdsl import types
from archdsl.diagnostics import Amount, Severity
from archdsl.rules.base import Finding, Rule, count
from archdsl.rules.facts_structure import forecasts, siblings, specialised
from archdsl.rules.facts_towers import COLUMNS, each_tower

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archdsl.rules.case import Case


class NoBaseline(Rule):
    """A specialised design is worth what it gains over a simple one.

    What: a design with a task and with convolution, recurrence, attention or message passing,
    and in its file no other `arch` for the same data and task that is linear or a small MLP; where
    one of these has come as far before: on a table, in a forecast, on fewer than 10,000 labelled
    series, texts, nodes or pictures of at most 1,024 numbers. Pretrained designs, larger pictures
    and volumes are left out: there no linear model comes near. Of several inputs all have to be so.

    Why: only beside a baseline does a score say anything: where a linear model comes within a
    point, structure is not what the data needs.

    Evidence: Shchur et al. 2018 (arXiv:1811.05868): with the same tuning for all, simpler graph
    networks are ahead of later ones. Zeng et al. 2022 (arXiv:2205.13504): a linear layer beats
    the forecasting transformers that had not been compared with one. Wang & Manning 2012
    (Baselines and Bigrams): linear models on words beat networks on sets of about 10,000
    sentences. Dempster et al. 2019 (ROCKET, arXiv:1910.13051): a linear model on random
    convolutions is as good as the best networks on the UCR series.

    Example: alone in its file

    ```arch
    arch Net {
      data  series(50, 8, samples=2_000)
      task  classify(10)
      model = gru(64) -> last -> linear(classes)
    }
    ```

    Instead: `arch Baseline { … model = flatten -> linear(10) }` beside it, or run
    `archdsl baselines`
    """

    code = "P202"
    of_training = True
    thresholds: ClassVar[Mapping[str, float]] = {"layers": 3, "samples": 10_000, "numbers": 1_024}

    def check(self, case: Case) -> Iterable[Finding]:
        special = case.fact(specialised)
        if not special or case.task is None or not self._is_plausible(case):
            return
        beside = [sibling for sibling in case.fact(siblings) if sibling.task == case.task]
        if any(self._simple(sibling) for sibling in beside):
            return
        yield Finding(
            Severity.NOTE,
            f"no linear model or small MLP stands beside {case.program.name}",
            case.span,
            measured=f"{count(len(special), 'specialised layer')}, 0 baselines",
            threshold="at least 1 baseline",
            amount=Amount(0, 1),
            help="add an `arch` for the same data that is linear or an MLP of at most "
            f"{self.settings['layers']:g} layers, or run `archdsl baselines`",
        )

    def _is_plausible(self, case: Case) -> bool:
        """Whether something simple may be as good."""
        inputs = each_tower(case)
        if case.data.pretrained or any(self._is_large(one.takes) for one in inputs):
            return False
        if all(isinstance(one.takes, COLUMNS) or one.fact(forecasts) for one in inputs):
            return True
        return case.samples is not None and case.samples < self.settings["samples"]

    def _is_large(self, takes: types.TensorType) -> bool:
        """Whether it is a picture or volume that a linear model does not come near with."""
        grid = isinstance(takes, (types.Image, types.Volume))
        return grid and types.numel(takes) > self.settings["numbers"]

    def _simple(self, case: Case) -> bool:
        return not case.fact(specialised) and 0 < case.depth <= self.settings["layers"]
