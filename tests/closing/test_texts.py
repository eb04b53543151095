"""What a closed spec reads like."""

from __future__ import annotations

import pytest

from tests.closing.conftest import DATA

CELL = "block cell(w) = conv(w, 3 | 5) -> relu\n"


def test_a_block_that_chose_the_same_in_all_calls_stays_one_block(close):
    blocks, model = close(
        "= cell(8) -> cell(16)", CELL, cell__conv__kernel=3, cell_2__conv__kernel=3
    )
    assert blocks == "block cell(w) = conv(w, 3) -> relu"
    assert model == "model = cell(8) -> cell(16)"


def test_calls_that_chose_differently_get_copies_with_plain_names(close):
    chosen = {
        f"cell{n}__conv__kernel": k
        for n, k in zip(("", "_2", "_3", "_4"), (3, 5, 3, 5), strict=True)
    }
    blocks, model = close("= cell(8) -> cell(8) -> cell(16) -> cell(16)", CELL, **chosen)
    assert blocks.splitlines() == [
        "block cell1(w) = conv(w, 3) -> relu",
        "block cell2(w) = conv(w, 5) -> relu",
    ]
    assert model == "model = cell1(8) -> cell2(8) -> cell1(16) -> cell2(16)"


def test_a_copy_that_is_called_once_is_written_where_it_is_called(close):
    blocks, model = close(
        "= cell(8) -> cell(16)", CELL, cell__conv__kernel=3, cell_2__conv__kernel=5
    )
    assert blocks == ""
    assert model == "model = conv(8, 3) -> relu -> conv(16, 5) -> relu"


def test_copies_get_names_that_nothing_else_has(close):
    chosen = {
        f"cell{n}__conv__kernel": k
        for n, k in zip(("", "_2", "_3", "_4"), (3, 5, 3, 5), strict=True)
    }
    blocks, model = close(
        "{ let cell1 = cell(8) -> cell(8) -> cell(16) -> cell(16) return cell1 -> relu }",
        CELL,
        **{f"cell1__{path}": value for path, value in chosen.items()},
    )
    assert [line.split("(")[0] for line in blocks.splitlines()] == ["block cell2", "block cell3"]
    assert "let cell1 = cell2(8) -> cell3(8) -> cell2(16) -> cell3(16)" in model


def test_a_shared_block_is_a_block_like_others(close):
    blocks, model = close("= cell(8) -> 3 * cell(16)", f"shared {CELL}", cell__conv__kernel=5)
    assert blocks == "block cell(w) = conv(w, 5) -> relu"
    assert model == "model = cell(8) -> 3 * cell(16)"


def test_a_block_that_is_but_a_choice_is_written_where_it_is_called(close):
    op = "block op(w) = identity | conv(w, 3) | max_pool(3, stride=1)\n"
    blocks, model = close("= op(8) -> add(op(8), x)", op, op="conv", op_2="max_pool")
    assert blocks == ""
    assert model == "model = conv(8, 3) -> add(max_pool(3, stride=1), x)"


def test_blocks_in_blocks_are_copied_as_they_differ(close):
    stage = f"{CELL}block stage(w) = cell(w) -> cell(w) -> max_pool(2)\n"
    chosen = {
        f"stage{s}__cell{c}__conv__kernel": 5 if (s, c) == ("_2", "") else 3
        for s in ("", "_2", "_3")
        for c in ("", "_2")
    }
    blocks, model = close("= stage(8) -> stage(8) -> stage(8)", stage, **chosen)
    assert blocks.splitlines() == [
        "block cell(w) = conv(w, 3) -> relu",
        "block stage(w) = cell(w) -> cell(w) -> max_pool(2)",
    ]
    assert model == ("model = stage(8) -> conv(8, 5) -> relu -> cell(8) -> max_pool(2) -> stage(8)")


def test_the_body_of_a_block_that_only_one_other_calls_is_that_of_the_other(close):
    blocks = f"{CELL}block inner(w, s) {{ let a = cell(w) return add(a, a -> conv(w, s)) }}\n"
    blocks += "shared block one(w) = inner(w, 1)\nshared block two(w) = inner(w, 3)\n"
    chosen = {"one__inner__a__cell__conv__kernel": 3, "two__inner__a__cell__conv__kernel": 5}
    found, model = close("= one(8) -> two(8) -> one(8) -> two(8)", blocks, **chosen)
    assert found == (
        "block one(w) {\n  let a = conv(w, 3) -> relu\n  return add(a, a -> conv(w, 1))\n}\n\n"
        "block two(w) {\n  let a = conv(w, 5) -> relu\n  return add(a, a -> conv(w, 3))\n}"
    )
    assert model == "model = one(8) -> two(8) -> one(8) -> two(8)"


