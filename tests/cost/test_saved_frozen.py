"""What frozen layers keep, behind a layer that is trained: no more than is told, with adapters and
without; to the byte where dense layers with adapters are all that has weights."""

from __future__ import annotations

import pytest

from archdsl.cost.compose import total
from archdsl.cost.saved import Saved, SavedBytes
from archdsl.runtime.live.learning.freezing import Frozen
from archdsl.runtime.module import build
from tests.cost.conftest import graph_of
from tests.cost.test_saved_sweep import (
    ATTENDING,
    EXACT,
    FIRST,
    GATED,
    GRAPHS,
    IMAGE,
    NORMED,
    RECURRENT,
    SERIES,
    TABLE,
    VOLUME,
    kept,
)

BATCH = 2
ALONG_WINDOWS = [
    *(
        (SERIES, "local_attention(2, reach=4)"),
        (SERIES, "local_attention(2, reach=4, dropout=0.1)"),
    ),
    *((IMAGE, "window_attention(2, size=3)"), (IMAGE, "window_attention(2, size=4, shift=1)")),
]
OTHERS = [
    *((SERIES, "lstm(16, layers=2, dropout=0.2)"), *((SERIES, text) for text in RECURRENT[2::4])),
    *((IMAGE, "batch_norm -> relu"), (IMAGE, "conv(8, 3) -> batch_norm -> drop_path(0.1)")),
    (SERIES, "linear(8) -> relu -> dropout(0.2) -> linear(8)"),
]
CASES = [*EXACT[::2], *ALONG_WINDOWS, *OTHERS]
DENSE = {
    *ATTENDING,
    *(text for text in GATED if "conv" not in text),
    *(text for text in NORMED if text != "rms_norm"),
    *("gin(8)", "gin(8, hidden=9)", "gin(8, layers=1)", "bilinear(linear(4), linear(5), 7)"),
    *(text for _, text in (*ALONG_WINDOWS[:2], *OTHERS[-2:])),
}


@pytest.mark.parametrize("rank", [0, 3])
@pytest.mark.parametrize("data", [SERIES, IMAGE, VOLUME, TABLE, GRAPHS])
def test_no_more_is_kept_than_is_told(data: str, rank: int) -> None:
    """Exactly so many bytes where adapters are trained, and no other weights are there."""
    wrong = []
    for text in (text for kind, text in CASES if kind == data):
        said, done = both(data, text, rank)
        if said < done or (said > done and rank and text in DENSE):
            wrong.append((text, said, done))
    assert wrong == []


def both(data: str, text: str, rank: int) -> tuple[int, int]:
    """Bytes that are told, and those that autograd keeps."""
    first = FIRST.get(data, "linear(8)")
    model = f"let stem = {first} -> sigmoid let body = stem -> {text} return body -> tanh"
    train = f"train adam(freeze=body, adapter_rank={rank})"
    graph = graph_of(f"arch It {{ data {data} {train} model {{ {model} }} }}")
    told = Saved(*total(SavedBytes(freezing=True, rank=rank), graph))
    module = build(graph)
    Frozen(module, graph, rank).in_training()
    return told.bytes(BATCH), kept(graph, BATCH, module)
