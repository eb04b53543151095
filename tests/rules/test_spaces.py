"""What rules say of spaces: what holds for all designs, what some choices make, and how sure."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

import archdsl
from archdsl.diagnostics import Amount, Diagnostic, Fix, Severity
from archdsl.evaluate.designs import drawn_with
from archdsl.examine import DesignRedrawer, Judging, examine
from archdsl.resolve.loading import load
from archdsl.rules.config import Config
from archdsl.rules.spaces import Coverage, Judged, excess, space_findings
from archdsl.source import Source, Span
from archdsl.space import trying
from archdsl.space.space import Space
from archdsl.space.trying import tried
from archdsl.terms import Terms

SPEC = """\
arch Space {{
  data image(3, 32, 32)
  task classify(10)
  {clauses}
  model = {model} -> global_avg_pool -> linear(classes)
}}
"""
SPACES = Path(__file__).parents[2] / "specs" / "spaces"
WRONG = Diagnostic("P000", "wrong", Span(Source("x"), 0, 1), Severity.WARNING)
SKIPS = Terms(Config(select=("P301",)))


def check(model: str, clauses: str = "", terms: Terms = SKIPS):
    return archdsl.check(SPEC.format(model=model, clauses=clauses), terms=terms)


def only(model: str, clauses: str = "") -> Diagnostic:
    (found,) = check(model, clauses).diagnostics
    return found


def test_what_only_a_value_makes_is_a_note_that_names_it():
    found = only("depth * conv(8, 3)", "let depth = 4 | 8 | 12")
    assert found.severity is Severity.NOTE
    assert found.message.startswith("with `depth=12`: 13 weighted layers in a row on every path")
    assert "warning proven for 1 of the 3 designs" in found.notes[1]
    assert found.fix is None


def test_what_holds_for_all_designs_is_said_as_of_one_with_the_mildest_numbers():
    found = only("depth * conv(8, 3 | 5)", "let depth = 24 | 30")
    assert (found.severity, found.label) == (Severity.ERROR, "25 layers")
    assert found.notes[-1] == "proven for all 4 designs"


def test_the_mildest_numbers_are_told_in_whatever_order_the_choices_stand():
    found = only("depth * conv(8, 3)", "let depth = 30 | 24")
    assert found.label == "25 layers"
    assert "these are the numbers of the mildest design; the worst error: 31 layers" in found.notes
    text = SPEC.format(model="(30 | 8) * (conv(8, 3) -> relu)", clauses="require params <= 10")
    (limit,) = archdsl.check(text).diagnostics
    smallest = archdsl.compile(SPEC.format(model="8 * (conv(8, 3) -> relu)", clauses="")).params
    assert limit.message.endswith(f"does not hold: it is {smallest:,}")
    assert limit.amount == (smallest, 10)


def test_the_mildest_of_what_is_shown_in_other_units_is_the_least():
    clauses = "train adam(batch=4)  let width = 512 | 8  require memory(training) <= 1 KiB"
    limits = Terms(Config(select=("P601",)))
    (found,) = check("conv(width, 3)", clauses, limits).diagnostics
    (alone,) = check("conv(8, 3)", clauses, limits).diagnostics
    assert (found.label, found.amount) == (alone.label, alone.amount)


def test_the_mildest_is_the_fewest_times_off_even_where_thresholds_differ():
    amounts = [Amount(31, 20), Amount(4, 64), Amount(4_000, 3_000), Amount(10, 20)]
    assert sorted(amounts, key=of) == [amounts[2], amounts[0], amounts[3], amounts[1]]


def test_of_what_must_not_be_at_all_less_is_milder():
    amounts = [Amount(3, 0), Amount(1, 0), Amount(0, 2), Amount(-5, -1)]
    assert sorted(amounts, key=of) == [amounts[1], amounts[2], amounts[0], amounts[3]]


def test_what_has_no_numbers_is_as_mild_as_can_be():
    assert of(None) < of(Amount(21, 20))


def of(amount: Amount | None) -> tuple[float, float]:
    return excess(Diagnostic("P999", "wrong", amount=amount))


NORMED = "conv(16, 3) -> batch_norm"
BIAS = Terms(Config(select=("P705",)))


def test_what_only_some_designs_have_in_a_second_place_is_told_beside_what_all_have():
    model = f"{NORMED} -> (identity | {NORMED})"
    everywhere, second = check(model, terms=BIAS).diagnostics
    assert everywhere.notes[-1] == "proven for all 2 designs"
    assert second.message.startswith("with `choice=conv`: ")
    assert second.notes[-1] == "note proven for 1 of the 2 designs; the others do not have it"


def test_places_that_the_same_choice_makes_are_told_in_one_note():
    model = f"conv(8, 3) -> (identity | ({NORMED} -> relu -> {NORMED}))"
    (found,) = check(model, terms=BIAS).diagnostics
    assert found.span is not None
    assert [label.text for label in found.trail][-1] == found.label
    assert found.trail[-1].span.start > found.span.end


def test_places_that_different_choices_make_are_told_each_with_its_choice():
    model = f"(relu | {NORMED}) -> (gelu | {NORMED})"
    found = check(model, terms=BIAS).diagnostics
    assert sorted(one.message.partition(":")[0] for one in found) == [
        "with `choice=conv`",
        "with `choice_2=conv`",
    ]


def test_what_stands_elsewhere_in_another_design_is_one_finding():
    field = Terms(Config(select=("P405",)))
    clauses = "let depth = 4 | 24"
    (found,) = check("depth * conv(8, 3) -> (identity | conv(9, 3))", clauses, field).diagnostics
    assert found.message.startswith("with `depth=4`: ")
    assert found.trail[-1].span.text == "conv(9, 3)"


def test_many_places_are_told_in_one_note():
    model = " -> ".join(["conv(8, 3)", *[f"(relu | {NORMED})"] * 6])
    (found,) = check(model, terms=BIAS).diagnostics
    assert "63 of the 64 designs" in found.notes[-1]


def test_an_allow_that_each_design_needs_another_of_is_not_called_unused():
    allows = 'allow P301 because "a"\n  allow P705 because "b"'
    model = f"(24 * conv(8, 3) | {NORMED})"
    report = check(model, allows, Terms(Config(select=("P301", "P705"))))
    assert report.diagnostics == ()


def test_a_fix_that_fits_one_design_only_is_not_offered_for_all():
    fixes = [Fix(title, ()) for title in ("one", "other")]
    judged = [
        Judged({"a": n}, [Diagnostic("P999", "wrong", fix=fix)]) for n, fix in enumerate(fixes)
    ]
    assert space_findings(judged, Coverage(2, True))[0].fix is None
    assert space_findings(judged[:1] * 2, Coverage(2, True))[0].fix is fixes[0]


def test_a_design_rejected_whatever_is_chosen_makes_the_spec_wrong():
    assert not check("(24 | 30) * conv(8, 3)").ok
    assert check("(4 | 30) * conv(8, 3)").ok


def test_a_warning_for_all_and_an_error_for_some_are_told_apart():
    mild, hard = check("depth * conv(8, 3)", "let depth = 12 | 30").diagnostics
    assert (mild.severity, mild.label) == (Severity.WARNING, "13 layers")
    assert hard.message.startswith("with `depth=30`: 31 weighted layers")
    assert "error proven for 1 of the 2 designs" in hard.notes[1]


def test_what_cannot_happen_is_not_told():
    assert check("depth * conv(8, 3)", "let depth = 4 | 12\n  require depth <= 8").ok
    told = check("depth * conv(8, 3)", "let depth = 4 | 12\n  require params <= 3k").diagnostics
    assert [found.code for found in told] == ["W512"]  # of depth 12, that no valid design has


def test_two_values_that_only_together_make_it_are_named_together():
    clauses = "let one = 2 | 6\n  let two = 2 | 6"
    found = only("one * conv(8, 3) -> two * conv(8, 5)", clauses)
    assert found.message.startswith("with `one=6, two=6`: 13 weighted layers")


def test_several_values_are_named_as_alternatives():
    found = only("depth * conv(8, 3)", "let depth = 4 | 12 | 14")
    assert found.message.startswith("with `depth=12` or `depth=14`: ")


def test_where_no_few_values_explain_it_a_design_is_shown():
    clauses = "let a = 1 | 4\n  let b = 1 | 4\n  let c = 1 | 4"
    found = only("a * conv(8, 3) -> b * conv(8, 5) -> c * conv(8, 7)", clauses)
    assert found.message.startswith("in some designs: 13 weighted layers")
    assert found.notes[-1] == "for instance `a=4, b=4, c=4`"


def judged_in_turn(*findings: Diagnostic | None) -> list[Judged]:
    return [Judged({"a": n // 2}, [f] if f else []) for n, f in enumerate(findings)]


@pytest.mark.parametrize(
    ("drawn", "told"),
    [
        ([WRONG] * 6, "with `a=0`: wrong"),
        ([WRONG] * 2, "in some designs: wrong"),
        ([WRONG, None], "in some designs: wrong"),
        ([replace(WRONG, severity=Severity.NOTE)], "in some designs: wrong"),
        ([], "with `a=0`: wrong"),
        (None, "in some designs: wrong"),
    ],
    ids=[
        "all have it",
        "it may be chance",
        "one has not",
        "one has less",
        "all were looked at",
        "no work is left",
    ],
)
def test_a_cause_in_a_sample_is_named_when_what_is_drawn_with_it_agrees(drawn, told):
    judged = judged_in_turn(WRONG, WRONG, None, None)
    again = None if drawn is None else [Judged({"a": 0}, [f] if f else []) for f in drawn]
    (found,) = space_findings(judged, Coverage(4, False, 1000, lambda cause: again))
    assert found.message == told
    confirmed = "and in 6 more drawn with `a=0`" in found.notes
    assert confirmed == (drawn == [WRONG] * 6)


def test_where_more_choices_make_it_than_are_named_that_is_said():
    found = only("depth * conv(8, 3)", "let depth = 6 to 16 by 2")
    assert found.message.startswith("with `depth=10` or `depth=12` or `depth=14` or others: ")


def test_designs_are_counted_once_and_more_are_others(monkeypatch):
    widths = " | ".join(map(str, range(9, 188)))
    clauses = f"let w = {widths}"
    terms = Terms(Config(select=("P101",)))
    text = SPEC.format(model="conv(w, 3) -> (relu | gelu | silu)", clauses=clauses)
    monkeypatch.setattr(trying, "WHOLE", 500)
    program = load(Source(text)).program()
    looked = tried(program, space=Space(program))
    assert not looked.whole
    assert len({frozenset(trial.design.items()) for trial in looked.trials}) == len(looked.trials)
    again = DesignRedrawer(Judging(program, terms), [trial.design for trial in looked.trials])
    drawn = again((("w", 9),))
    met = [one for one in looked.trials if one.design["w"] == 9]
    assert drawn is not None
    assert len(drawn) + len(met) <= 3


LARGE = [
    (SPACES / "mobilenet_v2_like.arch").read_text("utf-8"),
    SPEC.format(
        model="depth * conv(8, 3, bias=false) -> each(i = 1 to 12, relu | gelu | silu)",
        clauses="let depth = 4 | 8 | 12",
    ),
]


@pytest.mark.parametrize("text", LARGE, ids=["mobilenet", "depths"])
def test_what_a_sample_names_as_a_cause_makes_the_finding(text):
    program = load(Source(text)).program()
    terms = Terms(Config(rules={"overcapacity": {"warning": 1}}))
    judging = Judging(program, terms)
    named = [f for f in examine(program, terms).findings if f.message.startswith("with ")]
    assert named
    for found in named:
        told = found.message.split(": ")[0].removeprefix("with ").removesuffix(" or others")
        causes = told.split(" or ")
        for cause in causes:
            values = dict(pair.split("=", 1) for pair in cause.strip("`").split(", "))
            drawn = judging.drawn(drawn_with(values, seed=99))
            for evaluation in islice(drawn, 10):
                assert found.code in [f.code for f in judging.verdict(evaluation)]


def test_a_large_space_is_sampled_and_says_so():
    model = "24 * conv(8, 3) -> each(i = 1 to 20, conv(8 to 64 by 8, 1 | 3))"
    report = check(model)
    found = report.diagnostics[0]
    assert report.ok
    assert (found.code, found.severity) == ("P301", Severity.WARNING)  # a sample rejects nothing
    assert found.notes[-2].startswith("in all ")
    assert found.notes[-2].endswith(" designs sampled of 1.2e24")
    assert "may be sound" in found.notes[-1]


SOFTMAX = """\
arch Net {{
  data  image(3, 32, 32)
  task  classify(10)
  model {{
    let body = each(i = 1 to 20, conv(8 to 64 by 8, 3) -> relu) -> global_avg_pool
    return {head}
  }}
}}
"""


@pytest.mark.parametrize(
    ("head", "severity"),
    [
        ("body -> linear(classes) -> softmax", Severity.ERROR),
        ("body -> linear(classes) -> (softmax | sigmoid)", Severity.WARNING),
        ("body -> linear(classes) -> gelu", Severity.WARNING),
        ("body -> linear(classes) -> softmax -> dropout(0.1)", Severity.WARNING),
    ],
)
def test_a_softmax_that_ends_the_model_of_a_space_is_there_in_every_design(head, severity):
    text = SOFTMAX.format(head=head)
    report = archdsl.check(text, terms=Terms(Config(select=("P805",))))
    found = report.diagnostics[0]
    assert found.severity == severity
    assert ("proven for all designs" in found.notes[-1]) == (severity is Severity.ERROR)


def test_what_the_smallest_design_breaks_rejects_a_space_that_is_only_sampled():
    model = "conv(2048, 5) -> each(i = 1 to 20, conv(1024 to 2048 by 64, 3)) -> batch_norm"
    text = SPEC.format(model=model, clauses="").replace("32, 32)", "32, 32, samples=100)")
    report = archdsl.check(text, terms=Terms(Config(select=("P501",))))
    (found,) = report.diagnostics
    assert (found.code, found.severity) == ("P501", Severity.ERROR)
    assert found.notes[-1] == "proven for all designs, by the one that has least"


def test_a_large_space_is_not_rejected_for_its_larger_designs():
    report = check("depth * conv(8, 3)", "let depth = 1 to 2_000")
    assert report.ok
    (found,) = report.diagnostics
    assert found.message.startswith("in some designs: ")
    assert "designs sampled of 2,000" in "".join(found.notes)


def test_designs_rejected_for_different_reasons_leave_none():
    dense = "flatten -> linear(64) -> relu -> linear(64) -> relu"
    text = SPEC.format(model=f"((24 * conv(8, 3) -> global_avg_pool) | ({dense}))", clauses="")
    text = text.replace("-> global_avg_pool -> linear(classes)", "-> linear(classes)")
    report = archdsl.check(text, terms=Terms(Config(select=("P301", "P101"))))
    assert {found.code for found in report.diagnostics} == {"E510", "P301", "P101"}
    assert not report.ok
    assert not report.unsatisfiable  # there are valid designs, but none is sound


def test_an_allow_that_some_designs_need_is_used():
    allow = 'let depth = 4 | 12\n  allow deep_plain_network because "we look"'
    assert check("depth * conv(8, 3)", allow).diagnostics == ()
    allow = 'let depth = 4 | 5\n  allow deep_plain_network because "we look"'
    assert only("depth * conv(8, 3)", allow).code == "W802"


def test_values_seen_once_in_a_sample_are_no_cause():
    found = Diagnostic("P999", "wrong")
    judged = [Judged({"a": 1}, [found]), Judged({"a": 2}, []), Judged({"a": 3}, [])]
    assert space_findings(judged, Coverage(3, True))[0].message == "with `a=1`: wrong"
    assert space_findings(judged, Coverage(3, False))[0].message == "in some designs: wrong"


def test_extents_are_said_in_words():
    assert Coverage(12, True).all == "proven for all 12 designs"
    assert Coverage(128, False, 15_625).all == "in all 128 designs sampled of 15,625"
    assert Coverage(128, False, 2 * 10**19).all == "in all 128 designs sampled of 2.0e19"
    assert Coverage(128, False).all == "in all 128 designs sampled"
    assert Coverage(9, False, 3**5000).some(2) == "in 2 of 9 designs sampled of about 10^2385"
