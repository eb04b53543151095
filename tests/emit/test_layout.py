"""Lines break where ruff breaks them."""

from __future__ import annotations

import ast
import random
import subprocess
import sys
from typing import TYPE_CHECKING

from archdsl.emit.pytorch.imports import import_lines
from archdsl.emit.pytorch.layout import NOTE, operands, split, statement

if TYPE_CHECKING:
    from pathlib import Path


def test_a_short_statement_stays_on_its_line() -> None:
    assert statement("x = self.conv(x)", 8, "# 64x8x8") == ["        x = self.conv(x)  # 64x8x8"]


def test_arguments_move_to_their_own_line_first() -> None:
    text = f"self.conv2 = nn.Conv2d({', '.join(['abcdefghijk'] * 6)})"
    assert statement(text, 8) == [
        "        self.conv2 = nn.Conv2d(",
        f"            {', '.join(['abcdefghijk'] * 6)}",
        "        )",
    ]


def test_a_comma_before_a_bracket_asks_for_one_item_a_line() -> None:
    text = f"self.a = nn.Sequential(f(1){NOTE}# 8, g(2),)"
    assert statement(text, 0) == [
        "self.a = nn.Sequential(",
        "    f(1),  # 8",
        "    g(2),",
        ")",
    ]


def test_top_level_parts_are_found() -> None:
    assert split('f(a, b), [c, d], "x, y"') == ["f(a, b)", "[c, d]", '"x, y"']
    assert operands("a + f(b + c) + d") == ["a", "+ f(b + c)", "+ d"]
    assert operands("f(a) if b else g(c)") == ["f(a)", "if b", "else g(c)"]


def test_random_statements_are_as_ruff_formats_them(tmp_path: Path) -> None:
    chance = random.Random(7)
    lines = ["class A:", "    def f(self) -> None:"]
    for _ in range(400):
        lines += statement(f"{_target(chance)}{_expression(chance, 4)}", 8)
    path = tmp_path / "made.py"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--diff", str(path)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


def _target(chance: random.Random) -> str:
    return chance.choice(("return ", "x = ", "self.layer = ", "self.a_longer_name = "))


def _expression(chance: random.Random, depth: int) -> str:
    kind = chance.choice(("call", "call", "sum", "list", "name")) if depth else "name"
    if kind == "call":
        items = [_argument(chance, depth - 1) for _ in range(chance.randint(1, 4))]
        given = ", ".join(sorted(items, key=lambda item: item.startswith("stride")))
        return f"{_name(chance)}({given})"
    if kind == "sum":
        return " + ".join(_call(chance, depth - 1) for _ in range(chance.randint(2, 4)))
    if kind == "list":
        return f"[{_call(chance, depth - 1)} for _ in range({chance.randint(2, 9)})]"
    return _name(chance)


def _call(chance: random.Random, depth: int) -> str:
    given = ", ".join(_name(chance) for _ in range(chance.randint(1, 4)))
    return f"{_name(chance)}({given})" if depth else _name(chance)


def _argument(chance: random.Random, depth: int) -> str:
    keyword = chance.choice(("", "", f"stride{chance.random()}=".replace(".", ""), "*"))
    if chance.random() < 0.05:
        return f"{keyword}({_name(chance)},)"
    return keyword + _expression(chance, depth)


def _name(chance: random.Random) -> str:
    return chance.choice(("x", "in_channels", "self.conv1", "nn.BatchNorm2d", "64", "hidden_width"))


def test_brackets_around_one_expression_become_no_tuple() -> None:
    names = " + ".join(f"some_long_name_{i}" for i in range(8))
    other = " - ".join(f"another_name_{i}" for i in range(8))
    text = f"x = int(w * (a if (({names}) / ({other})) == (8.0) else ({other})) / w + 0.5)"
    lines = statement(text, 0)
    assert len(lines) > 1
    assert ast.dump(ast.parse("\n".join(lines))) == ast.dump(ast.parse(text))


def test_a_call_of_what_a_long_call_gives_breaks_the_first() -> None:
    given = 'x.transpose(1, 2), size=5, mode="linear", align_corners=True'
    assert statement(f"out = F.interpolate({given}).transpose(1, 2)", 8) == [
        "        out = F.interpolate(",
        f"            {given}",
        "        ).transpose(1, 2)",
    ]


def test_many_names_of_one_package_are_imported_a_line_each() -> None:
    names = ("ARMAConv", "EdgeConv", "GINConv", "GINEConv", "SAGEConv", "TransformerConv")
    lines = import_lines("nn.Linear", [f"from torch_geometric.nn import {one}" for one in names])
    assert lines == [
        "from torch import nn",
        "from torch_geometric.nn import (",
        *(f"    {one}," for one in names),
        ")",
    ]
    assert import_lines(
        "nn.Linear", [f"from torch_geometric.nn import {one}" for one in names[:4]]
    ) == [
        "from torch import nn",
        "from torch_geometric.nn import ARMAConv, EdgeConv, GINConv, GINEConv",
    ]
