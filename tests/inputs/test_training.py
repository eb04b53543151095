"""Models with several inputs, alive: what was foretold of them, and that they learn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from torch import nn

import archdsl
from archdsl.resolve.loading import load
from archdsl.runtime.extras import BadInput
from archdsl.runtime.live.batches import random_batch
from archdsl.runtime.live.data.given import given, in_python
from archdsl.runtime.live.learning.feeding import fed
from archdsl.runtime.live.learning.splits import parted
from archdsl.runtime.live.verify import verify
from archdsl.source import Source
from tests.inputs.specs import SPECS
from tests.property.running import disagreements

if TYPE_CHECKING:
    from pathlib import Path

    from archdsl.evaluate.program import Evaluation

SMALL = [name for name in SPECS if name != "transformer"]

TABLE = """arch Sales {
  data  facts = table(2, samples=200)
  data  shop = category(vocab=5)
  task  regress(1)
  train adam(batch=16, epochs=60, lr=1e-2, seed=1)
  model = concat(facts, shop -> embedding(4)) -> linear(16) -> relu -> linear(targets)
}
"""

GENERATED = """arch A {
  data seed = noise(6)
  data digit = category(vocab=3)
  task regress(2)
  train adam(batch=8, epochs=2, lr=1e-3)
  model = concat(seed, digit -> embedding(3)) -> linear(targets)
}
"""


def evaluated(text: str) -> Evaluation:
    return load(Source(text)).program().evaluate(lambda path, point: point.at(0))


@pytest.mark.parametrize("name", SMALL)
def test_a_module_is_what_was_foretold_and_gradients_reach_all_of_it(name: str) -> None:
    compiled = archdsl.compile(SPECS[name])
    assert [*disagreements(compiled)] == []
    module = compiled.module()
    result = module(*random_batch(compiled.graph.model.takes, module, 3))
    result.square().sum().backward()
    for weight in module.parameters():
        assert weight.grad is not None
        assert weight.grad.abs().sum() > 0


@pytest.mark.parametrize("name", SMALL)
def test_verify_finds_nothing_wrong_with_it(name: str) -> None:
    made = evaluated(SPECS[name])
    found = verify(made.graph, made.clauses.task, 4, train=made.clauses.train, fits=False)
    assert all(claim.agrees for claim in found.claims)
    assert not [one for one in found.findings if one.code.startswith("V3")]


def test_verify_tells_which_input_is_not_read() -> None:
    text = SPECS["image_and_table"].replace("facts -> linear", "facts -> slice(0, 6) -> linear")
    made = evaluated(text)
    found = verify(made.graph, made.clauses.task, 4, fits=False)
    (unread,) = [one for one in found.findings if one.code == "V304"]
    assert unread.message == "50 % of `facts` make no difference to any answer"


def test_verify_looks_for_leaks_in_the_input_that_is_predicted() -> None:
    text = SPECS["encoder_decoder"].replace("causal=true", "causal=false")
    made = evaluated(text)
    found = verify(made.graph, made.clauses.task, 4, fits=False)
    assert "V302" in [one.code for one in found.findings]


def test_an_encoder_and_a_decoder_compute_what_nn_transformer_does() -> None:
    text = SPECS["transformer"].replace("512", "32").replace("64", "7").replace("2048", "48")
    text = text.replace("6 *", "2 *").replace("(8,", "(4,")
    ours = archdsl.compile(text).module().eval()
    theirs = nn.Transformer(32, 4, 2, 2, 48, 0.0, batch_first=True).eval()
    with torch.no_grad():
        _take(ours, theirs)
        source, target = torch.randn(3, 7, 32), torch.randn(3, 7, 32)
        mask = nn.Transformer.generate_square_subsequent_mask(7)
        wanted = theirs(source, target, tgt_mask=mask, tgt_is_causal=True)
        torch.testing.assert_close(ours(source, target), wanted, rtol=1e-5, atol=1e-5)


def _take(ours: Any, theirs: Any) -> None:
    """The weights of PyTorch's transformer, in ours."""
    for mine, other in zip(ours.memory[:2], theirs.encoder.layers, strict=True):
        _attention(mine.attention, other.self_attn)
        pairs = (
            (mine.attended, other.norm1), (mine.linear1, other.linear1),
            (mine.linear2, other.linear2), (mine.norm, other.norm2),
        )  # fmt: skip
        for one, two in pairs:
            one.load_state_dict(two.state_dict())
    ours.memory[2].load_state_dict(theirs.encoder.norm.state_dict())
    for mine, other in zip(ours.decoder_layer, theirs.decoder.layers, strict=True):
        _attention(mine.attention1, other.self_attn)
        cross = other.multihead_attn
        mine.attention2.q.weight.copy_(cross.in_proj_weight[:32])
        mine.attention2.q.bias.copy_(cross.in_proj_bias[:32])
        mine.attention2.kv.weight.copy_(cross.in_proj_weight[32:])
        mine.attention2.kv.bias.copy_(cross.in_proj_bias[32:])
        mine.attention2.proj.load_state_dict(cross.out_proj.state_dict())
        pairs = (
            (mine.own, other.norm1), (mine.read, other.norm2), (mine.linear1, other.linear1),
            (mine.linear2, other.linear2), (mine.norm, other.norm3),
        )  # fmt: skip
        for one, two in pairs:
            one.load_state_dict(two.state_dict())
    ours.norm.load_state_dict(theirs.decoder.norm.state_dict())


