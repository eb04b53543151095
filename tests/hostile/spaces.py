"""Spaces that ask for more than anyone should get, each of 20 lines of 200 characters at most."""

from __future__ import annotations

LINES, LETTERS = 20, 200
DATA = "data image(3, 32, 32, samples=50_000)"
TABLE = "data table(20, samples=10_000)"
TRAIN = "train adamw(lr=0.001, batch=128)"
HEAD = "global_avg_pool -> linear(classes)"


def space(model: str, *clauses: str, before: tuple[str, ...] = (), data: str = DATA) -> str:
    """A spec around a model that ends in a feature map."""
    lines = [*before, "arch S {", data, "task classify(10)", *clauses]
    return "\n".join([*lines, wrapped(f"model = {model} -> {HEAD}"), "}"]) + "\n"


def table(model: str, *clauses: str, before: tuple[str, ...] = ()) -> str:
    """A spec around a model that takes and gives rows of numbers."""
    lines = [*before, "arch S {", TABLE, "task regress(1)", *clauses]
    return "\n".join([*lines, wrapped(f"model = {model} -> linear(targets)"), "}"]) + "\n"


def wrapped(text: str) -> str:
    """A text in lines that are not too long."""
    found: list[str] = []
    for line in text.splitlines():
        words = line.split(" ")
        found.append(words[0])
        for word in words[1:]:
            if len(found[-1]) + len(word) < LETTERS:
                found[-1] += f" {word}"
            else:
                found.append(word)
    return "\n".join(found)


def lets(names: list[str], value: str) -> str:
    """Several lets of one value, in one line."""
    return " ".join(f"let {name} = {value}" for name in names)


def full(lines: list[str]) -> tuple[str, ...]:
    """Texts put together into as few lines as they fit in."""
    found = [""]
    for text in lines:
        if len(found[-1]) + len(text) < LETTERS:
            found[-1] = f"{found[-1]} {text}".strip()
        else:
            found.append(text)
    return tuple(found)


def merged(op: str, widths: str, branches: int = 3, times: int = 1) -> str:
    """Merges of branches that choose their width."""
    branch = ", ".join([f"conv({widths}, 3)"] * branches)
    return " -> ".join([f"{op}({branch})"] * times)


def _chain(layer: str, times: int) -> str:
    return " -> ".join([layer] * times)


BITS = [f"b{n}" for n in range(22)]
SUM = " + ".join(BITS)
TWENTY = ", ".join(f"conv(8, 3, dilation={n})" for n in range(1, 21))
GRAMMAR = (
    (
        "block more(d) = when(d > 0, (leaf | more(d - 1) -> more(d - 1) | add(more(d - 1), leaf)),"
        " else=leaf)"
    ),
    "block leaf() = (conv(x.channels, 3) -> (relu | gelu) | batch_norm | identity)",
)
UNENDING = (
    "block part() = (leaf | part -> part | residual(part))",
    "block leaf() = (conv(x.channels, 3) -> (relu | gelu) | batch_norm | identity)",
)
CELL = (
    "block op() = (identity | conv(x.channels, 1) | conv(x.channels, 3) | avg_pool(3, stride=1))",
    "block cell() = add(op, op -> add(op, op), op -> op)",
    (
        "block group(n) = when(n > 0, "
        "group(n - 1) -> (cell -> relu | cell -> cell | residual(cell)), else=cell)"
    ),
)
MOBILE = (
    "block unit(c, stride=2) { let depth = 2 to 6",
    (
        "return each(i = 1 to depth, inverted_residual(c, expand=2 to 6, kernel=3 | 5 | 7,"
        " stride=when(i == 1, stride, else=1))) }"
    ),
)
UNITS = "conv(16, 3, stride=2) -> unit(24) -> unit(32) -> unit(64, stride=1) -> unit(96)"
SHARED = (
    "shared block one(c) = (conv(c, 3) | conv(c, 5) | conv(c, 1)) -> (relu | gelu)",
    "shared block two(c) = one(c) -> (batch_norm | identity) -> conv(c, 3 | 5)",
)
DEPTHS = [f"d{n}" for n in range(12)]
NARROW = "conv(1 to 8, 3)"
LEASTS = (("params", 10_000), ("macs", 10**6), ("depth", 3), ("max_width", 8))


