"""The modules that training takes, which workers find loaded: to import torch, or torch_geometric,
takes longer than many a trial."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.types import graph_of

if TYPE_CHECKING:
    from archdsl.spec.data import Data

ALWAYS = (
    "torch",
    "torch.optim",
    "numpy",
    "sklearn.datasets",
    "sklearn.metrics",
    "safetensors.torch",
    "archdsl.training",
    "archdsl.runtime.live.learning.loaded",
    "archdsl.runtime.live.data.given",
    "archdsl.runtime.live.learning.feeding",
)
OF_GRAPHS = ("torch_geometric.nn",)
OF_VARIED = ("archdsl.runtime.live.augmentations.loaded",)


def loading(data: Data) -> tuple[str, ...]:
    """The modules for what a ``data`` clause says."""
    graphs = OF_GRAPHS if graph_of(data.tensor()) is not None else ()
    varied = OF_VARIED if data.augment != "none" else ()
    return ALWAYS + graphs + varied
