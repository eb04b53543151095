"""The example on the page of each code, pasted into a file as it stands, shows that code."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from click.testing import CliRunner

from archdsl.cli.group import archdsl as main
from archdsl.explain import rules
from archdsl.explain.errors import pages
from archdsl.rules.catalog import all_rules
from tests.thinning import mostly_slow

if TYPE_CHECKING:
    from archdsl.explain.examples import Example

ROOT = Path(__file__).parents[2]
TOLD = re.compile(
    r"^(?:error|warning|note)\[([EWPV]\d{3})\]"  # to people
    r'|"code": "([EWPV]\d{3})"',  # to programs
    re.MULTILINE,
)
CHECK = "archdsl check model.arch"
HERE = (CHECK, "archdsl verify model.arch")  # run in this process, which is quicker
BESIDE = {  # what is told with it
    "W511": {"E608"},  # speaks of spaces that are too large only
    "E126": {"E106"},  # speaks of errors after others
    "V309": {"V401"},  # what does not tell places apart does not learn by heart
}
OF_COMMANDS = {
    "E707",
    "E901",
    "E902",
    "V101",  # bugs
    "V305",
    "V310",
    *(f"E9{n}" for n in range(11, 60)),
}  # what a command cannot do, whatever the spec


class Case(NamedTuple):
    """The example of one code."""

    code: str
    example: Example


def cases() -> list[Case]:
    """All of them: mistakes, warnings and principles."""
    of_specs = [page for page in pages().values() if page.code not in OF_COMMANDS]
    mistakes = [Case(page.code, page.example) for page in of_specs]
    return mistakes + [Case(rule.code, rules.example(rule)) for rule in all_rules()]


def codes(output: str) -> set[str]:
    """The codes in what a command said."""
    return {code for found in TOLD.findall(output) for code in found if code}


def told(command: str, folder: Path) -> set[str]:
    """The codes that a command tells of, run in a folder."""
    if command.startswith(HERE):
        return codes(CliRunner().invoke(main, shlex.split(command)[1:]).output)
    archdsl = f'archdsl() {{ {shlex.quote(sys.executable)} -m archdsl "$@"; }}\n'
    ended = subprocess.run(
        ["sh", "-c", archdsl + command],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "not found" not in ended.stderr
    return codes(ended.stdout + ended.stderr)


@pytest.mark.parametrize("case", mostly_slow(cases(), 2), ids=lambda case: case.code)
def test_an_example_shows_its_own_code(case: Case, tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, (spec, commands) = case
    assert re.search(r"^arch \w+ \{", spec, re.MULTILINE), "the example is no whole spec"
    Path("model.arch").write_text(spec, encoding="utf-8")
    found = [told(command, tmp_path) for command in commands]
    assert code in found[-1]
    others = {c for c in found[-1] if c[0] != "P"} - {code} - BESIDE.get(code, set())
    assert not others


def test_an_example_needs_a_command_only_where_checking_it_does_not_show_the_code():
    typed = {case.code: case.example.commands for case in cases()}
    assert all(commands[-1].startswith("archdsl ") for commands in typed.values())
    checked = [code for code, commands in typed.items() if commands == (CHECK,)]
    of_texts = [code for code in typed if code[0] != "V"]  # V is found of living models alone
    assert len(checked) > 0.8 * len(of_texts)
    assert {code for code in typed if code[0] == "P"} <= set(checked)
