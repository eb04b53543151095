"""Several of several: `pick`, `permute`, `list`, and branches that may be absent."""

from __future__ import annotations

from itertools import combinations, permutations
from typing import Any

import pytest

from archdsl.cost.counts import macs, params
from archdsl.diagnostics import SpecError
from archdsl.evaluate.designs import design_of
from archdsl.graph.nodes import Chain, OpNode, Slot
from tests.designs import evaluate_design
from tests.evaluate.conftest import every_design, fitting, model, program


def designs(expression: str, blocks: str = "") -> list[dict[str, Any]]:
    return [design_of(found) for found in fitting(program(model(expression, blocks)))]


def words(evaluation: Any) -> tuple[str, ...]:
    """The ops of a model that is a row of them, in order."""
    result = evaluation.graph.model.result
    steps = result.steps if isinstance(result, Chain) else (result,)
    return tuple(step.op.word() for step in steps)


def widths(evaluation: Any) -> tuple[int, ...]:
    result = evaluation.graph.model.result
    steps = result.steps if isinstance(result, Chain) else (result,)
    return tuple(step.op.channels for step in steps)


def merged(evaluation: Any) -> tuple[str, ...]:
    """The branches of the merge that ends a model; what stands alone in its place."""
    result = evaluation.graph.model.result
    if isinstance(result, OpNode) and result.branches:
        return tuple(_word(branch) for branch in result.branches)
    return (_word(result),)


def _word(node: Any) -> str:
    if isinstance(node, Slot):
        return _word(node.layer)
    if isinstance(node, OpNode):
        return node.op.word()
    return "identity" if isinstance(node, Chain) and not node.steps else node.name


def test_each_goes_through_the_values_picked_in_order() -> None:
    space = program(model("each(w = pick(2, 16, 32, 64), conv(w, 3))"))
    found = fitting(space)
    assert [widths(one) for one in found] == list(combinations((16, 32, 64), 2))
    assert [design_of(one) for one in found] == [
        {"each": "16 32"},
        {"each": "16 64"},
        {"each": "32 64"},
    ]


def test_how_many_are_picked_can_be_a_choice() -> None:
    found = fitting(program(model("each(w = pick(1 to 3, 4, 6, 8), conv(w, 1))")))
    expected = [some for k in (1, 2, 3) for some in combinations((4, 6, 8), k)]
    assert [widths(one) for one in found] == expected
    assert design_of(found[0]) == {"each.count": 1, "each": "4"}


def test_each_goes_through_values_in_some_order_or_as_they_are_listed() -> None:
    found = fitting(program(model("each(w = permute(4, 6, 8), conv(w, 1))")))
    assert [widths(one) for one in found] == list(permutations((4, 6, 8)))
    (only,) = fitting(program(model("{ let w = 4 return each(v = [w, 8, w], conv(v, 1)) }")))
    assert widths(only) == (4, 8, 4)


def test_copies_for_values_choose_for_themselves() -> None:
    paths = [list(d) for d in designs("each(w = pick(2, 4, 6, 8), conv(w, 1 | 3))")]
    assert paths == [["each", "each.1.conv.kernel", "each.2.conv.kernel"]] * 12


def test_values_may_be_choices_words_and_real_numbers() -> None:
    assert designs("each(w = pick(1, 4 | 6, 8), conv(w, 1))") == [
        {"each": "4 | 6", "each.choice": 4},
        {"each": "4 | 6", "each.choice": 6},
        {"each": "8"},
    ]
    ((d,), (e,)) = (list(d.values()) for d in designs("each(p = pick(1, 0.1, 0.25), dropout(p))"))
    assert (d, e) == ("0.1", "0.25")
    assert len(designs("each(a = pick(2, channels, length), concat(relu, gelu, axis=a))")) == 0


def test_permute_puts_layers_in_every_order() -> None:
    found = fitting(program(model("permute(relu, gelu, conv(3, 3), silu)")))
    expected = list(permutations(("relu", "gelu", "conv", "silu")))
    assert [words(one) for one in found] == expected
    assert [design_of(one)["permute"] for one in found] == [" ".join(o) for o in expected]


