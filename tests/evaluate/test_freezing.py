"""Which parts `freeze` names, and what that makes of them."""

from __future__ import annotations

import pytest

import archdsl
from archdsl.cost.counts import params, trainable
from archdsl.diagnostics import SpecError
from archdsl.evaluate.designs import sampler
from archdsl.graph.flat import Flat
from archdsl.graph.nodes import Learning
from archdsl.space.metrics import metric_of
from tests.evaluate.conftest import program

MODEL = """
  let stem = linear(8)
  let width = 4
  let body = stem -> relu -> linear(8)
  let side = x -> linear(8)
  return add(body, side) -> linear(width)
"""


def arch(train: str, model: str = MODEL) -> str:
    return f"arch A {{ data table(4)\n train {train}\n model {{ {model} }} }}"


def refusals(train: str, model: str = MODEL) -> list[tuple[str, str, str]]:
    """Code, what it points at, and what the fix makes of that."""
    with pytest.raises(SpecError) as refused:
        program(arch(train, model))
    return [
        (one.code, one.span.text, one.fix.edits[0].replacement if one.fix else "")
        for one in refused.value.diagnostics
    ]


def learning(train: str, model: str = MODEL) -> list[int]:
    made = program(arch(train, model)).evaluate(sampler(0))
    return [
        int(s.node.learning) for s in Flat(made.graph).steps if s.node.op.params(*s.node.inputs)
    ]


@pytest.mark.parametrize(
    ("freeze", "expected"),
    [
        ("stem", [2, 0, 0, 0]),
        ("[stem, body]", [2, 2, 0, 0]),
        ("[body, stem]", [2, 2, 0, 0]),
        ("body", [0, 1, 0, 0]),
        ("side", [0, 0, 2, 0]),
        ("[stem, stem]", [2, 0, 0, 0]),
        ('"stem"', [2, 0, 0, 0]),
    ],
)
def test_no_gradient_comes_to_what_reads_only_the_input_and_frozen_parts(freeze, expected) -> None:
    assert learning(f"adam(freeze={freeze})") == expected


INERT = """
block plain(f=relu) = f -> layer_norm
block deep(f=plain) = plain -> f -> linear(4)
arch A {
  data series(6, 4)
  train adam(freeze=[a, b])
  let outside = plain -> PLACE
  model { let a = ONE let b = a -> TWO return b -> linear(1) }
}
"""


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ("conv(4, 3) -> relu", "plain", [3, 3, 3, 3, 0]),
        ("conv(4, 3) -> linear(4)", "plain", [2, 2, 2, 2, 0]),
        ("plain", "linear(4)", [3, 3, 2, 0]),
        ("plain(linear(4))", "relu", [2, 2, 2, 0]),
        ("plain(attention(2))", "relu", [2, 2, 2, 0]),
        ("deep", "relu", [2, 2, 2, 2, 2, 2, 0]),
        ("gpt_block(2)", "relu", [2] * 11 + [0]),
        ("outside", "relu", [2, 2, 2, 2, 0]),
        ("relu -> layer_norm", "outside", [3, 3, 2, 2, 2, 0]),
    ],
)
def test_what_could_have_no_adapters_and_reads_nothing_that_could_is_inert(
    one, two, expected
) -> None:
    text = INERT.replace("ONE", one).replace("TWO", two).replace("PLACE", "linear(4)")
    made = program(text).evaluate(sampler(0))
    assert [step.node.learning for step in Flat(made.graph).steps] == expected


def test_what_a_block_holds_is_frozen_with_the_call_and_not_elsewhere() -> None:
    text = arch("adam(freeze=a)", "let a = cell let b = a -> cell return b -> linear(1)")
    blocks = "block inner() = linear(4) block cell(f=inner) = f -> relu -> residual(inner)"
    made = program(f"{blocks} {text}").evaluate(sampler(0))
    steps = [s for s in Flat(made.graph).steps if s.node.op.params(*s.node.inputs)]
    assert [s.node.learning for s in steps] == [Learning.STILL] * 2 + [Learning.TRAINED] * 3
    assert (params(made.graph), trainable(made.graph)) == (85, 45)


