"""``mamba_block`` is what Transformers has, with the same weights."""

from __future__ import annotations

import pytest
import torch

import archdsl
from tests import peers
from tests.zoo import transfer
from tests.zoo.published import spec
from tests.zoo_sequence.weights import randomised

MAMBA = """
arch Small {{
  data tokens({length}, vocab=50)
  model {{
    let embeddings = embedding(24)
    let layers = embeddings -> 3 * mamba_block(state=5, expand={expand}, kernel={kernel}, rank=3)
    let norm_f = layers -> rms_norm(eps=1e-5)
    return norm_f -> tied_linear(embeddings)
  }}
}}
"""


@pytest.mark.parametrize(("length", "expand", "kernel"), [(1, 2, 4), (17, 2, 4), (30, 3, 2)])
def test_mamba_is_that_of_transformers(length: int, expand: int, kernel: int) -> None:
    torch.manual_seed(0)
    sizes = {"hidden_size": 24, "state_size": 5, "time_step_rank": 3, "num_hidden_layers": 3}
    theirs = peers.hf_mamba(
        vocab_size=50, expand=expand, conv_kernel=kernel, use_cache=False, **sizes
    )
    randomised(theirs)
    ours = archdsl.compile(MAMBA.format(length=length, expand=expand, kernel=kernel)).module()
    tokens = torch.randint(50, (2, length))
    transfer.copy(theirs, ours.eval(), tokens, maps=transfer.maps_of(spec("mamba_130m")))
    found, expected = peers.run(ours, tokens), peers.run(theirs, tokens)
    torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-5)