def _attention(mine: Any, other: Any) -> None:
    mine.qkv.weight.copy_(other.in_proj_weight)
    mine.qkv.bias.copy_(other.in_proj_bias)
    mine.proj.load_state_dict(other.out_proj.state_dict())


def sales() -> tuple[dict[str, Any], Any]:
    chance = np.random.default_rng(0)
    facts, shop = chance.normal(size=(200, 2)), chance.integers(5, size=200)
    return {"facts": facts, "shop": shop}, facts.sum(1) + 2.0 * shop


def test_a_model_of_a_table_and_a_category_learns_from_both() -> None:
    x, y = sales()
    learned = archdsl.train(TABLE, data=(x, y))
    assert learned.test["r2"] > 0.9


def test_data_is_read_from_files_by_the_names_of_the_inputs(tmp_path: Path) -> None:
    (x, y), clauses = sales(), evaluated(TABLE).clauses
    np.savez(tmp_path / "sales.npz", y=y, **x)
    rows = [f"{a},{s},{b},{t}" for (a, b), s, t in zip(x["facts"], x["shop"], y, strict=True)]
    (tmp_path / "sales.csv").write_text("\n".join(["width,shop,height,price", *rows]))
    python = in_python((x, y), clauses.data, clauses.task)
    for name, targets in (("sales.npz", ()), ("sales.csv", ("price",))):
        read = given(str(tmp_path / name), clauses.data, clauses.task, targets)
        assert [one.dtype.kind for one in read.x] == ["f", "i"]
        for one, other in zip(read.x, python.x, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-6)
        np.testing.assert_allclose(read.y, python.y)


def test_words_of_a_category_are_numbered_in_their_order(tmp_path: Path) -> None:
    clauses = evaluated(TABLE).clauses
    rows = [f"{n},{'cab'[n % 3]},{n},{n}" for n in range(12)]
    (tmp_path / "sales.csv").write_text("\n".join(["width,shop,height,price", *rows]))
    read = given(str(tmp_path / "sales.csv"), clauses.data, clauses.task, ("price",))
    assert read.x[1].tolist()[:4] == [2, 0, 1, 2]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda x: x.pop("shop"), "an input `shop` besides"),
        (lambda x: x.update(shop=x["shop"] + 3), "ids from 3 to 7"),
        (lambda x: x.update(shop=x["facts"]), "a sample of data: shop is 2"),
        (lambda x: x.update(facts=x["facts"][:50]), "both need one entry for each sample"),
        (lambda x: x.update(facts=x["facts"][:, :1]), "a sample of data: facts is 1"),
    ],
)
def test_data_that_does_not_fit_is_refused_with(change: Any, words: str) -> None:
    clauses = evaluated(TABLE).clauses
    x, y = sales()
    change(x)
    with pytest.raises(BadInput, match=words):
        in_python((x, y), clauses.data, clauses.task)


def test_a_pair_without_names_is_refused_with_what_is_wanted() -> None:
    clauses = evaluated(TABLE).clauses
    with pytest.raises(BadInput, match="`facts`, `shop`"):
        in_python((np.zeros((20, 2)), np.zeros(20)), clauses.data, clauses.task)


def test_each_input_is_split_and_scaled_by_itself() -> None:
    clauses = evaluated(TABLE).clauses
    x, y = sales()
    parts = parted(in_python((x, y), clauses.data, clauses.task), seed=0)
    facts, shop = parts.training.x
    assert len(facts) == len(shop) == len(parts.training.y)
    np.testing.assert_allclose(facts.mean(0), 0, atol=1e-5)
    assert set(shop.tolist()) == {0, 1, 2, 3, 4}


def test_noise_is_in_no_data_and_drawn_anew_for_each_batch() -> None:
    made = evaluated(GENERATED)
    chance = np.random.default_rng(0)
    x = {"digit": chance.integers(3, size=60)}
    found = in_python((x, chance.normal(size=(60, 2))), made.clauses.data, made.clauses.task)
    splits = fed(found, made.graph, made.clauses, 0, "cpu")
    one, other = (list(splits.training.epoch(seed)) for seed in (1, 2))
    assert [part[0][0].shape for part in one[:1]] == [(8, 6)]
    assert not torch.equal(one[0][0][0], one[1][0][0])
    assert not torch.equal(one[0][0][0], other[0][0][0])
    again = list(splits.training.epoch(1))
    assert torch.equal(one[0][0][0], again[0][0][0])


def test_one_input_is_augmented_and_the_other_is_not() -> None:
    text = TABLE.replace("table(2, samples=200)", "table(2, samples=200, augment=basic)")
    made = evaluated(text)
    splits = fed(
        in_python(sales(), made.clauses.data, made.clauses.task), made.graph, made.clauses, 0, "cpu"
    )
    plain = fed(
        in_python(sales(), made.clauses.data, made.clauses.task),
        made.graph,
        evaluated(TABLE).clauses,
        0,
        "cpu",
    )
    (varied, same), _ = next(iter(splits.training.epoch(1)))
    (before, shops), _ = next(iter(plain.training.epoch(1)))
    assert torch.equal(same, shops)
    assert not torch.equal(varied, before)
    torch.testing.assert_close(varied, before, atol=0.3, rtol=0)
