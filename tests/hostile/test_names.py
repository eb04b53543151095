"""Whatever a spec calls things, the emitted file is classes and functions, and does what it says.

Each text is compiled, read with ``ast`` (imports, classes, functions, docstrings and constants are
all there may be), executed, and run on a batch.
"""

from __future__ import annotations

import ast
import keyword

import pytest
import torch
from torch import nn

import archdsl
from tests.thinning import mostly_slow
from tests.unjudged import UNJUDGED

ATTRIBUTES = [name for name in dir(nn.Module()) if name.isidentifier()]
IMPORTED = ["nn", "F", "torch", "Tensor", "math", "super", "print", "int", "x", "input", "out"]
DUNDER = ["__init__", "__class__", "__dict__", "__call__", "_", "__", "__a", "_x_", "self", "cls"]
NAMES = sorted({*keyword.kwlist, *keyword.softkwlist, *ATTRIBUTES, *IMPORTED, *DUNDER})

ALLOWED = (ast.Import, ast.ImportFrom, ast.ClassDef, ast.FunctionDef)
IN_CLASS = (ast.FunctionDef, ast.AnnAssign)

CANARY = "CANARY_SHOULD_NOT_RUN"
EVIL = (
    f"{CANARY}()",
    "'''{CANARY}'''",
    "{CANARY} {0} {m} %s %(x)s",
    "*/ // # <!-- --> `rm -rf` $(touch canary)",
    "'; import os; os.system('touch canary'); '",
    "\u00e9 \u4e2d\u6587 \u200b \U0001f600",
)


def as_lets(name: str) -> str:
    return (
        f"arch Net {{ data image(4, 8, 8) model {{\n"
        f"  let {name} = conv(4, 3) -> relu\n"
        f"  let more = {name} -> conv(4, 3)\n"
        f"  return add(more, {name}) -> global_avg_pool -> linear(3)\n}} }}\n"
    )


def as_block(name: str) -> str:
    return (
        f"block {name}(a) = conv(a, 3) -> relu\n"
        f"arch Net {{ data image(4, 8, 8)\n"
        f"  model = {name}(4) -> {name}(6) -> flatten -> linear(3) }}\n"
    )


def as_parameter(name: str) -> str:
    return (
        f"block cell({name}, act=relu) {{\n  let body = conv({name}, 3)\n  return body -> act\n}}\n"
        f"arch Net {{ data image(4, 8, 8) model = cell(4) -> cell(6) -> flatten -> linear(3) }}\n"
    )


def as_layer_parameter(name: str) -> str:
    return (
        f"block cell({name}=relu) = add(conv(4, 3), {name})\n"
        f"arch Net {{ data image(4, 8, 8)\n"
        f"  model = cell -> cell({name}=conv(4, 1) -> tanh) -> flatten -> linear(3) }}\n"
    )


def as_arch(name: str) -> str:
    return f"arch {name} {{ data image(4, 8, 8) model = conv(4, 3) -> flatten -> linear(3) }}\n"


ROLES = (as_lets, as_block, as_parameter, as_layer_parameter, as_arch)


def only_definitions(source: str) -> None:
    """The file defines things and does nothing."""
    body = ast.parse(source).body
    for node in body:
        assert isinstance(node, ALLOWED) or _is_text(node), ast.dump(node)[:200]
    for node in body:
        if isinstance(node, ast.ClassDef):
            assert all(isinstance(part, IN_CLASS) or _is_text(part) for part in node.body)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def runs(compiled: archdsl.Compiled) -> None:
    """The module it becomes takes a batch and has the parameters foretold."""
    module = compiled.module()
    assert module(torch.randn(2, 4, 8, 8)).shape == (2, 3)
    assert sum(parameter.numel() for parameter in module.parameters()) == compiled.params
    assert module.eval().state_dict()


@pytest.mark.parametrize("role", mostly_slow(ROLES, 3), ids=lambda role: role.__name__)
def test_a_hostile_name_is_a_safe_one_or_refused(role):
    accepted = 0
    for name in NAMES:
        report = archdsl.check(role(name), terms=UNJUDGED)
        if not report.ok:
            continue
        accepted += 1
        try:
            compiled = archdsl.compile(role(name), terms=UNJUDGED)
            only_definitions(compiled.source)
            runs(compiled)
        except Exception as error:
            raise AssertionError(f"{role.__name__}({name!r})") from error
    assert accepted > len(NAMES) / 2


@pytest.mark.parametrize("letter", ["\u0441", "\u0430", "\uff43", "\u00e9", "\u2126", "\u02b0"])
def test_a_look_alike_is_refused_by_its_name(letter):
    for role in ROLES:
        report = archdsl.check(role(f"{letter}onv"), terms=UNJUDGED)
        assert {found.code for found in report.diagnostics} <= {"E108", "E101", "E104"}
        assert any(found.code == "E108" for found in report.diagnostics)


@pytest.mark.parametrize("evil", EVIL)
def test_no_text_of_a_spec_is_ever_code(evil, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = (
        f"# {evil}\n# \\ \"\"\" ''' {CANARY}()\n"
        f'arch Net {{ data image(4, 8, 8) allow overcapacity because "{evil}"\n'
        f'  require params > 0, "{evil}"\n  model = conv(4, 3) -> flatten -> linear(3) }}\n'
    )
    report = archdsl.check(text, name=f"{evil}.arch", terms=UNJUDGED)
    assert {found.code for found in report.diagnostics if found.severity == "error"} <= {
        "E107",
        "E108",
        "E127",
    }
    if report.ok:
        compiled = archdsl.compile(text, name=f"{evil}.arch", terms=UNJUDGED)
        only_definitions(compiled.source)
        runs(compiled)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "comment", ['"""', "\\", "\\N{DASH}", "\\x", "'''", "{x}", '" * 9', "\\\\"]
)
def test_a_comment_that_becomes_a_docstring_stays_one(comment):
    text = f"# {comment}\nblock part(a) = conv(a, 3) -> relu\n# {comment}\n{as_arch('Net')}"
    text = text.replace("conv(4, 3)", "part(4)")
    compiled = archdsl.compile(text, terms=UNJUDGED)
    only_definitions(compiled.source)
    runs(compiled)


def test_a_text_that_breaks_its_line_is_refused():
    for broken in ("a\nb", "a\rb", "a\x00b", "a\u2028b", "a\\b"):
        text = as_arch("Net").replace("model", f'require params > 0, "{broken}"\n  model')
        codes = {found.code for found in archdsl.check(text, terms=UNJUDGED).diagnostics}
        assert codes & {"E107", "E127"}
