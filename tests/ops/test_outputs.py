"""``outputs`` gives several results."""

from __future__ import annotations

from archdsl import types
from archdsl.ops.merge.outputs import Outputs
from archdsl.types import Image, Sequence, Vector
from tests.ops.against_torch import agrees, refuses


def test_it_does_what_it_foretold() -> None:
    parts = (Sequence(7, 4), Vector(4), Image(3, 2, 2))
    assert Outputs().infer(*parts) == types.Outputs(parts)
    agrees(Outputs(), *parts, reference=lambda a, b, c: (a, b, c))


def test_outputs_of_outputs_are_refused() -> None:
    inner = types.Outputs((Vector(4), Vector(4)))
    refuses(Outputs(), Vector(4), inner, words="outputs cannot hold further outputs")
