"""``tied_linear`` gives logits by the weights of an embedding."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from archdsl.ops.base import Saves
from archdsl.ops.parameters import Bound
from archdsl.ops.sequence.embedding import Embedding
from archdsl.ops.sequence.lstm import Lstm
from archdsl.ops.sequence.tied_linear import TiedLinear
from archdsl.types import Image, Sequence, Tokens, Vector
from tests.ops.against_torch import refuses

WORDS = Bound("words", Embedding(8), (Tokens(5, 30),))
TIED = TiedLinear(WORDS)


@pytest.mark.parametrize(("x", "out"), [(Sequence(5, 8), Sequence(5, 30)), (Vector(8), Vector(30))])
def test_logits_have_the_size_of_the_vocabulary(
    x: Sequence | Vector, out: Sequence | Vector
) -> None:
    assert TIED.infer(x) == out
    assert TIED.params(x) == 0
    assert TIED.macs(x) == (5 if x.kind == "sequence" else 1) * 8 * 30
    assert TIED.saves(x) == Saves(inputs=(0,))


def test_it_multiplies_by_the_embedding_s_weight() -> None:
    function = TIED.spelling(Sequence(5, 8)).function
    assert function == "F.linear({x}, self.words.weight)"
    model = SimpleNamespace(words=nn.Embedding(30, 8))
    x = torch.randn(2, 5, 8)
    logits = eval(function.format(x="x"), {"F": F, "self": model, "x": x})
    torch.testing.assert_close(logits, x @ model.words.weight.T)


def test_gpt2_s_head_is_its_embedding() -> None:
    words = Bound("wte", Embedding(768), (Tokens(128, 50_257),))
    assert TiedLinear(words).macs(Sequence(128, 768)) == 4_940_464_128


def test_only_an_embedding_has_vectors_of_words() -> None:
    bound = Bound("states", Lstm(8), (Sequence(5, 6),))
    words = "`states` is lstm, and there is no embedding in it"
    refuses(TiedLinear(bound), Sequence(5, 8), words=words, argument="to")


def test_features_are_those_of_the_embedding() -> None:
    words = "16 features do not match the 8 of `words`"
    error = refuses(TIED, Sequence(5, 16), words=words)
    assert error.help == "`linear(8)` before it makes them match"


def test_only_sequences_and_vectors_are_taken() -> None:
    refuses(TIED, Image(8, 4, 4), words="tied_linear cannot take an image (8×4×4)")
