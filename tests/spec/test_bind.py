"""Clauses bound to their models."""

from __future__ import annotations

import pytest

from archdsl.diagnostics import Diagnostic, SpecError
from archdsl.source import Source
from archdsl.spec import catalog
from archdsl.spec.bind import bind_clause
from archdsl.syntax import nodes
from archdsl.syntax.parser import parse
from archdsl.types import Padded


def bound(text: str):
    """The model of one clause."""
    if text.startswith("device"):
        (device,) = parse(Source(text)).items
        assert isinstance(device, nodes.Device)
        return bind_clause("device", device.call)
    (arch,) = parse(Source(f"arch A {{ {text} }}")).items
    assert isinstance(arch, nodes.Arch)
    (clause,) = arch.items
    assert isinstance(clause, nodes.Clause)
    return bind_clause(clause.keyword, clause.call)


def mistakes(text: str) -> list[Diagnostic]:
    with pytest.raises(SpecError) as caught:
        bound(text)
    return list(caught.value.diagnostics)


def mistake(text: str) -> Diagnostic:
    (found,) = mistakes(text)
    return found


@pytest.mark.parametrize(
    ("text", "tensor"),
    [
        ("data image(3, 224, 225)", ("image", 3, 224, 225)),
        ("data volume(1, 16, 32, 33)", ("volume", 1, 16, 32, 33)),
        ("data series(100, 7)", ("sequence", 100, 7, None)),
        ("data series(100, 7, padded=true)", ("sequence", 100, 7, Padded("lengths"))),
        ("data tokens(128, vocab=50_257)", ("tokens", 128, 50257, None)),
        ("data tokens(9, vocab=5, padded=true)", ("tokens", 9, 5, Padded("lengths"))),
        ("data table(20)", ("vector", 20)),
        ("data graph(1433, nodes=2708, edges=10556)", ("nodes", 2708, 1433, 10556, 0, 0, ())),
        ("data graph(9, nodes=25, edges=54, graphs=1k)", ("nodes", 25, 9, 54, 1000, 0, ())),
        (
            "data graph(9, nodes=2, edges=4, edge_features=5, degrees=[0, 1, 3k])",
            ("nodes", 2, 9, 4, 0, 5, (0, 1, 3000)),
        ),
    ],
)
def test_each_kind_of_data_is_a_tensor_type(text, tensor):
    kind, *sizes = tensor
    assert bound(text).tensor()._asdict()["kind"] == kind
    assert list(bound(text).tensor()[:-1]) == sizes


def test_every_word_of_every_clause_has_a_model_with_a_docstring():
    for clause in catalog.CLAUSES:
        for word in catalog.words(clause):
            model = catalog.find(clause, word)
            assert model is not None, word
            assert model.__doc__, word


@pytest.mark.parametrize("word", catalog.words("train"))
def test_every_optimizer_says_how_much_it_remembers(word):
    assert 0 <= bound(f"train {word}(batch=8, lr=1e-3, precision=amp)").state <= 3


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("train sgd()", 0),
        ("train sgd(momentum=0.9)", 1),
        ("train adam()", 2),
        ("train adam(amsgrad=true)", 3),
        ("train rmsprop(momentum=0.9, centered=true)", 3),
        ("train adafactor()", 0.66),
    ],
)
def test_momentum_and_its_kin_cost_memory(text, state):
    assert bound(text).state == state


def test_values_may_be_computed_from_constants():
    train = bound("train adamw(batch=8 * 4, lr=0.1 / 100, epochs=2 ^ 3 - 1)")
    assert (train.batch, train.lr, train.epochs) == (32, 0.001, 7)


def test_a_device_is_a_roofline_in_units():
    device = bound("device pi4(compute=13.5G, bandwidth=4 GB, overhead=20 us, memory=8 GiB)")
    assert device.compute == 13_500_000_000
    assert device.bandwidth == 4_000_000_000
    assert device.overhead == 20e-6
    assert device.memory == 8 * 2**30


