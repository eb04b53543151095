"""Combinations of answers are gone through in order, each once."""

from __future__ import annotations

from itertools import product

from archdsl.space.answers import next_answers


def test_all_combinations_come_once_in_order() -> None:
    sizes = [2, 1, 3]
    found, answers = [], [0, 0, 0]
    while answers:
        found.append(tuple(answers))
        following = next_answers(answers, sizes)
        answers = following + [0] * (3 - len(following)) if following else []
    assert found == list(product(range(2), range(1), range(3)))


def test_answers_that_were_not_asked_for_are_left_out() -> None:
    assert next_answers([0, 1, 2], [2]) == [1]
    assert next_answers([1, 1, 2], [2]) == []


def test_after_no_choices_there_is_nothing() -> None:
    assert next_answers([], []) == []
