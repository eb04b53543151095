"""``drop_path`` drops whole samples in training."""

from __future__ import annotations

import pytest
import torch

from archdsl.ops.regularizer.drop_path import DropPath
from archdsl.types import Image, Nodes, Sequence, TensorType, Vector
from tests.ops.against_torch import Built, agrees, module, refuses


@pytest.mark.parametrize("x", [Vector(33), Image(3, 5, 7), Sequence(7, 4)])
@pytest.mark.parametrize("rate", [0.0, 0.1])
def test_it_does_what_it_foretold(rate: float, x: TensorType) -> None:
    agrees(DropPath(rate), x, reference=lambda _, x: x)
    assert module(DropPath(rate), x) == f"DropPath({rate})"


def test_a_sample_is_kept_and_scaled_up_or_dropped_as_a_whole() -> None:
    built = Built(DropPath(0.5), Image(2, 3, 3))
    kept = built.run(torch.ones(400, 2, 3, 3)).flatten(1)
    assert set(kept.unique().tolist()) == {0.0, 2.0}
    assert bool((kept == kept[:, :1]).all())
    assert 0.4 < (kept[:, 0] > 0).float().mean() < 0.6


def test_to_drop_everything_is_refused() -> None:
    refuses(DropPath(1.0), Vector(8), words="rate=1 drops every sample", argument="rate")


def test_graph_nodes_are_refused() -> None:
    refuses(DropPath(0.1), Nodes(11, 4, 20), words="drop_path cannot take graph nodes (11×4)")
