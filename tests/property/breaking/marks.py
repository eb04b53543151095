"""Brackets, keywords, marks and characters: what the parser refuses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.property.breaking import Broken, mutation

if TYPE_CHECKING:
    from tests.property.breaking.anatomy import Anatomy


def places(a: Anatomy, pattern: str) -> list[tuple[int, int]]:
    """Where a pattern stands, comments left aside."""
    start = a.tree.items[0].span.start
    return [found.span() for found in re.finditer(pattern, a.text) if found.start() >= start]


def exchange(a: Anatomy, pattern: str, new: str) -> Broken | None:
    place = a.among(places(a, pattern))
    return place and a.put(*place, new)


def anywhere(made: Broken | None) -> Broken | None:
    """What is wrong may be seen anywhere: a bracket missing is noticed late."""
    return made and made._replace(start=0, end=len(made.text))


@mutation("E101", "E102", "E103", "E105", "E106")
def a_bracket_left_out(a: Anatomy) -> Broken | None:
    return anywhere(exchange(a, r"[(){}]", " "))


@mutation("E101", "E102", "E103")
def a_brace_left_out(a: Anatomy) -> Broken | None:
    return anywhere(exchange(a, r"[{}]", " "))


@mutation("E101", "E102", "E103", "E105")  # E105: what follows is read outside of its call
def a_bracket_too_many(a: Anatomy) -> Broken | None:
    place = a.among(places(a, r"\)"))
    return place and anywhere(a.put(place[1], place[1], a.random.choice((")", "}"))))


@mutation("E104")
def a_keyword_misspelt(a: Anatomy) -> Broken | None:
    keyword, wrong = a.random.choice(
        (("data", "dataa"), ("task", "tsak"), ("model", "modle"), ("return", "retrun"))
    )
    return exchange(a, rf"(?m)(?<=^  ){keyword}\b|(?<=^    ){keyword}\b", wrong)


@mutation("E105")
def a_mark_of_another_language(a: Anatomy) -> Broken | None:
    return exchange(a, r"->", a.random.choice(("=>", "@")))


@mutation("E105")
def a_statement_of_another_language(a: Anatomy) -> Broken:
    start = a.arch.span.start
    return a.put(start, start, a.random.choice(("import torch\n", "def f(x):\n", "class A:\n")))


@mutation("E101", "E105", "E106", "E109")
def a_comma_left_out(a: Anatomy) -> Broken | None:
    made = exchange(a, r"(?<=\w), (?=\w)", " ")
    return made and made._replace(start=made.start - 20, end=made.end + 20)


@mutation("E101")
def a_layer_left_out(a: Anatomy) -> Broken | None:
    return exchange(a, r"->", "-> ->")


@mutation("E107")
def a_text_that_is_not_closed(a: Anatomy) -> Broken:
    return a.state('require params > 0, "never closed')


@mutation("E107")
def single_quotes(a: Anatomy) -> Broken:
    return a.state("allow overcapacity because 'because'")


@mutation("E108")
def a_letter_of_another_script(a: Anatomy) -> Broken | None:
    letter = a.random.choice(("\u0430", "\u00e9", "\u2192", "\u4e2d", "\U0001f600"))
    return exchange(a, r"(?<=[a-z])[a-z](?=[a-z]*\()", letter)


@mutation("E109")
def a_unit_that_does_not_exist(a: Anatomy) -> Broken:
    return a.state("require params <= 3 Gib")


@mutation("E123")
def a_number_of_too_many_digits(a: Anatomy) -> Broken:
    return a.state(f"require params <= {'9' * 400}")


@mutation("E124")
def a_name_too_long(a: Anatomy) -> Broken:
    return a.state(f"let {'n' * 400} = 3")


@mutation("E125")
def a_text_too_long(a: Anatomy) -> Broken:
    return a.state(f'allow overcapacity because "{"b" * 400}"')


@mutation("E127")
def a_character_that_cannot_be_seen(a: Anatomy) -> Broken | None:
    unseen = a.random.choice(("\u202e", "\x00", "\x1b", "\ufeff", "\r"))
    return exchange(a, r"(?<=,) ", unseen)
