"""``parameter`` is a learned tensor, ``constant`` one of one number."""

from __future__ import annotations

import pytest
import torch

import archdsl
from archdsl.cost.alive import ALIVE
from archdsl.cost.compose import total
from archdsl.cost.saved import saved_for_backward
from archdsl.ops.arithmetic.constant import Constant
from archdsl.ops.arithmetic.parameter import Parameter
from archdsl.types import Image, Nodes, Outputs, Sequence, TensorType, Tokens, Vector
from tests.cost import plain
from tests.cost.conftest import graph_of, model
from tests.cost.test_saved_sweep import kept
from tests.ops.against_torch import Built, agrees, refuses
from tests.ops.emitted import text_of

TAKEN: list[TensorType] = [Vector(3), Sequence(5, 2), Image(3, 4, 4), Tokens(6, 9)]
SIZES = [(64, Vector(64)), ((4, 8), Sequence(4, 8)), ((3, 2, 2), Image(3, 2, 2))]


@pytest.mark.parametrize("x", TAKEN)
@pytest.mark.parametrize(("size", "out"), SIZES)
def test_its_kind_follows_from_its_sizes(x, size, out) -> None:
    assert Parameter(size).infer(x) == Constant(0.5, size).infer(x) == out
    agrees(Parameter(size), x)
    agrees(Constant(0.5, size), x)


def test_it_is_the_same_for_every_sample_and_starts_where_it_is_said_to() -> None:
    built = Built(Parameter((4, 8), init=0.5), Vector(3))
    (x,) = built.tensors(3)
    assert built.run(x).unique().tolist() == [0.5]
    assert built.run(x).shape == (3, 4, 8)
    drawn = Built(Parameter((40, 80)), Vector(3)).module.value
    assert 0.019 < drawn.std() < 0.021


def test_a_graph_has_one_for_each_node() -> None:
    assert Parameter(5).infer(Nodes(7, 3, 9)) == Nodes(7, 5, 9)
    agrees(Parameter(5), Nodes(7, 3, 9))
    refuses(Parameter((4, 5)), Nodes(7, 3, 9), words="2 sizes are given", argument="size")


def test_several_results_are_refused() -> None:
    refuses(Parameter(4), Outputs((Vector(3), Vector(4))), words="cannot take several outputs")


def test_a_constant_takes_the_shape_of_what_flows_in() -> None:
    agrees(Constant(-2.0), Image(3, 4, 5), reference=lambda x: torch.full_like(x, -2.0))
    assert Constant(-2.0).gives == (-2.0, -2.0)
    refuses(Constant(1.0), Tokens(4, 9), words="constant cannot take token ids (4)")


def test_the_complement_of_a_gate_is_written_as_one_would() -> None:
    text = text_of("linear(8) -> sigmoid -> subtract(constant(1.0), identity)", "table(4)")
    assert "torch.full_like(x, 1.0) - x" in text


@pytest.mark.parametrize("batch", [1, 3])
def test_it_takes_no_memory_beside_the_weights(batch: int) -> None:
    for merged in (
        "mul(identity, parameter(size(12, 8)))",
        "add(identity, parameter(size(12, 8)))",
    ):
        graph = model(f"linear(8) -> sigmoid -> {merged} -> tanh", "series(12, 4)")
        assert saved_for_backward(graph).bytes(batch) == kept(graph, batch)


def test_learned_positions_give_an_order() -> None:
    start = "arch A { data tokens(16, vocab=50, samples=1M) task classify(3) model = "
    end = " -> transformer_encoder(4) -> mean_over -> linear(classes) }"
    without = archdsl.check(f"{start}embedding(32){end}")
    added = archdsl.check(f"{start}embedding(32) -> add(identity, parameter(size(16, 32))){end}")
    assert "P802" in {found.code for found in without.diagnostics}
    assert "P802" not in {found.code for found in added.diagnostics}


def test_layers_whose_result_is_replaced_are_told_of() -> None:
    text = "arch A { data table(8) model = linear(8) -> relu -> parameter(4) -> linear(1) }"
    assert {"P706", "P821"} & {found.code for found in archdsl.check(text).diagnostics}


def test_no_more_is_alive_than_without_it() -> None:
    with_it, without = (
        total(ALIVE, model(f"linear(8) -> add(identity, {other})", "table(4)"))
        for other in ("parameter(8)", "identity -> identity")
    )
    assert with_it == without


def test_a_block_may_merge_it_with_a_layer_that_reads_a_let_outside() -> None:
    text = """
block shifted(f) = add(f, parameter(8))
arch A { data table(8) model { let y = linear(8) return relu -> shifted(mul(y, identity)) } }
"""
    graph = graph_of(text)
    assert total(ALIVE, graph) == (plain.alive(graph),) == (3 * 8,)  # y, relu and their product
