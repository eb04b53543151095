"""Whole random specs: data, task, blocks, lets, a model, and what it must come to."""

from __future__ import annotations

import re
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.rules.catalog import all_rules
from archdsl.types import Image, Nodes, Sequence, Tokens, Vector, Volume, shape
from tests.property.blocks import BLOCKS, Written, generated
from tests.property.growing import flow
from tests.property.heads import Head, head
from tests.property.pen import Pen

if TYPE_CHECKING:
    from archdsl.types import TensorType

# What is drawn at random makes no good design, and is not meant to.
ALLOWED = " ".join(f'allow {rule.slug()} because "drawn at random"' for rule in all_rules())
NAMED = "input"  # what the first input is called where it has a name
DOC = ("# A model", "# Drawn at random.\n# In two lines", "", "")


class Spec(NamedTuple):
    """A text that is right, the type its model gives, and whether it is a space of designs."""

    text: str
    out: TensorType
    is_space: bool
    seed: int


def spec(seed: int) -> Spec:
    """The spec of a seed."""
    random = Random(seed)
    pen = Pen(random, _data(random), choices=seed % 3 == 0)
    pen.used |= {
        "x",
        "classes",
        "targets",
        "labels",
        "dimension",
        "horizon",
        "kind",
        "age",
        "vocab",
        "depth",
        "params",
    }
    blocks: list[Written] = []
    lets = _constants(pen)
    named = seed % 5 == 2 and not isinstance(pen.x, Nodes)
    body = _model(pen, blocks, named, modules=seed % 4 == 1)
    finish = head(pen, body.flowing)
    data, ending = [f"data {_data_clause(pen)}"], f"{body.last}{finish.text}"
    if named:
        data, ending = _beside(pen, ending, finish)
    model = body.text.replace("RETURN", ending)
    model = _renamed(model) if named else model
    extras = _freezing(_extras(pen), body.text, seed)
    parts = [*data, f"task {finish.task}", *extras, *lets, ALLOWED]
    arch = "".join(f"  {part}\n" for part in parts)
    declared = "".join(block.text for block in blocks)
    name = pen.among("Net", "Model7", "A_b")
    text = f"{pen.among(*DOC)}\n{declared}arch {name} {{\n{arch}  model {model}\n}}\n"
    return Spec(text, finish.out, pen.choices, seed)


def _renamed(model: str) -> str:
    """A model whose input has a name. In a module ``x`` is what flows into that."""
    return re.sub(
        r"(?m)^    module .*|\bx\b", lambda found: NAMED if found[0] == "x" else found[0], model
    )


def _data(random: Random) -> TensorType:
    choose = random.choice
    makers = (
        lambda: Image(choose((1, 2, 3)), choose((6, 8, 9)), choose((6, 8, 10))),
        lambda: Image(3, 8, 8),
        lambda: Volume(choose((1, 2)), 4, choose((4, 5)), choose((3, 4))),
        lambda: Sequence(choose((4, 6, 9)), choose((2, 4, 5))),
        lambda: Tokens(choose((4, 6)), choose((7, 11))),
        lambda: Vector(choose((3, 4, 8, 12))),
        lambda: _nodes(choose),
    )
    return choose(makers)()


def _nodes(choose: Any) -> Nodes:
    sizes = Nodes(choose((5, 7)), choose((3, 4)), 12, choose((0, 20)))
    return sizes._replace(edge_features=choose((0, 2)), degrees=choose(((), (1, 2, 3))))


def _data_clause(pen: Pen) -> str:
    x, more = pen.x, pen.among("", ", samples=1000", ", samples=50_000, augment=basic")
    if isinstance(x, Nodes):
        graphs = f", graphs={x.graphs}" if x.graphs else ""
        graphs += f", edge_features={x.edge_features}" if x.edge_features else ""
        if x.degrees:
            graphs += f", degrees=[{', '.join(map(str, x.degrees))}]"
        return f"graph({x.features}, nodes={x.nodes}, edges={x.edges}{graphs})"
    if isinstance(x, Tokens):
        return f"tokens({x.length}, vocab={x.vocab}{more})"
    kind = {"sequence": "series", "vector": "table"}.get(x.kind, x.kind)
    return f"{kind}({', '.join(map(str, shape(x)))}{more})"


def _beside(pen: Pen, ending: str, finish: Head) -> tuple[list[str], str]:
    """The clauses of an input with a name and, where the answer is one row of numbers, of one or
    two others, whose answers are added to it; and how the model ends then."""
    data = [f"data {NAMED} = {_data_clause(pen)}"]
    several = any(step in finish.text for step in ("outputs(", "-> chunk("))
    if not isinstance(finish.out, Vector) or several:
        return data, ending
    width = finish.out.features
    others = (
        (f"table({pen.among(2, 5)})", f"linear({width})"),
        (f"category(vocab={pen.among(3, 9)})", f"embedding({width})"),
        (f"tokens(4, vocab={pen.among(3, 9)})", f"embedding({width}) -> mean_over"),
        ("image(2, 5, 4)", f"conv({width}, 3) -> relu -> global_avg_pool"),
        ("noise(6)", f"linear(4) -> tanh -> linear({width})"),
    )
    drawn = pen.random.sample(others, pen.among(1, 2))
    names = ("beside", "third")[: len(drawn)]
    data += [f"data {name} = {clause}" for name, (clause, _) in zip(names, drawn, strict=True)]
    read = [f"{name} -> {layers}" for name, (_, layers) in zip(names, drawn, strict=True)]
    return data, f"add(({ending}), {', '.join(read)})"


