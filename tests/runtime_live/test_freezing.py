"""Frozen parts of a model are frozen: their weights stay, and training holds what is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch
from safetensors.torch import load as safe_load

import archdsl
from archdsl.cost.counts import params, trainable
from archdsl.cost.metrics.memory import training
from archdsl.emit.pytorch import emit
from archdsl.resolve.loading import load
from archdsl.runtime.extras import BadInput
from archdsl.runtime.live.batches import random_batch
from archdsl.runtime.live.learning.checkpoints import packed
from archdsl.runtime.live.learning.freezing import Frozen
from archdsl.runtime.live.learning.loop import Training, learn
from archdsl.runtime.live.learning.progress import Options
from archdsl.runtime.live.learning.started import start_of
from archdsl.runtime.live.profile import profile
from archdsl.runtime.module import build
from archdsl.source import Source
from archdsl.spec.train.adam import Adam
from tests.runtime_live.trained import case
from tests.unjudged import UNJUDGED

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

    from archdsl.evaluate.program import Evaluation
    from archdsl.runtime.live.learning.progress import Epoch

PARTS = """{
  let stem = linear(16) -> batch_norm -> relu -> dropout(0.5)
  let wide = stem -> add(linear(8), linear(8) -> relu) -> layer_norm
  let neck = wide -> linear(8) -> batch_norm -> relu
  return neck -> linear(classes)
}"""
IMAGES = """
block cell(w) = conv(w, 3) -> batch_norm -> relu
arch A {{
  data image(3, 16, 16)
  task classify(4)
  train adamw(batch=4{freeze})
  model {{
    let stem = cell(8) -> max_pool(2)
    let body = stem -> 2 * residual(cell(8))
    let side = stem -> conv(8, 1) -> relu
    let neck = add(body, side) -> cell(8)
    return neck -> global_avg_pool -> linear(classes)
  }}
}}
"""
TOKENS = """
arch A {{
  data tokens(12, vocab=50)
  task next_token()
  train adamw(batch=4{freeze})
  model {{
    let words = embedding(16)
    let body = words -> gpt_block(2)
    return body -> layer_norm -> linear(vocab)
  }}
}}
"""
FREED = ", freeze=[{}]".format


def images(freeze: str, text: str = IMAGES) -> Evaluation:
    program = load(Source(text.format(freeze=freeze))).program()
    return program.evaluate(lambda path, point: 0)


def kept(evaluation: Evaluation) -> int:
    """Bytes of what autograd keeps in a step, the module's own left out."""
    train = evaluation.clauses.train
    assert train is not None
    module = build(evaluation.graph)
    Frozen(module, evaluation.graph, train.adapter_rank).in_training()
    own = {t.untyped_storage().data_ptr() for t in (*module.parameters(), *module.buffers())}
    found: dict[int, torch.UntypedStorage] = {}

    def keep(tensor: torch.Tensor) -> torch.Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in own:
            found[storage.data_ptr()] = storage
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        result = module(*random_batch(evaluation.graph.model.takes, module, train.batch))
    del result
    return sum(storage.nbytes() for storage in found.values())


def told(evaluation: Evaluation) -> int:
    train = evaluation.clauses.train
    assert train is not None
    return training(evaluation.graph, train, train.batch).saved


@pytest.mark.parametrize(
    "names", ["stem", "stem, body", "stem, body, side", "stem, body, side, neck"]
)
def test_before_the_first_trained_layer_nothing_is_kept(names: str) -> None:
    found = images(FREED(names))
    assert kept(found) == told(found) < told(images(""))


@pytest.mark.parametrize("names", ["body", "side", "neck", "stem, neck", "body, side"])
def test_no_more_is_kept_than_is_told_where_gradients_pass_through(names: str) -> None:
    found = images(FREED(names))
    assert kept(found) <= told(found)


@pytest.mark.parametrize(
    ("names", "is_exact"), [("words", True), ("words, body", True), ("body", False)]
)
def test_models_of_words_keep_what_is_told(names: str, is_exact: bool) -> None:
    found = images(FREED(names), TOKENS)
    assert kept(found) == told(found) if is_exact else kept(found) <= told(found)


def test_frozen_weights_and_statistics_are_the_same_bits_after_training() -> None:
    given = case("adamw(lr=0.01, weight_decay=0.1, epochs=3, clip=1, freeze=[stem, wide])", PARTS)
    train = given.clauses.train
    assert train is not None
    it = Training(given.graph, given.clauses, given.data, Options.of(train), "cpu", None)
    before = {name: one.clone() for name, one in it.module.state_dict().items()}
    it.run(None, None)
    after = it.module.state_dict()
    changed = {name for name in after if not torch.equal(before[name], after[name])}
    kept = {name for name in after if name.split(".")[0] not in ("neck", "linear", "linear3")}
    assert len(kept) == 13
    assert not changed & kept
    assert changed == after.keys() - kept


