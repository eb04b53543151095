"""Layers written otherwise: residual blocks with the activation first, attention in windows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.ops import catalog
from archdsl.ops.base import Trait
from archdsl.suggesting.parameters import HEADS, given
from archdsl.syntax import nodes as ast

if TYPE_CHECKING:
    from archdsl.ops.base import Op

REACH = 256  # tokens on each side that attention in a window sees
KEPT = frozenset({"hidden", "drop"})  # arguments that blocks with either attention take
CAUSAL = "gpt_block"
ENCODERS = frozenset({"transformer_encoder", "vit_block"})


def preactivated(node: ast.Binary) -> list[str]:
    """Copies of `layer -> norm -> activation` as residual blocks with norm and activation first,
    and both once more behind the last (He et al. 2016, arXiv:1603.05027): nothing but sums is on
    the skip path. Two layers are in each block where the number of copies is even. The second way
    leaves the first copy as it is, which may change the shape. None for what is not written so,
    with a number of copies before it."""
    times = node.left.value if isinstance(node.left, ast.Number) else 0
    parts = _parts(node.right)
    if parts is None or not isinstance(times, int):
        return []
    layer, ahead = parts
    found = []
    for first, copies in (("", times), (f"{node.right.span.text} -> ", times - 1)):
        each = 2 if copies % 2 == 0 else 1
        inner = f"{ahead} -> {layer}"
        inner = f"{each} * ({inner})" if each > 1 else inner
        if copies // each > 1:
            found.append(f"({first}{copies // each} * residual({inner}) -> {ahead})")
    return found


def _parts(layer: ast.Expression) -> tuple[str, str] | None:
    """A layer with weights, and the norm and activation behind it."""
    if isinstance(layer, ast.Call) and layer.function.id == "conv_bn_act":
        if [argument.name for argument in layer.arguments] != [None]:
            return None
        return f"conv({layer.arguments[0].span.text}, 3, bias=false)", "batch_norm -> relu"
    if not isinstance(layer, ast.Flow) or not _has(layer.steps[-1], Trait.ACTIVATION):
        return None
    *first, last = layer.steps
    ahead = [last]
    while first and _has(first[-1], Trait.NORM):
        ahead.insert(0, first.pop())
    if len(first) != 1 or not _has(first[0], Trait.WEIGHTED):
        return None
    return first[0].span.text, " -> ".join(step.span.text for step in ahead)


def windowed(call: ast.Call) -> str | None:
    """A transformer block that attends within a window (Beltagy et al. 2020, arXiv:2004.05150) in
    the place of one that attends to everything; None for other calls, and for blocks with arguments
    that those with windows do not have."""
    heads = next(given(call, HEADS), None)
    others = [argument for argument in call.arguments if argument.value is not heads]
    named = {argument.name: argument.value.span.text for argument in others}
    if heads is None or not KEPT.issuperset(named):
        return None
    if call.function.id in ENCODERS:
        settings = [heads.span.text, f"reach={REACH}", *(f"{k}={v}" for k, v in named.items())]
        return f"longformer_block({', '.join(settings)})"
    if call.function.id != CAUSAL:
        return None
    drop = named.get("drop", "0.1")
    attend = f"local_attention({heads.span.text}, reach={REACH}, causal=true, dropout={drop})"
    mlp = f"mlp({named['hidden']})" if "hidden" in named else "mlp"
    return (
        f"(residual(layer_norm -> {attend} -> dropout({drop}))"
        f" -> residual(layer_norm -> {mlp} -> dropout({drop})))"
    )


def _has(step: ast.Expression, trait: Trait) -> bool:
    op = _op(step)
    return op is not None and trait in op.traits


def _op(step: ast.Expression) -> type[Op] | None:
    """The op that a step of a chain is a call of."""
    if isinstance(step, ast.Call):
        return catalog.find(step.function.id)
    return catalog.find(step.id) if isinstance(step, ast.Name) else None