def test_a_clause_cannot_be_changed():
    with pytest.raises(Exception, match="frozen"):
        bound("data table(3)").features = 4


def test_an_unknown_kind_is_an_error_with_a_guess_and_a_fix():
    found = mistake("data imge(3, 224, 224)")
    assert (found.code, found.help) == ("E401", "did you mean `image`?")
    assert found.span.text == "imge"
    assert found.fix.edits[0].replacement == "image"


def test_an_unknown_key_is_an_error_with_a_guess_and_its_span():
    found = mistake("data image(3, 224, 224, sampels=5)")
    assert (found.code, found.help) == ("E402", "did you mean `samples`?")
    assert found.span.text == "sampels"
    assert found.fix.edits[0].replacement == "samples"


def test_too_many_arguments_point_at_the_first_that_has_no_place():
    found = mistake("data image(3, 224, 224, 5)")
    assert (found.code, found.span.text) == ("E403", "5")


def test_an_argument_given_twice_points_at_both_places():
    found = mistake("data image(3, 224, 224, width=3)")
    assert (found.code, found.span.text) == ("E404", "width=3")
    assert found.trail[0].span.text == "224"


def test_missing_arguments_are_named():
    found = mistake("data image(3)")
    assert found.code == "E405"
    assert "`height` and `width`" in found.message


@pytest.mark.parametrize(
    ("text", "code", "needed"),
    [
        ("data table(2.5)", "E406", "a whole number of at least 1"),
        ("data table(true)", "E406", "a whole number of at least 1"),
        ('data table("3")', "E406", "a whole number of at least 1"),
        ("data table(0)", "E407", "a whole number of at least 1"),
        ("data table(-3)", "E407", "a whole number of at least 1"),
        ("data table(24 GiB)", "E408", "a whole number of at least 1"),
        ("data table(3, pretrained=1)", "E406", "true or false"),
        ("data table(3, samples=0)", "E407", "a whole number of at least 1"),
        ("train sgd(lr=0)", "E407", "a number above 0"),
        ("train sgd(momentum=1)", "E407", "a number from 0 to below 1"),
        ("search random(time=30)", "E408", "a time, such as `20 us`"),
        ("search random(time=30 MB)", "E408", "a time, such as `20 us`"),
        ("device d(compute=1G, bandwidth=1 s)", "E408", "a rate per second above 0"),
        ("device d(compute=1G, bandwidth=1G, memory=1G)", "E408", "a size in bytes"),
    ],
)
def test_a_wrong_value_is_told_what_would_be_right(text, code, needed):
    found = mistake(text)
    assert found.code == code
    assert found.needed.startswith(needed)


def test_a_misspelt_word_is_guessed():
    found = mistake("data image(3, 8, 8, augment=strng)")
    assert found.needed == "one of none, basic, strong"
    assert found.help == "did you mean `strong`?"
    assert found.fix.edits[0] == (found.fix.edits[0].__class__(found.span, "strong"))


@pytest.mark.parametrize("value", ["32 | 64", "2 to 8", "conv(3) -> relu", "f(3)", "x.channels"])
def test_what_is_no_constant_is_refused(value):
    assert mistake(f"train sgd(batch={value})").code == "E409"


def test_arithmetic_of_constants_is_bounded():
    assert mistake("train sgd(batch=1 // 0)").code == "E224"
    assert mistake("train sgd(batch=9 ^ 9 ^ 9)").code == "E603"
    assert mistake("train sgd(batch=0 ^ -1)").code == "E224"
    assert mistake("train sgd(batch=(-8) ^ 0.5)").code == "E225"
    assert mistake("train sgd(batch=10 ^ 19)").code == "E603"


def test_all_mistakes_of_a_clause_are_told_at_once():
    found = mistakes("data image(3, 0, augment=strng, foo=1, samples=1 | 2)")
    assert sorted(d.code for d in found) == ["E402", "E405", "E406", "E407", "E409"]