def test_a_choice_in_a_permuted_layer_keeps_its_path_wherever_it_stands() -> None:
    space = program(model("conv(4, 1) -> permute(conv(4, 3 | 5), relu)"))
    found = [design_of(one) for one in fitting(space)]
    assert [list(d) for d in found] == [["permute", "permute.conv.kernel"]] * 4
    for design in found:
        assert design_of(evaluate_design(space, design)) == design


def test_orders_that_do_not_fit_are_no_designs() -> None:
    assert designs("permute(conv(4, 1), conv(6, 1, groups=3))") == [
        {"permute": "conv(6, 1, groups=3) conv(4, 1)"}
    ]


@pytest.mark.parametrize(
    ("merge", "expected"),
    [
        ("add(identity, relu | none)", [("identity", "relu"), ("identity",)]),
        (
            "add(identity, relu | none, gelu | none)",
            [
                ("identity", "relu", "gelu"),
                ("identity", "relu"),
                ("identity", "gelu"),
                ("identity",),
            ],
        ),
        (
            "mul(tanh, pick(1 to 2, relu, gelu) | none)",
            [("tanh", "relu"), ("tanh", "gelu"), ("tanh", "relu", "gelu"), ("tanh",)],
        ),
        ("add(pick(1, relu, gelu))", [("relu",), ("gelu",)]),
        ("add(pick(2, relu, gelu, none))", [("relu", "gelu"), ("relu",), ("gelu",)]),
        ("add(relu, when((1 | 2) == 1, gelu, else=none))", [("relu", "gelu"), ("relu",)]),
        ("concat(relu, gelu | none)", [("relu", "gelu"), ("relu",)]),
        ("outputs(relu, gelu | none)", [("relu", "gelu"), ("relu",)]),
        ("add(relu | none, gelu | none)", [("relu", "gelu"), ("relu",), ("gelu",)]),
    ],
)
def test_a_branch_may_be_absent(merge: str, expected: list[tuple[str, ...]]) -> None:
    assert [merged(one) for one in fitting(program(model(merge)))] == expected


def test_a_merge_left_with_one_branch_is_that_branch() -> None:
    space = program(model("conv(8, 3) -> concat(conv(8, 1), conv(4, 1) | none)"))
    both, alone = fitting(space)
    (plain,) = fitting(program(model("conv(8, 3) -> conv(8, 1)")))
    assert both.graph.model.out.channels == 12
    assert (params(alone.graph), macs(alone.graph), alone.graph.model.out, words(alone)) == (
        params(plain.graph),
        macs(plain.graph),
        plain.graph.model.out,
        words(plain),
    )


def test_a_merge_left_with_nothing_is_refused() -> None:
    *_, last = every_design(program(model("add(relu | none, gelu | none)")))
    assert isinstance(last, SpecError)
    assert [f.code for f in last.diagnostics] == ["E234"]


def test_a_tensor_left_alone_in_a_merge_is_what_flows_on(evaluate: Any) -> None:
    body = "{ let a = conv(4, 1) return add(a, conv(4, 3) | none) -> relu }"
    found = evaluate(body, design={"choice": "none"})
    assert found.graph.model.out.channels == 4
    assert params(found.graph) == 3 * 4 + 4


def test_names_of_the_spec_go_before_words_of_the_language() -> None:
    blocks = "block none() = conv(3, 1)\nblock permute(a, b) = conv(a, b)"
    found = fitting(program(model("add(relu, none) -> permute(8, 3)", blocks)))
    assert [params(one.graph) for one in found] == [12 + 8 * 27 + 8]


def test_an_optional_branch_may_be_absent() -> None:
    text = "{ let m = linear(8) return linear(8) -> attention(2, memory=(m | none)) }"
    space = program(model(text, data="series(5, 8)"))
    with_memory, without = fitting(space)
    assert params(with_memory.graph) - params(without.graph) == 8 * 8 + 8
    assert len(with_memory.graph.model.result.steps[-1].branches) == 1
    assert without.graph.model.result.steps[-1].branches == ()


def test_what_nothing_is_picked_of_is_refused_and_its_neighbours_stay() -> None:
    text = "arch A { data table(4) model = (add(identity, pick(0 to 2, relu, gelu)) | tanh) }"
    found = list(every_design(program(text)))
    refused = [one for one in found if isinstance(one, SpecError)]
    assert (len(found), len(refused)) == (5, 1)
    assert refused[0].diagnostics[0].code == "E230"
    assert "| none" in refused[0].diagnostics[0].help
