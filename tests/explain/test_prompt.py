"""archdsl prompt: short enough, complete, and true."""

from __future__ import annotations

import re
from functools import cache

import pytest
from click.testing import CliRunner

import archdsl
from archdsl.catalog import files
from archdsl.cli.commands.prompt import command
from archdsl.explain.functions import functions
from archdsl.explain.prompt import LONGEST, NARROWEST, _shortened, prompt
from archdsl.ops import catalog
from archdsl.resolve.blocks import library
from archdsl.spec import catalog as clauses


@cache
def text() -> str:
    return prompt()


def test_it_is_at_most_12_000_characters_and_uses_them():
    assert LONGEST - 600 < len(text()) <= LONGEST == 12_000


def test_every_name_is_in_it():
    words = {*catalog.words(), *library(), *functions()}
    words |= {word for clause in clauses.CLAUSES for word in clauses.words(clause)}
    assert sorted(words - set(re.findall(r"\w+", text()))) == []
    assert "$" not in text()


@pytest.mark.parametrize("name", files("archdsl.explain.prompt_examples", ".arch"))
def test_each_example_is_shown_formatted_and_nothing_is_to_be_said_of_it(name):
    spec = files("archdsl.explain.prompt_examples", ".arch")[name].read_text(encoding="utf-8")
    assert spec in text()
    assert archdsl.format(spec) == spec
    assert archdsl.check(spec).diagnostics == ()
    design = archdsl.sample(spec)[0]
    assert archdsl.compile(spec, design=design).params > 0


def test_long_signatures_end_between_arguments():
    block = "se(reduction=16, squeeze=max(1, x.channels // reduction), act=relu, gate=sigmoid)"
    assert _shortened(block, 55) == "se(reduction=16, …)"
    assert _shortened(block, 65) == "se(reduction=16, squeeze=max(1, x.channels // reduction), …)"
    assert _shortened("relu()", NARROWEST) == "relu"


def test_the_command_prints_it():
    assert CliRunner().invoke(command, []).stdout == text()
