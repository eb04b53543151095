"""Every principle is asked of every op and block, whatever kind of data they are for."""

from __future__ import annotations

import pytest

import archdsl
from tests.property.words import all_words, example

TASKS = ("classify(3)", "regress(1, per=graph)", "classify(3, per=token)")


@pytest.mark.slow
@pytest.mark.parametrize("task", [None, *TASKS])
def test_no_principle_breaks_off_on_the_example_of_a_word(task):
    for word in all_words():
        text = example(word)
        if task is not None:
            text = text.replace("\n  model", f"\n  task {task}\n  model", 1)
        codes = {found.code for found in archdsl.check(text).diagnostics}
        assert "E902" not in codes, text