def test_weights_gradients_and_state_are_what_is_told() -> None:
    for optimizer in ("sgd(momentum=0.9", "adam(amsgrad=true", "adamw(lr=0.001"):
        given = case(f"{optimizer}, batch=8, freeze=[stem, wide])", PARTS)
        train = given.clauses.train
        assert train is not None
        it = Training(given.graph, given.clauses, given.data, Options.of(train), "cpu", None)
        it._step(*next(iter(given.data.training.epoch(0))))
        weights = list(it.module.parameters())
        state = [v for one in it.optimizer.state.values() for v in one.values()]
        held = [v for v in state if isinstance(v, torch.Tensor) and v.dim()]
        said = training(given.graph, train, 8)
        assert said.weights == 4 * sum(one.numel() for one in weights)
        assert said.gradients == 4 * sum(w.grad.numel() for w in weights if w.grad is not None)
        assert said.optimizer == 4 * sum(one.numel() for one in held)
        assert said.gradients == 4 * trainable(given.graph) < 4 * params(given.graph)


@pytest.mark.parametrize("how", ["freeze=stem", "freeze=stem, adapter_rank=2"])
def test_a_training_goes_on_where_it_was_interrupted(how: str, tmp_path: Path) -> None:
    given = case(f"adamw(lr=0.01, epochs=4, {how})", PARTS)

    def kill(epoch: Epoch) -> None:
        if epoch.number == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        given.learned(kill, tmp_path / "it")
    whole, again = given.learned(), given.learned(None, tmp_path / "it")
    assert len(again.epochs) == 4
    for name, tensor in whole.module.state_dict().items():
        assert torch.equal(tensor, again.module.state_dict()[name])


def test_the_module_is_the_same_whatever_is_frozen() -> None:
    for text in (IMAGES, TOKENS):
        whole = emit(images("", text).graph)
        names = "body" if text is TOKENS else "stem, body"
        assert emit(images(FREED(names), text).graph) == whole


def test_a_weight_that_is_shared_stays_its_owners() -> None:
    text = """arch A {{ data tokens(6, vocab=9) task next_token() train adam(batch=2{freeze})
      model {{ let words = embedding(8) let head = words -> tied_linear(words) return head }} }}"""
    found = images(FREED("head"), text)
    module = build(found.graph)
    left = Frozen(module, found.graph).trained()
    assert sum(one.numel() for one in left) == trainable(found.graph) > 0


def test_where_nothing_is_left_to_train_it_says_so() -> None:
    given = case("adam(freeze=[a])", "{ let a = linear(classes) return a }")
    with pytest.raises(BadInput, match="nothing is left to train: a hold"):
        given.learned()


def test_a_profile_is_of_what_is_trained() -> None:
    found = images(FREED("stem, body, side"))
    assert profile(found.graph, found.clauses, batch=4, steps=1, draw=None).batch == 4


def test_frozen_weights_are_those_of_another_training(tmp_path: Path) -> None:
    """Learned for three classes, and kept for a head of two."""
    first = case("adamw(lr=0.01, epochs=3)", PARTS).learned()
    file = tmp_path / "weights.safetensors"
    file.write_bytes(packed(first.module.state_dict()))
    given = case("adamw(lr=0.01, epochs=3, freeze=[stem, wide])", PARTS, classes=2)
    told = Options.of(given.clauses.train or Adam(), device="cpu")
    then = learn(given.graph, given.clauses, given.data, told, start=start_of(file))
    before, after = first.module.state_dict(), then.module.state_dict()
    same = {name for name in before if torch.equal(before[name], after[name])}
    assert {name.split(".")[0] for name in same} == {"stem", "linear1", "linear2", "wide"}
    assert len(same) == 13
    assert after["linear3.weight"].shape == (2, 8)


SERIES = """
arch A {{
  data series(6, 4)
  train adamw({freeze})
  model {{
    let stem = linear(4)
    let body = stem -> {layer} -> last
    return body -> linear(2)
  }}
}}
"""


