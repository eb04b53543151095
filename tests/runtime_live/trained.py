"""Small things to train on, for the tests of the training loop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from archdsl import api, stages
from archdsl.runtime.live.data.fitting import Fitted
from archdsl.runtime.live.learning.loop import learn
from archdsl.runtime.live.learning.progress import Options
from archdsl.runtime.live.learning.splits import in_batches, parted
from tests.unjudged import UNJUDGED

if TYPE_CHECKING:
    from archdsl.evaluate.program import Clauses
    from archdsl.graph.nodes import Graph
    from archdsl.runtime.live.learning.progress import Learned
    from archdsl.runtime.live.learning.splits import Splits

NORMED = "linear(8, bias=false) -> batch_norm -> relu -> dropout(0.2) -> linear(classes)"


class Case(NamedTuple):
    """A model, its clauses, and samples that it can learn."""

    graph: Graph
    clauses: Clauses
    data: Splits

    def learned(self, *arguments: Any, **options: Any) -> Learned:
        """What it comes to on a processor."""
        train = self.clauses.train
        assert train is not None
        asked = Options.of(train, device="cpu")._replace(**options)
        return learn(self.graph, self.clauses, self.data, asked, *arguments)


def case(
    train: str, model: str = NORMED, classes: int = 3, samples: int = 150, device: str = "cpu"
) -> Case:
    """Points in four dimensions: of some classes, or (0 of them) with a number each."""
    task = f"classify({classes})" if classes else "regress(1)"
    body = model if model.startswith("{") else f"= {model}"
    text = f"arch It {{ data table(4) task {task} train {train} model {body} }}"
    work = stages.run(api.read(text, terms=UNJUDGED).work(), stages.STAGES[:3])
    assert work.evaluation is not None, work.findings
    graph, clauses = work.evaluation.graph, work.evaluation.clauses
    chance = np.random.default_rng(0)
    x = chance.normal(size=(samples, 4))
    if classes:
        y = np.arange(samples) % max(classes, 2)
        angle = 2 * np.pi * y / max(classes, 2)
        x[:, :2] += 2 * np.stack([np.cos(angle), np.sin(angle)], 1)
    else:
        y = x[:, :1] - x[:, 1:2] ** 2 + 0.1 * chance.normal(size=(samples, 1))
    fitted = Fitted("points", graph.model.takes, x.astype("float32"), y, classes)
    assert clauses.train is not None
    return Case(graph, clauses, in_batches(parted(fitted, 0), graph, clauses.train, device))
