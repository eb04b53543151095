"""What a few random samples tell of a living model: one probe is one file, found by listing.

A probe's module has ``probe(subject) -> Iterator[Diagnostic]``. The model evaluates when it is
called, and is left as it was; what a probe draws at random it draws from a seed of its own.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from archdsl.catalog import files
from archdsl.runtime.live.verifying.subject import evaluated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.diagnostics import Diagnostic
    from archdsl.runtime.live.verifying.subject import Subject

FIRST = "finiteness"  # numbers that are none leave nothing for the others to look at


def probed(subject: Subject) -> tuple[Diagnostic, ...]:
    """What all probes find."""
    found = tuple(_run(FIRST, subject))
    if found:
        return found
    names = [name for name in files(__name__) if name != FIRST]
    return tuple(finding for name in names for finding in _run(name, subject))


def _run(name: str, subject: Subject) -> Iterator[Diagnostic]:
    import torch

    with evaluated(subject.module), torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        yield from import_module(f"{__name__}.{name}").probe(subject)
