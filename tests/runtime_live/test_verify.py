"""archdsl verify: the emitted module does what was foretold."""

from __future__ import annotations

import json
import sys

import pytest
import torch

from archdsl.runtime.live.verify import usual_batch, verify
from archdsl.runtime.module import build
from tests.runtime_live.specs import SPECS, graph_of, verified

KINDS = ("image", "table", "numbers", "pixels", "words", "steps", "graphs")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_data_agrees(kind):
    found = verified(SPECS[kind])
    assert [claim.agrees for claim in found.claims] == [True] * 3
    assert found.gradients.word == "fine"
    assert found.agrees


def test_a_plain_net_of_fifty_sigmoid_layers_vanishes(run):
    result = run("verify", "plain.arch")
    assert result.exit_code == 1
    first = next(line for line in result.stdout.splitlines() if line.startswith("0 "))
    assert "vanishing" in first
    assert "Plain: predictions agree; gradients are vanishing in" in result.stdout
    assert "with He's initialisation they are vanishing" in result.stderr
    assert "error[V201]" in result.stderr


def test_the_residual_one_is_fine(run):
    result = run("verify", "residual.arch")
    assert result.exit_code == 0
    assert "predictions agree; gradients are fine in all 50 layers; 8 random" in result.stdout


def test_weights_that_start_too_small_are_told_from_a_bad_design():
    deep = SPECS["plain"].replace("sigmoid", "relu")
    found = verified(deep, batch=16)
    assert (found.gradients.word, found.he.word) == ("vanishing", "fine")
    assert found.agrees


def test_the_backward_half_read_at_the_last_step_never_learns_to_remember():
    found = verified(SPECS["steps"].replace("8)", "8, bidirectional=true)"))
    judged = zip(found.layers, found.verdicts, strict=True)
    dead = [layer.name for layer, verdict in judged if verdict.word == "dead"]
    assert [name.partition(".")[2] for name in dead] == ["weight_hh_l0_reverse"]
    assert not found.agrees


def test_a_weight_that_its_layer_never_reads_is_not_called_dead():
    text = SPECS["graphs"].replace("gcn(8) -> relu", "arma(8)")
    assert text != SPECS["graphs"]
    found = verified(text)
    names = [layer.name for layer in found.layers if layer.kind == "ARMAConv"]
    assert [name.partition(".")[2] for name in names] == ["init_weight", "root_weight"]
    assert found.agrees


def test_weights_that_wait_for_global_tokens_are_not_called_dead():
    found = verified("""
    arch A {
      data  tokens(64, vocab=100, samples=100_000)
      task  classify(4)
      train adamw(batch=8, lr=0.001)
      model {
        let words = embedding(32) -> position_embedding
        let read = words -> residual(layer_norm -> local_attention(4, reach=8, global_tokens=0))
        return read -> layer_norm -> first -> linear(classes)
      }
    }""")
    linear = [layer.name.rpartition(".")[2] for layer in found.layers if layer.kind == "Linear"]
    assert linear == ["qkv", "proj", "linear"]
    assert found.agrees


def test_a_hundred_blocks_that_add_without_a_norm_explode(run, folder):
    text = SPECS["residual"].replace("49", "100").replace("sigmoid", "relu")
    (folder / "growing.arch").write_text(text)
    result = run("verify", "growing.arch")
    assert result.exit_code == 1
    assert "gradients are exploding in 101 of 101 layers" in result.stdout
    assert "a norm inside each branch" in result.stderr
    normed = text.replace("linear(32)", "layer_norm -> linear(32)")
    assert verified(normed, batch=16).gradients.word == "fine"


def test_a_relu_that_is_always_off_is_dead(run, monkeypatch):
    def drowned(graph):
        module = build(graph)
        first = next(part for part in module.modules() if hasattr(part, "bias"))
        torch.nn.init.constant_(first.bias, -100.0)
        return module

    monkeypatch.setattr("archdsl.runtime.live.verify.build", drowned)
    result = run("verify", "table.arch")
    assert result.exit_code == 1
    assert "gradients are dead in 2 of 2 layers" in result.stdout
    assert "behind a `relu` that is always off" in result.stderr


def test_ten_layers_with_batch_norm_are_fine():
    block = "10 * (linear(64) -> batch_norm -> relu)"
    deep = SPECS["table"].replace("linear(64) -> relu", block)
    assert verified(deep, batch=16).gradients.word == "fine"


def test_a_model_that_learns_nothing_has_no_gradients():
    found = verified("arch Flat { data table(10) task classify(10) model = relu }")
    assert (found.layers, found.agrees) == ((), True)


def test_what_principles_reject_is_told_and_measured_all_the_same(run, folder):
    lines = [line for line in SPECS["plain"].splitlines() if "allow" not in line]
    (folder / "rejected.arch").write_text("\n".join(lines))
    result = run("verify", "rejected.arch", "--format", "json")
    assert result.exit_code == 1
    assert "P301" in result.stderr
    assert json.loads(result.stdout)["gradients"]["word"] == "vanishing"
    assert run("profile", "rejected.arch", "--steps", "1").exit_code == 1