def test_a_recursion_over_a_chosen_depth_is_written_out(close):
    rec = "block rec(n) = when(n == 0, conv(8, 1), else=conv(8, 3 | 5) -> rec(n - 1))\n"
    chosen = {"rec__n": 2, "rec__conv_2__kernel": 3, "rec__rec__conv_2__kernel": 5}
    blocks, model = close("= rec(1 to 3)", rec, **chosen)
    assert (blocks, model) == ("", "model = conv(8, 3) -> conv(8, 5) -> conv(8, 1)")


def test_a_recursion_that_chose_the_same_everywhere_stays_one(close):
    rec = """block level(n, w) {
      let here = conv(w, 3 | 5)
      return when(n == 0, here, else=here -> level(n - 1, 2 * w))
    }
    """
    chosen = {"level__n": 2, "level__here__conv__kernel": 5, "level__level__here__conv__kernel": 5}
    chosen["level__level__level__here__conv__kernel"] = 5
    blocks, model = close("= level(1 to 3, 8)", rec, **chosen)
    assert blocks.splitlines()[1:3] == [
        "  let here = conv(w, 5)",
        "  return when(n == 0, here, else=here -> level(n - 1, 2 * w))",
    ]
    assert model == "model = level(2, 8)"


@pytest.mark.parametrize(
    ("kernels", "row"),
    [
        ((3, 3, 3), "3 * conv(8, 3)"),
        ((3, 3, 5), "2 * conv(8, 3) -> conv(8, 5)"),
        ((3, 5, 3), "conv(8, 3) -> conv(8, 5) -> conv(8, 3)"),
    ],
)
def test_copies_that_are_alike_stay_copies(close, kernels, row):
    chosen = {f"each__{i}__conv__kernel": kernel for i, kernel in enumerate(kernels, 1)}
    assert close("= each(i = 1 to 3, conv(8, 3 | 5))", **chosen)[1] == f"model = {row}"


def test_copies_that_read_what_they_are_made_for_are_written_out_only_where_they_differ(close):
    row = "= each(i = 1 to 3, conv(8 * i, 3 | 5, stride=when(i == 1, 2, else=1)))"
    alike = close(row, **{f"each__{i}__conv__kernel": 5 for i in (1, 2, 3)})[1]
    assert alike == "model = each(i = 1 to 3, conv(8 * i, 5, stride=when(i == 1, 2, else=1)))"
    differ = close(row, **{f"each__{i}__conv__kernel": k for i, k in ((1, 5), (2, 5), (3, 3))})[1]
    assert differ == "model = conv(8, 5, stride=2) -> conv(16, 5) -> conv(24, 3)"


def test_a_chosen_number_of_copies_keeps_its_name(close):
    _, model = close("{ let n = 1 to 4 return n * conv(8, 3 | 5) }", n=3, conv__kernel=5)
    assert model.splitlines()[1:3] == ["  let n = 3", "  return n * conv(8, 5)"]


def test_one_copy_is_the_layer_and_no_copy_is_nothing(close):
    assert close("= (0 to 1) * conv(8, 3) -> relu", copies=1)[1] == "model = conv(8, 3) -> relu"
    assert close("= (0 to 1) * conv(8, 3) -> relu", copies=0)[1] == "model = relu"


@pytest.mark.parametrize(
    ("model", "chosen", "closed"),
    [
        ("conv(8, 3) -> (relu | identity)", {"choice": "identity"}, "conv(8, 3)"),
        ("add(conv(8, 3), identity | none)", {"choice": "none"}, "conv(8, 3)"),
        ("add(conv(8, 3), x | none)", {"choice": "x"}, "add(conv(8, 3), x)"),
        ("add(x, pick(2, relu, gelu, tanh))", {"pick": "relu tanh"}, "add(x, relu, tanh)"),
        ("permute(conv(8, 3), relu)", {"permute": "relu conv"}, "relu -> conv(8, 3)"),
        ("(deep: (relu -> gelu) | flat: relu) -> tanh", {"choice": "deep"}, "relu -> gelu -> tanh"),
        ("dropout(0.1 to 0.5)", {"dropout.rate": 0.25}, "dropout(0.25)"),
        ("dropout(0.0 to 0.5)", {"dropout.rate": 1e-5 / 3}, "dropout(3.3333333333333337e-6)"),
        (
            "each(k = pick(2, 1, 3, 5), conv(8, k))",
            {"each": "1 5"},
            "each(k=[1, 5], conv(8, k))",
        ),
        ("each(k = pick(1, 1, 3, 5), conv(8, k))", {"each": "3"}, "conv(8, 3)"),
        ("conv(8, 3, stride=1 | 2)", {"conv.stride": 1}, "conv(8, 3)"),
        ("relu -> (x | conv(8, 3)) -> tanh", {"choice": "x"}, "x -> tanh"),
    ],
)
def test_what_was_chosen_stands_in_place_of_the_choice(close, model, chosen, closed):
    paths = {path.replace(".", "__"): value for path, value in chosen.items()}
    assert close(f"= {model}", **paths)[1] == f"model = {closed}"


