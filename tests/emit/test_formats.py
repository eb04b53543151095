"""Every format that a graph is written in, and the one that PyTorch reads."""

from __future__ import annotations

import pytest

from archdsl.emit import catalog
from archdsl.emit.pytorch import emit
from archdsl.emit.stamp import is_untouched
from tests.emit.graphs import graph


@pytest.mark.parametrize("word", catalog.words())
def test_a_file_of_any_format_tells_whether_it_was_edited(word: str) -> None:
    emitter = catalog.find(word)
    assert emitter.suffix.startswith(".")
    assert is_untouched(emitter.library())
    text = emitter.emit(graph("c2f"))
    assert text == catalog.find(word).emit(graph("c2f"))
    assert is_untouched(text)
    assert not is_untouched(f"{text}one line more\n")


def test_the_usual_format_is_the_module_that_is_executed() -> None:
    assert catalog.find(catalog.USUAL).emit(graph("c2f")) == emit(graph("c2f"))


def test_a_format_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(ValueError, match=r"no format 'onnx'; there are .*pytorch"):
        catalog.find("onnx")
