"""What random texts of each grammar are: how many parse, and how many of them check clean.

``python -m benchmarks.grammars``: texts of the grammars for llama.cpp, their rules drawn at random,
open and closed over the names there are. No model knows what it writes here, so the shares are what
the grammars alone hold.
"""

from __future__ import annotations

import sys
from collections import Counter
from random import Random

import archdsl
from archdsl.explain.names import names
from archdsl.source import Source
from archdsl.syntax.export import grammar_for
from archdsl.syntax.parser import parse
from tests.syntax.gbnf import Author, Gbnf

TEXTS = 500
DEPTH = 30  # rules within rules, beyond which what ends soonest is drawn
BRIEF = 0.7  # share of what may be left out that is


def main(number: int = TEXTS) -> None:
    """Print the table."""
    heads = "grammar|texts|characters|parse|an architecture without errors|most frequent error"
    print("| " + heads.replace("|", " | ") + " |")
    print("|---|---|---|---|---|---|")
    for word, closed in (("open", False), ("closed", True)):
        rules = Gbnf(grammar_for("gbnf", names() if closed else None))
        author = Author(rules, Random(0), DEPTH, BRIEF)
        texts = list(_distinct(author, number))
        print(_row(word, texts))


def _distinct(author: Author, number: int) -> dict[str, None]:
    """So many different texts that hold more than blanks and comments."""
    found: dict[str, None] = {}
    while len(found) < number:
        text = author.text()
        if any(line.strip() and not line.strip().startswith("#") for line in text.splitlines()):
            found[text] = None
    return found


def _row(word: str, texts: list[str]) -> str:
    reports = [archdsl.check(text) for text in texts]
    errors = [{d.code for d in one.diagnostics if d.severity == "error"} for one in reports]
    parsed = sum(map(_parses, texts))
    clean = sum(one.ok and "arch " in text for one, text in zip(reports, texts, strict=True))
    code, times = Counter(code for codes in errors for code in codes).most_common(1)[0]
    length = sum(map(len, texts)) // len(texts)
    cells = (word, len(texts), length, parsed, clean, f"{code} in {times}")
    return f"| {' | '.join(map(str, cells))} |"


def _parses(text: str) -> bool:
    try:
        parse(Source(text))
    except archdsl.SpecError:
        return False
    return True


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
