"""Pairs: the loss is that of others, and vectors that belong together find each other."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from click.testing import CliRunner

import archdsl
from archdsl import stages
from archdsl.cli.group import archdsl as command
from archdsl.runtime.extras import BadInput
from archdsl.runtime.live.batches import asked_batch
from archdsl.runtime.live.data.given import given, in_python
from archdsl.runtime.live.ladder import Budget
from archdsl.runtime.live.learning.measuring import measured
from archdsl.runtime.live.learning.splits import in_batches, parted
from archdsl.runtime.live.losses import random_loss
from archdsl.runtime.live.tallies import Answers
from archdsl.runtime.live.tasks import Given, live, loss_of
from archdsl.source import Source
from archdsl.spec.data.table import Table
from archdsl.spec.task.contrast import Contrast
from archdsl.types import Outputs, Vector

PAIRS = """arch Pairs {
  data left = table(8)
  data right = table(6)
  task contrast(4)
  train adam(batch=64, epochs=8, lr=0.02)
  model {
    let one = left -> linear(32) -> relu -> linear(dimension)
    let other = right -> linear(32) -> relu -> linear(dimension)
    return one, other
  }
}
"""
LEARNED = PAIRS.replace("contrast(4", "contrast(4, temperature=learned").replace(
    "return one, other",
    "let scale = one -> parameter(1, init=2.6592) -> exp return one, other, scale",
)
HALVES = """arch Halves {
  data table(14)
  task contrast(4, negatives=all, temperature=0.5)
  model {
    let one = x -> slice(0, 8) -> linear(32) -> relu -> linear(dimension)
    let other = x -> slice(8, 14) -> linear(32) -> relu -> linear(dimension)
    return one, other
  }
}
"""


def _views(count: int = 500) -> dict[str, np.ndarray]:
    """Two noisy views of four hidden numbers."""
    chance = np.random.default_rng(0)
    hidden = chance.normal(size=(count, 4))
    return {
        name: hidden @ chance.normal(size=(4, width)) + 0.05 * chance.normal(size=(count, width))
        for name, width in (("left", 8), ("right", 6))
    }


def _work(spec: str):
    return stages.run(stages.Work(Source(spec, "<test>")), stages.STAGES[:4]).evaluation


def _loss(results, **options):
    task = Contrast(dimension=results[0].shape[1], **options)
    out = Outputs(tuple(Vector(one.shape[1]) for one in results))
    return loss_of(task, out).of_all(results, torch.arange(len(results[0])))


def test_a_learned_scale_is_the_inverse_of_a_temperature() -> None:
    """What is beside them is compared with nothing."""
    one, other = torch.randn(9, 5).double(), torch.randn(9, 5).double()
    learned = _loss((one, other, torch.full((9, 1), 4.0)), temperature="learned")
    assert float(learned) == pytest.approx(float(_loss((one, other), temperature=0.25)))
    beside = _loss((one, other, torch.randn(9, 3)), temperature=0.25)
    assert float(beside) == pytest.approx(float(learned))


def test_the_loss_among_all_is_that_of_simclr() -> None:
    """Equation 1 of Chen et al. 2020, summed by hand."""
    torch.manual_seed(0)
    one, other = torch.randn(6, 5).double(), torch.randn(6, 5).double()
    z = torch.nn.functional.normalize(torch.cat((one, other)), dim=1)
    each = []
    for i in range(12):
        others = sum(torch.exp(z[i] @ z[k] / 0.5) for k in range(12) if k != i)
        each.append(-torch.log(torch.exp(z[i] @ z[(i + 6) % 12] / 0.5) / others))
    found = _loss((one, other), temperature=0.5, negatives="all")
    assert float(found) == pytest.approx(float(sum(each) / 12))


@pytest.mark.parametrize("negatives", ["across", "all"])
def test_the_least_loss_is_that_of_vectors_as_far_apart_as_can_be(negatives: str) -> None:
    corners = torch.eye(5) - 1 / 5
    found = _loss((corners, corners), temperature=0.5, negatives=negatives)
    loss = loss_of(Contrast(dimension=5, temperature=0.5, negatives=negatives), Vector(5))
    if negatives == "across":
        assert loss.least(5) == pytest.approx(float(found), rel=1e-5)
    assert loss.least(5) <= float(found) * (1 + 1e-5)
    assert loss.least(1) == 0


def test_one_pair_and_hidden_ones_teach_nothing() -> None:
    one = torch.randn(5, 4, requires_grad=True)
    loss = loss_of(Contrast(dimension=4), Outputs((Vector(4), Vector(4))))
    (rows,) = loss.joined((one, torch.randn(5, 4)))
    hidden = torch.tensor([0, 1, 2, -100, -100])
    assert torch.equal(loss(rows, hidden), loss(rows[:3], hidden[:3]))
    alone = loss(rows[:1], hidden[:1])
    alone.backward()
    assert float(alone.detach()) == 0
    assert not one.grad.isnan().any()


def test_every_result_of_a_pair_is_in_a_random_loss() -> None:
    results = [torch.randn(6, n, requires_grad=True) for n in (4, 4, 1, 2)]
    kinds = Outputs(tuple(Vector(one.shape[1]) for one in results))
    random_loss(
        tuple(results), loss_of(Contrast(dimension=4, temperature="learned"), kinds)
    ).backward()
    assert all(float(one.grad.abs().max()) > 0 for one in results)


def test_recall_is_counted_both_ways() -> None:
    chance = np.random.default_rng(0)
    one = chance.normal(size=(40, 5))
    other = one + 0.6 * chance.normal(size=(40, 5))
    near = (one / np.linalg.norm(one, axis=1)[:, None]) @ (
        other / np.linalg.norm(other, axis=1)[:, None]
    ).T
    wanted = np.mean([near.argmax(1) == np.arange(40), near.argmax(0) == np.arange(40)])
    rows = torch.tensor(np.hstack([one, other]))
    told = [{"": Answers(part, torch.arange(len(part)))} for part in rows.split(7)]
    found = measured(("pair_recall_at_1",), {"": 0}, told)["pair_recall_at_1"]
    assert found == pytest.approx(wanted)
    assert 0.3 < found < 1


@pytest.mark.parametrize("spec", [PAIRS, LEARNED])
def test_partners_find_each_other(spec: str) -> None:
    """One of a hundred would be found by chance."""
    found = archdsl.train(spec, _views())
    assert found.samples == {"training": 300, "validation": 100, "test": 100}
    assert found.test["pair_recall_at_1"] > 0.6
    assert set(found.test) == {"pair_recall_at_1", "loss"}


def test_parts_of_one_input_find_each_other() -> None:
    x = np.hstack(list(_views().values()))
    found = archdsl.train(HALVES, x, epochs=8)
    assert found.test["pair_recall_at_1"] > 0.2


def test_as_many_are_measured_at_once_as_are_trained() -> None:
    """The loss of a pair depends on how many it is told from."""
    made = _work(PAIRS)
    data = parted(in_python(_views(), made.clauses.data, made.clauses.task), 0)
    splits = in_batches(data, made.graph, made.clauses.train, "cpu", None, made.clauses.task)
    assert len(splits.validation) == 2
    assert len(in_batches(data, made.graph, made.clauses.train, "cpu").validation) == 1
    with pytest.raises(BadInput, match="tells a sample from the others of its batch"):
        asked_batch(made.graph, 1, made.clauses.task)


@pytest.mark.parametrize("spec", [PAIRS, LEARNED, HALVES])
def test_pairs_are_verified(spec: str) -> None:
    found = archdsl.verify(spec)
    assert found.agrees
    assert found.fit is not None
    assert found.fit.fits
    assert found.loss == "contrastive loss"


def test_baselines_find_partners_too() -> None:
    made = _work(PAIRS)
    parts = parted(in_python(_views(), made.clauses.data, made.clauses.task), 0)
    side = live(made.clauses.task)
    scores = []
    for rung in side.baselines(made.clauses.data.tensor()).values():
        told = rung(parts, Budget(5, 5.0, 32))(parts.test.x)
        answers = {"": Answers(torch.as_tensor(told), torch.as_tensor(parts.test.y))}
        scores.append(side.compared(measured(side.judges, {"": 0}, [answers]))[1])
    assert scores[0] == 0.01
    assert scores[1] > 0.6
    with pytest.raises(BadInput, match="baselines of pairs are of two inputs"):
        side.baselines(Vector(8))


@pytest.mark.slow
def test_a_search_is_judged_by_the_partners_found(tmp_path) -> None:
    spec = tmp_path / "space.arch"
    spec.write_text(PAIRS.replace("left -> linear(32)", "left -> linear(16 | 32)"))
    np.savez(tmp_path / "pairs.npz", **_views(200))
    asked = ["search", str(spec), "--data", str(tmp_path / "pairs.npz"), "--trials", "2"]
    found = CliRunner().invoke(command, [*asked, "--epochs", "1", "-o", str(tmp_path / "run")])
    assert found.exit_code == 0, found.output
    assert "pair_recall_at_1" in found.output


def _both():
    return in_python(_views(40), _work(PAIRS).clauses.data, Contrast(dimension=4))


def _npz(folder):
    np.savez(folder / "pairs.npz", **_views(40), y=np.arange(40))
    return folder / "pairs.npz"


def _csv(folder):
    columns = [(f"{name}_{n}", v) for name, x in _views(40).items() for n, v in enumerate(x.T)]
    rows = [",".join(name for name, _ in columns)]
    rows += [",".join(f"{v[n]:.17g}" for _, v in columns) for n in range(40)]
    (folder / "pairs.csv").write_text("\n".join(rows))
    return folder / "pairs.csv"


def _folder(folder):
    for name, x in _views(40).items():
        (folder / name).mkdir()
        for number, row in enumerate(x):
            np.save(folder / name / f"{number:03}.npy", row)
    return folder


@pytest.mark.parametrize("source", [_npz, _csv, _folder])
def test_pairs_are_read_from(source, tmp_path) -> None:
    """A y beside them is left unread."""
    clauses = _work(PAIRS).clauses
    found = given(str(source(tmp_path)), clauses.data, clauses.task)
    assert all(np.allclose(a, b) for a, b in zip(found.x, _both().x, strict=True))
    assert found.y.tolist() == list(range(40))


CAPTIONED = """arch Captioned {
  data picture = image(3, 8, 8)
  data caption = tokens(12, vocab=256, padded=true)
  task contrast(4)
  model {
    let seen = picture -> conv(8, 3) -> global_avg_pool -> linear(dimension)
    let read = caption -> embedding(8) -> global_avg_pool -> linear(dimension)
    return seen, read
  }
}
"""


def test_pictures_with_captions_are_read_from_a_folder(tmp_path) -> None:
    images = pytest.importorskip("PIL.Image")
    clauses = _work(CAPTIONED).clauses
    for name, colour in (("blue", (0, 0, 255)), ("dark red", (99, 0, 0)), ("green", (0, 255, 0))):
        for kind in ("picture", "caption"):
            (tmp_path / kind).mkdir(exist_ok=True)
        images.new("RGB", (16, 16), colour).save(tmp_path / "picture" / f"{name}.png")
        (tmp_path / "caption" / f"{name}.txt").write_text(f"all {name} here", encoding="utf-8")
    found = given(str(tmp_path), clauses.data, clauses.task)
    picture, caption, lengths = found.x
    assert picture.shape == (3, 3, 8, 8)
    assert picture[1, :, 0, 0].tolist() == pytest.approx([99 / 255, 0, 0])
    assert bytes(caption[0].tolist()) == b"all blue her"
    assert lengths.tolist() == [12, 12, 12]
    (tmp_path / "caption" / "green.txt").unlink()
    with pytest.raises(BadInput, match="holds picture/green and no caption of that name"):
        given(str(tmp_path), clauses.data, clauses.task)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ((np.ones((9, 8)), np.ones(9)), "it has to give|has to give {name: array"),
        ({"left": np.ones((9, 8))}, "holds left; the spec has an input `right` besides"),
        ({"left": np.ones((9, 8)), "right": np.ones((8, 6))}, "both need one entry"),
    ],
)
def test_what_is_no_pair_is_refused_in_words(found, words) -> None:
    with pytest.raises(BadInput, match=words):
        in_python(found, _work(PAIRS).clauses.data, Contrast(dimension=4))


def test_columns_to_predict_and_other_files_are_refused(tmp_path) -> None:
    clauses = _work(PAIRS).clauses
    with pytest.raises(BadInput, match="--target names columns to predict, and the task takes"):
        given(str(_csv(tmp_path)), clauses.data, clauses.task, ["left_0"])
    with pytest.raises(BadInput, match="holds no pairs that can be read here: --data takes a"):
        given("pairs.bin", clauses.data, clauses.task)
    with pytest.raises(BadInput, match="needs a subfolder 'left' with a file for each sample"):
        given(str(tmp_path), clauses.data, clauses.task)


def test_targets_are_the_numbers_of_samples() -> None:
    found = live(Contrast(dimension=4)).targets(
        Given("it", np.ones(3), "sample"), Table(features=3)
    )
    assert (found.y.tolist(), found.classes) == ([0, 1, 2], 0)
