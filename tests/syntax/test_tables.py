"""The shipped tables are the grammar's, and reading them is quick."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from archdsl.syntax.export import grammar_for
from archdsl.syntax.generate import fingerprint, tables_text
from archdsl.syntax.grammar import grammar_text
from archdsl.syntax.tables import TABLES_PATH, load_tables


def test_the_shipped_tables_are_not_stale():
    again = "run python -m archdsl.syntax.generate"
    assert load_tables().grammar == fingerprint(grammar_text()), again
    assert TABLES_PATH.read_text(encoding="utf-8") == tables_text(grammar_text()), again


def test_the_tables_are_the_same_under_any_hash_seed():
    code = (
        "from archdsl.syntax.generate import *; import sys;"
        "sys.stdout.write(fingerprint(tables_text(grammar_text())))"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[2])},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert digests == {fingerprint(TABLES_PATH.read_text(encoding="utf-8"))}


def test_parsing_imports_neither_lark_nor_the_explanations():
    code = (
        "import sys; from archdsl.source import Source; from archdsl.syntax.parser import parse;"
        "parse(Source('arch A { model = x }')); print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=True,
    )
    modules = done.stdout.split()
    assert "archdsl.syntax.mistakes" not in modules
    assert not [name for name in modules if name.split(".")[0] in ("lark", "torch", "numpy")]


def test_the_grammar_is_exported_with_its_preamble_alone():
    assert grammar_for("lark") == grammar_text()
    assert grammar_for("llguidance").startswith('%llguidance {"allow_initial_skip": true}\n')
    assert grammar_for("llguidance").endswith(grammar_text())
