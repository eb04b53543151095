"""Random layer expressions: steps one after another, rows, conditions and choices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.types import TensorType, channels, numel
from tests.property.pen import Pen, Step
from tests.property.recipes import all_recipes

if TYPE_CHECKING:
    from collections.abc import Callable

NORMING = (  # over channels: a single one is refused
    *("convnext", "vit_block", "gpt_block", "llama_block", "longformer_block", "conformer"),
    *("swin_block", "mlp_mixer", "patch_merging", "transformer_encoder", "transformer_decoder"),
    *("mamba_block", "t5_block", "t5_decoder_block"),
)
LARGEST = 600  # numbers of a tensor, so that running it costs nothing

FREE: dict[str, list] = {}
KEEPING: dict[str, list] = {}
for _recipe in all_recipes():
    for _kind in _recipe.kinds:
        (KEEPING if _recipe.keeps else FREE).setdefault(_kind, []).append(_recipe)


def grow(pen: Pen, x: TensorType, keep: bool = False) -> Step:
    """One step behind a tensor of type ``x``; with ``keep`` it gives ``x`` again."""
    if keep or pen.chance(0.45) or x.kind not in FREE:
        return _kept(pen, x)
    step = _recipe_step(pen, x, FREE[x.kind])
    return step if numel(step.out) <= LARGEST else _kept(pen, x)


def flow(pen: Pen, x: TensorType, steps: int, keep: bool = False) -> Step:
    """Steps in a row. With ``keep`` the last one gives ``x`` again."""
    texts, flowing = [], x
    for _ in range(steps):
        step = grow(pen, flowing, keep)
        texts.append(step.text)
        flowing = step.out
    return Step(" -> ".join(texts), flowing)


def _recipe_step(pen: Pen, x: TensorType, recipes: list) -> Step:
    step = None
    while step is None:
        step = pen.among(*recipes).write(pen, x)
        if step is not None and channels(x) == 1 and any(word in step.text for word in NORMING):
            step = None
    return step


def _kept(pen: Pen, x: TensorType) -> Step:
    if x.kind not in KEEPING:  # token ids
        return _recipe_step(pen, x, FREE[x.kind])
    if pen.pointwise and pen.chance(0.3):
        return Step(pen.among(*pen.pointwise), x)
    if pen.chance(0.25):
        return pen.among(*ROWS_AND_CONDITIONS)(pen, x)
    return _recipe_step(pen, x, KEEPING[x.kind])


def _repeat(pen: Pen, x: TensorType) -> Step:
    count = pen.among("0", "1", "2", "3", pen.number(2), f"({pen.number(2)})")
    if pen.choices and pen.chance(0.4):
        count = pen.among("(1 | 2)", "(1 to 3)", "(0 to 2)")
    return Step(f"{count if ' ' not in count else f'({count})'} * {_atom(pen, x)}", x)


def _atom(pen: Pen, x: TensorType) -> str:
    """A step that may stand behind ``n *``: one in brackets when it is a row."""
    text = flow(pen, x, pen.among(1, 1, 2), keep=True).text
    return f"({text})"


def _each(pen: Pen, x: TensorType) -> Step:
    name = pen.fresh("i", "k", "index")
    inner = f"linear({name} + {channels(x)}) -> linear({channels(x)})"
    if x.kind in ("image", "volume", "sequence"):
        inner = f"conv({channels(x)}, 2 * {name} - 1) -> {pen.among('relu', 'tanh')}"
    if pen.choices and pen.chance(0.5):
        inner += " -> (elu | identity)"
    return Step(f"each({name} = 1 to {pen.among(1, 2, 3)}, {inner})", x)


def _listed(pen: Pen, x: TensorType) -> Step:
    """Copies for the items of a list, or the rows of a table."""
    name, second = pen.fresh("w", "item"), pen.fresh("act", "f")
    same = f"linear({channels(x)})"
    if x.kind in ("image", "volume", "sequence"):
        same = f"conv({channels(x)}, 1)"
    if pen.chance(0.3):
        return Step(f"each({second} = [relu, tanh, elu(0.5)], {second})", x)
    wide = same.replace(str(channels(x)), name, 1)
    if pen.chance(0.4):
        items = pen.among("[2, 3]", "[3]", "[4, 2 + 1, min([5, 6])]", "[[2, 3], [5]][0]")
        return Step(f"each({name} = {items}, {wide} -> {same})", x)
    rows = pen.among("[[2, relu], [3, tanh]]", "[[4, silu]]", "[[3, relu], [3, relu]]")
    return Step(f"each(({name}, {second}) = {rows}, {wide} -> {second} -> {same})", x)


def _when(pen: Pen, x: TensorType) -> Step:
    taken, width = flow(pen, x, 1, keep=True).text, channels(pen.x)
    size = "x.features" if pen.x.kind in ("vector", "sequence", "nodes") else "x.channels"
    if pen.x.kind == "tokens":
        size, width = "x.length", pen.x.length
    true = pen.among(f"{size} == {width}", f"all({size} > 0, not({size} > {width}))", "true")
    false = pen.among(f"{size} > {width}", f"any(false, {size} != {width})", "1 > 2")
    never = pen.among("conv(3, 999, padding=0)", "linear(0)", "identity", "attention(977)")
    if pen.chance(0.5):
        return Step(f"when({true}, {taken}{pen.among('', f', else={never}')})", x)
    return Step(f"when({false}, {never}, else=({taken}))", x)


def _choice(pen: Pen, x: TensorType) -> Step:
    if not pen.choices:
        return _bracketed(pen, x)
    drawn = [_option(pen, x) for _ in range(pen.among(2, 3))]
    options = list({text.strip("()"): text for text in drawn}.values())
    if len(options) == 1:
        options.append(f"({options[0]} -> tanh)")
    if len(options) == 3 and not options[0].startswith("("):
        return Step(f"add(pick({len(options[0]) % 2 + 1}, {', '.join(options)}))", x)
    return Step(f"({' | '.join(options)})", x)


def _option(pen: Pen, x: TensorType) -> str:
    if pen.chance(0.6):
        return pen.among("relu", "gelu", "silu", "identity", "tanh", "elu(0.5)")
    return f"({flow(pen, x, pen.among(1, 2), keep=True).text})"


def _bracketed(pen: Pen, x: TensorType) -> Step:
    return Step(f"({flow(pen, x, pen.among(1, 2), keep=True).text})", x)


ROWS_AND_CONDITIONS: tuple[Callable[[Pen, TensorType], Step], ...] = (
    _repeat,
    _each,
    _listed,
    _when,
    _choice,
    _choice,
)
