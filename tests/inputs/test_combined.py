"""Several inputs beside what else there may be several of: tasks, and uses of one module."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from click.testing import CliRunner
from torch.nn import functional

import archdsl
from archdsl.cli.group import archdsl as command_line
from archdsl.cost.counts import params
from archdsl.resolve.loading import load
from archdsl.runtime.extras import BadInput
from archdsl.runtime.live.batches import random_batch
from archdsl.runtime.live.data.given import given, in_python
from archdsl.runtime.live.learning.feeding import fed
from archdsl.runtime.live.verify import verify
from archdsl.source import Source
from archdsl.space.space import Space
from tests.property.running import disagreements
from tests.space.brute_force import program, tried
from tests.space.test_metrics_against_brute_force import _compare

if TYPE_CHECKING:
    from pathlib import Path

    from archdsl.evaluate.program import Evaluation

FACES = """arch Faces {
  data  seen = table(4, samples=5_000)
  data  place = category(vocab=3)
  task  kind = classify(3)
  task  age = regress(1)
  train adam(batch=16, epochs=2, lr=1e-2, seed=1)
  model {
    let both = concat(seen -> linear(8) -> relu, place -> embedding(4)) -> linear(16) -> relu
    return outputs(both -> linear(kind.classes), both -> linear(age.targets))
  }
}
"""

SIAMESE = """arch Pairs {
  data   left = image(1, 28, 28, samples=60_000)
  data   right = image(1, 28, 28)
  task   classify(2)
  module tower = conv(8, 3, stride=2) -> relu -> conv(16, 3, stride=2) -> relu -> flatten
  model = subtract(left -> tower, right -> tower) -> linear(16) -> relu -> linear(classes)
}
"""

READS = """arch Reads {
  data  source = series(12, 32, samples=20_000)
  data  target = series(8, 32)
  task  regress(4, per=token, of=target)
  model {
    let read = dot_product_attention(
      target -> linear(32), source -> linear(32), source -> linear(32), heads=4
    )
    return add(target, read) -> layer_norm -> linear(targets)
  }
}
"""

TRANSLATOR = """arch Translator {
  data  source = tokens(12, vocab=50, samples=100_000)
  data  target = tokens(8, vocab=70)
  task  tag = classify(5, per=token, of=source)
  task  next = next_token(of=target)
  model {
    let memory = source -> embedding(32) -> position_embedding -> transformer_encoder(4)
    let own = target -> embedding(32) -> position_embedding
              -> add(identity, layer_norm -> attention(4, causal=true))
    let read = own -> add(identity, layer_norm -> attention(4, memory=memory)) -> layer_norm
    return outputs(memory -> linear(tag.classes), read -> linear(target.vocab))
  }
}
"""

DEMAND = """arch Demand {
  data  shop = table(3, samples=5_000)
  data  sold = series(12, 2)
  task  regress(1, horizon=4)
  model {
    let past = sold -> conv(16, 3) -> relu -> global_avg_pool
    return concat(past, shop) -> linear(16) -> relu -> linear(horizon * targets)
           -> reshape(targets, length=horizon)
  }
}
"""

HANDED = (
    "block apart(layer, one, other) = subtract(one -> layer, other -> layer)\n\n"
    + SIAMESE.replace("subtract(left -> tower, right -> tower)", "apart(tower, left, right)")
)

COMBINED = {
    "two_tasks": FACES,
    "siamese": SIAMESE,
    "a module handed on with them": HANDED,
    "attention": READS,
    "tasks_of_each": TRANSLATOR,
    "forecast": DEMAND,
}


def evaluated(text: str) -> Evaluation:
    return load(Source(text)).program().evaluate(lambda path, point: point.at(0))


def codes(text: str) -> list[str]:
    return [found.code for found in archdsl.check(text).diagnostics]


@pytest.mark.parametrize("name", COMBINED)
def test_such_a_spec_is_in_order(name: str) -> None:
    report = archdsl.check(COMBINED[name])
    assert report.ok, report.render()
    assert [code for code in codes(COMBINED[name]) if code.startswith("P8")] == []


@pytest.mark.parametrize("name", COMBINED)
def test_its_module_is_what_was_foretold_and_gradients_reach_all_of_it(name: str) -> None:
    compiled = archdsl.compile(COMBINED[name])
    assert [*disagreements(compiled)] == []
    module = compiled.module()
    found = module(*random_batch(compiled.graph.model.takes, module, 3))
    results = found if isinstance(found, tuple) else (found,)
    torch.stack([one.square().sum() for one in results]).sum().backward()
    for weight in module.parameters():
        assert weight.grad is not None
        assert weight.grad.abs().sum() > 0


@pytest.mark.parametrize("name", COMBINED)
def test_verify_agrees_from_the_command_line(name: str, tmp_path: Path) -> None:
    path = tmp_path / "spec.arch"
    path.write_text(COMBINED[name], encoding="utf-8")
    found = CliRunner().invoke(command_line, ["verify", str(path)])
    assert found.exit_code == 0, found.output
    assert "predictions agree" in found.output


def test_a_module_on_two_inputs_has_its_weights_once() -> None:
    compiled = archdsl.compile(SIAMESE)
    tower = (9 * 8 + 8) + (9 * 8 * 16 + 16)
    head = (784 * 16 + 16) + (16 * 2 + 2)
    assert params(compiled.graph) == tower + head
    module = compiled.module()
    assert sum(weight.numel() for weight in module.parameters()) == tower + head
    assert [name for name, _ in module.named_children()] == ["tower", "linear1", "linear2"]
    x = torch.randn(2, 1, 28, 28)
    torch.testing.assert_close(module(x, x), module(-x, -x))  # no difference: only biases are told


def test_a_block_on_two_inputs_has_weights_for_each() -> None:
    flow = SIAMESE.partition("module tower = ")[2].partition("\n")[0]
    block = SIAMESE.replace(f"  module tower = {flow}\n", "").replace("-> tower", "-> tower()")
    tower = (9 * 8 + 8) + (9 * 8 * 16 + 16)
    once = params(archdsl.compile(SIAMESE).graph)
    twice = params(archdsl.compile(f"block tower() = {flow}\n{block}").graph)
    assert twice == once + tower


def test_what_a_module_does_not_read_of_one_input_is_told_by_its_name() -> None:
    text = """arch Pairs {
  data   left = table(8, samples=60_000)
  data   right = table(8)
  task   classify(2)
  module tower = linear(16) -> relu
  model = subtract(left -> tower, right -> slice(0, 4) -> concat(identity, identity) -> tower)
          -> linear(16) -> relu -> linear(classes)
}
"""
    (found,) = [one for one in archdsl.check(text).diagnostics if one.code == "P821"]
    assert "`right`" in found.message


def test_a_module_on_two_inputs_chooses_once_and_every_design_counts_it_once() -> None:
    made = program(SIAMESE.replace("conv(8, 3, stride=2)", "conv(8 | 12, 3, stride=2)", 1))
    assert made is not None
    designs = tried(made, 10)
    assert designs is not None
    assert [params(one.graph) for one in designs] == [
        (9 * width + width) + (9 * width * 16 + 16) + (784 * 16 + 16) + (16 * 2 + 2)
        for width in (8, 12)
    ]
    assert Space(made).count() == 2
    _compare(made, designs, seed=0)


def test_attention_over_two_inputs_computes_what_pytorch_does() -> None:
    module = archdsl.compile(READS).module().eval()
    source, target = torch.randn(3, 12, 32), torch.randn(3, 8, 32)
    linear1, linear2, linear3, last = (
        one for one in module.modules() if type(one) is torch.nn.Linear
    )
    heads = [
        made.unflatten(-1, (4, -1)).transpose(1, 2)
        for made in (linear1(target), linear2(source), linear3(source))
    ]
    read = functional.scaled_dot_product_attention(*heads).transpose(1, 2).flatten(2)
    norm = next(one for one in module.modules() if isinstance(one, torch.nn.LayerNorm))
    torch.testing.assert_close(module(source, target), last(norm(target + read)))


def test_a_task_of_an_input_that_there_is_not_is_told_of_each_task() -> None:
    text = TRANSLATOR.replace("of=source", "of=sauce").replace("of=target)", "of=traget)")
    assert codes(text).count("E428") == 2


def test_an_input_and_a_task_have_names_of_their_own() -> None:
    text = FACES.replace("place", "kind")
    assert "E207" in codes(text)


def test_a_leak_into_one_of_several_tasks_is_told_of_its_input() -> None:
    leaks = TRANSLATOR.replace("causal=true", "causal=false")
    (found,) = [one for one in archdsl.check(leaks).diagnostics if one.code == "P801"]
    assert "`target`" in found.message
    made = evaluated(leaks)
    told = verify(made.graph, made.clauses.task, 4, fits=False)
    assert "V302" in [one.code for one in told.findings]


def faces() -> tuple[dict[str, Any], dict[str, Any]]:
    chance = np.random.default_rng(0)
    seen, place = chance.normal(size=(120, 4)), chance.integers(3, size=120)
    return {"seen": seen, "place": place}, {
        "kind": (place + (seen[:, 0] > 0)) % 3,
        "age": seen.sum(1),
    }


def test_targets_of_each_task_stand_beside_the_arrays_of_each_input(tmp_path: Path) -> None:
    made, (x, y) = evaluated(FACES), faces()
    clauses = made.clauses
    one = in_python((x, y), clauses.data, clauses.task)
    np.savez(tmp_path / "faces.npz", **x, **y)
    np.testing.assert_allclose(one.y[:, 0], y["kind"])
    np.testing.assert_allclose(one.y[:, 1], y["age"])
    rows = np.column_stack([x["seen"], x["place"], y["kind"], y["age"]])
    table = tmp_path / "faces.csv"
    header = "seen_a,seen_b,seen_c,seen_d,place,kind,age"
    np.savetxt(table, rows, delimiter=",", header=header, comments="", fmt="%.17g")
    for where in (tmp_path / "faces.npz", table):
        other = given(str(where), clauses.data, clauses.task)
        np.testing.assert_allclose(other.y, one.y)
        for mine, theirs in zip(one.x, other.x, strict=True):
            np.testing.assert_allclose(mine, theirs, rtol=1e-6)
    splits = fed(one, made.graph, clauses, 0, "cpu")
    (seen, place), target = next(iter(splits.training.epoch(1)))
    assert (seen.shape, place.shape, target.shape) == ((16, 4), (16,), (16, 2))


def test_columns_of_several_tasks_are_named_in_order(tmp_path: Path) -> None:
    clauses, (x, y) = evaluated(FACES).clauses, faces()
    table = tmp_path / "faces.csv"
    rows = np.column_stack([x["seen"], x["place"], y["kind"], y["age"]])
    header = "seen_a,seen_b,seen_c,seen_d,place,sort,years"
    np.savetxt(table, rows, delimiter=",", header=header, comments="", fmt="%.17g")
    found = given(str(table), clauses.data, clauses.task, ["sort", "years"])
    np.testing.assert_allclose(found.y[:, 1], y["age"])
    with pytest.raises(BadInput, match="the tasks take 2 columns"):
        given(str(table), clauses.data, clauses.task, ["sort"])
    with pytest.raises(BadInput, match="no column 'kind'"):
        given(str(table), clauses.data, clauses.task)


def test_without_targets_a_file_of_inputs_is_refused(tmp_path: Path) -> None:
    clauses, (x, y) = evaluated(FACES).clauses, faces()
    np.savez(tmp_path / "inputs.npz", **x)
    with pytest.raises(BadInput, match="it has to hold y"):
        given(str(tmp_path / "inputs.npz"), clauses.data, clauses.task)
    np.savez(tmp_path / "half.npz", **x, kind=y["kind"])
    with pytest.raises(BadInput, match="kind, age"):
        given(str(tmp_path / "half.npz"), clauses.data, clauses.task)


def test_answers_at_positions_are_those_of_the_input_that_a_task_is_about() -> None:
    made = evaluated(TRANSLATOR)
    chance = np.random.default_rng(0)
    x = {"source": chance.integers(50, size=(30, 12)), "target": chance.integers(70, size=(30, 8))}
    y = {"tag": chance.integers(5, size=(30, 12)), "next": chance.integers(70, size=(30, 8))}
    found = in_python((x, y), made.clauses.data, made.clauses.task)
    assert found.y.shape == (30, 12 + 8)
    np.testing.assert_array_equal(found.y, np.concatenate([y["tag"], y["next"]], 1))
    with pytest.raises(BadInput, match="for each of 12"):
        in_python((x, {**y, "tag": y["next"]}), made.clauses.data, made.clauses.task)


def test_a_forecast_goes_on_with_the_series_among_the_inputs(tmp_path: Path) -> None:
    made = evaluated(DEMAND)
    chance = np.random.default_rng(0)
    x = {"shop": chance.normal(size=(40, 3)), "sold": chance.normal(size=(40, 12, 2))}
    found = in_python((x, chance.normal(size=(40, 4))), made.clauses.data, made.clauses.task)
    assert [one.shape for one in found.x] == [(40, 3), (40, 12, 2)]
    assert found.y.shape == (40, 4, 1)
    table = tmp_path / "long.csv"
    table.write_text("shop,sold\n" + "1,2\n" * 30, encoding="utf-8")
    with pytest.raises(BadInput, match="`sold`"):  # windows are of one series that flows in alone
        given(str(table), made.clauses.data, made.clauses.task)
