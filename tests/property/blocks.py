"""Random blocks of a spec's own, and how they may be called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from archdsl.types import channels
from tests.property.growing import flow
from tests.property.recipes import FEATURES, GRIDS, ROWS

if TYPE_CHECKING:
    from collections.abc import Callable

    from archdsl.types import TensorType
    from tests.property.pen import Pen


@dataclass(frozen=True)
class Written:
    """A block: its declaration, what it takes and gives, and calls that are right."""

    text: str
    takes: TensorType
    gives: TensorType
    calls: tuple[str, ...]

    def call(self, pen: Pen) -> str:
        """A call of it, or a row of calls when it gives what it takes."""
        first = pen.among(*self.calls)
        if self.takes != self.gives or pen.chance(0.5):
            return first
        second = pen.among(*self.calls)
        return pen.among(f"{first} -> {second}", f"2 * {first}", f"{first} -> 3 * {second}")


class Template(NamedTuple):
    kinds: tuple[str, ...]
    write: Callable[[Pen, TensorType], Written]


BLOCKS: list[Template] = []


def template(*kinds: str) -> Callable[[Callable[[Pen, TensorType], Written]], Template]:
    """Register a block whose arguments may be anything in reason."""

    def register(write: Callable[[Pen, TensorType], Written]) -> Template:
        BLOCKS.append(Template(kinds, write))
        return BLOCKS[-1]

    return register


@template(*GRIDS)
def cell(pen: Pen, x: TensorType) -> Written:
    name = pen.fresh("cell", "unit")
    shared = pen.among("", "", "shared ")
    inner = "(3 | 5)" if pen.choices and pen.chance(0.5) else "kernel"
    text = (
        f"{shared}block {name}(width, kernel=3, act=relu) {{\n"
        f"  let body = x -> conv(width, {inner}, bias=false) -> batch_norm -> act\n"
        f"  let back = body -> conv(x.channels, 1)\n"
        f"  return add(x, back) -> act\n}}\n"
    ).replace("x.channels", "x.channels" if x.kind != "sequence" else "x.features")
    calls = (f"{name}(4)", f"{name}(2, act=gelu)", f"{name}(width=3, kernel=1)")
    return Written(text, x, x, (*calls, f"{name}(4, 5, elu(0.5))", f"{name}({pen.number(4)})"))


@template(*ROWS)
def gate(pen: Pen, x: TensorType) -> Written:
    name = pen.fresh("gated", "route")
    text = (
        f"block {name}(f, hidden=2 * x.features, drop=0) {{\n"
        f"  let out = linear(hidden) -> f -> linear(x.features)\n"
        f"  let chance = linear(x.features) -> sigmoid\n"
        f"  return mix(chance, out -> when(drop > 0, dropout(drop)), x)\n}}\n"
    )
    calls = (f"{name}(relu)", f"{name}(tanh, hidden=3)", f"{name}(f=gelu(tanh), drop=0.1)")
    return Written(text, x, x, (*calls, f"{name}(linear(5) -> relu)"))


@template(*FEATURES)
def tower(pen: Pen, x: TensorType) -> Written:
    """A block that takes a list of widths, and a function that rounds them."""
    name, rounded = pen.fresh("tower", "column"), pen.fresh("rounded", "even")
    layer = "conv({w}, 1)" if x.kind in GRIDS else "linear({w})"
    function = pen.among("max(2, v // by * by)", "when(v % by == 0, v, else=v + by - v % by)")
    text = (
        f"function {rounded}(v, by=2) = {function}\n"
        f"block {name}(widths, act=relu) {{\n"
        f"  let wide = {layer.format(w=f'{rounded}(max(widths))')} -> act\n"
        f"  return wide -> each(w = widths, {layer.format(w='w')} -> act)"
        f" -> {layer.format(w='widths[-1]')}\n}}\n"
    )
    calls = (f"{name}([3, 4])", f"{name}([2, 5, 4], act=tanh)", f"{name}(widths=[4])")
    gives = x._replace(**{_axis(x): 4})
    return Written(text, x, gives, calls)


@template(*FEATURES)
def descent(pen: Pen, x: TensorType) -> Written:
    """A block that calls itself until its argument ends it."""
    name = pen.fresh("descent", "ladder")
    widen = "conv(depth + 1, 1)" if x.kind in GRIDS else "linear(depth + 1)"
    text = f"block {name}(depth) =\n  when(depth > 0, {widen} -> {name}(depth - 1))\n"
    gives = x._replace(**{_axis(x): 2})
    return Written(text, x, gives, tuple(f"{name}({depth})" for depth in (1, 2, 3)))


@template(*GRIDS)
def wrapper(pen: Pen, x: TensorType) -> Written:
    """A block that hands its layer parameter, and a let beside it, to another block."""
    outer, inner = pen.fresh("outer", "wrap"), pen.fresh("inner", "around")
    text = (
        f"block {inner}(f) = add(identity, f)\n"
        f"block {outer}(f=relu) {{\n"
        f"  let side = x -> tanh\n"
        f"  return {inner}(f -> add(identity, side)) -> {inner}(f)\n}}\n"
    )
    return Written(text, x, x, (outer, f"{outer}(conv({channels(x)}, 3))", f"{outer}(f=silu)"))


@template(*GRIDS, *ROWS)
def branches(pen: Pen, x: TensorType) -> Written:
    """A block that gives two results, one that takes and gives two, and one that puts these
    together again."""
    fork, turn, join = pen.fresh("fork"), pen.fresh("turn", "stage"), pen.fresh("join", "pyramid")
    layer, size = ("conv({}, 1)" if x.kind in GRIDS else "linear({})"), f"x.{_axis(x)}"
    back, across = layer.format(size), layer.format(f"a.{_axis(x)}")
    first, result = (
        "a",
        pen.among("add(a, b)", f"concat(a, b) -> {back}", f"a -> {back} -> add(identity, b)"),
    )
    if pen.chance(0.2):
        first, result = "_", "b -> tanh"
    text = (
        f"block {fork}() {{\n  let low = {back} -> relu\n"
        f"  return {pen.among('low', 'low -> tanh')}, {pen.among('x', back)}\n}}\n"
        f"block {turn}(act=relu) {{\n  let (a, b) = x\n  let c = b -> {across}\n"
        f"  return {pen.among('a', 'a -> act', 'add(a, c)')}, c -> act\n}}\n"
        f"block {join}(times) {{\n  let pair = {fork} -> {turn}\n"
        f"  let ({first}, b) = pair -> times * {turn}{pen.among('', '(act=silu)')}\n"
        f"  return {result}\n}}\n"
    )
    return Written(text, x, x, tuple(f"{join}({times})" for times in (0, 1, 2, 3)))


@template("sequence")
def handing_on(pen: Pen, x: TensorType) -> Written:
    """A block whose second recurrent layer begins with what the first ends with."""
    name, word = pen.fresh("recurrence", "decoder"), pen.among("lstm", "gru", "rnn")
    holds = ("state", "cell") if word == "lstm" else ("state",)
    both = pen.among("", "", ", bidirectional=true")
    read = pen.among("read", "_")
    given = ", ".join(f"{one}={one}{pen.among('', ' -> tanh')}" for one in holds)
    text = (
        f"block {name}(width, layers=1) {{\n"
        f"  let ({read}, {', '.join(holds)}) = {word}(width, layers=layers{both},"
        f" return_state=true)\n"
        f"  return {'x' if read == '_' else read} -> {word}(width, layers=layers{both}, {given})"
        f" -> linear(x.features)\n}}\n"
    )
    return Written(text, x, x, (f"{name}(2)", f"{name}(3, layers=2)", f"{name}(width=4)"))


def generated(pen: Pen, x: TensorType, blocks: list[Written]) -> Written:
    """A block whose body is a random flow that spells its numbers by its parameters."""
    inside, name = pen.inside(x), pen.fresh("part", "piece", "tower")
    parameters, given = [], []
    for parameter, value in (("width", pen.among(2, 4, 6)), ("rate", pen.among(1, 2, 3))):
        if pen.chance(0.6):
            inside.numbers[parameter] = value
            default = f"={value}" if pen.chance(0.3) and not _required(given) else ""
            parameters.append(parameter + default)
            given.append("" if default else f"{parameter}={value}")
    if pen.chance(0.4):
        inside.pointwise.append("act")
        parameters.append("act=relu")
        given.append(pen.among("", "act=tanh", "act=elu(0.5)"))
    body, out = _body(inside, x)
    known = [block for block in blocks if block.takes == out]
    if known and pen.chance(0.3):
        nested = pen.among(*known)
        body, out = body.replace("END", f" -> {pen.among(*nested.calls[:2])}"), nested.gives
    keyword = pen.among("block", "block", "shared block")
    text = f"{keyword} {name}({', '.join(parameters)}) {body.replace('END', '')}\n"
    arguments = ", ".join(argument for argument in given if argument)
    return Written(text, x, out, (f"{name}({arguments})" if arguments else name,))


def _required(given: list[str]) -> bool:
    return any(given)


def _body(pen: Pen, x: TensorType) -> tuple[str, TensorType]:
    if pen.chance(0.4):
        step = flow(pen, x, pen.among(1, 2, 3))
        return f"= {step.text}END", step.out
    first = flow(pen, x, pen.among(1, 2))
    pen.tensors["a"] = first.out
    last = flow(pen, first.out, pen.among(1, 2))
    return f"{{\n  let a = {first.text}\n  return a -> {last.text}END\n}}", last.out


def _axis(x: TensorType) -> str:
    return "channels" if x.kind in ("image", "volume") else "features"
