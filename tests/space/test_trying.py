"""The designs of a space that are looked at: all of a small one, each option of a large one."""

from __future__ import annotations

import pytest

from archdsl.diagnostics import SpecError
from archdsl.resolve.loading import load
from archdsl.source import Source
from archdsl.space import trying
from archdsl.space.space import Space
from archdsl.space.trying import only_design


def program(model: str, before: str = ""):
    text = f"{before}\narch A {{ data image(3, 32, 32) model = {model} }}"
    return load(Source(text)).program()


def tried(program):
    return trying.tried(program, space=Space(program))


def designs(looked) -> list[dict]:
    return [trial.design for trial in looked.trials]


@pytest.mark.parametrize(
    "model",
    [
        "conv(8, 3 | 5) -> (relu | gelu | identity)",
        "(1 to 3) * conv(8, 3 | 5)",
        "each(i = 1 to (1 | 2 | 3), conv(8, 3 | 5))",
        "when((1 | 2) == 1, conv(8, 3 | 5), else=conv(8, 7))",
    ],
)
def test_a_small_space_is_tried_whole(model):
    space = program(model)
    looked = tried(space)
    assert looked.whole
    assert len(looked.trials) == len({str(design) for design in designs(looked)})
    assert len(looked.trials) == Space(space).count()


def test_a_spec_without_choices_is_one_design():
    assert only_design(program("relu")).design == {}
    assert only_design(program("relu | gelu")) is None


def test_designs_that_do_not_fit_are_there_with_what_is_wrong():
    looked = trying.tried(program("conv(8, 3 | 99, padding=0)"))
    assert [isinstance(trial.outcome, SpecError) for trial in looked.trials] == [False, True]
    assert looked.trials[1].design == {"conv.kernel": 99}


LARGE = "each(i = 1 to 20, conv(8 to 64 by 8, 1 | 3) -> (relu | gelu))"


def test_a_large_space_is_sampled_and_every_option_tried():
    looked = tried(program(LARGE))
    assert not looked.whole
    assert looked.size == 32**20
    options: dict[str, set] = {}
    for design in designs(looked):
        for path, value in design.items():
            options.setdefault(path, set()).add(value)
    assert len(options) == 60
    assert {len(values) for values in options.values()} == {2, 8}


def test_a_space_without_end_has_no_size():
    looked = tried(program("dropout(0.0 to 0.5) -> conv(8, 3 | 5)"))
    assert not looked.whole
    assert looked.size is None


def test_the_ends_of_a_large_space_come_first_and_what_is_between_is_spread():
    looked = tried(program("(1 to 4_000) * relu"))
    depths = [next(iter(design.values())) for design in designs(looked)]
    assert depths[:3] == [1, 4_000, 2_000]
    assert any(1 < depth < 500 for depth in depths)


@pytest.mark.parametrize("size", [0, 1, 2, 3, 10, 1_000])
def test_spread_options_are_all_options(size):
    assert sorted(trying._spread(size, size)) == list(range(size))


def test_of_more_options_than_wait_those_are_kept_that_lie_apart():
    assert trying._spread(1_000_001, 5) == [0, 1_000_000, 500_000, 250_000, 750_000]
    assert trying._spread(3, 0) == []


def test_options_of_choices_that_few_designs_meet_are_tried():
    deep = "when((1 to 9) == 7, when((1 to 9) == 7, conv(8, 3 | 5 | 7), else=gelu), else=relu)"
    looked = tried(program(f"{deep} -> {LARGE}"))
    met = {v for d in designs(looked) for path, v in d.items() if path.endswith("conv.kernel")}
    assert {3, 5, 7} <= met


def test_designs_are_drawn_besides(monkeypatch):
    monkeypatch.setattr(trying, "WORK_SAMPLED", 10**9)
    fewer = len(tried(program(LARGE)).trials)
    monkeypatch.setattr(trying, "DRAWN", trying.DRAWN + 10)
    assert len(tried(program(LARGE)).trials) == fewer + 10


def test_work_ends_the_sample_and_the_same_designs_are_drawn_again(monkeypatch):
    monkeypatch.setattr(trying, "WORK_SAMPLED", 500)
    looked = tried(program(LARGE))
    assert 1 < len(looked.trials) < 30
    assert designs(looked) == designs(tried(program(LARGE)))


def test_a_small_space_of_large_models_is_sampled(monkeypatch):
    monkeypatch.setattr(trying, "WORK_WHOLE", 100)
    assert not tried(program("each(i = 1 to 6, conv(8, 3 | 5))")).whole


def test_a_space_that_cannot_be_counted_is_tried_as_far_as_it_goes():
    block = "block maybe(w) = when(x.height > 16, conv(w, 3 | 5 | 7), else=conv(w, 1 | 3))"
    model = "2 * (conv(8, 3, stride=1 | 2) -> maybe(3))"
    assert tried(program(model, block)).whole


def test_an_option_that_a_range_has_in_other_designs_only_is_tried_in_those():
    lets = "let a = 1 to 9  let b = a to 12 - a  let c = b to 12 - b"
    model = f"{lets} return conv(a + b + c, 1) -> {LARGE}"
    text = f"arch A {{ data image(3, 32, 32) model {{ {model} }} }}"
    looked = tried(load(Source(text)).program())
    assert {design["a"] for design in designs(looked)} >= {1, 2, 3, 4, 5, 6}
