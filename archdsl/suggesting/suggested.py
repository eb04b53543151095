"""What a rejected spec could be instead, for whoever asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl import api
from archdsl.suggesting.choices import Neighbour, neighbours, refusal
from archdsl.suggesting.search import Searching, Suggestion, rejected

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archdsl.terms import Terms


class Suggested(NamedTuple):
    """The nearest designs that pass, nearest first, of each rejected architecture in turn.

    ``passes``: there is nothing to suggest. ``report`` says why the spec is rejected. ``stopped``:
    the search ended before all was tried. Not ``is_read``: mistakes are left that no fix mends,
    and nothing else can be tried before they are put right.
    """

    suggestions: tuple[Suggestion, ...] | tuple[Neighbour, ...]
    report: api.Report
    passes: bool = False
    stopped: bool = False
    is_read: bool = True


def suggest(
    spec: api.AnySpec,
    n: int = 3,
    *,
    arch: str | None = None,
    design: Mapping[str, Any] | None = None,
    name: str | None = None,
    root: api.Root = None,
    terms: Terms | None = None,
) -> Suggested:
    """The nearest designs that pass, at most ``n`` for each architecture that does not.

    Without a ``design`` they are texts (:class:`Suggestion`): the fixes of errors, skips around
    what is repeated, attention in windows, larger widths, the largest widths, repeats, heads and
    batch that pass, else another model for the same data. With the ``design`` of a space they are
    designs (:class:`Neighbour`) that choose
    otherwise in one place. Each was checked and passes. Takes up to 15 seconds. The other arguments
    are those that all functions share (:mod:`archdsl.api`). Raises
    :class:`~archdsl.diagnostics.SpecError` for an ``arch`` or a ``design`` that there is not, and
    OSError.
    """
    given = api.read(spec, name, root, terms)
    return _of_design(given, n, arch, dict(design)) if design else _of_text(given, n, arch)


def _of_text(given: api.Read, n: int, arch: str | None) -> Suggested:
    """Other texts of the spec."""
    source, root, terms = given
    report = api.check(source.text, name=source.name, root=root, terms=terms)
    names = rejected(source, arch, root, terms)
    found: list[Suggestion] = []
    stopped, is_read = False, True
    for one in names:
        searching = Searching(source, one, root, terms)
        found += searching.suggestions()[:n]
        stopped |= searching.stopped
        is_read &= searching.is_read
    return Suggested(tuple(found), report, not names, stopped, is_read)


def _of_design(given: api.Read, n: int, arch: str | None, design: dict[str, Any]) -> Suggested:
    """Other designs of the space."""
    judging = api.judging_of(given, arch)
    found = neighbours(judging, design)
    report = api.Report(refusal(judging, design))
    return Suggested(tuple(found or ())[:n], report, passes=found is None)
