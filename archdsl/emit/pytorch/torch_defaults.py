"""What torch's constructors assume of arguments left out: copies of a block may differ there."""

from __future__ import annotations

from typing import Any

from archdsl.emit.pytorch.modules import UNSET

_CONVOLUTION = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1, "bias": True}
_NORM = {"momentum": 0.1, "affine": True, "elementwise_affine": True, "bias": True}

_DEFAULTS: dict[str, dict[str, Any]] = {
    "nn.Conv": {**_CONVOLUTION, "output_padding": 0},
    "nn.MaxPool": {"stride": None, "padding": 0, "dilation": 1, "ceil_mode": False},
    "nn.AvgPool": {
        "stride": None,
        "padding": 0,
        "ceil_mode": False,
        "count_include_pad": True,
    },
    "nn.BatchNorm": {"eps": 1e-5, **_NORM},
    "nn.GroupNorm": {"eps": 1e-5, **_NORM},
    "nn.LayerNorm": {"eps": 1e-5, **_NORM},
    "nn.InstanceNorm": {"momentum": 0.1, "affine": False, "eps": 1e-5},
    "nn.Linear": {"bias": True},
    "nn.Dropout": {"p": 0.5},
    "nn.ELU": {"alpha": 1.0},
    "nn.LeakyReLU": {"negative_slope": 0.01},
    "nn.LocalResponseNorm": {"alpha": 1e-4, "beta": 0.75, "k": 1.0},
    "nn.Softplus": {"beta": 1.0, "threshold": 20.0},
    "nn.LSTM": {"num_layers": 1, "bias": True, "dropout": 0.0, "bidirectional": False},
    "nn.GRU": {"num_layers": 1, "bias": True, "dropout": 0.0, "bidirectional": False},
    "nn.RNN": {"num_layers": 1, "bias": True, "dropout": 0.0, "bidirectional": False},
}


def default_of(callee: str, name: str) -> Any:
    """The value of an argument left out, or :data:`UNSET` where that is not known here."""
    for prefix, values in _DEFAULTS.items():
        if callee.startswith(prefix):
            return values.get(name, UNSET)
    return UNSET


def order_of(callee: str, name: str) -> int:
    """The place of an argument among those that may be left out; the others stand before them."""
    for prefix, values in _DEFAULTS.items():
        if callee.startswith(prefix):
            return list(values).index(name) if name in values else -1
    return -1
