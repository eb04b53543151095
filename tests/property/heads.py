"""How a model may end so that it gives what its task asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archdsl.ops import catalog
from archdsl.types import Image, Nodes, Sequence, Tokens, Vector, Volume, spatial, with_channels

if TYPE_CHECKING:
    from archdsl.types import TensorType
    from tests.property.pen import Pen


class Head(NamedTuple):
    """The last steps (with the arrow in front), the task, and the type they give."""

    text: str
    task: str
    out: TensorType


def head(pen: Pen, x: TensorType) -> Head:
    """An ending that fits what flows in and what the data is."""
    data = pen.x
    if isinstance(data, Nodes):
        return _of_graph(pen, x, data)
    if isinstance(data, Tokens):
        return _of_tokens(pen, x, data)
    if isinstance(data, Sequence) and pen.chance(0.4):
        return _each_position(pen, x, data)
    if isinstance(data, (Image, Volume)) and x.kind == data.kind and pen.chance(0.3):
        return _each_pixel(pen, x, data)
    if isinstance(data, Sequence) and pen.chance(0.3):
        return _forecast(pen, x)
    if pen.chance(0.12):
        return _of_pair(pen, x) if pen.chance(0.25) else _of_two_tasks(pen, x)
    return _several(pen, _whole(pen, x))


def _width(pen: Pen) -> tuple[str, str, int]:
    """The task, the name its width has in the model, and the width."""
    count = pen.among(2, 3, 5)
    if pen.chance(0.6):
        return f"classify({count}", pen.among("classes", "classes", str(count)), count
    if pen.chance(0.3):
        return f"label({count}", pen.among("labels", str(count)), count
    return f"regress({count}", pen.among("targets", str(count)), count


def _whole(pen: Pen, x: TensorType) -> Head:
    task, name, count = _width(pen)
    if pen.chance(0.1):
        task, name = f"embed({count}, temperature={pen.among('0.1', '0.5')}", "dimension"
    return Head(f"{_gathered(pen, x)} -> linear({name})", f"{task})", Vector(count))


def _gathered(pen: Pen, x: TensorType) -> str:
    gather = "" if isinstance(x, Vector) else pen.among(" -> global_avg_pool", " -> flatten")
    if isinstance(x, Sequence):
        gather = pen.among(" -> mean_over", " -> last", " -> flatten", " -> global_max_pool")
    return gather


def _of_two_tasks(pen: Pen, x: TensorType) -> Head:
    """A result for each of two tasks, which have names."""
    count = pen.among(2, 3)
    first = f"{_gathered(pen, x)} -> linear(kind.classes)".removeprefix(" -> ")
    second = f"{_gathered(pen, x)} -> linear(age.targets)".removeprefix(" -> ")
    tasks = f"kind = classify({count})\n  task age = regress(1, weight={pen.among('0.5', '2')})"
    return Head(f" -> outputs(({first}), ({second}))", tasks, Vector(count))


def _of_pair(pen: Pen, x: TensorType) -> Head:
    """Two vectors that find each other, and by what their cosines are multiplied."""
    count, learned = pen.among(2, 3, 5), pen.chance(0.5)
    sides = [f"{_gathered(pen, x)} -> linear(dimension)".removeprefix(" -> ") for _ in range(2)]
    scale = ["parameter(1, init=2.6592) -> exp"] * learned
    results = ", ".join(f"({one})" for one in (*sides, *scale))
    told = "temperature=learned" if learned else pen.among("temperature=0.5", "negatives=all")
    return Head(f" -> outputs({results})", f"contrast({count}, {told})", Vector(count))


def _forecast(pen: Pen, x: TensorType) -> Head:
    count, steps = pen.among(1, 2), pen.among(2, 3, 5)
    task = f"regress({count}, horizon={steps})"
    line = f"{_gathered(pen, x)} -> linear(horizon * targets)"
    shaped = "reshape(targets, length=horizon)"
    return Head(f"{line} -> {shaped}", task, Sequence(steps, count))


def _halves(single: Head) -> Head:
    """The result twice as wide, and cut in two: the first half is the answer."""
    assert isinstance(single.out, Vector)
    text = f"{single.text} -> concat(identity, tanh) -> chunk(2)"
    return Head(text, single.task, single.out)


def _several(pen: Pen, single: Head) -> Head:
    """Now and then a second output beside the first."""
    if pen.chance(0.9):
        return single
    if pen.chance(0.2):
        return _halves(single)
    main = single.text.removeprefix(" -> ")
    beside = pen.among("tanh", "abs", "scale(0.5)")
    text = f" -> outputs(({main}), {beside})"
    if pen.chance(0.5):
        weight = pen.among("", ", weight=0.3", ", 0")
        text = f" -> outputs(({main}), train_only(({main}){weight}))"
    return Head(text, single.task, single.out)


def _each_pixel(pen: Pen, x: TensorType, data: Image | Volume) -> Head:
    task, name, count = _width(pen)
    sizes = ", ".join(map(str, spatial(data)))
    back = "" if spatial(x) == spatial(data) else f" -> adaptive_avg_pool(size({sizes}))"
    text = f"{back} -> conv({name}, 1)"
    return Head(text, f"{task}, per=pixel)", with_channels(data, count))


def _as_sequence(x: TensorType, length: int) -> str:
    """Steps that make a sequence of a length of anything."""
    if isinstance(x, Vector):
        return f" -> linear({2 * length}) -> reshape(2, length={length})"
    turned = " -> to_sequence" if isinstance(x, (Image, Volume)) else ""
    if isinstance(x, Sequence) and x.length == length:
        return ""
    return f"{turned} -> adaptive_avg_pool({length})"


def _each_position(pen: Pen, x: TensorType, data: Sequence) -> Head:
    task, name, count = _width(pen)
    text = f"{_as_sequence(x, data.length)} -> linear({name})"
    return Head(text, f"{task}, per=token)", Sequence(data.length, count))


def _of_tokens(pen: Pen, x: TensorType, data: Tokens) -> Head:
    if isinstance(x, Tokens):
        return Head(" -> embedding(4) -> linear(vocab)", "next_token()", _logits(data))
    if pen.chance(0.5):
        return _several(pen, _whole(pen, x))
    back = _as_sequence(x, data.length)
    tied = [n for n in pen.embeddings if pen.tensors[n] == x]
    if tied and not back and catalog.find("tied_linear") is not None:
        return Head(f" -> tied_linear({pen.among(*tied)})", "next_token()", _logits(data))
    return Head(f"{back} -> linear(vocab)", "next_token()", _logits(data))


def _logits(data: Tokens) -> Sequence:
    return Sequence(data.length, data.vocab)


def _of_graph(pen: Pen, x: TensorType, data: Nodes) -> Head:
    task, name, count = _width(pen)
    if isinstance(x, Nodes) and (not data.graphs or pen.chance(0.3)):
        per = ", per=node" if data.graphs or pen.chance(0.2) else ""
        return Head(f" -> linear({name})", f"{task}{per})", x._replace(features=count))
    gather = (
        f" -> graph_pool({pen.among('mean', 'sum')})" if isinstance(x, Nodes) else " -> flatten"
    )
    per = pen.among("", ", per=graph")
    return Head(f"{gather} -> linear({name})", f"{task}{per})", Vector(count))
