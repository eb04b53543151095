"""Findings of every kind, from real specs and made up."""

from __future__ import annotations

import archdsl
from archdsl.diagnostics import Amount, Diagnostic, Edit, Fix, Label, Severity
from archdsl.source import Source, Span
from tests.cli.conftest import GOOD, SPACE

DEEP = "arch A { data image(3, 32, 32) model = 24 * (conv(16, 3) -> batch_norm) }"
TEXTS = (
    DEEP,
    GOOD.replace("linear(classes)", "linear(3)"),
    GOOD.replace("relu", "rlu"),
    "arch A {",
    "arch A { data imge(3) model = x }",
    SPACE.replace("<= 500", "<= 5"),
    "block one() = conv(1, 3)\narch A { data table(3) model = one() }",
)


def real() -> list[Diagnostic]:
    """What is wrong with some specs."""
    return [found for text in TEXTS for found in archdsl.check(text, name="a b.arch").diagnostics]


def made_up() -> Diagnostic:
    """One with everything in it, over two lines, in a file of an odd name."""
    source = Source("one, two\nthree\n", "odd: 50%,\x1b[31m\nname.arch")
    span = Span(source, 5, 12)
    return Diagnostic(
        "W999",
        "wrong: 50%\nor so \x1b[31m",
        span,
        Severity.WARNING,
        label="here",
        needed="right",
        trail=(Label(span, "from \x1b"), Label(span, "")),
        notes=("n",),
        help="do",
        fix=Fix("replace", (Edit(span, "new\n"), Edit(Span(source, 0, 0), "x")), safe=True),
        rule="wrong_thing",
        amount=Amount(0.75, 0.5),
    )


def placeless() -> Diagnostic:
    """One about nothing in a text."""
    return Diagnostic("E999", "wrong", severity=Severity.NOTE)
