"""What becomes of the tensors of a state dict."""

from __future__ import annotations

from typing import NamedTuple

import pytest
import torch
from safetensors.torch import save_file

import archdsl
from archdsl.comparing.weights import parts, renamed_parts
from archdsl.zoo import models

TWO = """\
arch Two {
  data image(1, 8, 8)
  task classify(10)

  model {
    let stem = conv(16, 3, bias=false) -> batch_norm -> relu
    let body = stem -> 2 * (conv(16, 3) -> relu)
    return add(body, stem) -> global_avg_pool -> linear(classes)
  }
}
"""
BLOCKS = """\
arch Blocks {
  data tokens(6, vocab=20)
  task classify(3)
  model {
    let layers = embedding(8) -> 3 * layer(8)
    return layers -> global_avg_pool -> linear(classes)
  }
}

block layer(width) {
  let NORM = layer_norm
  let dense = NORM -> linear(width)
  return add(x, dense)
}
"""


class Renamed(NamedTuple):
    old: str
    new: str
    rows: tuple[str, ...]


CASES = {
    "a let": Renamed(TWO, TWO.replace("body", "trunk"), ('"body.*" -> "trunk.*"',)),
    "a let in each copy of a block": Renamed(
        BLOCKS.replace("NORM", "before"),
        BLOCKS.replace("NORM", "norm"),
        ('"layers.{i}.before.*" -> "layers.{i}.norm.*"',),
    ),
    "two at once": Renamed(
        TWO,
        TWO.replace("body", "trunk").replace("stem", "root"),
        ('"stem.*" -> "root.*"', '"body.*" -> "trunk.*"'),
    ),
    "a part is gone": Renamed(
        TWO.replace("add(body, stem)", "add(body, stem, stem -> conv(16, 1))"),
        TWO.replace("body", "trunk"),
        ('"body.*" -> "trunk.*"', '"conv.*" -> drop'),
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_old_weights_load_by_the_rows_that_are_shown(case, tmp_path):
    (arch,) = archdsl.compare(case.old, case.new).arches
    rows = [row.text for row in arch.design.weights.rows]
    assert sorted(rows) == sorted(case.rows)
    file = tmp_path / "old.safetensors"
    before = archdsl.compile(case.old).module().eval()
    save_file(before.state_dict(), file)
    clause = f"  weights old({', '.join(rows)})\n  model"
    after = archdsl.load(case.new.replace("  model", clause, 1), file)
    old, new = before.state_dict().values(), after.state_dict().values()
    kept = [one for one in old if any(torch.equal(one, other) for other in new)]
    assert len(kept) >= len(new)


def test_by_a_clause_that_the_new_spec_has_they_load():
    new = TWO.replace("body", "trunk")
    clause = '  weights mine("body.*" -> "trunk.*")\n  model'
    (arch,) = archdsl.compare(TWO, new.replace("  model", clause, 1)).arches
    weights = arch.design.weights
    assert (weights.loads, weights.origin, weights.rows) == (True, "mine", ())


def test_names_alone_decide_where_sizes_are_the_same():
    (arch,) = archdsl.compare(TWO, TWO.replace("relu", "gelu")).arches
    assert arch.design.weights.same


def test_other_sizes_and_new_tensors_leave_nothing_to_load():
    wider = archdsl.compare(TWO, TWO.replace("conv(16", "conv(32")).arches[0].design.weights
    assert {one.name for one in wider.resized} >= {"stem.0.weight", "linear.weight"}
    assert (wider.loads, wider.rows) == (False, ())
    more = archdsl.compare(TWO, TWO.replace("-> linear", "-> linear(8) -> relu -> linear"))
    weights = more.arches[0].design.weights
    assert weights.gained
    assert not weights.loads


@pytest.mark.parametrize("pair", [("resnet18", "resnet34"), ("vgg11", "vgg11_bn")])
def test_it_agrees_with_what_pytorch_says_of_two_state_dicts(pair):
    texts = [models()[name].read_text(encoding="utf-8") for name in pair]
    (arch,) = archdsl.compare(*texts).arches
    with torch.device("meta"):
        old, new = (archdsl.compile(text).module() for text in texts)
    lost, gained = set(old.state_dict()), set(new.state_dict())
    found = arch.design.weights
    told = {*found.lost, *(one for one, _ in found.renamed)}
    assert told == lost - gained
    assert {*found.gained, *(one for _, one in found.renamed)} == gained - lost
    same = [n for n in lost & gained if old.state_dict()[n].shape == new.state_dict()[n].shape]
    assert set(found.kept) == set(same)


def test_parts_are_those_that_are_gone_as_a_whole():
    names = ["head.0.weight", "head.0.bias", "body.1.weight"]
    assert parts(names, ["body.0.weight"]) == {"head.*": 2, "body.1.*": 1}
    assert parts(["body.weight"], ["body.bias"]) == {"body.weight": 1}


def test_renamed_parts_are_what_differs():
    pairs = [("a.0.weight", "b.0.weight"), ("a.0.bias", "b.0.bias"), ("old", "new")]
    assert renamed_parts(pairs) == {("a.*", "b.*"): 2, ("old", "new"): 1}
