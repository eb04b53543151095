"""Choices that change nothing are found by comparing all designs, and nothing else is told."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest

import archdsl
from archdsl.evaluate.designs import design_of
from archdsl.fixing import Fixing
from archdsl.resolve.loading import load
from archdsl.rules.config import Config
from archdsl.source import Source
from archdsl.space.exhaust import every
from archdsl.space.idle import idle_choices, network
from archdsl.terms import Terms
from tests.space.brute_force import named, program, tried
from tests.space.random_spaces import space
from tests.thinning import mostly_slow

if TYPE_CHECKING:
    from archdsl.evaluate.program import Evaluation

SILENT = Terms(Config(select=("P601",)))


def text_of(lets: str, model: str, blocks: str = "") -> str:
    return f"{blocks}\narch A {{\n  data table(8)\n  {lets}\n  model = {model}\n}}\n"


def groups(text: str) -> dict[str, tuple[tuple[Any, ...], ...]]:
    made = load(Source(text)).program()
    designs = [one for one in every(made) if not isinstance(one, archdsl.SpecError)]
    return {idle.path: idle.groups for idle in idle_choices(designs)}


@pytest.mark.parametrize(
    ("lets", "model"),
    [
        ("let a = 1 | 2", "when(a > 0, relu, else=relu)"),
        ("let a = 1 | 2", "when(a > 1, relu, else=relu)"),
        ("let a = 1 | 2", "linear(8 + 0 * a)"),
        ("let a = 1 to 8", "linear(max(a, 8))"),
        ("let a = linear(8) | linear(8, bias=true)", "a"),
        ("let a = (relu -> relu) | 2 * relu", "a"),
        ("let a = 1 | 2\n  let b = max(a, 3)", "linear(b)"),
        ("let a = 1 | 2", "linear(8)"),
    ],
)
def test_a_choice_that_changes_nothing_is_told_once(lets: str, model: str) -> None:
    (found,) = archdsl.check(text_of(lets, model), terms=SILENT).diagnostics
    assert found.code == "W516"
    assert found.message.startswith("the choice `a` changes nothing")


@pytest.mark.parametrize(
    ("lets", "model"),
    [
        ("", "dropout(0.0) | identity"),
        ("let a = 1 | 2", "linear(a) -> linear(8)"),
        ("let a = 8 | 16", "linear(max(a, 8))"),
        ("let a = 1 | 2\n  train sgd(batch=a)", "relu"),
        ("train sgd(batch=32 | 64)", "relu"),
        ("let a = 1 | 2\n  require a > 1", "relu"),
    ],
)
def test_a_choice_that_changes_something_is_not_told(lets: str, model: str) -> None:
    codes = [one.code for one in archdsl.check(text_of(lets, model), terms=SILENT).diagnostics]
    assert "W516" not in codes


def test_options_that_are_alike_are_told_and_dropped_where_that_is_asked_for() -> None:
    text = text_of("let k = 3 | 5 | 7", "when(k > 4, relu, else=gelu)")
    assert groups(text) == {"k": ((3,), (5, 7))}
    assert Fixing(terms=SILENT).run(text).text == text
    fixed = Fixing(terms=SILENT, unsafe=True).run(text)
    assert "let k = 3 | 5\n" in fixed.text
    assert fixed.report.diagnostics == ()


def test_a_choice_of_a_block_is_told_where_no_call_has_use_for_it() -> None:
    block = "block unit(w) = linear(max(w, 4 | 8))"
    told = groups(text_of("", "unit(8) -> unit(16)", block))
    assert list(told.values()) == [((4, 8),)]
    assert groups(text_of("", "unit(4) -> unit(16)", block)) == {}


def test_a_choice_read_only_by_one_without_effect_changes_nothing() -> None:
    found = groups(text_of("let a = 1 | 2\n  let b = a | 3", "linear(max(b, 8))"))
    assert [len(same) for same in found.values()] == [1, 1]


@pytest.mark.parametrize("first", mostly_slow(range(5_000, 5_200, 50), 4))
def test_of_random_spaces_the_options_told_are_those_that_are_alike_in_all_designs(
    first: int,
) -> None:
    for seed in range(first, first + 50):
        made = program(space(seed))
        if made is None or tried(made, 200) is None:
            continue
        designs = [one for one in every(made) if not isinstance(one, archdsl.SpecError)]
        assert _told(designs) == _alike(designs), space(seed)


def _told(designs: list[Evaluation]) -> set[Any]:
    return {
        (idle.point.span, frozenset((_exact(one), _exact(other))))
        for idle in idle_choices(designs)
        for group in idle.groups
        for one, other in combinations(group, 2)
    }


def _exact(label: Any) -> Any:
    return type(label), label


def _alike(designs: list[Evaluation]) -> set[Any]:
    """The pairs of options, by the place of their choice, that are alike: pair by pair."""
    networks = {named(design_of(one)): network(one) for one in designs}
    places: dict[Any, Any] = {}
    for one in designs:
        for path, point, _ in one.asked:
            places[path[1:] or "model"] = point.span
    met: dict[Any, list[set[Any]]] = {}
    for name, span in places.items():
        met.setdefault(span, []).append(_pairs(name, networks))
    return {(span, pair) for span, pairs in met.items() for pair in set.intersection(*pairs)}


def _pairs(name: str, networks: dict[Any, Any]) -> set[Any]:
    options: dict[Any, dict[Any, Any]] = {}
    for design, made in networks.items():
        for path, label, kind in design:
            if path == name:
                rest = design - {(path, label, kind)}
                options.setdefault((kind, label), {})[rest] = made
    return {
        frozenset(pair) for pair in combinations(options, 2) if options[pair[0]] == options[pair[1]]
    }
