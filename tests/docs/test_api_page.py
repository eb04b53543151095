"""The page of the Python API: it lists everything, and its examples run."""

from __future__ import annotations

import doctest
import re
import sys

import pytest

import archdsl
from tests.docs.pages import ROOT
from tests.searching import evaluating
from tests.searching.searches import searched

TEXT = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| `(\w+)(\(\))?` \| (.+) \|$", re.MULTILINE)
FILES = ("model.arch", "space.arch")


def fenced(kind: str) -> list[str]:
    return [text for found, text in FENCED.findall(TEXT) if found == kind]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The folder that the examples run in, with the two specs of the page."""
    for name, text in zip(FILES, fenced("arch"), strict=True):
        (tmp_path / name).write_text(text, encoding="utf-8")
    searched(tmp_path / "space.run", evaluating.by_epoch, fenced("arch")[1])
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    yield tmp_path
    sys.modules.pop("model", None)


def test_every_example_gives_what_is_shown(folder):
    pytest.importorskip("torch")
    names: dict[str, object] = {}
    runner = doctest.DocTestRunner(verbose=False, optionflags=doctest.ELLIPSIS)
    said: list[str] = []
    for number, text in enumerate(fenced("pycon")):
        test = doctest.DocTestParser().get_doctest(text, names, f"block {number}", "api.md", 0)
        assert test.examples
        runner.run(test, out=said.append, clear_globs=False)
        names.update(test.globs)
    assert runner.summarize(verbose=False).failed == 0, "".join(said)


def test_every_name_is_listed_and_no_other():
    rows = ROW.findall(TEXT.partition("## All names")[2])
    assert [name for name, _, _ in rows] == sorted({*archdsl.__all__} - {"__version__"})
    for name, call, _ in rows:
        assert bool(call) == (not isinstance(getattr(archdsl, name), type)), name


def test_what_is_said_to_be_an_attribute_is_one():
    for name, call, told in ROW.findall(TEXT.partition("## All names")[2]):
        thing = getattr(archdsl, name)
        listed = re.search(r": `([a-z_() ]+)`$", told)
        if listed and not call:
            fields = {*getattr(thing, "_fields", ()), *getattr(thing, "__dataclass_fields__", ())}
            for attribute in listed[1].replace("()", "").split():
                assert attribute in fields or hasattr(thing, attribute), f"{name}.{attribute}"


def test_every_name_is_used_or_explained_above_the_list():
    above = TEXT.partition("## All names")[0]
    functions = [name for name, call, _ in ROW.findall(TEXT) if call]
    assert [name for name in functions if not re.search(rf"\b{name}\b", above)] == []
