"""What a run is of, read again from what its folder keeps."""

from __future__ import annotations

from archdsl.api import judging_of, read
from archdsl.searching.candidates import Candidates
from archdsl.searching.evaluators.trial import Subject

WORK = 4_000_000  # of exploring the space: some seconds


def subject_of(spec: str, name: str, root: str, arch: str) -> Subject:
    """What was searched: a text, what it is called in messages, the folder whose files it may use,
    and which architecture of it. Raises :class:`~archdsl.diagnostics.SpecError` where the files
    that it uses are not there any more."""
    given = read(spec, name=name, root=root or None)
    return Subject(given.source, given.root, arch or None, given.terms)


def candidates_of(subject: Subject, work: int = WORK) -> Candidates:
    """The designs that may be found. Raises :class:`~archdsl.diagnostics.SpecError`."""
    source, root, arch, terms = subject
    given = read(source.text, name=source.name, root=root, terms=terms)
    return Candidates(judging_of(given, arch), work)
