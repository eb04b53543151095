"""Adapters of frozen parts: they learn, training holds what is told, and weights take them in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch
from safetensors.torch import load as safe_load
from torch import nn

from archdsl.cost.counts import adapters, params, trainable
from archdsl.cost.metrics.memory import training
from archdsl.emit.pytorch import emit
from archdsl.runtime.live.batches import random_batch
from archdsl.runtime.live.learning.adapters import ALPHA
from archdsl.runtime.live.learning.freezing import Frozen
from archdsl.runtime.live.learning.loop import Training
from archdsl.runtime.live.learning.progress import Options
from archdsl.runtime.module import build
from tests.runtime_live.test_freezing import IMAGES, PARTS, TOKENS, images, kept, told
from tests.runtime_live.trained import Case, case

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result


ADAPTED = ", adapter_rank={}, freeze=[{}]".format


def begun(given: Case) -> Training:
    train = given.clauses.train
    assert train is not None
    return Training(given.graph, given.clauses, given.data, Options.of(train), "cpu", None)


@pytest.mark.parametrize(("rank", "is_fitted"), [(1, True), (2, False)])
def test_adapters_of_a_rank_learn_a_change_of_that_rank_and_no_other(rank, is_fitted) -> None:
    given = case("adam(freeze=body)", "{ let body = linear(3, bias=false) return body }", classes=3)
    torch.manual_seed(0)
    module = build(given.graph)
    change = torch.randn(3, rank) @ torch.randn(rank, 4)
    x = torch.randn(200, 4)
    y = module(x).detach() + x @ change.T
    optimizer = torch.optim.Adam(Frozen(module, given.graph, 1).trained(), lr=0.05)
    for _ in range(400):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(module(x), y)
        loss.backward()
        optimizer.step()
    assert (loss.item() < 1e-6) == is_fitted
    assert loss.item() < nn.functional.mse_loss(torch.zeros_like(y), x @ change.T).item()


def test_what_is_merged_gives_what_was_trained_and_differs_by_the_rank() -> None:
    given = case("adamw(lr=0.02, epochs=3, freeze=[stem, wide], adapter_rank=2)", PARTS)
    it = begun(given)
    before = build(given.graph).state_dict()
    before.update({name: tensor.clone() for name, tensor in it.module.state_dict().items()})
    it.run(None, None)
    batch = random_batch(given.graph.model.takes, it.module, 16)
    it.module.load_state_dict(it.best)
    adapted = it.module.eval()(*batch)
    merged = it.learned().module
    torch.testing.assert_close(merged(*batch), adapted, rtol=1e-6, atol=1e-6)
    after = merged.state_dict()
    assert after.keys() == build(given.graph).state_dict().keys()
    changed = {name for name in after if not torch.equal(before[name], after[name])}
    weights = {n for n in changed if n.split(".")[0] not in ("neck", "linear", "linear3")}
    assert weights == {"stem.0.weight", "linear1.weight", "linear2.weight"}
    for name in weights:
        assert torch.linalg.matrix_rank(after[name] - before[name], atol=1e-5) == 2


def test_adapters_begin_as_nothing_and_are_scaled_by_their_rank() -> None:
    given = case("adam(freeze=body, adapter_rank=4)", "{ let body = linear(classes) return body }")
    module = build(given.graph)
    plain = build(given.graph)
    plain.load_state_dict(module.state_dict())
    frozen = Frozen(module, given.graph, 4)
    x = torch.randn(5, 4)
    assert torch.equal(module(x), plain(x))
    (down, up) = frozen.trained()
    assert (down.shape, up.shape) == ((4, 4), (3, 4))
    nn.init.ones_(up)
    expected = plain(x) + ALPHA / 4 * x @ down.T @ up.T
    torch.testing.assert_close(module(x), expected)
    frozen.end()
    torch.testing.assert_close(module(x), expected)
    assert not [name for name in module.state_dict() if "adapter" in name]


def test_weights_gradients_and_state_are_what_is_told() -> None:
    for optimizer in ("sgd(momentum=0.9", "adam(amsgrad=true", "adamw(lr=0.001"):
        given = case(f"{optimizer}, batch=8{ADAPTED(3, 'stem, wide')})", PARTS)
        train = given.clauses.train
        assert train is not None
        it = begun(given)
        it._step(*next(iter(given.data.training.epoch(0))))
        weights = list(it.module.parameters())
        state = [v for one in it.optimizer.state.values() for v in one.values()]
        held = [v for v in state if isinstance(v, torch.Tensor) and v.dim()]
        said = training(given.graph, train, 8)
        assert said.weights == 4 * sum(one.numel() for one in weights)
        assert said.gradients == 4 * sum(w.grad.numel() for w in weights if w.grad is not None)
        assert said.optimizer == 4 * sum(one.numel() for one in held)
        assert said.gradients == 4 * trainable(given.graph, 3)
        assert adapters(given.graph, 3) == 3 * (4 + 16 + 16 + 8 + 16 + 8)
        assert said.weights == 4 * (params(given.graph) + adapters(given.graph, 3))


DENSE = """
arch A {{
  data table(12)
  task classify(4)
  train adamw(batch=4{freeze})
  model {{
    let body = linear(16) -> relu -> linear(8) -> tanh
    let side = x -> linear(8) -> layer_norm
    return add(body, side) -> linear(classes)
  }}
}}
"""


CONVOLUTIONS = """
arch A {{
  data image(4, 6, 6)
  task classify(3)
  train adamw(batch=4{freeze})
  model {{
    let body = conv(8, 3) -> 2 * convnext(3) -> layer_norm -> conv(6, 1) -> gelu -> conv(8, 1)
    let neck = body -> global_avg_pool -> linear(8) -> relu
    return neck -> linear(classes)
  }}
}}
"""


def test_convolutions_that_are_written_as_linear_layers_have_none() -> None:
    given = images(ADAPTED(3, "body, neck"), CONVOLUTIONS)
    assert emit(given.graph).count("nn.Linear(") == 6
    module = build(given.graph)
    frozen = Frozen(module, given.graph, 3)
    assert frozen.adapters is not None
    assert frozen.adapters.layers == [module.get_submodule("neck")]
    learned = sum(weight.numel() for weight in frozen.trained())
    assert learned == trainable(given.graph, 3)
    assert kept(given) <= told(given)


@pytest.mark.parametrize("names", ["body", "body, side"])
def test_dense_layers_keep_what_is_told_to_the_byte(names: str) -> None:
    found = images(ADAPTED(3, names), DENSE)
    assert kept(found) == told(found) > told(images("", DENSE))


@pytest.mark.parametrize(
    ("text", "names"),
    [(TOKENS, "words"), *((IMAGES, names) for names in ("stem", "stem, body", "stem, body, side"))],
)
def test_before_the_first_layer_that_could_have_one_nothing_is_kept(text: str, names: str) -> None:
    found = images(ADAPTED(3, names), text)
    assert kept(found) == told(found) < told(images("", text))


@pytest.mark.parametrize("text", [IMAGES, TOKENS])
def test_behind_a_trained_layer_it_is_exact(text: str) -> None:
    found = images(ADAPTED(3, "body"), text)
    assert kept(found) == told(found) < told(images("", text))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        *((IMAGES, names) for names in ("neck", "stem, neck", "side, neck")),
        (TOKENS, "words, body"),
    ],
)
def test_no_more_is_kept_than_is_told(text: str, names: str) -> None:
    found = images(ADAPTED(3, names), text)
    assert kept(found) <= told(found)


def test_emitted_code_is_the_same() -> None:
    for text in (IMAGES, TOKENS):
        assert emit(images(ADAPTED(4, "body"), text).graph) == emit(images("", text).graph)


def test_weights_that_are_kept_are_those_of_the_emitted_module(
    tmp_path: Path, run: Callable[..., Result]
) -> None:
    model = tmp_path / "model.arch"
    head = "arch A { data table(30) task classify(2) train adamw(batch=64, epochs=1"
    parts = "model { let body = linear(8) -> relu return body -> linear(classes) } }"

    def trained(where: str, *more: str) -> dict[str, torch.Tensor]:
        place = ["-o", str(tmp_path / where), "--data", "sklearn:breast_cancer", "--device", "cpu"]
        result = run("train", str(model), *place, *more)
        assert result.exit_code == 0, result.output
        return safe_load((tmp_path / where / "weights.safetensors").read_bytes())

    model.write_text(f"{head}) {parts}")
    first = trained("first")
    model.write_text(f"{head}, lr=0.01, freeze=body, adapter_rank=2) {parts}")
    then = trained("then", "--weights", str(tmp_path / "first" / "weights.safetensors"))
    assert then.keys() == first.keys()
    assert torch.equal(then["body.bias"], first["body.bias"])
    assert torch.linalg.matrix_rank(then["body.weight"] - first["body.weight"], atol=1e-5) == 2
