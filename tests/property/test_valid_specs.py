"""Random specs that are right: the compiler says so, and its module does what it foretold.

A failure names the seed: ``spec(seed).text`` is the spec.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import pytest

import archdsl
from archdsl.evaluate.designs import design_of, sampler
from archdsl.resolve.loading import load
from archdsl.source import Source
from archdsl.syntax.format import format_source
from archdsl.types import Outputs
from tests.property.authoring import Spec, spec
from tests.property.running import disagreements
from tests.property.test_syntax_roundtrip import tree
from tests.unjudged import UNJUDGED

if TYPE_CHECKING:
    from collections.abc import Iterator

SPECS = 4_000
FAST = 150  # of them, in the fast suite
CHUNK = 50
CHUNKS = [
    pytest.param(
        range(first, first + CHUNK),
        id=str(first),
        marks=[pytest.mark.slow] if first >= FAST else [],
    )
    for first in range(0, SPECS, CHUNK)
]

chunks = pytest.mark.parametrize("seeds", CHUNKS)


def design(drawn: Spec) -> dict[str, Any]:
    """A design of a spec: nothing where nothing is open, else one at random."""
    if not drawn.is_space:
        return {}
    return design_of(load(Source(drawn.text)).program().evaluate(sampler(drawn.seed)))


def complaints(drawn: Spec) -> Iterator[str]:
    """What is wrong with a spec that should be right."""
    report = archdsl.check(drawn.text, terms=UNJUDGED)
    if not report.ok:
        yield report.render("concise")
        return
    compiled = archdsl.compile(drawn.text, design=design(drawn), terms=UNJUDGED)
    out = compiled.graph.model.out
    first = out.parts[0] if isinstance(out, Outputs) else out
    if first != drawn.out:
        yield f"gives {out}, expected {drawn.out}"
    yield from disagreements(compiled)


def wrong(drawn: Spec) -> list[str]:
    """The complaints, a crash among them, so that all seeds of a chunk are told."""
    try:
        return [*complaints(drawn)]
    except Exception as crash:
        return [f"{type(crash).__name__}: {crash}"]


@chunks
@pytest.mark.filterwarnings("ignore:dropout option adds dropout:UserWarning")
def test_a_module_does_what_the_compiler_foretold(seeds):
    found = {seed: wrong(spec(seed)) for seed in seeds}
    assert {seed: told for seed, told in found.items() if told} == {}


@chunks
def test_a_spec_formatted_means_the_same(seeds):
    for text in (spec(seed).text for seed in seeds):
        formatted = format_source(text)
        assert tree(formatted) == tree(text)
        assert format_source(formatted) == formatted


@chunks
def test_a_spec_compiles_to_the_same_text_again(seeds):
    for drawn in map(spec, seeds[::25]):
        chosen = design(drawn)
        texts = {
            archdsl.compile(drawn.text, design=chosen, terms=UNJUDGED).source for _ in range(2)
        }
        assert len(texts) == 1, drawn.seed


def test_an_author_draws_the_same_spec_again():
    assert [spec(seed).text for seed in range(50)] == [spec(seed).text for seed in range(50)]
    assert Random(1).random() == Random(1).random()
