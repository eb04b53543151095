"""A task is one file of the language, one live side, and tests: no other module names it."""

from __future__ import annotations

import ast
import re

import pytest

from archdsl.catalog import files
from archdsl.runtime.live.tasks import HOME, LiveTask, live
from archdsl.spec.catalog import tasks
from archdsl.spec.task import Answer
from tests.architecture.sources import SourceFile, sources

OWN = ("archdsl/spec/task/", "archdsl/runtime/live/tasks/")


def _others() -> list[SourceFile]:
    return [f for f in sources(".py", under="archdsl/") if not f.path.startswith(OWN)]


def test_every_task_has_a_live_side_of_its_name() -> None:
    assert set(files(HOME)) == set(tasks())
    for task in tasks().values():
        side = live(task.model_construct())
        assert isinstance(side, LiveTask)
        assert type(side).__name__ == task.__name__


@pytest.mark.parametrize("word", tasks())
def test_a_task_says_all_that_others_ask_of_it(word: str) -> None:
    task, side = tasks()[word], type(live(tasks()[word].model_construct()))
    assert isinstance(task.answer, Answer)
    assert task.judged_by
    assert task.objective[0] in ("maximize", "minimize")
    assert task.example.startswith(f"{word}(")
    assert task.asks_for
    assert task.aim(3)
    assert "loss" in vars(side)
    assert "targets" in vars(side)


@pytest.mark.parametrize("word", tasks())
def test_a_task_has_tests(word: str) -> None:
    name = tasks()[word].__name__
    mention = re.compile(rf"\b{name}\b")
    for kind in ("spec", "runtime_live"):
        assert any(mention.search(t.text) for t in sources(".py", under=f"tests/{kind}/")), kind


def test_no_other_module_imports_a_task() -> None:
    homes = [f"{home.replace('/', '.')}{word}" for home in OWN for word in tasks()]
    found = [
        f"{file.path} imports {node.module}"
        for file in _others()
        for node in ast.walk(file.tree())
        if isinstance(node, ast.ImportFrom) and node.module in homes
    ]
    assert found == []


def test_no_other_module_asks_for_a_task_by_its_word() -> None:
    found = [
        f"{file.path}:{node.lineno} asks for {node.value!r}"
        for file in _others()
        for place in ast.walk(file.tree())
        for asked in _asked(place)
        for node in ast.walk(asked)
        if isinstance(node, ast.Constant) and node.value in tasks()
    ]
    assert found == []


def _asked(node: ast.AST) -> list[ast.expr]:
    """What a value is compared with or looked up by."""
    if isinstance(node, ast.Compare):
        return node.comparators
    return [key for key in node.keys if key is not None] if isinstance(node, ast.Dict) else []
