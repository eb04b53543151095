"""Random specs: what the API makes of them crosses to other processes unchanged.

A failure names the seed: ``spec(seed).text`` is the spec.
"""

from __future__ import annotations

import pickle

import pytest

import archdsl
from archdsl.emit.pytorch import emit
from tests.property.authoring import spec
from tests.property.test_valid_specs import design
from tests.unjudged import UNJUDGED

SPECS = 50


@pytest.mark.parametrize("first", range(0, SPECS, 50))
def test_what_compiles_is_the_same_on_the_other_side(first):
    for seed in range(first, first + 50):
        drawn = spec(seed)
        compiled = archdsl.compile(drawn.text, design=design(drawn), terms=UNJUDGED)
        again = pickle.loads(pickle.dumps(compiled))
        assert again == compiled, seed
        assert (again.params, again.macs, again.shapes) == (
            compiled.params,
            compiled.macs,
            compiled.shapes,
        ), seed
        assert emit(again.graph) == compiled.source, seed


@pytest.mark.slow
def test_a_space_holds_the_same_designs_on_the_other_side():
    for seed in range(12):
        drawn = spec(seed)
        space = archdsl.read_space(drawn.text, terms=UNJUDGED)
        again = pickle.loads(pickle.dumps(space))
        report = archdsl.check(drawn.text)
        assert pickle.loads(pickle.dumps(report)) == report, seed
        if drawn.is_space:
            assert again.count() == space.count(), seed
