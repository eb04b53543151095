"""Graphs from files and objects: fitted to a spec, parted, and in batches as PyG's own loader."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch_geometric.data import Batch, Data

from archdsl.runtime.extras import BadInput
from archdsl.runtime.live.data.given import given
from archdsl.runtime.live.data.graph_parts import graph_parts
from archdsl.runtime.live.data.graph_sources import of_objects
from archdsl.runtime.live.data.graphs import fitted_graphs
from archdsl.runtime.live.tasks import loss_of
from archdsl.runtime.module import build
from archdsl.spec.data.graph import Graph
from archdsl.spec.data.table import Table
from archdsl.spec.task.classify import Classify
from archdsl.spec.task.regress import Regress
from tests.runtime_live.specs import SPECS, graph_of

ONE = Graph(features=4, nodes=50, edges=120)
MANY = Graph(features=4, nodes=6, edges=11, graphs=40)
CLASSES = Classify(classes=3)


def _one(seed=0):
    chance = np.random.default_rng(seed)
    return {
        "x": chance.normal(size=(50, 4)).astype("float32"),
        "edge_index": chance.integers(50, size=(2, 120)),
        "y": np.arange(50) % 3,
    }


def _many(graphs=40, seed=0):
    """Graphs of five to seven nodes as PyTorch Geometric holds them."""
    chance = torch.Generator().manual_seed(seed)
    made = []
    for number in range(graphs):
        nodes = 5 + number % 3
        x = torch.randn(nodes, 4, generator=chance)
        edges = torch.randint(nodes, (2, 10 + number % 3), generator=chance)
        made.append(Data(x=x, edge_index=edges, y=torch.tensor([number % 2])))
    return made


def _words(call, *arguments, **named):
    with pytest.raises(BadInput) as caught:
        call(*arguments, **named)
    return str(caught.value)


def _parted(arrays, folder, data=ONE, task=CLASSES, **options):
    np.savez(folder / "g.npz", **arrays)
    return graph_parts(given("g.npz", data, task), seed=0, size=8, **options)


def test_each_node_of_one_graph_is_asked_for_in_one_part(folder):
    parts = _parted(_one(), folder)
    shown = []
    for part, share in zip(parts, (30, 10, 10), strict=True):
        (((x, edges, batch), y),) = part.epoch(None)
        assert x.shape == (50, 4)
        assert edges.shape == (2, 120)
        assert (batch == 0).all()
        assert abs(int((y != -100).sum()) - share) <= 2
        assert part.samples == int((y != -100).sum())
        assert torch.equal(y[y != -100], torch.arange(50)[y != -100] % 3)
        shown.append(y != -100)
    assert torch.equal(sum(part.int() for part in shown), torch.ones(50, dtype=torch.int32))


def test_masks_of_the_file_are_what_parts_are(folder):
    train, val, test = (np.arange(50) < 20), np.zeros(50, bool), np.arange(50) > 40
    val[30] = True
    masks = {"train_mask": train, "val_mask": val, "test_mask": test}
    parts = _parted(_one() | masks, folder)
    for part, mask in zip(parts, masks.values(), strict=True):
        (_, y), *_ = part.epoch(0)
        assert np.array_equal(y.numpy() != -100, mask)
    some = {"train_mask": train}
    assert "it takes all three" in _words(_parted, _one() | some, folder)
    assert "in several of the masks" in _words(
        _parted, _one() | masks | {"val_mask": train}, folder
    )
    assert "a mask has 9 entries for 50 nodes" in _words(
        _parted, _one() | masks | {"val_mask": val[:9]}, folder
    )
    assert "a mask has none" in _words(_parted, _one() | masks | {"val_mask": val & ~val}, folder)


def test_hidden_numbers_are_none_and_the_rest_is_standardised(folder):
    arrays = _one() | {"y": np.arange(50.0) * 10 + 7}
    parts = _parted(arrays, folder, task=Regress(targets=1))
    (_, y), *_ = parts.training.epoch(None)
    seen = y[~y.isnan()]
    assert (y.shape, y.dtype) == ((50, 1), torch.float32)
    assert (float(seen.mean()), float(seen.std(correction=0))) == pytest.approx((0, 1), abs=1e-5)


def test_features_are_standardised_by_the_training_part_unless_they_are_flags(folder):
    arrays = _one()
    arrays["x"] = arrays["x"] * 5 + 3
    parts = _parted(arrays, folder)
    ((x, *_), y), *_ = parts.training.epoch(None)
    assert torch.allclose(x[y != -100].mean(0), torch.zeros(4), atol=1e-5)
    flags = (arrays["x"] > 0).astype("float32")
    parts = _parted(arrays | {"x": flags}, folder)
    ((x, *_), _), *_ = parts.training.epoch(None)
    assert np.array_equal(x.numpy(), flags)


def test_many_graphs_are_batched_as_pytorch_geometric_does():
    made = _many()
    for one in made:
        one.x = (one.x > 0).float()  # which is left as it is
    parts = graph_parts(fitted_graphs(of_objects("it", made), MANY, Classify(classes=2)), 0, 8)
    seen = []
    for part in parts:
        for ((x, edges, batch), y), start in zip(
            part.epoch(None), range(0, len(part.places), 8), strict=True
        ):
            chosen = [made[place] for place in part.places[start : start + 8]]
            theirs = Batch.from_data_list(chosen)
            assert torch.equal(x, theirs.x)
            assert torch.equal(batch, theirs.batch)
            assert torch.equal(y, theirs.y)
            ours, others = (sorted(e.T.tolist()) for e in (edges, theirs.edge_index))
            assert ours == others
        seen += part.places.tolist()
    assert sorted(seen) == list(range(40))
    assert [part.samples for part in parts] == [24, 8, 8]
    assert [len(part) for part in parts] == [3, 1, 1]


def test_features_of_edges_come_with_them(folder):
    made = _many()
    for one in made:
        one.x, one.edge_attr = (one.x > 0).float(), torch.rand(one.num_edges, 3).round()
    data = Graph(features=4, nodes=6, edges=11, graphs=40, edge_features=3)
    inputs = ("x", "edge_index", "edge_attr", "batch")
    (part, *_) = graph_parts(
        fitted_graphs(of_objects("it", made), data, Classify(classes=2)), 0, 8, inputs
    )
    ((x, edges, features, _), _), *_ = part.epoch(None)
    theirs = Batch.from_data_list([made[place] for place in part.places[:8]])
    assert torch.equal(x, theirs.x)
    ours, others = (
        sorted(torch.cat((e.T.float(), f), 1).tolist())
        for e, f in ((edges, features), (theirs.edge_index, theirs.edge_attr))
    )
    assert ours == others
    made[3].edge_attr = None
    assert "some have no edge_attr" in _words(of_objects, "it", made)


def test_features_of_edges_are_standardised_by_those_that_leave_the_training_part(folder):
    arrays = _one() | {"edge_attr": np.random.default_rng(1).normal(3, 5, size=120)}
    data = Graph(features=4, nodes=50, edges=120, edge_features=1)
    (part, *_) = _parted(arrays, folder, data=data, inputs=("edge_index", "edge_attr"))
    ((edges, features), y), *_ = part.epoch(None)
    seen = features[y[edges[0]] != -100]
    assert torch.allclose(seen.mean(0), torch.zeros(1), atol=1e-5)
    assert torch.allclose(seen.std(0, correction=0), torch.ones(1), atol=1e-5)
    assert _parted(arrays, folder).training.samples == part.samples  # a spec may leave them alone


def test_an_order_of_nodes_that_is_mixed_up_is_the_same_graphs(folder):
    theirs = Batch.from_data_list(_many())
    order = np.random.default_rng(0).permutation(len(theirs.x))
    place = np.argsort(order)
    arrays = {
        "x": theirs.x.numpy()[order],
        "edge_index": place[theirs.edge_index.numpy()],
        "y": theirs.y.numpy(),
        "batch": theirs.batch.numpy()[order],
    }
    np.savez(folder / "g.npz", **arrays)
    mixed = given("g.npz", MANY, Classify(classes=2)).graphs
    plain = of_objects("it", _many())
    assert np.array_equal(mixed.graph, plain.graph)
    for number in range(40):
        ours, others = (sorted(g.x[g.graph == number].tolist()) for g in (mixed, plain))
        assert ours == others
        sums = [
            sorted(
                (g.x[g.edges[0]] @ [1, 2, 3, 4] + g.x[g.edges[1]].sum(1))[
                    g.graph[g.edges[0]] == number
                ]
            )
            for g in (mixed, plain)
        ]
        assert np.allclose(*sums)


def test_nodes_of_many_graphs_are_asked_for_with_their_graph():
    made = _many()
    for one in made:
        one.y = torch.arange(len(one.x)) % 3
    parts = graph_parts(
        fitted_graphs(of_objects("it", made), MANY, Classify(classes=3, per="node")), 0, 8
    )
    for (x, _, batch), y in parts.training.epoch(1):
        starts = torch.cat(
            [torch.arange(int((batch == one).sum())) for one in range(int(batch[-1]) + 1)]
        )
        assert len(x) == len(y)
        assert torch.equal(y, starts % 3)


def test_epochs_are_shuffled_by_their_seed_and_leave_out_what_is_too_little():
    data = fitted_graphs(of_objects("it", _many()), MANY, Classify(classes=2))
    training = graph_parts(data, 0, 7, least=4, augment=lambda x, chance: x * 0).training
    runs = [[inputs for inputs, _ in training.epoch(seed)] for seed in (1, 1, 2)]
    assert [len(run) for run in runs] == [3, 3, 3]  # 24 graphs: 7, 7, 7, and 3 that are left out
    assert len(training) == 3
    same = [torch.equal(a[1], b[1]) for a, b in zip(runs[0], runs[1], strict=True)]
    assert all(same)
    assert any(
        a[1].shape != b[1].shape or (a[1] != b[1]).any() for a, b in zip(*runs[1:], strict=True)
    )
    assert all((inputs[0] == 0).all() for inputs in runs[0])
    assert any((inputs[0] != 0).any() for inputs, _ in training.epoch(None))


def test_a_model_learns_from_them(folder):
    graph = graph_of(
        SPECS["graphs"].replace("graph(5, nodes=6, edges=12", "graph(4, nodes=6, edges=11")
    )
    made = _many()
    for one in made:
        one.x[:, 0] += 3 * one.y
    data = fitted_graphs(of_objects("it", made), MANY, Classify(classes=2))
    parts = graph_parts(data, 0, 8, ("x", "edge_index", "batch"))
    torch.manual_seed(0)
    module, loss = build(graph), loss_of(Classify(classes=2), graph.model.out)
    adam = torch.optim.Adam(module.parameters(), 0.02)
    for seed in range(30):
        for inputs, y in parts.training.epoch(seed):
            adam.zero_grad()
            loss(module(*inputs), y).backward()
            adam.step()
    right = [
        (module(*inputs).argmax(1) == y).float().mean() for inputs, y in parts.test.epoch(None)
    ]
    assert float(sum(right) / len(right)) > 0.9


def test_a_function_gives_objects(folder):
    (folder / "mine_of_graphs.py").write_text(
        "import torch\nfrom torch_geometric.data import Data\n"
        "def one():\n"
        "    n = torch.arange(50)\n"
        "    edges = torch.stack([n, (n + 1) % 50])\n"
        "    masks = {k + '_mask': n % 3 == i for i, k in enumerate(('train', 'val', 'test'))}\n"
        "    return Data(x=torch.randn(50, 4), edge_index=edges, y=n % 3, **masks)\n"
        "def listed():\n    return [one()]\n"
        "def no_targets():\n"
        "    return Data(x=torch.ones(2, 1), edge_index=torch.zeros(2, 0).long())\n"
        "def pair():\n    return 1, 2\n"
    )
    ring = Graph(features=4, nodes=50, edges=50)
    for name in ("one", "listed"):
        data = given(f"mine_of_graphs:{name}", ring, CLASSES)
        assert [part.samples for part in graph_parts(data, 0, 8)] == [17, 17, 16]
    assert _words(given, "mine_of_graphs:no_targets", ring, CLASSES).endswith("a graph has no y")
    assert "gave int; the spec takes graphs" in _words(given, "mine_of_graphs:pair", ring, CLASSES)


def test_a_split_of_the_dataset_is_kept():
    class Split(list):
        def get_idx_split(self):
            return {
                "train": torch.arange(30),
                "valid": torch.arange(30, 35),
                "test": torch.tensor([39]),
            }

    data = fitted_graphs(of_objects("it", Split(_many())), MANY, Classify(classes=2))
    assert [part.samples for part in graph_parts(data, 0, 8)] == [30, 5, 1]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"x": np.ones((50, 3))}, "`data graph(3, nodes=50, edges=120)`"),
        ({"x": np.ones(50)}, "x has shape (50,)"),
        ({"x": np.full((50, 4), np.nan)}, "some of x is missing or infinite"),
        ({"edge_index": np.ones((120, 2), int)}, "edge_index has shape (120, 2) of int64"),
        ({"edge_index": np.full((2, 120), 50)}, "edges name nodes from 50 to 50; x has 50"),
        ({"edge_attr": np.ones((119, 2))}, "edge_attr has shape (119, 2) of float64"),
        ({"edge_attr": np.full(120, np.inf)}, "some of edge_attr is missing or infinite"),
        ({"y": np.arange(49)}, "an answer for each of 50 nodes"),
        ({"y": np.arange(50) % 4}, "has 4 classes, the spec `task classify(3)`"),
        ({"batch": np.arange(50) // 25}, "holds 2 graphs of about 25 nodes of 4 features and 60"),
        ({"batch": np.arange(50) // 25 * 2}, "batch has to number the graphs from 0 on"),
    ],
)
def test_what_does_not_fit_is_told(folder, changed, words):
    arrays = _one()
    arrays["edge_index"][:] = np.where(arrays["edge_index"] < 25, 3, 30)
    arrays["edge_index"][1] = arrays["edge_index"][0]
    assert words in _words(_parted, arrays | changed, folder)


def test_the_way_out_that_is_told_is_one(folder):
    arrays = _one()
    words = _words(_parted, arrays, folder, data=Graph(features=4, nodes=51, edges=120))
    assert words == (
        "g.npz holds one graph of 50 nodes of 4 features and 120 edges; the spec takes one graph "
        "of 51 nodes of 4 features and 120 edges: `data graph(4, nodes=50, edges=120)`"
    )
    _parted(arrays, folder)
    linked = Graph(features=4, nodes=50, edges=120, edge_features=2)
    words = _words(_parted, arrays | {"edge_attr": np.ones((120, 5))}, folder, data=linked)
    assert words == (
        "g.npz holds one graph of 50 nodes of 4 features and 120 edges of 5; the spec takes one "
        "graph of 50 nodes of 4 features and 120 edges of 2: "
        "`data graph(4, nodes=50, edges=120, edge_features=5)`"
    )


def test_graphs_are_not_taken_for_anything_else(folder):
    np.savez(folder / "g.npz", **_one())
    assert "it has to hold X and y" not in _words(given, "nowhere", ONE, CLASSES)
    assert _words(given, "nowhere", ONE, CLASSES).startswith("there are no graphs at nowhere")
    graphs = of_objects("it", _many())
    words = _words(fitted_graphs, graphs, Table(features=2), CLASSES)
    assert words == "it holds graphs; the spec takes a vector of 2"
    across = _one() | {"batch": np.arange(50) // 25}
    assert "an edge leads from one graph to another" in _words(
        _parted, across, folder, data=Graph(features=4, nodes=25, edges=60, graphs=2)
    )


def test_an_npz_that_unpacks_to_more_than_memory_is_not_read(folder, monkeypatch):
    np.savez_compressed(folder / "g.npz", **(_one() | {"more": np.zeros(10**6)}))
    monkeypatch.setattr("archdsl.runtime.live.room.memory", lambda: 10**6)
    assert "reading g.npz needs" in _words(given, "g.npz", ONE, CLASSES)
