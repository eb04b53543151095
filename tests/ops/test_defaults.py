"""What an op says that a constructor takes for an argument left out is what it takes."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import pytest

from archdsl.emit.pytorch.imports import import_lines
from archdsl.formulas import source
from archdsl.ops.base import As, Construct, Spelling
from archdsl.traced import traced
from tests.ops.reading import CASES

torch = pytest.importorskip("torch")

if TYPE_CHECKING:
    from collections.abc import Mapping

SAME = {"add": "sum"}  # two words of PyTorch Geometric for one thing


def _spellings() -> dict[str, Spelling]:
    """One spelling of each constructor that says what it takes for arguments left out."""
    found: dict[str, Spelling] = {}
    for case in CASES:
        spelling = case.op.spelling(*case.takes)
        if spelling.module is not None and spelling.module.defaults:
            found.setdefault(spelling.module.callee, spelling)
    return found


SPELLINGS = _spellings()
PASSED_ON = {"Set2Set": (torch.nn.RNNBase,)}  # whose constructor is given what it does not know


def _parameters(spelling: Spelling) -> Mapping[str, inspect.Parameter]:
    """The parameters of a constructor as its file imports or defines it."""
    assert spelling.module is not None
    definitions = "\n\n".join(one.source for one in spelling.definitions)
    given = [*spelling.imports, *(line for one in spelling.definitions for line in one.imports)]
    text = f"{definitions}\n\n{spelling.module.callee}\n"
    names: dict[str, Any] = {}
    exec("\n".join([*import_lines(text, given), text]), names)
    made = eval(spelling.module.callee, names)
    if not isinstance(made, type):
        return inspect.signature(made).parameters
    others = PASSED_ON.get(spelling.module.callee, ())
    return {
        name: parameter
        for kind in (*others, *reversed(made.__mro__))
        if "__init__" in vars(kind)
        for name, parameter in inspect.signature(kind.__init__).parameters.items()  # type: ignore[misc]
    }


def test_ops_of_every_kind_are_held_to_it() -> None:
    families = {"nn.Conv2d", "nn.MaxPool1d", "nn.LSTM", "nn.BatchNorm1d", "nn.ELU", "SameConv1d"}
    assert SPELLINGS.keys() >= families


@pytest.mark.parametrize("callee", SPELLINGS)
def test_an_argument_left_out_is_what_its_op_says(callee: str) -> None:
    spelling = SPELLINGS[callee]
    if any("torch_geometric" in line for line in (*spelling.imports, *_imports(spelling))):
        pytest.importorskip("torch_geometric")
    assert spelling.module is not None
    parameters = _parameters(spelling)
    for name, said in spelling.module.defaults.items():
        default = parameters[name].default
        if isinstance(said, As):
            assert default is None, name
        elif callee.startswith("SameConv") and name == "padding":
            assert default == 0, name  # which such a class does not read
        else:
            assert said == SAME.get(default, default), name
            assert type(said) is type(SAME.get(default, default)), name


def _imports(spelling: Spelling) -> list[str]:
    return [line for one in spelling.definitions for line in one.imports]


def test_an_argument_that_equals_its_default_is_not_written() -> None:
    defaults = {"stride": As("kernel_size"), "padding": 0}
    given = {"kernel_size": 3, "stride": 3, "padding": 0}
    assert Construct("Pool", given, 1, defaults=defaults).arguments == {"kernel_size": 3}
    given = {"kernel_size": 3, "stride": 2, "padding": 1}
    assert Construct("Pool", given, 1, defaults=defaults).arguments == given
    assert Construct("Pool", {"kernel_size": 3, "ceil": False}).arguments["ceil"] is False


def test_a_number_that_comes_from_elsewhere_is_kept() -> None:
    """For another copy of its block it may be another one."""
    stride = traced(1, source("argument", "stride"))
    assert "stride" in Construct("Conv", {"stride": stride}, defaults={"stride": 1}).arguments
