"""``abs``, ``clamp``, ``cos``, ``exp``, ``log``, ``pow``, ``scale``, ``shift``, ``sin``, ``sqrt``:
number by number."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

import pytest
import torch

from archdsl.ops.arithmetic.abs import Abs
from archdsl.ops.arithmetic.clamp import Clamp
from archdsl.ops.arithmetic.cos import Cos
from archdsl.ops.arithmetic.exp import Exp
from archdsl.ops.arithmetic.log import Log
from archdsl.ops.arithmetic.pow import Pow
from archdsl.ops.arithmetic.scale import Scale
from archdsl.ops.arithmetic.shift import Shift
from archdsl.ops.arithmetic.sin import Sin
from archdsl.ops.arithmetic.sqrt import Sqrt
from archdsl.ops.base import Op, Trait
from archdsl.types import Image, Sequence, Tokens, Vector, Volume, channels
from tests.ops.activations import KINDS
from tests.ops.against_torch import Built, agrees, refuses
from tests.ops.emitted import module_of, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

REFERENCES: list[tuple[Op, Callable[[torch.Tensor], torch.Tensor]]] = [
    (Abs(), torch.abs),
    (Cos(), torch.cos),
    (Exp(), torch.exp),
    (Sin(), torch.sin),
    (Log(), torch.log),
    (Sqrt(), torch.sqrt),
    (Pow(2), torch.square),
    (Pow(3), lambda x: x**3),
    (Pow(-1), torch.reciprocal),
    (Pow(0.5), torch.sqrt),
    (Clamp(0, 6), torch.nn.functional.relu6),
    (Clamp(-1, 1), torch.nn.functional.hardtanh),
    (Clamp(min=0), torch.relu),
    (Clamp(max=0.5), lambda x: x.clamp(max=0.5)),
    (Scale(0.17), lambda x: 0.17 * x),
    (Scale(-1), torch.neg),
    (Shift(0.5), lambda x: x + 0.5),
    (Shift(-0.5), lambda x: x - 0.5),
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("op", "reference"), REFERENCES)
def test_it_computes_what_pytorch_does(op, reference, kind) -> None:
    built = agrees(op, kind)
    (x,) = built.tensors(2)
    found, wanted = built.run(x), reference(x)
    torch.testing.assert_close(found, wanted, equal_nan=True)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("op", [Scale(0.0, learned=True), Shift(0.25, learned=True)])
def test_what_is_learned_starts_where_it_is_said_to(op, kind) -> None:
    built = agrees(op, kind)
    assert built.parameters == (1 if isinstance(op, Scale) else channels(kind))
    (x,) = built.tensors(2)
    torch.testing.assert_close(built.run(x), 0.0 * x if isinstance(op, Scale) else x + 0.25)


@pytest.mark.parametrize("x", [Image(3, 4, 5), Volume(3, 2, 2, 2), Sequence(5, 3), Vector(3)])
def test_a_learned_shift_adds_to_the_channels(x) -> None:
    built = Built(Shift(0.0, learned=True), x)
    built.module.bias.data = torch.tensor([1.0, 2.0, 3.0])
    (given,) = built.tensors(2)
    axis = 1 if isinstance(x, (Image, Volume)) else -1
    added = (built.run(given) - given).moveaxis(axis, -1)
    torch.testing.assert_close(added, torch.tensor([1.0, 2.0, 3.0]).expand_as(added))


@pytest.mark.parametrize("kind", KINDS)
def test_one_learned_shift_adds_to_all(kind) -> None:
    built = agrees(Shift(0.25, learned=True, per_channel=False), kind)
    (x,) = built.tensors(2)
    assert built.parameters == 1
    torch.testing.assert_close(built.run(x), x + 0.25)


def test_a_constant_shift_is_none_of_channels() -> None:
    refuses(Shift(1, per_channel=False), Vector(4), words="nothing is learned")


def test_token_ids_are_refused() -> None:
    refuses(Abs(), Tokens(4, 9), words="abs cannot take token ids (4)")


def test_powers_that_do_nothing_are_refused() -> None:
    refuses(Pow(1), Vector(4), words="leaves every number as it is", argument="power")
    refuses(Pow(0), Vector(4), words="makes 1 of every number", argument="power")


def test_bounds_that_leave_nothing_are_refused() -> None:
    refuses(Clamp(), Vector(4), words="clamp has no bound")
    refuses(Clamp(1, 1), Vector(4), words="min=1 is not below max=1", argument="min")


def test_what_is_known_of_the_numbers_follows_from_the_arguments() -> None:
    assert Clamp(-1, 2).gives == (-1, 2)
    assert Clamp(max=2).gives == (-inf, 2)
    assert Pow(2).gives == (0, inf)
    assert Pow(3).gives == (-inf, inf)
    assert Trait.RECTIFYING in Clamp(0, 6).traits
    assert Trait.RECTIFYING not in Clamp(-1, 6).traits
    assert [Scale(2).is_affine(), Shift(2).is_affine(), Exp().is_affine()] == [True, True, False]


def test_operators_are_written_as_one_would() -> None:
    text = text_of("add(scale(0.2), shift(-1)) -> pow(2) -> scale(3.0)", "table(8)")
    assert "x = x * 0.2 + (x - 1.0)\n        return x.square() * 3.0" in text


def test_an_affine_layer_of_resmlp_is_a_factor_and_a_shift() -> None:
    module = module_of("layer_scale(1) -> shift(0.0, learned=true)", "series(5, 4)")
    assert sum(p.numel() for p in module.parameters()) == 8
    x = torch.randn(2, 5, 4)
    torch.testing.assert_close(module(x), x)
