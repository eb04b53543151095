"""Amounts in words, and what is told of a box besides its text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.limits.telling import shown
from archdsl.pictures.picture import By, Kind
from archdsl.spec.constants import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.diagnostics import Diagnostic
    from archdsl.pictures.picture import Box, Picture

UNITS = ((10**12, "T"), (10**9, "G"), (10**6, "M"), (10**3, "k"))
BARS = {By.PARAMS: "parameters", By.MACS: "MACs", By.MEMORY: "memory"}


def short(number: int) -> str:
    """A count in three digits: ``25.6M``."""
    for size, unit in UNITS:
        if number >= size:
            share = number / size
            return f"{share:.3g}{unit}" if share < 999.5 else f"{share:,.0f}{unit}"
    return str(number)


def amount(number: int, by: By) -> str:
    """An amount with its unit."""
    if by is By.MEMORY:
        return shown(Quantity(number, "bytes"), 3)
    return f"{short(number)} {BARS[by]}"


def headline(box: Box) -> str:
    """What a box is, with its number of copies."""
    times = f"× {box.times}" if box.times else ""
    return f"{box.heading} {times}".strip()


def details(box: Box, findings: tuple[Diagnostic, ...]) -> Iterator[str]:
    """What is told of a box: what it is, what it gives, what it costs, what is wrong with it."""
    if told := headline(box):
        yield told
    if box.sizes:
        yield f"gives {box.sizes}"
    costs = [amount(box.amounts.of(by), by) for by in By if box.amounts.of(by)]
    if costs:
        yield ", ".join(costs)
    for number in box.findings:
        yield f"{findings[number].code}: {findings[number].message}"


def most(picture: Picture) -> int:
    """The largest amount of a box without others inside: what bars are drawn against."""
    return max((b.amounts.of(picture.by) for b in picture.every() if not b.inside), default=0)


def told_in_text(picture: Picture, box: Box) -> list[str]:
    """What a box says where it is text alone: with its amount, and marks for findings."""
    if box.kind is Kind.JOIN:
        return []
    lines = [told] if (told := headline(box)) else []
    lines += [f"| {option}" for option in box.options]
    lines += [f"→ {step}" for step in box.then]
    lines += box.lines
    own = box.amounts.of(picture.by)
    if own:
        lines.append(amount(own, picture.by))
    for number in box.findings:
        lines.append(f"! {picture.findings[number].code}")
    return lines