@pytest.mark.parametrize(
    ("train", "expected"),
    [
        ("adam(freeze=stm)", [("E443", "stm", "stem")]),
        ("adam(freeze=[stem, boddy])", [("E443", "boddy", "body")]),
        ("adam(freeze=width)", [("E443", "width", "")]),
        ("adam(freeze=linear)", [("E443", "linear", "")]),
        ("adam(freeze=[p, q])", [("E443", "p", ""), ("E443", "q", "")]),
        ("adam(freeze=3)", [("E406", "3", "")]),
        ("adam(freeze=[])", [("E406", "[]", "")]),
        ("adam(freeze=[stem, 3])", [("E406", "[stem, 3]", "")]),
        ("adam(frozen=stem)", [("E402", "frozen", "freeze")]),
        ("adam(freeze=stem | body)", [("E409", "stem | body", "")]),
        ("adam(freeze=conv(3))", [("E409", "conv(3)", "")]),
        ("adam(adapter_rank=4)", [("E445", "adapter_rank=4", "")]),
        ("adam(adapter_rank=4 | 8)", [("E445", "adapter_rank=4 | 8", "")]),
        ("adam(freeze=stem, adapter_rank=-1)", [("E407", "-1", "")]),
        ("adam(freeze=stem, lora=4)", [("E402", "lora", "adapter_rank")]),
        ("adam(freeze=stem, lora_rank=4)", [("E402", "lora_rank", "adapter_rank")]),
    ],
)
def test_what_is_no_part_is_refused_with_the_nearest_name(train, expected) -> None:
    assert refusals(train) == expected


def test_a_model_without_names_is_told_how_to_name_a_part() -> None:
    with pytest.raises(SpecError) as refused:
        program("arch A { data table(4) train adam(freeze=body) model = linear(3) }")
    (found,) = refused.value.diagnostics
    assert (found.code, found.needed) == ("E443", "a model with `let` for its parts")
    assert "let backbone = …" in found.help


def test_optimizers_of_one_choice_freeze_the_same() -> None:
    assert refusals("adam(freeze=stem) | sgd(lr=0.1)") == [("E444", "sgd(lr=0.1)", "")]
    assert refusals("adam(freeze=stem) | sgd(freeze=body)") == [("E444", "freeze=body", "")]
    same = "adam(freeze=[stem, body], lr=0.1 | 0.01) | sgd(freeze=[body, stem])"
    assert learning(same) == [2, 2, 0, 0]


def test_adapters_need_something_frozen_and_are_told_what_it_could_be() -> None:
    model = "let body = linear(8) -> relu return body -> linear(1)"
    assert refusals("adam(adapter_rank=4)", model) == [("E445", "adapter_rank=4", "freeze=body, ")]
    assert refusals("adam(adapter_rank=4)", "return linear(8)")[0][0] == "E445"
    assert learning("adam(adapter_rank=0)", model) == [0, 0]
    text = arch("adam(adapter_rank=4)", model)
    (found,) = archdsl.check(text).diagnostics
    offered = found.fix
    assert offered is not None
    (edit,) = offered.edits
    mended = text[: edit.span.start] + edit.replacement + text[edit.span.end :]
    assert "E445" not in [found.code for found in archdsl.check(mended).diagnostics]


@pytest.mark.parametrize(
    ("parts", "told", "offered"),
    [
        ("let a = relu let b = a -> linear(8)", "freeze=b", "freeze=b, "),
        ("let a = linear(8) let b = a -> linear(8)", "freeze=a", ""),
        ("let a = relu let b = a -> layer_norm", "leave `adapter_rank` out", ""),
    ],
)
def test_what_adapters_could_be_for_has_dense_layers(parts: str, told: str, offered: str) -> None:
    with pytest.raises(SpecError) as refused:
        program(arch("adam(adapter_rank=4)", f"{parts} return b -> linear(1)"))
    (found,) = refused.value.diagnostics
    assert told in found.help
    assert (found.fix.edits[0].replacement if found.fix else "") == offered


def test_trainable_parameters_are_a_metric() -> None:
    made = program(arch("adam(freeze=[stem, body])"))
    graph = made.evaluate(sampler(0)).graph
    assert metric_of("params", made).of(graph) == 40 + 72 + 40 + 36
    assert metric_of("params(trainable)", made).of(graph) == 40 + 36
    made = program(arch("adam(freeze=[stem, body], adapter_rank=3)"))
    assert metric_of("params", made).of(graph) == 40 + 72 + 40 + 36
    assert metric_of("params(trainable)", made).of(graph) == 40 + 36 + 3 * (4 + 8 + 8 + 8)
    for wrong, needed in (("params(trainabel)", "trainable"), ("params(3)", "trainable")):
        with pytest.raises(SpecError, match="E431") as refused:
            metric_of(wrong, made)
        assert needed in refused.value.diagnostics[0].needed


def test_a_requirement_may_limit_what_is_trained() -> None:
    for limit, missed in ((76, 0), (75, 1)):
        text = arch("adam(freeze=[stem, body])")
        made = program(text.replace("model", f"require params(trainable) <= {limit} model"))
        assert len(made.requirements) == 1
        from archdsl.limits.requirements import missed_requirements

        assert len(missed_requirements(made, made.evaluate(sampler(0)))) == missed


def test_a_part_whose_name_is_bound_twice_is_told_as_that() -> None:
    text = (
        "arch A { data table(8) task classify(2) train adam(freeze=body)\n"
        "model { let body = linear(4) -> relu let body = 4 return body -> linear(classes) } }"
    )
    assert [found.code for found in archdsl.check(text).diagnostics] == ["E207"]
