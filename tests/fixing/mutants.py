"""Specs with mistakes as people make them: real and random ones, changed in one to three places."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from tests.property.authoring import spec

if TYPE_CHECKING:
    from collections.abc import Callable

SPECS = Path(__file__).parents[2] / "specs"
QUICK = ("zoo/*.arch", "antipatterns/*_right.arch")
SPACES = tuple(f"spaces/{name}.arch" for name in ("nas_bench_graph", "sequence", "unet"))
TOKEN = re.compile(r'#[^\n]*|"[^"\n]*"|->|[<>=!]=|[A-Za-z_][A-Za-z0-9_]*|\d[\d_.]*|[^\s]')
WORD = re.compile(r"[A-Za-z_]\w+")
KEY = re.compile(r"\b([a-z_]+)(?==(?!=))")
NUMBER = re.compile(r"\b\d[\d_]*\b")
LAYER = re.compile(r"(?<=-> )[a-z_0-9]+")
FOREIGN = ("//", ";", "==", "=>", "&&", "'a'", "\u2212", "\u00a0", "[", "]", ":", "gb", "\u200b")


@lru_cache(maxsize=2)
def real(ways: tuple[str, ...] = QUICK) -> tuple[str, ...]:
    return tuple(
        path.read_text(encoding="utf-8") for way in ways for path in sorted(SPECS.glob(way))
    )


def typo(text: str, chance: Random) -> str:
    """A letter of a word left out, doubled or swapped with the next."""
    word = chance.choice(list(WORD.finditer(_without_comments(text))))
    at = chance.randrange(word.start(), word.end() - 1)
    put = chance.choice(("", text[at] * 2, text[at + 1] + text[at]))
    return text[:at] + put + text[at + (2 if len(put) == 2 and put[0] != put[1] else 1) :]


def dropped(text: str, chance: Random) -> str:
    token = chance.choice(list(TOKEN.finditer(text)))
    return text[: token.start()] + text[token.end() :]


def doubled(text: str, chance: Random) -> str:
    token = chance.choice(list(TOKEN.finditer(text)))
    between = chance.choice(("", " "))
    return text[: token.end()] + between + token.group() + text[token.end() :]


def renumbered(text: str, chance: Random) -> str:
    number = chance.choice(list(NUMBER.finditer(_without_comments(text))) or [None])
    value = chance.choice((0, 1, 2, 3, 5, 7, 10, 100, 1000))
    return text if number is None else _put(text, number, str(value))


def renamed(text: str, chance: Random) -> str:
    """The key of an argument in the place of another."""
    keys = list(KEY.finditer(_without_comments(text)))
    others = ("bias", "stride", "samples", "augment", "segments", "kernal", "pading", "batch", "lr")
    return _put(text, chance.choice(keys), chance.choice(others)) if keys else text


def swapped(text: str, chance: Random) -> str:
    """Two layers in each other's place."""
    layers = list(LAYER.finditer(_without_comments(text)))
    if len(layers) < 2:
        return text
    first, second = sorted(chance.sample(layers, 2), key=lambda layer: layer.start())
    return _put(_put(text, second, first.group()), first, second.group())


def foreign(text: str, chance: Random) -> str:
    token = chance.choice(list(TOKEN.finditer(text)))
    return _put(text, token, chance.choice(FOREIGN))


WAYS: tuple[Callable[[str, Random], str], ...] = (
    typo, typo, dropped, doubled, renumbered, renamed, swapped, foreign
)  # fmt: skip


def mutant(seed: int) -> str:
    """A spec of which one to three places were changed; the same for the same seed."""
    chance = Random(seed)
    return _changed(spec(seed).text if seed % 2 else chance.choice(real()), chance)


def mutant_space(seed: int) -> str:
    """The same of a space of many designs."""
    chance = Random(seed)
    return _changed(chance.choice(real(SPACES)), chance)


def _changed(text: str, chance: Random) -> str:
    for _ in range(chance.choice((1, 1, 2, 3))):
        text = chance.choice(WAYS)(text, chance)
    return text


def _put(text: str, place: re.Match[str], other: str) -> str:
    return text[: place.start()] + other + text[place.end() :]


def _without_comments(text: str) -> str:
    """The same with blanks for comments and texts, so that places stay."""
    return re.sub(r'#[^\n]*|"[^"\n]*"', lambda found: " " * len(found.group()), text)
