"""The training loop beside one that is written by hand for the model, on the same samples."""

from __future__ import annotations

import time
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

import torch
from sklearn.datasets import load_digits
from torch.nn import functional

from archdsl import api, stages
from archdsl.runtime.live.data.fitting import fitted
from archdsl.runtime.live.data.samples import in_memory
from archdsl.runtime.live.learning.feeding import fed
from archdsl.runtime.live.learning.loop import learn
from archdsl.runtime.live.learning.progress import Options
from archdsl.runtime.module import build

if TYPE_CHECKING:
    from archdsl.evaluate.program import Clauses
    from archdsl.graph.nodes import Graph
    from archdsl.runtime.live.learning.splits import Splits

ROUNDS = 5
SPECS = {
    "table": """arch Rows {
  data table(64) task classify(10) train adam(batch=64, epochs=EPOCHS, lr=3e-3)
  model = linear(64) -> relu -> linear(classes)
}""",
    "image": """arch Digits {
  data image(1, 8, 8) task classify(10) train adam(batch=64, epochs=EPOCHS, lr=3e-3)
  model = conv(16, 3, bias=false) -> batch_norm -> relu -> conv(32, 3, stride=2, bias=false)
          -> batch_norm -> relu -> global_avg_pool -> linear(classes)
}""",
}


class Subject(NamedTuple):
    """A model and what it is trained on."""

    graph: Graph
    clauses: Clauses
    data: Splits
    epochs: int


def subject(kind: str, epochs: int = 10, device: str = "cpu") -> Subject:
    """A small model of a kind of data, and the handwritten digits."""
    text = SPECS[kind].replace("EPOCHS", str(epochs))
    work = stages.run(api.read(text).work(), stages.STAGES[:3])
    assert work.evaluation is not None
    graph, clauses = work.evaluation.graph, work.evaluation.clauses
    digits: Any = load_digits()
    data = fitted(in_memory("digits", digits.data, digits.target), clauses.data, clauses.task)
    return Subject(graph, clauses, fed(data, graph, clauses, 0, device), epochs)


def ours(given: Subject, device: str = "cpu") -> float:
    """Seconds of the training loop."""
    start = time.perf_counter()
    learn(given.graph, given.clauses, given.data, Options(given.epochs, 0, device=device))
    return time.perf_counter() - start


def by_hand(given: Subject, device: str = "cpu") -> float:
    """Seconds of a loop as one would write it: train, then accuracy and loss in validation."""
    start = time.perf_counter()
    torch.manual_seed(0)
    model = build(given.graph).to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    training, validation = given.data.training, given.data.validation
    assert validation is not None
    (x,), y = _whole(training)
    (val_x,), val_y = _whole(validation)
    for _ in range(given.epochs):
        model.train()
        total = 0.0
        for places in torch.randperm(len(y)).to(device).split(64):
            optimizer.zero_grad()
            loss = functional.cross_entropy(model(x[places]), y[places])
            loss.backward()
            optimizer.step()
            total += loss.item() * len(places)
        model.eval()
        with torch.no_grad():
            scores = torch.cat([model(part) for part in val_x.split(256)])
            functional.cross_entropy(scores, val_y).item()
            (scores.argmax(1) == val_y).float().mean().item()
    return time.perf_counter() - start


def _whole(batches: Any) -> Any:
    """All samples as one batch."""
    pairs = list(batches.epoch(None))
    return (torch.cat([x for (x,), _ in pairs]),), torch.cat([y for _, y in pairs])


def ratio(kind: str, rounds: int = ROUNDS, epochs: int = 10, device: str = "cpu") -> float:
    """How much longer ours takes, the median of pairs that ran one after the other."""
    given = subject(kind, epochs, device)
    ours(given, device), by_hand(given, device)
    pairs = [(ours(given, device), by_hand(given, device)) for _ in range(rounds)]
    return median(mine / hand for mine, hand in pairs)


def main() -> None:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    print("training: the loop's time beside one by hand (1.00 is the same), on one thread")
    for kind in SPECS:
        print(f"  {kind:8} {ratio(kind):.2f}")
    torch.set_num_threads(threads)


if __name__ == "__main__":
    main()
