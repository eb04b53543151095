"""archdsl diagnose"""

from __future__ import annotations

import json
import re
import sys

import pytest

from archdsl.runtime.live.diagnosis import Accuracies, diagnose


def _word(train, val, **more):
    return diagnose(Accuracies(train, val, **more)).word


def test_more_than_five_points_are_overfitting():
    assert _word(97.0, 92.0) == "a good fit"
    assert _word(97.0, 91.9) == "overfitting"


def test_training_below_the_goal_is_underfitting():
    assert _word(90.0, 89.0) == "a good fit"
    assert _word(89.9, 89.0) == "underfitting"
    assert _word(80.0, 79.0, goal=75.0) == "a good fit"


def test_both_at_once_are_told():
    assert _word(80.0, 60.0) == "overfitting and underfitting"


def test_validation_far_above_training_is_questioned():
    assert _word(95.0, 100.0) == "a good fit"
    found = diagnose(Accuracies(93.0, 99.0))
    assert found.word == "validation is easier than training"
    assert "training samples among the validation samples" in found.solutions[0]


def test_below_the_goal_validation_far_above_is_doubted_first():
    found = diagnose(Accuracies(60.0, 70.0))
    assert found.word == "underfitting"
    assert "training samples among the validation samples" in found.solutions[0]
    assert "train longer" in found.solutions[3]


def test_shares_and_percent_are_the_same(run):
    words = {
        run("diagnose", "--train-acc", train, "--val-acc", val).stdout
        for train, val in (("0.97", "0.92"), ("97", "92%"), ("97%", "0.92"))
    }
    assert len(words) == 1
    assert words.pop().startswith("A good fit: validation is 5.0 points below training (within 5)")
    assert "Overfitting" in run("diagnose", "--train-acc", "1", "--val-acc", "0.94").stdout


def test_counts_are_read_as_people_write_them(run):
    given = ("diagnose", "--train-acc", "0.99", "--val-acc", "0.8", "--params", "1.5M")
    assert "150 parameters for each sample" in run(*given, "--samples", "10k").stdout
    for wrong in ("0", "many", "10 kB"):
        result = run(*given, "--samples", wrong)
        assert (result.exit_code, "whole number" in result.stderr) == (2, True)


def test_parameters_without_samples_are_refused(run):
    result = run("diagnose", "--train-acc", "0.9", "--val-acc", "0.8", "--params", "7")
    assert result.exit_code == 2
    assert "--params and --samples only tell something together" in result.stderr


def _kinds(train, val, **more):
    solutions = diagnose(Accuracies(train, val, **more)).solutions
    return [re.split(r"[:,]| what", step)[0] for step in solutions]


@pytest.mark.parametrize("size", [{}, {"params": 1100, "samples": 100}])
def test_against_overfitting_capacity_is_reduced_first_and_more_data_are_last(size):
    steps = ["a smaller model", "regularise", "augment", "more data"]
    assert _kinds(99.0, 80.0, **size) == steps


@pytest.mark.parametrize("size", [{}, {"params": 1100, "samples": 100}])
def test_against_underfitting_training_goes_on_before_the_model_grows(size):
    steps = ["train longer", "a larger model", "less regularisation", "a better learning rate"]
    assert _kinds(60.0, 59.0, **size)[:4] == steps


def test_one_parameter_for_each_sample_is_what_a_smaller_model_aims_at():
    over = diagnose(Accuracies(99.0, 80.0, params=1100, samples=100))
    assert "towards 100 parameters" in over.solutions[0]
    small = diagnose(Accuracies(99.0, 80.0, params=100, samples=100))
    assert "towards" not in small.solutions[0]


def test_a_model_that_is_large_already_is_said_to_be():
    assert "11 parameters for each sample are many" in " ".join(
        diagnose(Accuracies(60.0, 59.0, params=1100, samples=100)).solutions
    )
    at_the_limit = diagnose(Accuracies(60.0, 59.0, params=1000, samples=100))
    assert "are many" not in " ".join(at_the_limit.solutions)


def test_of_a_model_that_neither_learns_nor_carries_over_the_structure_comes_first():
    steps = _kinds(80.0, 60.0)
    assert steps[0] == "a structure that fits the data"
    assert "a smaller model" not in steps


def test_the_command_prints_numbers_and_steps(run, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    result = run("diagnose", "--train-acc", "0.99", "--val-acc", "88%")
    assert result.exit_code == 0
    first, *rest = result.stdout.splitlines()
    assert first == (
        "Overfitting: validation is 11.0 points below training (more than 5), "
        "and training is at least the 90 % aimed at."
    )
    assert rest[2].startswith("  1. a smaller model")


def test_json_has_word_reason_and_solutions(run):
    result = run("diagnose", "--train-acc", "60", "--val-acc", "58", "--format", "json")
    document = json.loads(result.stdout)
    assert (document["word"], len(document["solutions"])) == ("underfitting", 5)


@pytest.mark.parametrize("wrong", ["many", "101", "-1", "nan"])
def test_what_is_no_accuracy_is_refused(run, wrong):
    result = run("diagnose", "--train-acc", wrong, "--val-acc", "58")
    assert result.exit_code == 2
    assert "--train-acc" in result.stderr
