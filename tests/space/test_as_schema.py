"""The JSON Schema of designs: it takes the valid ones, and of few choices no others."""

from __future__ import annotations

import json
from random import Random

import jsonschema
import pytest

import archdsl
from archdsl.diagnostics import SpecError
from archdsl.evaluate.designs import Given
from archdsl.space.as_schema import EACH, EXACT, design_schema

HEAD = "data image(3, 32, 32, samples=50_000) task classify(10)"
SPECS = {
    "conditional": """
  let depth = 1 to 3
  require params <= 9k
  model {
    let wide = conv(8 | 16, 3)
    let rest = wide -> when(depth >= 2, conv(16, 3 | 5) -> relu, else=conv(16, 1))
    return rest -> depth * residual(conv(16, 3)) -> global_avg_pool -> linear(classes)
  }""",
    "continuous": """
  train adamw(lr=1e-4 to 1e-2 log, batch=64 | 128) | sgd(lr=0.1, momentum=0.8 to 0.95)
  model = conv(8 | 16, 3) -> relu -> (identity | dropout(0.1 to 0.5)) -> global_avg_pool
          -> linear(classes)""",
    "named": """
  let width = small: 8 | large: 16
  model = conv(width, 3) -> add(pick(2, identity, conv(width, 1), max_pool(3, stride=1)))
          -> permute(relu, batch_norm, identity) -> global_avg_pool -> linear(classes)""",
}


def spec(name: str) -> str:
    return f"arch A {{ {HEAD} {SPECS[name]} }}"


def validator(text: str) -> jsonschema.Draft202012Validator:
    schema = json.loads(json.dumps(design_schema(archdsl.read_space(text))))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def is_valid(text: str, design: dict[str, object]) -> bool:
    """What the compiler itself says: each choice is made, none else, and the requirements hold."""
    given = Given(design)
    space = archdsl.read_space(text)
    evaluation = space.program.attempt(given, space.bounds_of_one)
    whole = not given.missing and not given.refused and given.used == set(design)
    return whole and not isinstance(evaluation, SpecError) and _compiles(text, design)


def _compiles(text: str, design: dict[str, object]) -> bool:
    try:
        archdsl.compile(text, design=design)
    except SpecError as error:  # a valid design may break a principle
        return all(found.code.startswith("P") for found in error.diagnostics)
    return True


@pytest.mark.parametrize("name", SPECS)
def test_all_designs_of_a_space_are_taken(name):
    text = spec(name)
    told = validator(text)
    assert told.schema["description"] == EXACT
    designs = archdsl.sample(text, 40, seed=1) + list(archdsl.read_space(text).designs())
    assert len(designs) > 5
    assert [one for one in designs if not told.is_valid(json.loads(json.dumps(one)))] == []


@pytest.mark.parametrize("name", SPECS)
def test_designs_with_one_choice_changed_are_taken_where_they_are_valid(name):
    text, random = spec(name), Random(3)
    told = validator(text)
    designs = list(archdsl.read_space(text).designs())
    wrong = [_changed(random.choice(designs), designs, random) for _ in range(30)]
    judged = [(told.is_valid(one), is_valid(text, one)) for one in wrong]
    assert [one for one, (a, b) in zip(wrong, judged, strict=True) if a != b] == []
    assert {a for a, _ in judged} == {True, False}


def _changed(design, designs, random):
    """A design with a choice taken away, added or answered as in another design, or by nonsense."""
    other = random.choice(designs)
    path = random.choice([*other])
    kind = random.randrange(4)
    if kind == 0:
        return {key: value for key, value in design.items() if key != random.choice([*design])}
    return {**design, (path if kind < 3 else "no.such"): other[path] if kind != 2 else 1e9}


def test_a_large_space_is_told_choice_by_choice():
    text = f"""arch A {{ {HEAD} let width = 8 to 64 by 8
  model = each(i = 1 to 4, conv(width, 3 | 5 | 7) -> (relu | gelu)) -> global_avg_pool
          -> linear(classes) }}"""
    told = validator(text)
    assert told.schema["description"] == EACH
    design = archdsl.sample(text)[0]
    assert told.is_valid(design)
    assert not told.is_valid({**design, "width": 9})
    assert not told.is_valid({key: design[key] for key in [*design][1:]})


def test_a_spec_without_designs_takes_none_and_one_without_choices_the_empty_one():
    assert validator(f"arch A {{ {HEAD} model = flatten -> linear(classes) }}").is_valid({})
    none = f"arch A {{ {HEAD} require params <= 1 model = flatten -> linear(classes) }}"
    assert not validator(none).is_valid({})
