"""Several tasks of one model: the data of each, their losses together, their metrics apart."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn import functional

import archdsl
from archdsl.runtime.extras import BadInput
from archdsl.runtime.live.tasks import loss_of
from archdsl.spec.several import Several
from archdsl.spec.task.classify import Classify
from archdsl.spec.task.embed import Embed
from archdsl.spec.task.label import Label
from archdsl.spec.task.regress import Regress
from archdsl.types import Image, Outputs, Vector

SPEC = """arch Heads {
  data table(8)
  task kind = classify(4)
  task age = regress(1, weight=0.5)
  task tags = label(3)
  train adam(batch=32, epochs=20, lr=0.01)
  model {
    let trunk = x -> linear(32) -> relu
    return outputs(trunk -> linear(kind.classes), trunk -> linear(age.targets),
      trunk -> linear(tags.labels))
  }
}
"""


def _made(count: int = 600):
    x = np.random.default_rng(0).normal(size=(count, 8))
    tags = np.stack([x[:, 0] > 0, x[:, 1] + x[:, 2] > 0.5, x[:, 3] > 0], 1).astype(int)
    kind = np.array(["a", "b", "c", "d"])[(x[:, 0] > 0) * 2 + (x[:, 1] > 0)]
    return x, {"kind": kind, "age": 7 * x[:, 2] + 50, "tags": tags}


def test_every_task_is_learned() -> None:
    found = archdsl.train(SPEC, _made())
    assert found.test["kind.accuracy"] > 0.9
    assert found.test["age.rmse"] < 0.3
    assert found.test["tags.f1"] > 0.9
    parts = found.test["kind.loss"] + 0.5 * found.test["age.loss"] + found.test["tags.loss"]
    assert found.test["loss"] == pytest.approx(parts, abs=1e-5)


def test_their_loss_is_a_weighted_sum() -> None:
    torch.manual_seed(0)
    task = Several.together(
        {
            "pixels": Classify(classes=3, per="pixel"),
            "age": Regress(targets=2, weight=0.25),
            "alike": Embed(dimension=4, weight=2.0),
        }
    )
    loss = loss_of(task, Outputs((Image(3, 2, 5), Vector(2), Vector(4))))
    results = [torch.randn(6, 3, 2, 5), torch.randn(6, 2), torch.randn(6, 4)]
    pixels, ages = torch.randint(3, (6, 2, 5)), torch.randn(6, 2)
    alike = torch.tensor([0, 1, 0, 1, 2, 2])
    packed = torch.cat([pixels.reshape(6, -1).float(), ages, alike[:, None].float()], 1)
    parts = (
        functional.cross_entropy(results[0], pixels),
        0.25 * functional.mse_loss(results[1], ages),
        2 * loss_of(Embed(dimension=4), Vector(4))(results[2], alike),
    )
    assert float(loss.of_all(results, packed)) == pytest.approx(float(sum(parts)), rel=1e-6)
    assert loss.random_targets(results).shape == packed.shape
    assert [one.name for one in loss.each(4)][-1] == "mean squared error"


def test_columns_of_a_table_have_the_names_of_the_tasks(tmp_path) -> None:
    spec = """arch Two {
      data table(2)
      task kind = classify(2)
      task age = regress(1)
      train adam(batch=32, epochs=15, lr=0.02)
      model {
        let trunk = x -> linear(16) -> relu
        return outputs(trunk -> linear(kind.classes), trunk -> linear(age.targets))
      }
    }
    """
    x = np.random.default_rng(0).normal(size=(300, 2))
    rows = [f"{a},{b},{'cat' if a > 0 else 'dog'},{3 * b}" for a, b in x]
    path = tmp_path / "pets.csv"
    path.write_text("\n".join(["a,b,kind,age", *rows]), encoding="utf-8")
    found = archdsl.train(spec, str(path))
    assert found.test["kind.accuracy"] > 0.9
    assert found.test["age.r2"] > 0.9
    path.write_text("\n".join(["a,b,pet,years", *rows]), encoding="utf-8")
    again = archdsl.train(spec, str(path), targets=["pet", "years"])
    assert again.test == found.test
    with pytest.raises(BadInput, match=r"the tasks take 2 columns \(kind: 1, age: 1\), and there"):
        archdsl.train(spec, str(path), targets=["pet"])
    np.savez(tmp_path / "pets.npz", X=x, kind=x[:, 0] > 0, age=3 * x[:, 1])
    assert archdsl.train(spec, str(tmp_path / "pets.npz")).test["kind.accuracy"] > 0.9


def test_data_for_other_tasks_are_refused_in_words() -> None:
    x, y = _made(60)
    with pytest.raises(BadInput, match="has kind, age; each of several tasks is learned from what"):
        archdsl.train(SPEC, (x, {"kind": y["kind"], "age": y["age"]}))
    with pytest.raises(BadInput, match="has y alone; each of several tasks"):
        archdsl.train(SPEC, (x, y["age"]))
    with pytest.raises(BadInput, match="data, tags has 3 labels, the spec `task label\\(2\\)`"):
        archdsl.train(SPEC.replace("label(3)", "label(2)"), (x, y))
    one = "arch One {\n data table(8)\n task regress(1)\n model = linear(targets)\n}"
    with pytest.raises(BadInput, match="holds x, kind, age, tags; it has to hold X and y"):
        archdsl.train(one, (x, y))


@pytest.mark.slow
def test_a_search_looks_for_a_metric_of_one_of_them(tmp_path) -> None:
    spec = SPEC.replace("linear(32)", "linear(8 | 16)").replace("epochs=20", "epochs=2")
    spec = spec.replace("  model {", "  maximize metric(kind.accuracy)\n  model {")
    np.savez(tmp_path / "them.npz", X=_made()[0], **_made()[1])
    found = archdsl.search(spec, data=str(tmp_path / "them.npz"), trials=2)
    assert {trial.metrics["kind.accuracy"] > 0 for trial in found.trials} == {True}


def test_verify_teaches_all_of_them() -> None:
    found = archdsl.verify(SPEC)
    assert found.fit is not None
    assert found.fit.fits
    assert found.fit.results == 3


def test_labels_beside_others_keep_their_columns() -> None:
    assert Label(labels=3).columns(None) == 3  # type: ignore[arg-type]
