"""What the API hands out pickles, copies and crosses to other processes."""

from __future__ import annotations

import copy
import multiprocessing
import pickle
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import pytest

import archdsl
from tests.api.handed_out import NAMES, handed_out
from tests.cli.conftest import GOOD, SPACE

BAD = GOOD.replace("conv(16, 3, bias=false)", "conv(16, 33, padding=0)")
MISSPELT = GOOD.replace("relu", "rlu").replace("global_avg_pool", "global_pool")
DEEP = """\
block b(n) = when(n == 0, conv(8, 1), else=residual(conv(8, 1) -> batch_norm -> relu -> b(n - 1)))
arch D { data image(8, 4, 4) model = b(30) }
"""
# They are compared by identity, or point into the spec's expressions, which are.
POINTING = (archdsl.Survey, archdsl.ChoiceShares, archdsl.Effect, archdsl.Trial)
SECONDS = 120  # after which a pool is taken to hang


@pytest.fixture(scope="module")
def pool():
    """One worker, started as on every system: a new interpreter that imports what it needs."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield pool


@pytest.mark.parametrize("name", NAMES)
def test_it_pickles_and_copies(name):
    value = handed_out()[name]
    for again in (pickle.loads(pickle.dumps(value)), copy.deepcopy(value)):
        assert type(again) is type(value)
        if isinstance(value, archdsl.SpecError):
            assert (again.diagnostics, str(again)) == (value.diagnostics, str(value))
        elif isinstance(value, archdsl.Space):
            assert again.count(valid=True) == value.count(valid=True)
        elif not isinstance(value, POINTING):
            assert again == value


@pytest.mark.parametrize("name", NAMES)
def test_another_process_reads_it(name, tmp_path):
    file = tmp_path / "value.pickle"
    value = handed_out()[name]
    file.write_bytes(pickle.dumps(value))
    code = f"import pickle; print(repr(pickle.load(open({str(file)!r}, 'rb')))[:200])"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    if not isinstance(value, (archdsl.Space, *POINTING)):
        assert ended.stdout.rstrip("\n") == repr(value)[:200]


def test_everything_that_has_a_class_is_among_them():
    assert list(handed_out()) == NAMES
    classes = {name for name in archdsl.__all__ if isinstance(getattr(archdsl, name), type)}
    assert classes <= handed_out().keys()


@pytest.mark.slow
def test_the_findings_of_every_code_travel():
    from archdsl.explain.errors import pages

    reports = [archdsl.check(page.spec) for page in pages().values() if page.example]
    assert len({found.code for report in reports for found in report.diagnostics}) > 50
    for report in reports:
        assert pickle.loads(pickle.dumps(report)) == copy.deepcopy(report) == report


def test_a_survey_tells_the_same_in_another_process(pool):
    survey = archdsl.survey(archdsl.read_space(SPACE))
    again = pickle.loads(pickle.dumps(survey))
    assert (again.fitting, again.valid, again.metrics) == (12 // 2, survey.valid, survey.metrics)
    assert [choice.options for choice in again.choices] == [c.options for c in survey.choices]
    assert again.requirements[0].requirement.span.text == "require params <= 500"


def test_a_compiled_design_crosses_a_pool(pool):
    here = archdsl.compile(GOOD)
    there = pool.submit(archdsl.compile, GOOD).result(SECONDS)
    assert there == here
    assert (there.params, there.macs, there.shapes) == (here.params, here.macs, here.shapes)


def test_a_deep_design_crosses_a_pool(pool):
    terms = archdsl.Terms(archdsl.Config(ignore=("P",)))
    there = pool.submit(partial(archdsl.compile, DEEP, terms=terms)).result(SECONDS)
    assert there.params == archdsl.compile(DEEP, terms=terms).params


@pytest.mark.parametrize("text", [BAD, MISSPELT, SPACE, "arch {", "", "\0"])
def test_a_bad_spec_in_a_pool_gives_its_error(pool, text):
    with pytest.raises(archdsl.SpecError) as there:
        pool.submit(archdsl.compile, text).result(SECONDS)
    with pytest.raises(archdsl.SpecError) as here:
        archdsl.compile(text)
    assert there.value.diagnostics == here.value.diagnostics
    assert str(there.value) == str(here.value)
    assert archdsl.Report(there.value.diagnostics).render().startswith("error[E")


def test_many_specs_go_through_one_pool_good_and_bad(pool):
    reports = list(pool.map(archdsl.check, [GOOD, BAD, MISSPELT, SPACE], timeout=SECONDS))
    assert [report.ok for report in reports] == [True, False, False, True]
    assert reports == [archdsl.check(text) for text in (GOOD, BAD, MISSPELT, SPACE)]


def test_an_error_of_a_kind_stays_of_that_kind():
    from archdsl.evaluate.run import BoundMet

    error = BoundMet(archdsl.Diagnostic("E601", "too much"))
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is BoundMet
    assert again.diagnostics == error.diagnostics