def _extras(pen: Pen) -> list[str]:
    clauses = (
        "train adamw(batch=32, epochs=3, lr=3e-4, precision=bf16)",
        "train sgd(batch=8, momentum=0.9)",
        "require params <= 40M",
        'require flops < 2G, "small enough"',
        "require depth >= 0",
        "search random(trials=4)",
        "minimize params",
    )
    drawn = [clause for clause in clauses if pen.chance(0.15)]
    return drawn[1:] if drawn[:2] == [*clauses[:2]] else drawn


def _freezing(clauses: list[str], model: str, seed: int) -> list[str]:
    """Clauses of which `train` freezes some lets of the model, in half of the specs."""
    names = re.findall(r"^    let (?!count)(\w+) = ", model, re.MULTILINE)[: 1 + seed % 3]
    if not names or seed % 2:
        return clauses
    named = names[0] if len(names) == 1 else f"[{', '.join(names)}]"
    train = re.compile(r"^(train .*)\)$")
    return [train.sub(rf"\1, freeze={named})", clause) for clause in clauses]


def _constants(pen: Pen) -> list[str]:
    """Lets of the ``arch``: values that the model may use."""
    lets = []
    if pen.chance(0.3):
        name, value = pen.fresh("wide", "base"), pen.among(2, 3, 4, 8)
        pen.numbers[name] = value
        lets.append(f"let {name} = {value}")
    if pen.chance(0.3):
        name = pen.fresh("hidden", "inner")
        pen.widths.append(name)
        lets.append(f"let {name} = {pen.among('3 | 5', '2 to 6 by 2') if pen.choices else '6'}")
    return lets


class _Body(NamedTuple):
    text: str
    last: str
    flowing: TensorType


def _model(pen: Pen, blocks: list[Written], named: bool, modules: bool) -> _Body:
    """The model's body up to its head, which stands for RETURN. ``named``: it begins with a name
    wherever it reads what flows in."""
    if pen.chance(0.2):
        step = flow(pen, pen.x, pen.among(1, 2, 3))
        return _Body("= RETURN", f"x -> {step.text}" if named else step.text, step.out)
    lines, last, flowing = [], "x", pen.x
    if isinstance(flowing, Tokens) and pen.chance(0.6):
        last, flowing = "words", Sequence(flowing.length, pen.among(2, 4, 6))
        lines.append(f"    let words = x -> embedding({flowing.features})\n")
        pen.tensors[last] = flowing
        pen.embeddings.add(last)
    for _ in range(pen.among(1, 2, 3)):
        if modules and pen.chance(0.5):
            text, last, flowing = _shared(pen, last, flowing, blocks)
            lines.append(text)
            continue
        text, out = _stage(pen, flowing, blocks)
        name = pen.fresh("stem", "stage", "layer1", "features", "body", "y")
        start = pen.among(last, last, "") if last == "x" else last
        start = last if named else start
        lines.append(f"    let {name} = {start + ' -> ' if start else ''}{text}\n")
        pen.tensors[name] = flowing = out
        last = name
    if pen.chance(0.3):
        lines.append(_aside(pen))
    return _Body("{\n" + "".join(lines) + "    return RETURN\n  }", last, flowing)


def _aside(pen: Pen) -> str:
    """A let that nothing reads, or a value."""
    if pen.chance(0.5):
        return f"    let {pen.fresh('unused')} = x\n"
    name = pen.fresh("count")
    value = pen.among(2, 3)
    pen.numbers[name] = value
    return f"    let {name} = {pen.among(str(value), f'min({value}, 99)')}\n"


def _shared(
    pen: Pen, last: str, x: TensorType, blocks: list[Written]
) -> tuple[str, str, TensorType]:
    """A module and a let that applies it in several places; the name of that, and what it is."""
    inside = pen.inside(x)  # a module reads no tensor but what flows into it
    inside.numbers, inside.widths = pen.numbers, pen.widths
    text, out = _stage(inside, x, blocks)
    module, name = pen.fresh("tower", "encoder", "unit"), pen.fresh("both", "y")
    uses = [f"{last} -> {module}", f"{last} -> add({module}, {module})"]
    if out == x:
        uses += [f"{last} -> 3 * {module}", f"{last} -> residual({module}) -> {module}"]
        uses += [f"{last} -> each(i = 1 to 2, {module}) -> 2 * residual({module})"]
    used = uses[0] if isinstance(out, Tokens) else pen.among(*uses)
    pen.tensors[name] = out
    return f"    module {module} = {text}\n    let {name} = {used}\n", name, out


def _stage(pen: Pen, x: TensorType, blocks: list[Written]) -> tuple[str, TensorType]:
    """Steps of the model: some words, and a block of the spec's own now and then."""
    step = flow(pen, x, pen.among(1, 1, 2, 3))
    if isinstance(step.out, Tokens) or pen.chance(0.5):
        return step
    known = [block for block in blocks if block.takes == step.out]
    fitting = [make for make in BLOCKS if step.out.kind in make.kinds]
    if known and pen.chance(0.4):
        block = pen.among(*known)
    elif fitting and pen.chance(0.7):
        block = pen.among(*fitting).write(pen, step.out)
        blocks.append(block)
    else:
        block = generated(pen, step.out, blocks)
        blocks.append(block)
    return f"{step.text} -> {block.call(pen)}", block.gives
