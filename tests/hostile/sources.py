"""Specs that ask for more than anyone should get, with the exit codes that are right for each."""

from __future__ import annotations

from typing import NamedTuple


class Hostile(NamedTuple):
    """A text, and the codes of which one must be told; none: it is a good spec."""

    text: str
    codes: tuple[str, ...] = ()


def arch(model: str, data: str = "image(3, 32, 32)", before: str = "", clauses: str = "") -> str:
    """A spec around a model."""
    body = model if model.startswith("{") else f"= {model}"
    return f"{before}\narch Hostile {{\n  data {data}\n  {clauses}\n  model {body}\n}}\n"


def _doubling(times: int) -> str:
    """Blocks that each call the one before twice."""
    blocks = ["block b0() = conv(3, 3)"]
    blocks += [f"block b{n}() = b{n - 1} -> b{n - 1}" for n in range(1, times + 1)]
    return "\n".join(blocks)


def _lets(count: int) -> str:
    names = "".join(f"    let a{n} = a{n - 1} -> relu\n" for n in range(1, count))
    return f"{{\n    let a0 = x -> relu\n{names}    return a{count - 1}\n  }}"


def _values(count: int) -> str:
    lets = "".join(f"  let v{n} = v{n - 1} + v{n - 1}\n" for n in range(1, count))
    return f"let v0 = 1\n{lets}"


def _recursion(depth: int) -> str:
    return arch(f"deep({depth})", before="block deep(n) = when(n > 0, relu -> deep(n - 1))")


HOSTILE: dict[str, Hostile] = {
    "10,000 parentheses": Hostile(arch("(" * 10_000 + "relu" + ")" * 10_000), ("E122",)),
    "10,000 open parentheses": Hostile(arch("(" * 10_000), ("E122",)),
    "10,000 calls in each other": Hostile(arch("add(" * 10_000), ("E122",)),
    "10,000 open braces": Hostile("arch A {" * 10_000, ("E102",)),
    "4,000 choices": Hostile(arch(" | ".join(f"conv(3, {n})" for n in range(1, 4_001)))),
    "blocks that double 60 times": Hostile(arch("b60", before=_doubling(60)), ("E605",)),
    "blocks that double 60 times under a let": Hostile(
        arch("{ let a = b60 return a -> b60 }", before=_doubling(60)), ("E605",)
    ),
    "a number of a million digits": Hostile(arch("linear(" + "9" * 10**6 + ")"), ("E123",)),
    "a name of a million letters": Hostile(arch("a" * 10**6), ("E124",)),
    "a text of a million letters": Hostile(arch('"' + "a" * 10**6 + '"'), ("E125",)),
    "a file of 10 MB": Hostile("# filler\n" * 1_200_000, ("E120",)),
    "a file of 100,000 empty lines": Hostile("\n" * 100_000 + arch("relu")),
    "a file of 100,000 comments": Hostile("# so\n" * 100_000 + arch("relu")),
    "100,000 blocks": Hostile(
        "".join(f"block b{n}() = relu\n" for n in range(100_000)), ("E120", "E121")
    ),
    "a chain of 20,000 steps": Hostile(arch(" -> ".join(["relu"] * 20_000))),
    "a chain of 4,000 convolutions": Hostile(arch(" -> ".join(["conv(3, 3)"] * 4_000)), ("P301",)),
    "each over 10^9": Hostile(arch("each(i = 1 to 10^9, conv(i, 3))"), ("E222", "E604")),
    "a choice over 10^9": Hostile(arch("conv(1 to 10^9, 3)"), ("E222",)),
    "10^9 copies": Hostile(arch("10^9 * conv(3, 3)"), ("E604",)),
    "copies of copies of copies": Hostile(
        arch("10000 * (10000 * (10000 * conv(3, 3)))"), ("E605", "E602", "E604")
    ),
    "copies of copies of nothing": Hostile(arch("relu -> 10000 * (10000 * (9999 * identity))")),
    "10,000 copies": Hostile(arch("10000 * conv(3, 3)"), ("P301",)),
    "a huge picture": Hostile(arch("conv(8, 3)", "image(3, 1000000000, 1000000000)")),
    "a huge layer": Hostile(arch("flatten -> linear(10^18)", "image(3, 10^15, 10^15)")),
    "a huge layer that answers at each position": Hostile(
        arch(
            "embedding(8) -> linear(10^18) -> relu -> linear(100)",
            "tokens(64, vocab=100)",
            clauses="task next_token()",
        )
    ),
    "a huge batch of huge rows": Hostile(
        arch(
            "linear(10^12) -> relu -> linear(4)",
            "table(10^12)",
            clauses="task classify(4) train adam(batch=10^12)",
        )
    ),
    "a huge kernel": Hostile(arch("conv(8, 10^18)", "image(3, 10^9, 10^9)")),
    "huge groups": Hostile(
        arch("conv(10^18, 1) -> group_norm(10^17 + 7)", "image(3, 10^9, 10^9)"), ("E301",)
    ),
    "a tower of powers": Hostile(arch("linear(10^10^10^10)"), ("E603",)),
    "a number that doubles 5,000 times": Hostile(
        arch("conv(v4999, 3)", clauses=_values(5_000)), ("E603",)
    ),
    "5,000 lets": Hostile(arch(_lets(5_000))),
    "blocks 60 deep": Hostile(_recursion(60)),
    "blocks 10,000 deep": Hostile(_recursion(10_000), ("E601",)),
    "a block that calls itself for ever": Hostile(
        arch("more", before="block more() = relu -> more"), ("E601",)
    ),
    "a block that calls itself twice": Hostile(
        arch("more(60)", before="block more(n) = when(n > 0, more(n - 1) -> more(n - 1))")
    ),
    "a block of ever new arguments": Hostile(
        arch(
            "more(40, 0)",
            before="block more(n, m) = when(n > 0, more(n - 1, 2*m) -> more(n - 1, 2*m + 1))",
        ),
        ("E602", "E601", "E605"),
    ),
    "a space of 3^5000 designs": Hostile(arch(f"each(i = 1 to 5000, {'(relu | tanh | gelu)'})")),
    "a pick of 30 out of 60": Hostile(
        arch(f"add(pick(30, {', '.join(f'conv(3, {n})' for n in range(1, 121, 2))}))"),
        ("E606",),
    ),
    "a requirement that doubles": Hostile(
        arch("relu", clauses="require 10^18 * 10^18 > 1"), ("E603",)
    ),
}
