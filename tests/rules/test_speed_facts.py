"""Facts are computed once for a case, and their work grows linearly with the graph."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from archdsl.evaluate.designs import sampler
from archdsl.ops.base import Op
from archdsl.resolve.loading import load
from archdsl.rules import facts_lets, facts_paths, facts_reach, facts_runs, facts_text
from archdsl.rules.case import Case
from archdsl.rules.catalog import all_rules
from archdsl.rules.skips.deep_plain_network import DeepPlainNetwork
from archdsl.source import Source
from archdsl.syntax.parser import parse

if TYPE_CHECKING:
    from collections.abc import Callable

RESIDUAL = "= {n} * residual(conv(8, 3) -> batch_norm -> relu -> conv(8, 3))"
DENSE = "= {n} * (concat(identity, conv(8, 3)) -> conv(8, 1))"
NESTED = "= {n} * residual(conv(8, 3) -> residual(conv(8, 3)) -> se(squeeze=2))"
MODELS = (RESIDUAL, DENSE, NESTED)
SMALL, FACTOR = 20, 8


def case(model: str, blocks: int) -> Case:
    written = model.format(n=blocks)
    spec = f"arch Test {{\n data image(8, 32, 32, samples=1000)\n model {written}\n}}\n"
    program = load(Source(spec, "test.arch")).program()
    return Case(program, program.evaluate(sampler(0)))


@pytest.mark.parametrize(
    "fact",
    [
        facts_paths.forks,
        facts_paths.spine,
        facts_paths.skips,
        facts_paths.head,
        facts_paths.weighted_before,
        facts_paths.results,
        facts_runs.layers,
        facts_runs.unavoidable,
        facts_runs.stacked,
        facts_reach.reaches,
        facts_lets.unread,
    ],
)
def test_a_fact_is_the_same_object_when_asked_again(fact: Callable[[Case], Any]) -> None:
    asked = case(RESIDUAL, 3)
    assert asked.fact(fact) is asked.fact(fact)


def test_all_rules_together_compute_each_fact_once() -> None:
    asked, calls = case(RESIDUAL, 3), Counter[str]()
    remember = asked.fact

    def counting(of: Callable[[Case], Any]) -> Any:
        if of not in asked._facts:
            calls[f"{of.__module__}.{of.__name__}"] += 1
        return remember(of)

    asked.fact = counting  # type: ignore[method-assign,assignment]
    for rule in all_rules():
        list(rule().check(asked))
    assert calls
    assert set(calls.values()) == {1}


def test_a_text_is_parsed_once_for_all_fixes(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[Source] = []

    def parsing(source: Source) -> Any:
        parsed.append(source)
        return parse(source)

    monkeypatch.setattr(facts_text, "parse", parsing)
    row = " -> ".join(["2 * (linear(8) -> relu)"] * 30)
    asked = case(f"= global_avg_pool -> {row}", 1)
    (found,) = DeepPlainNetwork().check(asked)
    assert found.fix is not None
    assert len(parsed) == 1


@pytest.mark.parametrize("model", MODELS)
def test_flat_facts_grow_with_the_graph(model: str) -> None:
    small, large = case(model, SMALL), case(model, FACTOR * SMALL)
    blocks = (len(large.steps) - len(small.steps)) / ((FACTOR - 1) * SMALL)
    assert len(large.steps) == len(small.steps) + blocks * (FACTOR - 1) * SMALL
    for fact in (facts_paths.forks, facts_reach.reaches, facts_paths.weighted_before):
        assert len(large.fact(fact)) == len(large.steps)
    for counts in (facts_runs.layers, facts_runs.unavoidable, facts_runs.stacked):
        assert len(large.fact(counts)) == len(large.steps)


@pytest.mark.parametrize("model", MODELS)
def test_finding_where_paths_part_takes_a_few_steps_an_op(
    model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    small, large = climbed(model, SMALL, monkeypatch), climbed(model, FACTOR * SMALL, monkeypatch)
    assert large <= 1.1 * FACTOR * small


def test_places_far_apart_meet_in_few_steps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    small, large = climbed(far(SMALL), SMALL, monkeypatch), climbed(far(80), 80, monkeypatch)
    assert large <= 2 * (80 / SMALL) * small


def far(merges: int) -> str:
    """As many sums of the two ends of a chain as it has layers, and the sum of them all."""
    lets = " ".join(f"let m{i} = add(begin -> relu, end -> relu)" for i in range(merges))
    names = ", ".join(f"m{i}" for i in range(merges))
    return f"{{{{ let begin = relu let end = begin -> {{n}} * relu {lets} return add({names}) }}}}"


def climbed(model: str, blocks: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many times the search for common ops reads the tree."""
    reads = Counter[str]()

    class Counted(list[int]):
        def __getitem__(self, index: Any) -> Any:
            reads["all"] += 1
            return super().__getitem__(index)

    class Tree(facts_paths._Tree):
        def __init__(self) -> None:
            super().__init__()
            self._parent, self._jump = Counted(self._parent), Counted(self._jump)
            self._level = Counted(self._level)

    monkeypatch.setattr(facts_paths, "_Tree", Tree)
    asked = case(model, blocks)
    asked.fact(facts_paths.forks)
    return reads["all"]


@pytest.mark.parametrize("model", MODELS)
def test_all_rules_ask_the_ops_a_number_of_times_that_grows_with_the_graph(
    model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    small, large = (
        asked_ops(model, SMALL, monkeypatch),
        asked_ops(model, FACTOR * SMALL, monkeypatch),
    )
    assert large <= 1.1 * FACTOR * small


def asked_ops(model: str, blocks: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many windows and traits all rules ask for."""
    asked, calls = case(model, blocks), Counter[str]()
    window = Op.window

    def counted(self: Op, *inputs: Any) -> Any:
        calls["window"] += 1
        return window(self, *inputs)

    with monkeypatch.context() as patched:
        patched.setattr(Op, "window", counted)
        for rule in all_rules():
            list(rule().check(asked))
    return calls["window"]
