"""Small models of every kind of data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl import stages
from archdsl.source import Source

if TYPE_CHECKING:
    from archdsl.graph.nodes import Graph
    from archdsl.runtime.live.verify import Verification

_DEEP = "  data table(32, samples=100_000)\n  task classify(10)\n  allow deep_plain_network because"

SPECS = {
    "image": """\
arch Small {
  data  image(1, 8, 8)
  task  classify(10)
  train adamw(batch=64, epochs=15, lr=0.005)

  model = conv(16, 3, stride=2, bias=false) -> batch_norm -> relu -> conv(32, 3) -> relu
          -> global_avg_pool -> linear(classes)
}
""",
    "table": """\
arch Rows {
  data  table(64)
  task  classify(10)
  train adam(batch=64, epochs=15, lr=0.003)

  model = linear(64) -> relu -> linear(classes)
}
""",
    "numbers": """\
arch Numbers {
  data  table(10)
  task  regress(1)
  train adam(batch=32, epochs=5)

  model = linear(16) -> relu -> linear(targets)
}
""",
    "pixels": """\
arch Pixels {
  data  image(1, 8, 8)
  task  classify(3, per=pixel)
  model = conv(8, 3) -> relu -> conv(classes, 1)
}
""",
    "words": """\
arch Words {
  data  tokens(8, vocab=20)
  task  next_token()
  model = embedding(8) -> gpt_block(2) -> linear(vocab)
}
""",
    "steps": """\
arch Steps {
  data  series(6, 4)
  task  regress(2)
  model = lstm(8) -> last -> linear(targets)
}
""",
    "graphs": """\
arch Graphs {
  data  graph(5, nodes=6, edges=12, graphs=30)
  train adamw(weight_decay=0.01)
  task  classify(2, per=graph)
  model = gcn(8) -> relu -> gcn(8) -> graph_pool(mean) -> linear(classes)
}
""",
    "plain": f"""\
arch Plain {{
{_DEEP} "to see it fail"
  model = 49 * (linear(32) -> sigmoid) -> linear(classes)
}}
""",
    "residual": """\
arch Residual {
  data  table(32, samples=100_000)
  task  classify(10)
  model = 49 * residual(linear(32) -> sigmoid) -> linear(classes)
}
""",
}


def graph_of(text: str) -> Graph:
    """The graph of a spec without choices."""
    work = stages.run(stages.Work(Source(text, "<test>")), stages.STAGES[:3])
    assert work.evaluation is not None, work.findings
    return work.evaluation.graph


def verified(text: str, batch: int = 4, **options: bool) -> Verification:
    """What ``verify`` finds of a spec."""
    from archdsl.runtime.live.verify import verify

    work = stages.run(stages.Work(Source(text, "<test>")), stages.STAGES[:3])
    assert work.program is not None
    return verify(graph_of(text), work.program.clauses.task, batch, **options)
