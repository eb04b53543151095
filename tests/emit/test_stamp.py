"""The stamp tells a file edited by hand from one that only looks different."""

from __future__ import annotations

import subprocess
import sys

import pytest

from archdsl.emit.pytorch import emit
from archdsl.emit.stamp import MARK, is_stamped, is_untouched, seal
from tests.emit.graphs import NAMES, graph


@pytest.mark.parametrize("name", NAMES)
def test_emitted_text_is_untouched(name: str) -> None:
    assert is_untouched(emit(graph(name)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("64", "65"),
        ("bias=False", "bias=True"),
        ("self.layer1(x)", "self.layer1(self.layer1(x))"),
        ("        x = self.layer1(x)", "        pass\n        x = self.layer1(x)"),
        ("from torch import", "import os\nfrom torch import"),
        ("parameters", "numbers"),
        ("F.relu", "F.gelu"),
        ("(", "(("),
        (MARK, f"{MARK}0"),
    ],
)
def test_an_edit_shows(old: str, new: str) -> None:
    text = emit(graph("resnet50"))
    assert old in text
    edited = text.replace(old, new, 1)
    assert is_stamped(edited)
    assert not is_untouched(edited)


def test_so_does_a_line_more() -> None:
    assert not is_untouched(emit(graph("resnet50")) + "mine = 1\n")


FORMATS = (
    ("format", "--line-length", "60", "-"),
    ("format", "--line-length", "200", "--config", "format.quote-style='single'", "-"),
    ("format", "--config", "format.skip-magic-trailing-comma=true", "--line-length=120", "-"),
    ("check", "--select", "I", "--fix", "--config", "lint.isort.force-single-line=true", "-"),
)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("arguments", FORMATS, ids=" ".join)
def test_what_a_formatter_laid_out_anew_is_no_edit(name: str, arguments: tuple[str, ...]) -> None:
    text = emit(graph(name))
    formatted = subprocess.run(
        [sys.executable, "-m", "ruff", *arguments],
        input=text,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert is_untouched(formatted)
    if "60" in arguments and name == "resnet50":
        assert formatted != text


def test_line_ends_of_another_system_are_no_edit() -> None:
    assert is_untouched(seal("# head\n\nbody = 1\n").replace("\n", "\r\n"))


def test_what_is_no_python_is_compared_by_its_words() -> None:
    deep = "x = " + "(" * 300 + "1" + ")" * 300 + "\n"
    text = seal(f"# head\n\n{deep}")
    assert is_untouched(text)
    assert not is_untouched(text.replace("1)", "2)"))


def test_text_of_another_language_is_sealed_by_a_comment_of_its_own() -> None:
    text = seal("graph TD\n  a --> b\n", "%%")
    assert text.splitlines()[1].startswith(f"%% {MARK}")
    assert is_untouched(text)
    assert is_untouched(text.replace("  a", "    a"))
    assert not is_untouched(text.replace("a --> b", "a --> c"))


UNSEALED = ("", "print(1)\n", "# archdsl\n\nx = 1\n", "\0", "x = (\n", f"x = 1  # {MARK}1\n")


@pytest.mark.parametrize("text", UNSEALED)
def test_other_files_are_not_taken_for_ours(text: str) -> None:
    assert not is_stamped(text)
    assert not is_untouched(text)


def test_the_hash_is_the_same_for_every_version_of_python() -> None:
    text = "# head\n\nimport b\nimport a\n\n\ndef f(x: int = 1, *y: str) -> None:\n"
    text += '    """Doc."""\n    return f"{x!r:>3}" + y[1:2, ...]\n'
    assert seal(text).splitlines()[1] == f"# {MARK}7363bb0c8c046e1570449847236bdc9e"
