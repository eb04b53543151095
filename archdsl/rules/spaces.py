"""Findings of rules for a space: those that all designs have, and those that some choices cause."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from math import inf
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.diagnostics import Diagnostic, Label, Severity
from archdsl.rules.causes import causes, has, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from archdsl.rules.causes import Cause
    from archdsl.source import Span

RANK = {Severity.ERROR: 2, Severity.WARNING: 1, Severity.NOTE: 0}
CHANCE = 0.01  # probability that a cause named in a sample is a coincidence, at most
MOST_NOTES = 4  # notes of one code; with more, one speaks for all


class Judged(NamedTuple):
    """A design by its choices, and what the rules find in it."""

    design: dict[str, Any]
    findings: Sequence[Diagnostic]


class Coverage(NamedTuple):
    """How much of a space the designs are: all of it, or a sample of so many.

    ``again`` draws further designs of a sampled space that have some values of choices, or says
    that it cannot. ``proven`` are the rules that reject all designs of it, by the least that any
    design has.
    """

    designs: int
    whole: bool
    size: int | None = None
    again: Callable[[Cause], Sequence[Judged] | None] | None = None
    proven: frozenset[str] = frozenset()

    @property
    def all(self) -> str:
        """``proven for all 12 designs``"""
        if self.whole:
            several = f"all {self.designs:,} designs" if self.designs != 1 else "the one design"
            if not self.designs:
                several = "every combination of choices: none fits together"
            return f"proven for {several}"
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
    """``15,625``, ``2.4e19``; numbers beyond all floats by their power of ten."""
    if number < 10**6:
        return f"{number:,}"
    if number < 10**300:
        mantissa, power = f"{number:.1e}".split("e+")
        return f"{mantissa}e{int(power)}"
    return f"about 10^{number.bit_length() * 30103 // 100000}"


def space_findings(judged: Sequence[Judged], coverage: Coverage) -> list[Diagnostic]:
    """The findings of all designs as findings of their space.

    A finding that all designs have in one place, at some severity or above, is one of the space,
    with the mildest numbers. What only some designs have, or have more severely, is a note that
    names the choices which make it.
    """
    codes = dict.fromkeys(finding.code for one in judged for finding in one.findings)
    return [finding for code in codes for finding in _summed_of_code(code, judged, coverage)]


def shared_errors(judged: Sequence[Judged], coverage: Coverage) -> list[Diagnostic]:
    """The errors that all designs have at the same span, with the figures of the mildest."""
    codes = dict.fromkeys(finding.code for finding in judged[0].findings)
    return [
        _of_all_designs(found, coverage)
        for code in codes
        for found in _by_place(code, judged).values()
        if len(found) == len(judged)
        and all(finding.severity is Severity.ERROR for finding in found.values())
    ]


Place = tuple[Any, int]  # a span, and the index among the findings of one code at this span
Found = dict[int, Diagnostic]  # the findings at one place, by the index of their design


def _summed_of_code(
    code: str, judged: Sequence[Judged], coverage: Coverage
) -> Iterator[Diagnostic]:
    spots = _by_place(code, judged)
    everywhere = [found for found in spots.values() if len(found) == len(judged)]
    for found in everywhere:
        yield _of_all_designs(found, coverage)
    if code.startswith(("E", "W")):
        return
    worst = _worst(spots.values())
    if not everywhere and len(worst) == len(judged):
        yield _of_all_designs(worst, coverage)
        yield from _notes_of_some([worst], judged, coverage)
    elif everywhere or any(len(spots_of) > 1 for spots_of in _places_by_design(spots)):
        yield from _notes_of_some(list(spots.values()), judged, coverage)
    else:  # one thing that stands in another place in another design
        yield from _notes_of_some([worst], judged, coverage)


def _by_place(code: str, judged: Sequence[Judged]) -> dict[Place, Found]:
    spots: dict[Place, Found] = {}
    for index, one in enumerate(judged):
        met: Counter[Span | None] = Counter()
        for finding in one.findings:
            if finding.code == code:
                spots.setdefault((finding.span, met[finding.span]), {})[index] = finding
                met[finding.span] += 1
    return spots


def _places_by_design(spots: dict[Place, Found]) -> list[list[Place]]:
    """The places of the findings of each design that has any."""
    places: dict[int, list[Place]] = {}
    for spot, found in spots.items():
        for index in found:
            places.setdefault(index, []).append(spot)
    return list(places.values())


def _worst(spots: Iterable[Found]) -> Found:
    """The worst finding of each design that has one, wherever it is."""
    worst: Found = {}
    for found in spots:
        for index, finding in found.items():
            if index not in worst or RANK[finding.severity] > RANK[worst[index].severity]:
                worst[index] = finding
    return worst


def _of_all_designs(found: Found, coverage: Coverage) -> Diagnostic:
    """One finding for what every design has, with the figures of the mildest."""
    least = min(RANK[finding.severity] for finding in found.values())
    alike = [finding for finding in found.values() if RANK[finding.severity] == least]
    mild, worst = min(alike, key=excess), max(alike, key=excess)
    notes = [*mild.notes, coverage.all]
    other = worst.label if worst.label != mild.label else worst.message
    if other not in (mild.label, mild.message):
        kind = mild.severity.value
        notes.insert(-1, f"these are the numbers of the mildest design; the worst {kind}: {other}")
    fix = mild.fix if all(finding.fix == mild.fix for finding in found.values()) else None
    if coverage.whole:
        return replace(mild, notes=tuple(notes), fix=fix)
    if mild.code in coverage.proven:
        notes.append("proven for all designs, by the one that has least")
        return replace(mild, notes=tuple(notes), fix=None)
    if fix:  # a design not looked at may need what the fix takes away
        fix = replace(fix, safe=False)
    severity = mild.severity
    if severity is Severity.ERROR:  # one not looked at may be sound: a sample rejects nothing
        severity = Severity.WARNING
        notes.append("an error in each of them; a design that was not looked at may be sound")
    return replace(mild, notes=tuple(notes), fix=fix, severity=severity)


def _notes_of_some(
    spots: list[Found], judged: Sequence[Judged], coverage: Coverage
) -> Iterator[Diagnostic]:
    """A note for each set of designs that have a finding which others lack, or have less
    severely."""
    groups: dict[frozenset[int], list[Found]] = {}
    for found in spots:
        fired = _most_severe(found)
        if len(fired) < len(judged):
            groups.setdefault(fired, []).append(found)
    if len(groups) > MOST_NOTES:
        worst = _worst(spots)
        groups = {_most_severe(worst): [worst]}
    for fired, places in groups.items():
        yield _note_of_some(places, fired, judged, coverage)


def _most_severe(found: Found) -> frozenset[int]:
    most = max(RANK[finding.severity] for finding in found.values())
    return frozenset(i for i, finding in found.items() if RANK[finding.severity] == most)


def _note_of_some(
    places: list[Found], fired: frozenset[int], judged: Sequence[Judged], coverage: Coverage
) -> Diagnostic:
    drawn = _causes(places, fired, judged, coverage)
    named = list(drawn)
    index = next(i for i in sorted(fired) if not named or has(judged[i].design, named[0]))
    finding = places[0][index]
    who = _which_designs(named, [judged[i].design for i in fired])
    milder = any(len(found) > len(fired) for found in places)
    rest = "others have it less severely" if milder else "the others do not have it"
    notes = [*finding.notes, f"{finding.severity.value} {coverage.some(len(fired))}; {rest}"]
    more = ((shown(cause), len(designs)) for cause, designs in drawn.items() if designs)
    notes += [f"and in {count} more drawn with {cause}" for cause, count in more]
    if not named:
        notes.append(f"for instance {shown(tuple(judged[index].design.items())[:8])}")
    return replace(
        finding,
        message=f"{who}: {finding.message}",
        severity=Severity.NOTE,
        trail=(*finding.trail, *_other_places(finding, places, fired)),
        notes=tuple(notes),
        fix=None,
    )


def _causes(
    places: list[Found], fired: frozenset[int], judged: Sequence[Judged], coverage: Coverage
) -> dict[Cause, Sequence[Judged]]:
    """The answers that it comes of, each with the further designs drawn with it; of a sample those
    that these confirm."""
    named = causes(set(fired), [one.design for one in judged], coverage.whole)
    if coverage.again is None:
        return dict.fromkeys(named, ())
    again = {cause: coverage.again(cause) for cause in named}
    share = len(fired) / len(judged)
    return {
        cause: drawn
        for cause, drawn in again.items()
        if drawn is not None
        and _is_confirmed(drawn, places)
        and not _may_be_coincidence(cause, drawn, judged, share)
    }


def _which_designs(named: Sequence[Cause], designs: Iterable[dict[str, Any]]) -> str:
    """The words for the designs with a finding, by the choices that cause it."""
    if not named:
        return "in some designs"
    explained = all(any(has(design, cause) for cause in named) for design in designs)
    return f"with {' or '.join(map(shown, named))}{'' if explained else ' or others'}"


def _other_places(
    finding: Diagnostic, places: list[Found], fired: frozenset[int]
) -> Iterator[Label]:
    """Secondary labels at other places where designs have the finding, a few of them."""
    others = {found[i].span: found[i] for found in places for i in sorted(fired) if i in found}
    others.pop(finding.span)
    for span, other in list(others.items())[:MOST_NOTES]:
        if span is not None:
            yield Label(span, other.label or "here, too")


def _may_be_coincidence(
    cause: Cause, drawn: Sequence[Judged], judged: Sequence[Judged], share: float
) -> bool:
    """Whether all designs with a cause may have the finding by coincidence, when a ``share`` of all
    designs has it."""
    met = sum(has(one.design, cause) for one in judged)
    return bool(drawn) and share ** (met + len(drawn)) > CHANCE


def _is_confirmed(drawn: Sequence[Judged], places: list[Found]) -> bool:
    """Whether all ``drawn`` designs have the finding at the same places."""
    code = next(iter(places[0].values())).code
    rank = max(RANK[finding.severity] for found in places for finding in found.values())
    needed = [{finding.span for finding in found.values()} for found in places]
    for one in drawn:
        having = {f.span for f in one.findings if f.code == code and RANK[f.severity] >= rank}
        if not all(spans & having for spans in needed):
            return False
    return True


def excess(finding: Diagnostic) -> tuple[float, float]:
    """How many times, and then by how much, what was measured is off what is needed; least where
    the two are no numbers."""
    if finding.amount is None:
        return (0, 0)
    low, high = sorted(finding.amount)
    return (high / low if low > 0 else inf, high - low)
