"""Models whose one recurrent layer begins where another ends: with the weights of modules written
by hand they give the same, and are as large."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

import archdsl
from tests.unjudged import UNJUDGED

if TYPE_CHECKING:
    from archdsl.api import Compiled

DATA = """
  data source = tokens(9, vocab=30, samples=500_000)
  data target = tokens(7, vocab=40)
  task next_token(of=target)
"""


class Sutskever(nn.Module):
    """An LSTM reads a sentence, and another one goes on from its states (arXiv:1409.3215)."""

    spec = f"""arch Sutskever {{ {DATA}
      model {{
        let (_, state, cell) = source -> embedding(12) -> lstm(16, layers=2, return_state=true)
        return target -> embedding(12) -> lstm(16, layers=2, state=state, cell=cell)
               -> linear(target.vocab)
      }}
    }}"""

    def __init__(self) -> None:
        super().__init__()
        self.source = nn.Embedding(30, 12)
        self.encoder = nn.LSTM(12, 16, num_layers=2, batch_first=True)
        self.target = nn.Embedding(40, 12)
        self.decoder = nn.LSTM(12, 16, num_layers=2, batch_first=True)
        self.head = nn.Linear(16, 40)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        _, last = self.encoder(self.source(source))
        return self.head(self.decoder(self.target(target), last)[0])


class Luong(nn.Module):
    """A GRU whose states ask the states of an encoder that reads both ways (arXiv:1508.04025,
    global attention by `general` scores)."""

    spec = f"""arch Luong {{ {DATA}
      model {{
        let (read, ends) = source -> embedding(12) -> gru(8, bidirectional=true, return_state=true)
        let begin = ends -> flatten -> linear(16) -> tanh
        let states = target -> embedding(12) -> gru(16, state=begin)
        let keys = read -> linear(16, bias=false)
        let context = dot_product_attention(states, keys, read, heads=1, scale=1.0)
        return concat(context, states) -> linear(16, bias=false) -> tanh -> linear(target.vocab)
      }}
    }}"""

    def __init__(self) -> None:
        super().__init__()
        self.source = nn.Embedding(30, 12)
        self.encoder = nn.GRU(12, 8, bidirectional=True, batch_first=True)
        self.bridge = nn.Linear(16, 16)
        self.target = nn.Embedding(40, 12)
        self.decoder = nn.GRU(12, 16, batch_first=True)
        self.score = nn.Linear(16, 16, bias=False)
        self.combine = nn.Linear(32, 16, bias=False)
        self.head = nn.Linear(16, 40)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        read, last = self.encoder(self.source(source))
        begin = torch.tanh(self.bridge(torch.cat((last[0], last[1]), dim=1)))
        states, _ = self.decoder(self.target(target), begin[None])
        weights = torch.softmax(states @ self.score(read).transpose(1, 2), dim=-1)
        joined = torch.cat((weights @ read, states), dim=-1)
        return self.head(torch.tanh(self.combine(joined)))


class Captions(nn.Module):
    """The features of a picture are what an LSTM begins with (as in arXiv:1502.03044)."""

    spec = """arch Captions {
      data picture = image(3, 8, 8, samples=500_000)
      data words = tokens(7, vocab=40)
      task next_token(of=words)
      model {
        let seen = picture -> conv(8, 3, stride=2) -> relu -> global_avg_pool
        let state = seen -> linear(16)
        let cell = seen -> linear(16)
        return words -> embedding(12) -> lstm(16, state=state, cell=cell) -> linear(words.vocab)
      }
    }"""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, stride=2, padding=1)
        self.state = nn.Linear(8, 16)
        self.cell = nn.Linear(8, 16)
        self.words = nn.Embedding(40, 12)
        self.lstm = nn.LSTM(12, 16, batch_first=True)
        self.head = nn.Linear(16, 40)

    def forward(self, picture: Tensor, words: Tensor) -> Tensor:
        seen = torch.relu(self.conv(picture)).mean((2, 3))
        begin = (self.state(seen)[None], self.cell(seen)[None])
        return self.head(self.lstm(self.words(words), begin)[0])


PEERS = [Sutskever, Luong, Captions]
BATCH = 5


def _compiled(peer: type[nn.Module]) -> Compiled:
    return archdsl.compile(peer.spec, terms=UNJUDGED)


def _given(peer: type[nn.Module]) -> tuple[Tensor, Tensor]:
    read = torch.randn(BATCH, 3, 8, 8) if peer is Captions else torch.randint(30, (BATCH, 9))
    return read, torch.randint(40, (BATCH, 7))


@pytest.mark.parametrize("peer", PEERS)
def test_they_are_what_one_writes_by_hand(peer: type[nn.Module]) -> None:
    compiled, theirs = _compiled(peer), peer().eval()
    ours = compiled.module().eval()
    assert compiled.params == sum(p.numel() for p in theirs.parameters())
    ours.load_state_dict(dict(zip(ours.state_dict(), theirs.state_dict().values(), strict=True)))
    given = _given(peer)
    torch.testing.assert_close(ours(*given), theirs(*given), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("peer", PEERS)
def test_their_products_are_those_that_pytorch_counts(peer: type[nn.Module]) -> None:
    theirs = peer().eval().requires_grad_(False)
    counter = FlopCounterMode(display=False)
    with torch.backends.mkldnn.flags(enabled=False), counter:  # it sees none of oneDNN's
        theirs(*_given(peer))
    assert 2 * BATCH * _compiled(peer).macs == counter.get_total_flops()


@pytest.mark.parametrize("peer", PEERS)
def test_an_answer_reads_all_of_the_one_input_and_no_later_word_of_the_other(
    peer: type[nn.Module],
) -> None:
    module = archdsl.compile(peer.spec).module().eval()
    read, words = _given(peer)
    answers = module(read, words)
    other = words.clone()
    other[:, 4:] = (other[:, 4:] + 1) % 40
    torch.testing.assert_close(module(read, other)[:, :4], answers[:, :4])
    read = read.clone()
    read[..., -1] = 0
    assert not torch.allclose(module(read, words)[:, 0], answers[:, 0])


def test_an_answer_that_begins_with_what_comes_later_is_found_out() -> None:
    """A decoder that begins with where it will end."""
    text = """arch Leaks {
      data tokens(9, vocab=30, samples=500_000)
      task next_token()
      model {
        let words = embedding(12)
        let (_, state) = words -> gru(16, return_state=true)
        return words -> gru(16, state=state) -> linear(vocab)
      }
    }"""
    with pytest.raises(archdsl.SpecError) as caught:
        archdsl.compile(text)
    (leak,) = (found for found in caught.value.diagnostics if found.code == "P801")
    assert "`gru`" in leak.message
    assert leak.span.text == "gru(16, return_state=true)"