@pytest.mark.parametrize("word", ["lstm", "gru", "rnn"])
def test_recurrent_layers_rest_in_training_for_which_alone_cudnn_has_gradients(word: str) -> None:
    text = SERIES.replace("{layer}", f"{word}(8, layers=2, dropout=0.5)")
    graph = images("freeze=body", text).graph
    module = build(graph)
    frozen = Frozen(module, graph)
    frozen.in_training()
    batch = random_batch(graph.model.takes, module, 3)
    resting, again = module(*batch), module(*batch)
    (layer,) = [one for one in module.modules() if isinstance(one, torch.nn.RNNBase)]
    assert layer.training
    resting.sum().backward()
    assert all(weight.grad is None for weight in layer.parameters())
    frozen.end()
    assert layer.dropout == 0.5
    assert torch.equal(resting, again)
    torch.testing.assert_close(module.eval()(*batch), resting)


def test_weights_to_start_from_have_to_hold_what_is_frozen(tmp_path: Path) -> None:
    given = case("adamw(epochs=1, freeze=stem)", PARTS)
    own = build(given.graph).state_dict()
    for left, said in (("wide", "lacks weights that are frozen: stem"), ("none", "has no weight")):
        held = {n: t for n, t in own.items() if left == "wide" and not n.startswith("stem")}
        file = tmp_path / left
        file.write_bytes(packed(held or {"other": torch.zeros(3)}))
        told = Options.of(given.clauses.train or Adam(), device="cpu")
        with pytest.raises(BadInput, match=said):
            learn(given.graph, given.clauses, given.data, told, start=start_of(file))


def test_the_command_starts_from_weights_and_refuses_others_in_the_same_folder(
    tmp_path: Path,
    run: Callable[..., Result],
) -> None:
    model = tmp_path / "model.arch"
    head = "arch A { data table(30) task classify(2) train adamw(batch=64, epochs=1"
    parts = "model { let body = linear(8) -> relu return body -> linear(classes) } }"
    model.write_text(f"{head}) {parts}")

    def trained(where: str, *more: str) -> Result:
        place = ["-o", str(tmp_path / where), "--data", "sklearn:breast_cancer", "--device", "cpu"]
        return run("train", str(model), *place, *more)

    assert trained("first").exit_code == 0
    file = str(tmp_path / "first" / "weights.safetensors")
    model.write_text(f"{head}, freeze=body) {parts}")
    assert trained("second", "--weights", file).exit_code == 0
    both = [
        safe_load((tmp_path / where / "weights.safetensors").read_bytes())
        for where in ("first", "second")
    ]
    assert torch.equal(both[0]["body.weight"], both[1]["body.weight"])
    assert not torch.equal(both[0]["linear.weight"], both[1]["linear.weight"])
    other = trained("second", "--weights", str(tmp_path / "second" / "weights.safetensors"))
    assert other.exit_code == 2
    assert "the weights to start from changed since" in " ".join(other.output.split())


@pytest.mark.parametrize(
    ("freeze", "pretrained", "is_told", "is_kept"),
    [
        (", freeze=body", ", pretrained=true", True, True),
        ("", ", pretrained=true", True, False),
        (", freeze=body", "", False, False),
    ],
)
def test_who_forgets_pretrained_weights_is_told(
    tmp_path: Path,
    run: Callable[..., Result],
    freeze: str,
    pretrained: str,
    is_told: bool,
    is_kept: bool,
) -> None:
    model = tmp_path / "model.arch"
    model.write_text(
        f"arch A {{ data table(30{pretrained}) task classify(2) train adamw(epochs=1{freeze})\n"
        "model { let body = linear(8) -> relu return body -> linear(classes) } }"
    )
    where = ["-o", str(tmp_path / "run"), "--data", "sklearn:breast_cancer", "--device", "cpu"]
    told = run("train", str(model), *where)
    assert told.exit_code == 0
    assert ("training begins with random weights" in told.output) == is_told
    assert ("what `freeze` names keeps them" in told.output) == is_kept
    file = str(tmp_path / "run" / "weights.safetensors")
    again = run("train", str(model), *where, "-o", str(tmp_path / "then"), "--weights", file)
    assert again.exit_code == 0
    assert "random weights" not in again.output


def test_a_module_is_frozen_by_its_name_wherever_it_is_applied():
    text = """\
arch Towers {
  data  table(8)
  task  classify(2)
  train adamw(batch=8, freeze=tower)
  model {
    module tower = linear(8) -> batch_norm
    module other = linear(8) -> relu
    let a = x -> other -> tower
    let b = a -> tower -> other
    return b -> linear(classes)
  }
}
"""
    compiled = archdsl.compile(text, terms=UNJUDGED)
    module = compiled.module()
    held = Frozen(module, compiled.graph)
    assert held.attributes == ["tower"]
    trained = {name for name, one in module.named_parameters() if one.requires_grad}
    assert {name.partition(".")[0] for name in trained} == {"other", "linear"}
    count = sum(one.numel() for one in held.trained())
    assert count == archdsl.show(text, terms=UNJUDGED).trainable
