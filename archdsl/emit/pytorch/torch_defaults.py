"""What constructors assume of arguments left out: copies of a block may differ there."""

from __future__ import annotations

import ast
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.emit.pytorch.modules import UNSET

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archdsl.ops.base import Definition, Spelling


class As(NamedTuple):
    """The default of an argument that is as another one."""

    other: str


_CONVOLUTION = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1, "bias": True}
_NORM = {"momentum": 0.1, "affine": True, "elementwise_affine": True, "bias": True}

_DEFAULTS: dict[str, dict[str, Any]] = {
    "nn.Conv": {**_CONVOLUTION, "output_padding": 0},
    "SameConv": {**_CONVOLUTION, "padding": "same"},
    "nn.MaxPool": {"stride": As("kernel_size"), "padding": 0, "dilation": 1, "ceil_mode": False},
    "nn.AvgPool": {
        "stride": As("kernel_size"),
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


def default_of(spelling: Spelling, name: str) -> Any:
    """The value of an argument left out of an op's constructor, or :data:`UNSET` where that is
    not known here."""
    found = _defaults(spelling).get(name, UNSET)
    if isinstance(found, As) and spelling.module is not None:
        return spelling.module.arguments[found.other]
    return found


def followed(spelling: Spelling, name: str) -> str | None:
    """The argument that another one is as, where it is left out."""
    found = _defaults(spelling).get(name)
    return found.other if isinstance(found, As) else None


def order_of(spelling: Spelling, name: str) -> int:
    """The place of an argument among those that may be left out; the others stand before them."""
    known = list(_defaults(spelling))
    return known.index(name) if name in known else -1


def _defaults(spelling: Spelling) -> Mapping[str, Any]:
    callee = spelling.module.callee if spelling.module is not None else ""
    for prefix, known in _DEFAULTS.items():
        if callee.startswith(prefix):
            return known
    made_by = (one for one in spelling.definitions if one.name == callee)
    return next(map(_declared, made_by), {})


@cache
def _declared(definition: Definition) -> Mapping[str, Any]:
    """The defaults that the constructor of a class declares, or a function that makes a module."""
    makers = ("__init__", definition.name)
    defined = (n for n in ast.walk(ast.parse(definition.source)) if isinstance(n, ast.FunctionDef))
    made = [function for function in defined if function.name in makers]
    found: dict[str, Any] = {}
    for function in made[:1]:
        given = function.args
        places = zip(given.args[::-1], given.defaults[::-1], strict=False)
        named = zip(given.kwonlyargs, given.kw_defaults, strict=True)
        for argument, default in (*reversed([*places]), *named):
            if isinstance(default, ast.Constant):
                found[argument.arg] = default.value
    return found
