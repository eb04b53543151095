"""Law 4: an op, a rule, a metric, an emitter, a format of pictures or a library block is one source
file and one test file."""

from __future__ import annotations

import ast
import re
from pathlib import PurePath

import pytest

from tests.architecture.sources import SourceFile, sources


def _members(folder: str, suffix: str) -> list[SourceFile]:
    """The files in the families of a folder: private ones and those at its top are its frame."""
    depth = 3 if suffix == ".py" else 2
    return [
        f
        for f in sources(suffix, under=f"archdsl/{folder}/")
        if f.path.count("/") >= depth and not PurePath(f.path).name.startswith("_")
    ]


def _is_tested(word: str, kind: str) -> bool:
    tests = sources(".py", ".md", under="tests/")
    if any(PurePath(t.path).name == f"test_{word}.py" for t in tests):
        return True
    mention = re.compile(rf"\b{word}\b")
    return any(mention.search(t.text) for t in tests if f"/{kind}/" in t.path)


@pytest.mark.parametrize("kind", ["ops", "rules", "cost", "emit/formats", "pictures/formats"])
def test_every_member_has_a_test(kind: str) -> None:
    words = [PurePath(f.path).stem for f in _members(kind, ".py")]
    assert words
    assert [word for word in words if not _is_tested(word, kind.partition("/")[0])] == []


def test_every_library_file_has_a_test() -> None:
    words = [PurePath(f.path).stem for f in _members("library", ".arch")]
    assert [word for word in words if not _is_tested(word, "library")] == []


def test_an_op_file_holds_the_class_of_its_name() -> None:
    wrong = []
    for file in _members("ops", ".py"):
        word = PurePath(file.path).stem
        wanted = "".join(part.capitalize() for part in word.split("_"))
        names = [n.name for n in file.tree().body if isinstance(n, ast.ClassDef)]
        if wanted not in names:
            wrong.append(f"{file.path} has no class {wanted}")
    assert wrong == []
