"""What rules say of a space: what holds for all its designs, and what only some choices make."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.diagnostics import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archdsl.diagnostics import Diagnostic

RANK = {Severity.ERROR: 2, Severity.WARNING: 1, Severity.NOTE: 0}
NAMED = 3  # values of choices that a note names
PAIRED = 40  # values of one design whose pairs are tried as a cause


class Judged(NamedTuple):
    """A design by its choices, and what the rules find in it."""

    design: dict[str, Any]
    findings: Sequence[Diagnostic]


class Extent(NamedTuple):
    """How much of a space the designs are: all of it, or a sample of so many."""

    designs: int
    whole: bool
    size: int | None = None

    @property
    def all(self) -> str:
        """``proven for all 12 designs``"""
        if self.whole:
            return f"proven for all {self.designs:,} designs"
        return f"in all {self.designs:,} designs sampled{self._of}"

    def some(self, number: int) -> str:
        """``proven for 4 of the 12 designs``"""
        if self.whole:
            return f"proven for {number:,} of the {self.designs:,} designs"
        return f"in {number:,} of {self.designs:,} designs sampled{self._of}"

    @property
    def _of(self) -> str:
        if self.size is None:
            return ""
        return f" of {_shortly(self.size)}"


def _shortly(number: int) -> str:
    """``15,625``, ``2e19``; numbers beyond all floats by their power of ten."""
    if number < 10**6:
        return f"{number:,}"
    if number < 10**300:
        return f"{number:.0e}".replace("e+", "e")
    return f"about 10^{number.bit_length() * 30103 // 100000}"


def summed(judged: Sequence[Judged], extent: Extent) -> list[Diagnostic]:
    """The findings of all designs as findings of their space.

    A finding at one severity or above in all designs is one of the space, with the mildest
    numbers. What only some designs have is a note that names the choices which make it.
    """
    codes = dict.fromkeys(finding.code for one in judged for finding in one.findings)
    return [finding for code in codes for finding in _of_code(code, judged, extent)]


def _of_code(code: str, judged: Sequence[Judged], extent: Extent) -> Iterator[Diagnostic]:
    found = [[f for f in one.findings if f.code == code] for one in judged]
    worst = [max((RANK[f.severity] for f in findings), default=-1) for findings in found]
    least, most = min(worst), max(worst)
    if least >= 0:
        for finding in _everywhere(found, least):
            yield replace(finding, notes=(*finding.notes, extent.all))
    if most > least and not code.startswith(("E", "W")):
        fired = {index for index, rank in enumerate(worst) if rank == most}
        yield _somewhere(found, fired, judged, extent)


def _everywhere(found: list[list[Diagnostic]], rank: int) -> list[Diagnostic]:
    """What all designs have at the same place, else one finding for all places."""
    mild = min(found, key=lambda findings: max(RANK[f.severity] for f in findings))
    places = set.intersection(*[{f.span for f in findings} for findings in found])
    shared = [finding for finding in mild if finding.span in places]
    return shared or [max(mild, key=lambda finding: RANK[finding.severity])]


def _somewhere(
    found: list[list[Diagnostic]], fired: set[int], judged: Sequence[Judged], extent: Extent
) -> Diagnostic:
    causes = _causes(fired, [one.design for one in judged], extent.whole)
    index = next(i for i in sorted(fired) if not causes or _has(judged[i].design, causes[0]))
    finding = max(found[index], key=lambda finding: RANK[finding.severity])
    shown = " or ".join(_shown(cause) for cause in causes)
    who = f"with {shown}" if causes else "in some designs"
    where = extent.some(len(fired))
    notes = [*finding.notes, f"{finding.severity.value} {where}; a design without it passes"]
    if not causes:
        notes.append(f"for instance {_shown(tuple(judged[index].design.items())[:8])}")
    return replace(
        finding,
        message=f"{who}: {finding.message}",
        severity=Severity.NOTE,
        notes=tuple(notes),
        fix=None,
    )


Cause = tuple[tuple[str, Any], ...]  # values of choices that together make a finding


def _shown(cause: Cause) -> str:
    return "`" + ", ".join(f"{path}={value}" for path, value in cause) + "`"


def _has(design: dict[str, Any], cause: Cause) -> bool:
    return all(path in design and design[path] == value for path, value in cause)


def _causes(fired: set[int], designs: list[dict[str, Any]], whole: bool) -> list[Cause]:
    """Values of choices all of whose designs have the finding, the most frequent first."""
    having = _having(designs)
    enough = 1 if whole else 2  # one design of a sample shows nothing
    sole: dict[Cause, set[int]] = {
        (pair,): having[pair]
        for pair in having
        if len(having[pair]) >= enough and having[pair] <= fired
    }
    return _cover(sole, fired) or _pairs(fired, designs, having, enough)


def _having(designs: list[dict[str, Any]]) -> dict[tuple[str, Any], set[int]]:
    having: dict[tuple[str, Any], set[int]] = {}
    for index, design in enumerate(designs):
        for pair in design.items():
            having.setdefault(pair, set()).add(index)
    return having


def _cover(sole: dict[Cause, set[int]], fired: set[int]) -> list[Cause]:
    """A few causes, the largest first, each for designs that those before do not explain."""
    left, chosen = set(fired), list[Cause]()
    while sole and left and len(chosen) < NAMED:
        best = max(sole, key=lambda cause: len(sole[cause] & left))
        if not sole[best] & left:
            break
        chosen.append(best)
        left -= sole[best]
    return chosen


def _pairs(
    fired: set[int],
    designs: list[dict[str, Any]],
    having: dict[tuple[str, Any], set[int]],
    enough: int,
) -> list[Cause]:
    """Two values that make the finding together, where none does alone."""
    pairs = tuple(designs[min(fired)].items())[:PAIRED]
    both: dict[Cause, set[int]] = {
        (one, other): having[one] & having[other] for one, other in combinations(pairs, 2)
    }
    sure = {cause: s for cause, s in both.items() if len(s) >= enough and s <= fired}
    return _cover(sure, fired)[:1]
