"""A graph beside other inputs: each sample has one of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from torch_geometric.data import Batch, Data

from archdsl.cost.saved import saved_for_backward
from archdsl.resolve.loading import load
from archdsl.runtime.extras import BadInput
from archdsl.runtime.live.data.given import given, in_python, whole_samples
from archdsl.runtime.live.learning.feeding import fed
from archdsl.runtime.live.learning.prepared import Origin, prepared, write
from archdsl.runtime.live.learning.prepared import load as loaded
from archdsl.runtime.module import build
from archdsl.source import Source

if TYPE_CHECKING:
    from pathlib import Path

    from archdsl.evaluate.program import Evaluation

SPEC = """arch Molecule {
  data  shop = category(vocab=5)
  data  molecule = graph(4, nodes=6, edges=11, graphs=40, edge_features=2)
  data  facts = table(3)
  task  regress(1)
  train adam(batch=8, epochs=40, lr=1e-2, seed=1)
  model {
    let seen = molecule -> gine(8) -> relu -> graph_pool(mean)
    return concat(seen, facts, shop -> embedding(2)) -> linear(16) -> relu -> linear(targets)
  }
}
"""


def evaluated(text: str = SPEC) -> Evaluation:
    return load(Source(text)).program().evaluate(lambda path, point: point.at(0))


def molecules(count: int = 40) -> list[Data]:
    """Graphs of five to seven nodes, whose answers are in their facts and their nodes."""
    chance = torch.Generator().manual_seed(0)
    made = []
    for number in range(count):
        nodes, edges = 5 + number % 3, 10 + number % 3
        x, facts = torch.randn(nodes, 4, generator=chance), torch.randn(1, 3, generator=chance)
        made.append(
            Data(
                x=x,
                edge_index=torch.randint(nodes, (2, edges), generator=chance),
                edge_attr=torch.randn(edges, 2, generator=chance),
                facts=facts,
                shop=torch.tensor([number % 5]),
                y=facts[:, 0] + x.sum(1).mean(),
            )
        )
    return made


def arrays(made: list[Data]) -> dict[str, Any]:
    """The same as the arrays of one file."""
    whole = Batch.from_data_list(made)
    names = ("x", "edge_index", "edge_attr", "batch", "facts", "shop", "y")
    return {name: getattr(whole, name).numpy() for name in names}


def read(made: Any, text: str = SPEC) -> Any:
    clauses = evaluated(text).clauses
    return in_python(made, clauses.data, clauses.task)


def test_batches_are_pytorch_geometrics_with_the_rows_beside_them() -> None:
    made = evaluated()
    originals = molecules()
    parts = fed(read(originals), made.graph, made.clauses, 0, "cpu")
    batches = [*parts.training.epoch(3)]
    assert sum(len(y) for _, y in batches) == parts.training.samples == 24
    (shop, x, facts, edges, edge_attr, batch), y = batches[0]
    assert (shop.dtype, facts.shape, edge_attr.shape[1]) == (torch.int64, (8, 3), 2)
    assert len(x) == len(batch)
    assert edges.max() < len(x)
    assert int(batch.max()) + 1 == len(shop) == len(y) == 8
    for place, number in enumerate(shop.tolist()):  # the row is that of the graph at its place
        size = int((batch == place).sum())
        fits = [one for one in originals if one.num_nodes == size and int(one.shop) == number]
        own = edge_attr[batch[edges[0]] == place]
        assert any(len(own) == len(one.edge_attr) for one in fits)
    rows = torch.cat([x[2] for x, _ in parts.training.epoch(None)])
    assert torch.allclose(rows.mean(0), torch.zeros(3), atol=1e-5)
    assert torch.allclose(rows.std(0, correction=0), torch.ones(3), atol=1e-5)


def test_a_sample_alone_gives_what_it_gives_in_a_batch() -> None:
    module = build(evaluated().graph).eval()
    made = molecules(4)
    with torch.no_grad():
        alone = [_answer(module, Batch.from_data_list([one])) for one in made]
        assert torch.allclose(
            _answer(module, Batch.from_data_list(made)), torch.cat(alone), atol=1e-6
        )


def _answer(module: torch.nn.Module, x: Any) -> torch.Tensor:
    found: torch.Tensor = module(x.shop, x.x, x.facts, x.edge_index, x.edge_attr, x.batch)
    return found


def test_files_objects_and_pairs_of_arrays_say_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    clauses, made = evaluated().clauses, molecules()
    told = arrays(made)
    np.savez("g.npz", **told)
    objects = read(made)
    y = told.pop("y")
    for other in (given("g.npz", clauses.data, clauses.task), read((told, y))):
        assert np.array_equal(other.graphs.x, objects.graphs.x)
        assert np.array_equal(other.y, objects.y)
        assert all(map(np.array_equal, other.beside.x, objects.beside.x))
    assert objects.beside.nodes == "molecule"


def test_data_of_a_search_are_kept_and_come_back(tmp_path: Path) -> None:
    data = prepared(read(molecules()), 0)
    origin = Origin("it", "", "", 0)
    write(tmp_path / "kept", data, origin)
    back = loaded(tmp_path / "kept", origin)
    assert back is not None
    assert back.beside.takes == data.beside.takes
    assert all(map(np.array_equal, back.beside.x, data.beside.x))


def _without(name: str) -> list[Data]:
    made = molecules()
    delattr(made[3], name)
    return made


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (lambda: _without("facts"), "some have no facts"),
        (
            lambda: ({**arrays(molecules()), "facts": np.ones((9, 3))}, np.arange(40.0)),
            "9 rows, and",
        ),
        (
            lambda: ({**arrays(molecules()), "facts": np.ones((40, 2))}, np.arange(40.0)),
            "facts is 2",
        ),
        (
            lambda: ({**arrays(molecules()), "shop": np.arange(40)}, np.arange(40.0)),
            "ids from 0 to 39",
        ),
        (lambda: molecules()[0], "40 graphs of about"),
    ],
)
def test_data_that_does_not_fit_is_refused_with(made: Any, words: str) -> None:
    with pytest.raises(BadInput) as caught:
        read(made())
    assert words in str(caught.value)


def test_baselines_are_refused_with_what_the_spec_takes() -> None:
    clauses = evaluated().clauses
    with pytest.raises(BadInput, match="baselines learn from rows of numbers"):
        whole_samples("g.npz", clauses.data, clauses.task)


def test_noise_is_drawn_for_each_graph_and_one_input_is_augmented() -> None:
    text = SPEC.replace("facts = table(3)", "facts = noise(3)")
    text = text.replace("vocab=5)", "vocab=5, augment=none)")
    text = text.replace("edge_features=2)", "edge_features=2, augment=strong)")
    made = evaluated(text)
    parts = fed(read(molecules(), text), made.graph, made.clauses, 0, "cpu")
    first, again, other = (next(iter(parts.training.epoch(seed)))[0] for seed in (1, 1, 2))
    assert first[2].shape == (8, 3)
    assert torch.equal(first[2], again[2])
    assert not torch.equal(first[2], other[2])
    hidden = [any((x[1] == 0).all(0)) for seed in range(9) for x, _ in parts.training.epoch(seed)]
    assert any(hidden)
    assert not any(any((x[1] == 0).all(0)) for x, _ in parts.test.epoch(None))


def test_what_backward_keeps_of_a_graph_is_kept_beside_others_too() -> None:
    alone = """arch A { data molecule = graph(4, nodes=6, edges=11, graphs=40) task regress(8)
      model = molecule -> gcn(8) -> relu -> graph_pool(mean) -> linear(8) }"""
    beside = alone.replace("task", "data facts = table(3) task").replace(
        "model = molecule -> gcn(8) -> relu -> graph_pool(mean) -> linear(8)",
        "model = add(molecule -> gcn(8) -> relu -> graph_pool(mean) -> linear(8), "
        "facts -> linear(8))",
    )
    one, two = (saved_for_backward(evaluated(text).graph) for text in (alone, beside))
    assert two.per_sample == one.per_sample + 4 * 3
    assert two.fixed == one.fixed