def test_whole_pipelines_are_chosen_among(close):
    body = "{ let a = conv(8, 3) let b = a -> relu return (a -> gelu) | (b -> tanh) }"
    _, model = close(body, choice="b -> tanh")
    assert model.splitlines()[1:] == [
        "  let a = conv(8, 3)",
        "  let b = a -> relu",
        "  return b -> tanh",
        "}",
    ]
    _, model = close(body, choice="a -> gelu")  # nothing reads b any more
    assert model.splitlines()[1:] == ["  let a = conv(8, 3)", "  return a -> gelu", "}"]


def test_lets_say_what_they_came_to(close):
    body = "{ let w = small: 8 | large: 16 let h = w | 2 * w let u = 1 to 3 return conv(h, 3) }"
    _, model = close(body, w="large", h="2 * w", u=2)
    assert model.splitlines()[1:3] == ["  let w = 16", "  let h = 2 * w"]
    assert "let u" not in model


def test_what_choices_alone_decide_is_decided_and_all_else_stays(close):
    body = "{ let w = 8 | 16 return conv(w, 3) -> when(w > 8, relu) -> when(x.height > 8, gelu) }"
    _, model = close(body, w=16)
    assert "return conv(w, 3) -> relu -> when(x.height > 8, gelu)" in model


def test_what_is_handed_in_is_closed_where_it_is_written(close):
    path = {"residual__f__conv__kernel": 3, "residual_2__f__conv__kernel": 5}
    _, model = close("= residual(conv(8, 3 | 5)) -> residual(conv(8, 3 | 5))", **path)
    assert model == "model = residual(conv(8, 3)) -> residual(conv(8, 5))"


def test_a_layer_that_was_applied_twice_and_differs_is_two_parameters(close):
    two = "block two(f, w) = f -> conv(w, 1) -> f\n"
    blocks, model = close(
        "= two(conv(8, 3 | 5), 8)", two, two__f__conv__kernel=3, two__f_2__conv__kernel=5
    )
    assert blocks == "block two(f, f2, w) = f -> conv(w, 1) -> f2"
    assert model == "model = two(conv(8, 3), conv(8, 5), 8)"


def test_a_block_of_the_library_keeps_its_name_and_a_copy_has_another(close):
    model = "= inverted_residual(8, act=relu | gelu) -> inverted_residual(8)"
    path = "inverted_residual__conv__conv_bn_act"
    blocks, model = close(model, **{f"{path}__act": "relu", f"{path}_2__act": "gelu"})
    assert blocks.startswith("block inverted_residual1(channels, ")
    assert "act=act2)" in blocks
    assert "inverted_residual1(8, act=relu, act2=gelu) -> inverted_residual1(8)" in model


def test_defaults_are_closed_for_the_calls_that_leave_them_out(close):
    mixed = "block mixed(w, kernel=3 | 5) { let a = conv(w, kernel) return add(a, a -> relu) }\n"
    blocks, model = close(
        "= mixed(8) -> mixed(8, kernel=7) -> mixed(8) -> mixed(8, kernel=7)",
        mixed,
        mixed__kernel=5,
        mixed_3__kernel=5,
    )
    assert blocks.startswith("block mixed(w, kernel=5) {")
    assert model == "model = mixed(8) -> mixed(8, kernel=7) -> mixed(8) -> mixed(8, kernel=7)"


def test_clauses_are_closed_and_those_of_a_space_are_gone(close):
    items = f"""{DATA}
      train adamw(lr=1e-4 to 1e-2 log, batch=64 | 128) | sgd(lr=0.1)
      maximize accuracy
      require params <= 1M
      search random(trials=5)"""
    chosen = {"train__optimizer": "adamw", "train__adamw__lr": 0.002, "train__adamw__batch": 128}
    _, rest = close("= conv(8, 3)", items=items, **chosen)
    assert rest.splitlines() == [
        "train adamw(lr=0.002, batch=128)",
        "require params <= 1M",
        "model = conv(8, 3)",
    ]


def test_layers_outside_of_the_model_are_closed_if_the_design_has_them(close):
    items = f"{DATA}\nlet one = conv(8, 3 | 5)\nlet two = conv(8, 1 | 3)"
    _, rest = close("= one -> one", items=items, one__conv__kernel=5)
    assert rest.splitlines() == ["let one = conv(8, 5)", "model = one -> one"]


def test_what_is_frozen_keeps_its_name_also_where_nothing_reads_it(close):
    train = "train adam(freeze=[stem, aside])"
    model = (
        "{ let stem = conv(4, 3 | 5) let aside = x -> conv(2 | 3, 1) return stem -> conv(2, 1) }"
    )
    chosen = {"stem__conv__kernel": 5, "aside__conv__channels": 3}
    _, written = close(model, items=f"{DATA}\n{train}", **chosen)
    assert (
        written.split()
        == """train adam(freeze=[stem, aside]) model {
      let stem = conv(4, 5) let aside = x -> conv(3, 1) return stem -> conv(2, 1) }""".split()
    )