@pytest.mark.parametrize("command", ["verify", "profile"])
def test_a_model_larger_than_the_machine_is_refused(run, folder, command):
    (folder / "huge.arch").write_text(SPECS["table"].replace("linear(64)", "linear(9_000_000_000)"))
    result = run(command, "huge.arch")
    assert result.exit_code == 2
    assert "of memory; this machine has" in result.stderr


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried …"),
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 8.00 GiB. GPU 0 has …"),
        RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
        MemoryError(),
    ],
)
def test_running_out_of_memory_is_no_bug(run, monkeypatch, error):
    def full(graph):
        raise error

    monkeypatch.setattr("archdsl.runtime.live.verify.build", full)
    result = run("verify", "table.arch")
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (
        2,
        "Error: verify needs more memory than there is: try a smaller batch",
    )


def test_open_choices_are_named(run, folder):
    (folder / "space.arch").write_text(SPECS["table"].replace("linear(64)", "linear(32 | 64)"))
    result = run("verify", "space.arch")
    assert result.exit_code == 1
    assert "E503" in result.stderr
    assert run("verify", "space.arch", "--choose", "linear.features=32").exit_code == 0


@pytest.mark.parametrize("command", ["verify", "profile", "baselines"])
def test_an_interrupt_ends_quietly(run, monkeypatch, command):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    data = ("--data", "sklearn:digits", "--seeds", "1", "--seconds", "0.2")
    data = data if command == "baselines" else ()
    monkeypatch.setattr("torch.Tensor.backward", interrupt)
    result = run(command, "table.arch", *data)
    assert result.exit_code == 130
    assert "Traceback" not in result.stderr


def test_a_branch_dropped_for_every_sample_is_not_called_dead():
    block = "residual(linear(64) -> relu -> drop_path(0.99))"
    found = verified(SPECS["table"].replace("linear(64) -> relu", f"linear(64) -> {block}"))
    assert found.gradients.word == "fine"


def test_a_wrong_prediction_is_found(monkeypatch):
    for name in ("params", "macs"):
        monkeypatch.setattr(f"archdsl.ops.dense.linear.Linear.{name}", lambda *_: 1)
    found = verify(graph_of(SPECS["table"]), None, 2, gradients=False)
    assert {claim.name: claim.agrees for claim in found.claims} == {
        "output": True,
        "parameters": False,
        "FLOPs": False,
    }
    assert not found.agrees


def test_the_command_says_what_disagrees(run, monkeypatch):
    monkeypatch.setattr("archdsl.ops.dense.linear.Linear.macs", lambda *_: 7)
    result = run("verify", "table.arch", "--no-gradients")
    assert result.exit_code == 1
    assert "DIFFERS" in result.stdout
    assert "FLOPs differ from the prediction; no gradients were looked at." in result.stdout


def test_bilinear_products_are_counted():
    text = """arch Pairs { data table(6) task classify(3)
    model = bilinear(linear(4), linear(5), 7) -> linear(classes) }"""
    assert verified(text).agrees


def test_a_model_without_a_task_and_with_several_results_is_run():
    text = "arch Two { data table(6) model = outputs(linear(3), linear(4) -> tanh) }"
    found = verified(text)
    assert found.agrees
    assert found.claims[0].measured == ((4, 3), (4, 4))
    assert found.loss == "mean squared error"


def test_json_is_one_document(run):
    result = run("verify", "image.arch", "--format", "json", "--batch", "3")
    document = json.loads(result.stdout)
    assert document["agrees"]
    assert (document["batch"], document["gradients"]["word"]) == (3, "fine")
    assert document["parameters"] == {
        "name": "parameters",
        "predicted": 5146,
        "measured": 5146,
        "agrees": True,
    }
    assert document["layers"][0]["kind"] == "Conv2d"


def test_progress_goes_to_stderr(run):
    assert run("verify", "image.arch").stderr == "running Small on batches of 64\n"


def test_large_models_get_small_batches():
    assert usual_batch(graph_of(SPECS["image"])) == 16
    wide = SPECS["image"].replace("8, 8", "512, 512").replace("16, 3", "2048, 3")
    assert usual_batch(graph_of(wide)) == 2


def test_an_output_that_misses_the_task_is_an_error(run, folder):
    (folder / "wrong.arch").write_text(SPECS["table"].replace("linear(classes)", "linear(3)"))
    result = run("verify", "wrong.arch")
    assert result.exit_code == 1
    assert "E442" in result.stderr


@pytest.mark.parametrize("command", ["verify", "profile", "baselines"])
def test_without_torch_the_extra_is_named(run, monkeypatch, command):
    monkeypatch.setitem(sys.modules, "torch", None)
    data = ("--data", "sklearn:digits") if command == "baselines" else ()
    result = run(command, "image.arch", *data)
    assert result.exit_code == 2
    assert result.stderr.endswith(
        f"Error: {command} needs torch, which is not installed: pip install 'archdsl[torch]'\n"
    )


def test_without_pytorch_geometric_the_extra_is_named(run, monkeypatch):
    for name in [name for name in sys.modules if name.startswith("archdsl_generated.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "torch_geometric", None)
    monkeypatch.setitem(sys.modules, "torch_geometric.nn", None)
    result = run("verify", "graphs.arch")
    assert result.exit_code == 2
    assert "pip install 'archdsl[graph]'" in result.stderr
