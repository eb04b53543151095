"""Random sequence models over every op that takes a sequence, as text, for rules about positions.

Every part gives the sequence of LENGTH × FEATURES that it takes, so that any may follow any.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

LENGTH, FEATURES, VOCAB = 8, 4, 11

LOCAL = """
linear(4)
linear(4) -> relu
gelu
tanh
prelu(per_channel=true)
softmax
linear(8) -> glu
layer_norm
rms_norm
local_response_norm(2)
layer_scale(0.5)
conv(4, 1)
conv(4, 1, groups=2)
segment_embedding
dropout(0)
bilinear(relu, tanh, 4)
mul(identity, sigmoid)
mix(linear(4) -> sigmoid, tanh, identity)
add(identity, zero)
concat(linear(2), linear(2) -> tanh)
slice(0, 2) -> linear(4)
class_token -> slice(1, axis=length)
transpose -> relu -> transpose
flatten -> reshape(4, length=8)
to_image(2, 4) -> relu -> to_sequence
to_image(4, 2) -> conv(4, 1) -> to_sequence
concat(identity, identity, axis=length) -> slice(8, 16, axis=length)
pad(2) -> linear(4) -> slice(2, 10, axis=length)
upsample(2) -> relu -> slice(0, 16, 2, axis=length)
upsample(2) -> avg_pool(2)
"""
PAST = """
attention(2, causal=true)
attention(1, causal=true, rotary=true)
local_attention(2, reach=3, causal=true)
rnn(4)
gru(4, layers=2)
lstm(4)
bilstm(4) -> slice(0, 4)
pad(2, after=0) -> conv(4, 3, padding=0)
pad(4, after=0) -> conv(4, 3, padding=0, dilation=2)
pad(1, after=0) -> max_pool(2, stride=1, padding=0)
pad(1, after=0) -> slice(0, 8, axis=length)
conv(4, 4, padding=3) -> slice(0, 8, axis=length)
pad(1, after=0) -> conv(4, 2, stride=2, padding=0) -> slice(0, 4, axis=length) -> upsample(2)
conv_transpose(4, 3, padding=0) -> slice(0, 8, axis=length)
pad(2, after=0, mode=replicate) -> avg_pool(3, stride=1, padding=0)
slice(0, 8, 2, axis=length) -> upsample(2)
slice(0, 8, 2, axis=length) -> conv_transpose(4, 2, stride=2)
mul(identity, first -> linear(4))
position_embedding
class_token -> slice(0, 8, axis=length)
position_embedding(kind=sinusoidal)
class_token -> gru(4) -> slice(1, axis=length)
"""
AHEAD = """
attention(2)
attention(2, kv_heads=1)
attention(1, rotary=true)
local_attention(1, reach=2)
local_attention(1, reach=9)
bilstm(2)
bilstm(4) -> slice(4, 8)
gru(2, layers=2, bidirectional=true)
conv(4, 3)
conv(4, 3, groups=4)
conv(4, 3, dilation=2)
conv_transpose(4, 3)
max_pool(3, stride=1)
max_pool(2) -> upsample(2)
conv(4, 2, stride=2) -> upsample(2, mode=bilinear)
conv(4, 3, stride=2) -> conv_transpose(4, 2, stride=2)
adaptive_avg_pool(3) -> adaptive_avg_pool(8)
transpose -> linear(8) -> transpose
transpose -> layer_norm -> transpose
group_norm(2)
instance_norm
batch_norm
flatten -> linear(32) -> reshape(4, length=8)
to_image(2, 4) -> conv(4, 3) -> to_sequence
to_image(2, 4) -> window_attention(2, size=2, shift=1) -> to_sequence
transpose -> softmax -> transpose
mul(identity, mean_over -> linear(4) -> sigmoid)
mul(identity, last -> linear(4))
mul(identity, max_over)
pad(1, mode=reflect) -> conv(4, 2, padding=0) -> slice(1, 9, axis=length)
pad(2, mode=circular) -> conv(4, 5, padding=0)
pad(0, after=1) -> slice(1, axis=length)
to_image(4, 2) -> batch_norm -> to_sequence
attention(2, memory=max_pool(2))
attention(2, memory=slice(0, 1, axis=length))
slice(4, 8, axis=length) -> upsample(2)
reshape(2, length=16) -> conv(2, 3) -> reshape(4, length=8)
class_token -> attention(1) -> slice(1, axis=length)
concat(gelu, max_over -> reshape(4, length=1), axis=length) -> rnn(4) -> slice(0, 8, axis=length)
linear(8) -> to_image(2, 4) -> pixel_shuffle(2) -> conv(1, 1) -> reshape(4, length=8)
local_attention(1, reach=2) -> pad(2, after=0) -> slice(0, 8, axis=length)
"""
SYMMETRIC = """
attention(2)
attention(2, kv_heads=1)
local_attention(1, reach=9)
group_norm(2)
instance_norm
mul(identity, mean_over -> linear(4) -> sigmoid)
mul(identity, max_over)
class_token -> attention(1) -> slice(1, axis=length)
transpose -> softmax -> transpose
concat(gelu, max_over -> reshape(4, length=1), axis=length) -> tanh -> slice(0, 8, axis=length)
upsample(2) -> attention(2) -> slice(1, 16, 2, axis=length)
"""


def body(rng: Random) -> str:
    """A row of up to five parts, some of them with a way around; which kinds are in it is drawn, so
    that about half read nothing ahead and about half tell no order."""
    kinds = rng.choice(
        (LOCAL + PAST, LOCAL + AHEAD, LOCAL + SYMMETRIC, SYMMETRIC, LOCAL + PAST + AHEAD)
    )
    found = [line for line in kinds.splitlines() if line]
    parts = [rng.choice(found) for _ in range(rng.randint(1, 5))]
    return " -> ".join(f"residual({part})" if rng.random() < 0.3 else part for part in parts)
