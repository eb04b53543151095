"""Exploring a space: what was once counted wrongly, each by the smallest spec that showed it."""

from __future__ import annotations

import pytest

from archdsl.space.explore.explorer import Explorer, Unexplorable
from archdsl.space.explore.program import explored
from tests.space.brute_force import program, tried

LETS = {
    "a let that another one reads too is settled once": (
        "block b(w) = x",
        "let a = 1 to 3 let c = a model = b(a)",
        3,
    ),
    "so is one whose only reader is read nowhere": (
        "block b(w=1) = x",
        "let a = 4 | 2 let c = a model { let t = b(w=a) return x }",
        2,
    ),
    "a row does not settle what its length depends on": (
        "",
        "model { let v = 1 to 3 return each(i = 1 to v, linear(v)) }",
        3,
    ),
    "nor does one value of several that read one let": (
        "",
        "let a = 1 to 3 let b = a model { let v = b return each(i = [v + 1, v], linear(i)) }",
        3,
    ),
    "nor an option what is read beside its choice": (
        "",
        "let a = 1 to 3 model { let v = a return linear((v * 2 + 1 | 3) + v) }",
        6,
    ),
    "nor an argument of a block what another reads": (
        "block b(w, v) = linear(w) -> linear(v)",
        "let a = 1 to 3 model { let v = a return b(v * 2 + 1, v) }",
        3,
    ),
    "nor the end of a range what the copies read": (
        "",
        "model { let v = 1 to 3 return each(i = 1 to v * 2 - 1, linear(v)) }",
        3,
    ),
    "what is behind a let reads the same value as the let": (
        "block b() { let v = 1 | 2 let t = linear(v) return linear(v) }",
        "model = b()",
        2,
    ),
    "a let that reads one of the lets before it is settled before that one": (
        "",
        "let a = 2 | 1 let c = a model { let t = linear(a) return linear(c) }",
        2,
    ),
    "a let that nothing reads asks for those that lets chosen with it read": (
        "block b(w) = x",
        "let a = 1 to 3 let c = a let d = c + (4 | 5) model = b(a) -> relu",
        6,
    ),
    "a dead let behind a layer reads the same value as the layer": (
        "",
        "let a = 2 | 1 model { let t = linear(a) let v = a return x }",
        2,
    ),
    "a range between choices runs between those chosen": (
        "",
        "model { let v = 2 to (0 | 2 | 4) return linear(v) }",
        4,
    ),
}

EXACT = {
    "1 and true are two values": ("", "model = linear(true | 1)", 1),
    "so are 0 and 0.0, alone and beside others": (
        "",
        "let a = 0 | 0.0 | false model = dropout(a) -> linear(2, bias=1 | true | 1.0)",
        2,
    ),
}

SHARED = {
    "the defaults of a shared block are chosen once": (
        "shared block s(w=2 | 4) = linear(w)\nshared block t() = each(i = 0 to 3, s)",
        "model { let t = t return t -> s }",
        2,
    ),
    "defaults whose options have the same names are one choice": (
        "shared block s(v, w=v | 3) = linear(w)",
        "model = s(1) -> s(2)",
        2,
    ),
    "defaults whose options differ are none": (
        "shared block s(v, w=1 to v) = linear(w)",
        "model = s(1) -> s(2)",
        0,
    ),
    "rows of the same copies begin at different ones": (
        "shared block s(w) = each(i = w to 3, linear(1 | 2))",
        "model = s(1) -> s(2)",
        8,
    ),
    "a shared block may be handed to itself": (
        "shared block s(f) = f -> (relu | tanh)",
        "model = s(s(linear(2 | 3)))",
        4,
    ),
    "a shared block may call itself": (
        "shared block s(n) = when(n > 0, (linear(2) | linear(3)) -> s(n - 1), else=(relu | tanh))",
        "model = s(2) -> s(1)",
        4,
    ),
    "a layer handed to a shared block reads the lets of its own place": (
        "shared block s(f) = f",
        "let a = 1 to 3 model { let t = s(f=linear(a)) return x }",
        3,
    ),
    "each body hands its own": (
        "shared block s(f) = f\nblock b() { let v = 1 | 2 return s(linear(v)) -> linear(v) }",
        "model = b() -> b()",
        4,
    ),
    "a shared block that a layer outside hands back is not met where nothing applies it": (
        "shared block s() = relu | tanh\nblock b(f, k) = when(k == 1, f)",
        "let o = s -> s model = b(f=o, k=1 | 2)",
        3,
    ),
}

NESTED = {
    "a recursion may be ended by its choices": (
        "block f() = (relu | (linear(3) -> f()))",
        "model = f()",
        64,  # so deep may blocks nest
    ),
    "calls that nest too deep are refused": (
        "block f(n) = when(n > 0, linear(3) -> f(n - 1), else=relu | tanh)",
        "let n = 60 to 70 model = f(n)",
        8,
    ),
    "wherever they stand": (
        "block g(f) = f\nblock f(n) = when(n > 0, g(f(n - 1)), else=relu | tanh)",
        "let n = 30 to 40 model = f(n)",
        4,
    ),
}

LENT = {
    "weights are lent by whichever option is taken": (
        "",
        "model { let e = embedding(2 to 4) | identity return e -> tied_linear(e) }",
        3,
    ),
    "weights are lent by what is in a row": (
        "",
        "model { let e = embedding(2) | (embedding(2) -> gelu) return e -> tied_linear(e) }",
        2,
    ),
    "who borrows tells embeddings apart": (
        "",
        "let w = 1 | 2 model { let e = embedding(2 * w) return e -> linear(4) -> tied_linear(e) }",
        1,
    ),
}

CASES = {
    name: (f"{blocks}\narch A {{ data {data} {model} }}", count)
    for data, cases in (
        ("table(3)", LETS),
        ("table(3)", EXACT),
        ("table(3)", SHARED),
        ("table(3)", NESTED),
        ("tokens(5, vocab=7)", LENT),
    )
    for name, (blocks, model, count) in cases.items()
}


@pytest.mark.parametrize(("text", "count"), CASES.values(), ids=CASES.keys())
def test_counted_as_by_trying_every_design(text: str, count: int) -> None:
    made = program(text)
    assert made is not None
    designs = tried(made, 1_000)
    assert designs is not None
    assert len(designs) == count
    assert sum(node.count for _, node in explored(made, Explorer())) == count


def test_a_space_whose_designs_may_be_too_large_is_not_described() -> None:
    twice = "block f(n) = when(n > 0, add(f(n - 1), f(n - 1)), else=(relu | tanh))"
    made = program(f"{twice} arch A {{ data table(3) model = f(40) }}")
    assert made is not None
    with pytest.raises(Unexplorable, match="some designs may come to more than 1,000,000 ops"):
        explored(made, Explorer())


def test_a_requirement_that_makes_no_sense_for_a_design_is_not_met() -> None:
    made = program("arch A { data table(3) let a = 0 to 3 require 6 / a == 3 model = linear(3) }")
    assert made is not None
    explorer = Explorer(needs=made.requirements)
    assert [node.count for _, node in explored(made, explorer)] == [1]
    (why,) = explorer.senseless[made.requirements[0]].diagnostics
    assert why.message == "division by zero"
