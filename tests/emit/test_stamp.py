"""The stamp tells a file edited by hand."""

from __future__ import annotations

from archdsl.emit.pytorch import emit
from archdsl.emit.stamp import is_untouched, seal
from tests.emit.graphs import graph


def test_emitted_text_is_untouched() -> None:
    assert is_untouched(emit(graph("resnet50")))


def test_any_edit_shows() -> None:
    text = emit(graph("resnet50"))
    assert not is_untouched(text.replace("64", "65", 1))
    assert not is_untouched(text + "\n")
    assert not is_untouched(text.replace("# Generated", "# generated", 1))


def test_line_ends_of_another_system_are_no_edit() -> None:
    assert is_untouched(seal("# head\n\nbody\n").replace("\n", "\r\n"))


def test_other_files_are_not_taken_for_ours() -> None:
    assert not is_untouched("")
    assert not is_untouched("print(1)\n")