def net_lets(layers: int) -> list[str]:
    """Layers of which each reads two that it chooses of the three before."""
    read = [f"s{n}" for n in range(layers)]
    lines = [f"let s{n} = conv(8, 3)" for n in range(3)]
    for n in range(3, layers):
        before = ", ".join(read[n - 3 : n])
        lines.append(f"let s{n} = add(pick(2, {before})) -> conv(8, 1 | 3)")
    return lines


SPACES: dict[str, str] = {
    "three wide merges": space(merged("add", "1 to 40", 2, 3)),
    "add of three of 64 widths": space(merged("add", "1 to 64")),
    "add of three of 200 widths": space(merged("add", "1 to 200")),
    "concat of three of 64 widths": space(merged("concat", "1 to 64")),
    "concat of three of 200 widths": space(merged("concat", "1 to 200")),
    "concats of concats": space(merged("concat", "1 to 100", 3, 6)),
    "add of strides and widths": space(
        "add(conv(1 to 200, 3, stride=1 to 8), conv(1 to 200, 3, stride=1 to 8))"
    ),
    "mul of ten of 30 widths": space(merged("mul", "1 to 30", 9)),
    "lets read nowhere": table("linear(8)", "let a = 1 to 10_000", "let b = 1 to 10_000"),
    "a let read once": table("linear(a)", "let a = 1 to 10_000", "let b = 1 to 10_000"),
    "two lets read once": table(
        "linear(a) -> linear(b)", "let a = 1 to 10_000", "let b = 1 to 10_000"
    ),
    "two lets read twice": table(
        "linear(a) -> linear(b) -> linear(a) -> linear(b)",
        "let a = 1 to 10_000",
        "let b = 1 to 10_000",
    ),
    "two lets in a require": table(
        "linear(8)", "let a = 1 to 10_000", "let b = 1 to 10_000", "require a * b == 323"
    ),
    "two lets in a require and in layers": table(
        "linear(a) -> linear(b)",
        "let a = 1 to 10_000",
        "let b = 1 to 10_000",
        "require a * b == 323",
    ),
    "two lets in one argument": table("linear(a * b)", "let a = 1 to 3_000", "let b = 1 to 3_000"),
    "three lets in one require": table(
        "linear(8)", lets(["a", "b", "c"], "1 to 1_000"), "require a * a + b * b == c * c"
    ),
    "22 bits in one argument": table(
        f"linear(8 + {SUM})", *full([f"let {name} = 0 | 1" for name in BITS])
    ),
    "22 powers in one argument": table(
        f"linear(8 + {' + '.join(f'{2**n}*b{n}' for n in range(22))})",
        *full([f"let {name} = 0 | 1" for name in BITS]),
    ),
    "22 bits in layers and a requirement": table(
        "\n-> ".join(" -> ".join(f"linear(8 + {b})" for b in BITS[n : n + 8]) for n in (0, 8, 16)),
        *full([f"let {name} = 0 | 1" for name in BITS]),
        f"require all({', '.join(f'{b} < 2' for b in BITS)})",
    ),
    "22 bits read twice, far apart": table(
        "\n-> ".join(
            " -> ".join(f"linear(8 + {b})" for b in (BITS + BITS)[n : n + 9])
            for n in range(0, 44, 9)
        ),
        *full([f"let {name} = 0 | 1" for name in BITS]),
    ),
    "each of 2,000": space("each(i = 1 to 2_000, conv(8 | 16, 3 | 5))"),
    "each of 9,999": space("each(i = 1 to 9_999, conv(8 | 16, 3 | 5, bias=true | false))"),
    "each in each": space("each(i = 1 to 40, each(j = 1 to 40, conv(8 | 16, 3 | 5)))"),
    "each that reads its numbers": space(
        "each(i = 1 to 60, each(j = 1 to i, conv(8 | 8 + i, 1 | 3 + 2*j)))"
    ),
    "each up to a choice": space("each(i = 1 to n, conv(8 | 16, 3 | 5))", "let n = 1 to 1_000"),
    "each up to a choice, thrice": space(
        "each(i = 1 to n, each(j = 1 to m, each(k = 1 to n, conv(8 | 16, 3 | 5))))",
        "let n = 1 to 30",
        "let m = 1 to 30",
    ),
    "recursion that an argument ends": space("conv(8, 3) -> more(20)", before=GRAMMAR),
    "recursion that an argument ends late": space("conv(8, 3) -> more(300)", before=GRAMMAR),
    "recursion that choices end": space("conv(8, 3) -> part", before=UNENDING),
    "recursion of many arguments": space(
        "conv(8, 3) -> deep(20, 0)",
        before=(
            "block deep(n, m) = when(n > 0, deep(n - 1, 2*m | 2*m + 1),",
            "else=conv(1 + m // 100_000, 3))",
        ),
    ),
    "recursion of widths": space(
        "conv(8, 3) -> deep(20)",
        before=(
            "block deep(n) = when(n > 0, deep(n - 1) -> conv(1 to 64, 1 | 3) -> deep(n - 1),",
            "else=(relu | tanh))",
        ),
    ),
    "two shared blocks called 1,000 times": space(
        "conv(8, 3) -> each(i = 1 to 500, one(8) -> two(8))", before=SHARED
    ),
    "shared blocks of many widths": space(
        "conv(8, 3) -> each(i = 1 to 250, one(8 + i) -> two(8 + i) -> one(8) -> two(i))",
        before=SHARED,
    ),
    "1,000 copies whose type changes": space(
        "1000 * conv(x.channels + (1 | 2 | 3), 1 | 3)", before=()
    ),
    "1,000 steps whose type changes": space("each(i = 1 to 1_000, conv(x.channels + (1 | 2), 3))"),
    "steps of many sizes": space(
        "each(i = 1 to 100, max_pool(2, stride=1 | 2) -> conv(x.channels + (1 | 2), 3))"
    ),
    "pick of 10 out of 20": space(f"add(pick(10, {TWENTY}))"),
    "picks of values": space(
        "each(w = pick(1 to 6, 8, 16, 24, 32, 40, 48, 56, 64, 72, 80), conv(w, 3 | 5))"
    ),
    "permute of 8": space(
        "permute(conv(8, 3), relu, batch_norm, conv(16, 3), tanh, conv(4, 5), gelu, silu)"
    ),
    "permutes in a row": space(
        _chain("permute(relu, tanh, gelu, silu, conv(8, 3), conv(9, 3))", 3)
    ),
    "ranges three deep": table(
        "linear(a) -> linear(b) -> linear(c) -> linear(d)",
        "let a = 1 to 60",
        "let b = 1 to a",
        "let c = b to a",
        "let d = b to c",
    ),
    "ranges of ranges of 1,000": table(
        "linear(a) -> linear(b) -> linear(c)",
        "let a = 1 to 1_000",
        "let b = 1 to a",
        "let c = b to a",
    ),
    "choices in train": space(
        "conv(8 | 16, 3)",
        "train (adamw(lr=1e-5 to 1e-1 log, batch=1 to 512, weight_decay=0 to 0.1 by 0.001)"
        " | sgd(lr=0.001 to 0.5 log, momentum=0 to 0.99 by 0.01, batch=1 to 512))",
    ),
    "choices in data and train": space(
        UNITS,
        "train adamw(lr=1e-4 | 1e-3 | 1e-2, batch=1 to 256)",
        before=MOBILE,
        data="data image(3, 32, 32, samples=50_000, augment=none | basic | strong)",
    ),
    "a batch that is required": space(
        UNITS,
        "train adamw(lr=0.001, batch=1 to 64)",
        "require memory(training) <= 1 GB",
        before=MOBILE,
    ),
    "a limit in the middle": space(UNITS, TRAIN, "require params <= 500_000", before=MOBILE),
    "limits over two costs": space(
        UNITS, TRAIN, "require params <= 500_000", "require macs <= 20_000_000", before=MOBILE
    ),
    "latency and memory": space(
        UNITS,
        TRAIN,
        "require latency(t4) <= 10 ms",
        "require memory(training) <= 2 GB",
        "minimize latency(t4)",
        before=MOBILE,
    ),
    "a product of costs": space(
        UNITS, TRAIN, "require params * macs <= 10^13", "require depth % 2 == 0", before=MOBILE
    ),
    "an exact cost": space(UNITS, TRAIN, "require params % 1_000 == 7", before=MOBILE),
    "requirements inside blocks": space(
        "conv(8, 3) -> each(i = 1 to 50, cell)",
        before=(
            "block cell() { let a = 1 to 64 let b = 1 to 64 let c = 1 | 3 | 5",
            "require a * b <= 500 require a % c == 0",
            "return conv(a, c) -> conv(b, c) -> conv(8, 1) }",
        ),
    ),
    "a hierarchy": space("conv(16, 3) -> group(60) -> group(60)", before=CELL),
    "a hierarchy of copies": space(
        "conv(16, 3) -> each(i = 1 to 30, group(i) -> conv(x.channels, 3 | 5))", before=CELL
    ),
    "all refused": space(
        "conv(7 | 11 | 13, 3) -> each(i = 1 to 12, conv(x.channels, 3 | 5, groups=2 | 4))"
    ),
    "all refused at the end": space(
        "each(i = 1 to 200, conv(8 | 16, 3 | 5)) -> conv(8, 3, groups=3)"
    ),
    "none valid": space(UNITS, TRAIN, "require params < 1_000", before=MOBILE),
    "one in a million": table(
        _chain("linear(8)", 2),
        lets(["a", "b", "c"], "1 to 100"),
        "require all(a == 7, b == 77, c == 99)",
    ),
    "one in a million, by its layers": space(
        "conv(a, 3) -> conv(b, 3, groups=a) -> conv(c, 3, groups=b) -> conv(1, 3, groups=c)",
        lets(["a", "b", "c"], "1 to 100"),
    ),
    "heads and widths": table(
        "linear(w) -> linear(w * h) -> linear(w // h)",
        "let w = 1 to 2_000",
        "let h = 1 to 64",
        "require w % h == 0",
    ),
    "twelve depths": space(
        "\n-> ".join(f"each(i = 1 to {d}, conv(8 | 16, 3 | 5))" for d in DEPTHS[:8]),
        *full([f"let {d} = 1 to 40" for d in DEPTHS[:8]]),
        "require " + " + ".join(DEPTHS[:8]) + " <= 100",
    ),
    "all depths in all layers": space(
        "\n-> ".join(f"conv({' + '.join(DEPTHS[: n + 1])}, 3)" for n in range(8)),
        *full([f"let {d} = 1 to 40" for d in DEPTHS[:8]]),
    ),
    "all pairs read together": space(
        "\n-> ".join(
            " -> ".join(f"conv(d{n} * d{m}, 3)" for m in range(n + 1, 8)) for n in range(7)
        ),
        *full([f"let {d} = 1 to 12" for d in DEPTHS[:8]]),
    ),
    "a wide choice of wide choices": space(
        "("
        + " | ".join(f"conv(1 to 10_000, 1 | 3, dilation={n})" for n in range(1, 8))
        + ") -> conv(8, 1)"
    ),
    "widths up to 10,000 in a row": space(_chain("conv(1 to 10_000, 1)", 8)),
    "widths up to 10,000 and copies": space("10 * (conv(1 to 10_000, 1 | 3) -> relu)"),
    "kernels that shrink": space(
        "each(i = 1 to 15, conv(8 | 16, 1 to 32, padding=0))", data="data image(3, 256, 256)"
    ),
    "sizes of all kinds": space(
        "each(i = 1 to 12, conv(x.channels + (0 to 7), 3, stride=1 to 3))",
        data="data image(3, 1_000, 777)",
    ),
    "absent branches": space(
        "conv(8, 3) -> each(i = 1 to 40, "
        "add(" + ", ".join(["conv(8, 3 | 5) | none"] * 7) + ", identity))"
    ),
    "twelve branches of a cell": space(
        "conv(16, 3) -> 20 * add(" + ", ".join(["op -> op"] * 12) + ")", before=CELL[:1]
    ),
    "blocks that double with choices": space(
        "conv(8, 3) -> b12",
        before=full(
            ["block b0() = conv(8 | 9, 3)"]
            + [f"block b{n}() = b{n - 1} -> b{n - 1}" for n in range(1, 13)]
        ),
    ),
    "wide layers of layers given": space(
        "conv(8, 3) -> outer(conv(8 | 16 | 24, 3 | 5) -> (relu | gelu))",
        before=(
            "block outer(f) = inner(f -> f) -> inner(f) -> add(inner(f -> f), inner(f))",
            "block inner(f) = residual(f -> conv(8, 1 | 3)) -> concat(f, f, f) -> conv(8, 1)",
        ),
    ),
    "choices in all arguments": space(
        _chain("conv(1 to 32, 1 to 7, stride=1 to 3, dilation=1 to 3, bias=true | false)", 2)
    ),
    "20 full lines": space(
        "\n-> ".join(
            _chain("conv(8 | 16 | 24, 1 | 3 | 5) -> (relu | gelu | identity)", 4) for _ in range(7)
        )
    ),
    "20 full lines of widths": space(
        "\n-> ".join(_chain("conv(1 to 512, 1 | 3 | 5) -> (relu | tanh)", 5) for _ in range(7))
    ),
    "20 full lines of merges": space(
        "\n-> ".join(
            _chain("add(conv(1 to 50, 3), conv(1 to 99 by 2, 3), conv(1 to 99, 1))", 3)
            for _ in range(7)
        )
    ),
    "lets that begin where others end": table(
        "linear(a0) -> relu -> linear(a55) -> relu -> linear(a109)",
        *full(["let a0 = 1 to 3", *(f"let a{n} = a{n - 1} to 9" for n in range(1, 110))]),
        *full([f"require a{n} - a{n - 1} <= 3" for n in range(1, 110, 11)]),
    ),
    "a requirement for each stage": table(
        " -> ".join(f"linear(w{n}) -> relu" for n in range(8)),
        *full([f"let w{n} = 8 to 512 by 8 let g{n} = 1 to 16" for n in range(8)]),
        *full([f"require w{n} % g{n} == 0" for n in range(8)]),
    ),
    "20 full lines of lets": table(
        "linear(a0 + a50) -> linear(a1 + a51) -> linear(a2 * a52) -> linear(a3 + a4 + a5)",
        *full([f"let a{n} = 1 to {50 + n}" for n in range(150)]),
    ),
    "values that read all values before": table(
        "linear(v19)",
        "let v0 = 1 to 4",
        *full(
            [
                f"let v{n} = v{n - 1} + (0 | v{max(n - 2, 0)} | n0)".replace("n0", "1")
                for n in range(1, 20)
            ]
        ),
    ),
    "long sums in many copies": space(
        f"each(i = 1 to 5_000, conv(8 + 0 * ({' + '.join(['i'] * 40)}), 1 | 3))"
    ),
    "two rows side by side": space(
        "2 * each(i = x.channels to 3_000, conv(8 | 9, 1 | 3))", data="data image(3, 8, 8)"
    ),
    "a net of skips": space(
        "net",
        before=(
            "block net() {",
            *full(net_lets(18)),
            "return add(s16, s17) }",
        ),
    ),
    "shared blocks in shared blocks": space(
        "conv(8, 3) -> each(i = 1 to 40, s6(i))",
        before=full(
            ["shared block s0(c) = conv(8, 1 | 3) -> (relu | gelu)"]
            + [
                f"shared block s{n}(c) = s{n - 1}(c) -> (identity | conv(8, {n}))"
                for n in range(1, 7)
            ]
        ),
    ),
    "merges in merges": space(
        "add(" + ", ".join([f"concat({', '.join([NARROW] * 3)}) -> conv(8 | 16, 1)"] * 6) + ")"
    ),
    "requirements of every kind": space(
        UNITS,
        TRAIN,
        *[f"require {metric} >= {least}" for metric, least in LEASTS],
        before=MOBILE,
    ),
    "a mixture of wide experts": space(
        "conv(8, 3) -> each(i = 1 to 30, add(pick(1 to 6, "
        + ", ".join(f"conv(8, {2 * n - 1})" for n in range(1, 7))
        + "), identity))",
        before=(),
    ),
    "options that no design has": space(
        "each(i = 1 to 300, conv(8 | 16 | 24, 1 to 40, padding=0)) -> conv(8, 1)"
    ),
    "words for everything": space(
        _chain("(a1: conv(8 | 16, 3) | a2: conv(8 | 16, 5) | a3: identity)", 18)
    ),
    "a table of many tasks": table(
        "\n-> ".join(_chain("linear(8 to 512 by 8) -> dropout(0.0 to 0.9)", 4) for _ in range(6)),
        "train adamw(lr=1e-5 to 1e-1 log, batch=16 to 512 log 2)",
        "require memory(training) <= 1 GB",
    ),
}
