"""``gru`` is nn.GRU, its hidden states at every position."""

from __future__ import annotations

import pytest

from archdsl.ops.sequence.gru import Gru
from archdsl.types import Sequence, Tokens, Vector
from tests.ops.against_torch import agrees, module, refuses

CASES = [
    (Gru(8), Sequence(5, 6)),
    (Gru(8, layers=2, bias=False), Sequence(5, 6)),
    (Gru(8, layers=3, dropout=0.1), Sequence(7, 6)),
    (Gru(8, layers=3, bidirectional=True), Sequence(5, 6)),
    (Gru(8, layers=2, bidirectional=True, dropout=0.1), Sequence(5, 6)),
]


@pytest.mark.parametrize(("op", "x"), CASES)
def test_a_gru_does_what_it_foretold(op: Gru, x: Sequence) -> None:
    agrees(op, x, batches=(2, 5), reference=lambda m, x: m(x)[0])  # a batch of 1 is not copied


def test_params_and_macs_are_the_reference_s() -> None:
    op, x = Gru(256, layers=2), Sequence(100, 128)
    assert op.params(x) + 257 * 10 == 693_770  # with its classifier
    assert op.macs(x) + 256 * 10 == 68_815_360


def test_it_is_spelled_without_defaults() -> None:
    spelled = module(Gru(256, layers=2), Sequence(100, 128))
    assert spelled == "nn.GRU(128, 256, num_layers=2, batch_first=True)"


def test_dropout_needs_a_layer_after_it() -> None:
    words = "dropout acts between layers, and there is one"
    refuses(Gru(8, dropout=0.1), Sequence(5, 6), words=words, replacement="0")


def test_only_sequences_are_taken() -> None:
    refuses(Gru(8), Vector(5), words="gru cannot take a vector (5)")
    refuses(Gru(8), Tokens(5, 9), words="gru cannot take token ids (5)")
