"""The benchmark of first designs: what it trains, and how it judges."""

from __future__ import annotations

import json

import pytest

from archdsl import api
from archdsl.starting.writing import first_design
from benchmarks import starting
from benchmarks.starting_data import DATA
from benchmarks.starting_page import BOOSTING, page

KINDS = {"image", "series", "tokens", "graph", "volume", "table"}
LIGHT = ("wine", "diabetes", "digits")


def results(data, **errors):
    """Errors of contenders over five seeds, each spread by 0.01."""
    return [
        {"data": data, "contender": who.replace("_", " "), "seed": seed, "error": error + off}
        for who, error in errors.items()
        for seed, off in enumerate((-0.01, -0.01, 0, 0.01, 0.01))
    ]


def verdict(data, **errors):
    rows = page(results(data, **errors), DATA, "new", "by hand").splitlines()
    row = next(line for line in rows if line.startswith(f"| {data} |"))
    return row.split("|")[-2].strip()


def test_every_kind_of_data_is_there_and_ten_sets_at_least():
    assert {one.kind for one in DATA.values()} == KINDS
    assert len(DATA) >= 10


@pytest.mark.parametrize("name", LIGHT)
def test_a_usual_design_is_sound(name):
    told = api.check(starting.by_hand(DATA[name], name)).diagnostics
    assert not [one for one in told if one.code.startswith("E")]


def test_ties_are_within_one_standard_error_of_the_difference():
    assert verdict("wine", new=0.20, by_hand=0.30, small_MLP=0.25) == "wins"
    assert verdict("wine", new=0.25, by_hand=0.255, small_MLP=0.40) == "ties"
    assert verdict("wine", new=0.27, by_hand=0.25, small_MLP=0.40) == "loses"


def test_where_boosting_wins_the_spec_says_to_expect_it():
    name = "steps and products"
    assert verdict(name, new=0.3, by_hand=0.3, gradient_boosting=0.1).startswith(BOOSTING)
    text = " ".join(first_design(DATA[name].description).replace("#", "").split())
    assert "Expect gradient boosting to win" in text


@pytest.mark.slow
def test_it_trains_and_keeps_what_came_out(tmp_path, capsys):
    kept = tmp_path / "results.json"
    words = ("--only", "wine", "--seeds", "1", "--jobs", "1", "--contender", "new")
    starting.main((*words, "--contender", "logistic regression", "--results", str(kept)))
    found = json.loads(kept.read_text())
    assert {one["contender"] for one in found} == {"new", "logistic regression"}
    assert all(one["error"] < 0.2 for one in found)
    assert "| wine | table | 178 | Linear | 42 |" in capsys.readouterr().out
