"""What ops declare of the numbers they give, held to PyTorch: which are affine, and bounds."""

from __future__ import annotations

from math import inf

import pytest
import torch

from archdsl.ops import catalog
from archdsl.types import Outputs
from tests.ops.reading import CASES, Case
from tests.ops.test_reads import drawn

torch.set_num_threads(1)
FAMILIES = sorted({catalog.family(case.word) for case in CASES})


def results(case: Case, scale: float) -> list[torch.Tensor]:
    """What an op gives for two inputs, for what lies half way between, and beyond both."""
    built, one = drawn(case, training=False)
    other = drawn(case, training=False)[1]
    between = [(a + b) / 2 for a, b in zip(one, other, strict=True)]
    with torch.no_grad():
        found = [built.run(*(scale * x for x in inputs)) for inputs in (one, other, between)]
    return [x[0] if isinstance(x, tuple) else x for x in found]


def _attends_to_one(case: Case) -> bool:
    """Whether a position is weighed against no other."""
    if case.word == "window_attention":
        return case.op.size == 1
    attending = case.word in ("attention", "dot_product_attention")
    return attending and any(getattr(x, "length", 0) == 1 for x in case.takes[1:] or case.takes)


@pytest.mark.parametrize("family", FAMILIES)
def test_an_op_is_affine_where_what_is_half_way_between_becomes_half_way_between(family):
    wrong = []
    for case in (case for case in CASES if catalog.family(case.word) == family):
        if isinstance(case.op.infer(*case.takes), Outputs) or "max_pool(kernel=1," in str(case):
            continue  # the maximum of one number is that number
        if _attends_to_one(case):
            continue  # a weight that is 1
        one, other, between = results(case, 3.0)
        if torch.allclose((one + other) / 2, between, atol=1e-4) != case.op.is_affine():
            wrong.append(str(case))
    assert wrong == []


@pytest.mark.parametrize("family", FAMILIES)
def test_no_number_is_beyond_what_an_op_gives(family):
    for case in (case for case in CASES if catalog.family(case.word) == family):
        low, high = case.op.bounds(*case.takes)
        for scale in (0.1, 1000.0):
            found = torch.cat([x.flatten() for x in results(case, scale)])
            assert low <= found.min(), case
            assert found.max() <= high, case


@pytest.mark.parametrize("word", [w for w in catalog.words() if catalog.family(w) == "activation"])
def test_the_bounds_of_an_activation_are_those_it_reaches(word):
    case = next(case for case in CASES if case.word == word)
    low, high = case.op.bounds(*case.takes)
    found = torch.cat([x.flatten() for x in results(case, 1000.0)])
    assert high == inf or found.max() > 0.9 * high
    assert low == -inf or found.min() < low + 0.1
