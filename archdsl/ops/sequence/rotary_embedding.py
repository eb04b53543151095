"""Positions turn the features of queries and keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from archdsl.ops.attending import From, Partner
from archdsl.ops.base import Construct, Definition, Op, Saves, Spelling, Synonyms, Trait
from archdsl.ops.parameters import real, whole
from archdsl.ops.plumbing._kinds import wrong_kind
from archdsl.ops.reads import WEIGHED, Axis, Reads, each
from archdsl.ops.sequence._heads import check_heads
from archdsl.ops.sequence._rotary_text import THETA, Rotary, check_turned
from archdsl.types import Sequence, TensorType


@dataclass(frozen=True)
class RotaryEmbedding(Op):
    """L×C → L×C: turns pairs of features of each head by angles that grow with the position, so
    that products of queries and keys depend on how far apart they stand (RoFormer, Su et al.,
    2021). For queries and keys on their way to dot_product_attention; `attention` has it as
    ``rotary=true``.

    ``theta`` is how many times slower the last pair turns than the first. ``rotary_width`` turns
    the first so many features of each head alone (GPT-NeoX). Feature i is turned with feature
    i + half of them, as in LLaMA.

    Errors: heads that do not divide the features; an odd number of features to turn; anything but
    a sequence.
    """

    heads: int = whole()
    theta: float = real(THETA, minimum=1)
    rotary_width: int | None = whole(None)

    traits = frozenset({Trait.ELEMENTWISE, Trait.AFFINE})
    example = "linear(64) -> rotary_embedding(8)"
    synonyms = Synonyms(others=("rope", "RoPE", "RotaryEmbedding", "apply_rotary_pos_emb"))
    example_data: ClassVar[str] = "series(100, 64)"
    attribute = "rotary"

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, Sequence):
            help = "to_sequence makes an image a sequence of its positions"
            raise wrong_kind("rotary_embedding", x, (Sequence,), help=help)
        check_turned(check_heads(self.heads, x.features, None), self.rotary_width)
        return x

    def saves(self, *inputs: TensorType) -> Saves:
        """The cosines and sines of all angles."""
        (x,) = inputs
        assert isinstance(x, Sequence)
        return Saves(fixed=4 * x.length * self._turned(x))

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        (x,) = inputs
        assert isinstance(x, Sequence)
        pairs = Partner(x.features // self.heads, self._turned(x))
        return (each(x, WEIGHED, WEIGHED), Reads((Axis(0, From(1)), Axis(1, pairs))))

    def spelling(self, *inputs: TensorType) -> Spelling:
        (x,) = inputs
        assert isinstance(x, Sequence)
        form = self._form(x)
        arguments: dict[str, Any] = {"heads": self.heads}
        if form.part:
            arguments["rotary_width"] = self.rotary_width
        if form.theta or form.part:
            arguments["theta"] = self.theta
        made = _definition(form)
        construct = Construct(made.name, arguments)
        return Spelling(construct, definitions=(*form.definitions, made))

    def _form(self, x: Sequence) -> Rotary:
        return Rotary(self.theta != THETA, self._turned(x) < x.features // self.heads)

    def _turned(self, x: Sequence) -> int:
        return self.rotary_width or x.features // self.heads


def _definition(form: Rotary) -> Definition:
    name = f"{'Partial' * form.part}RotaryEmbedding{'By' * (form.theta and not form.part)}"
    parameters = ", ".join(["self", "heads: int", *form.parameters])
    names = ["heads", *(part.partition(":")[0] for part in form.parameters)]
    setup = "".join(f"        self.{name} = {name}\n" for name in names)
    source = f'''\
class {name}(nn.Module):
    """Rotary positions: turns pairs of features of each head by angles."""

    def __init__({parameters}) -> None:
        super().__init__()
{setup}
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x.unflatten(-1, (self.heads, -1)).transpose(1, 2)  # (N, heads, L, width)
        return {form.of("x")}.transpose(1, 2).flatten(2)
'''
    return Definition(name, source)
