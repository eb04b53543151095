"""A design to be evaluated, as evaluators see it."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.terms import USUAL, Terms

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from archdsl.api import Compiled
    from archdsl.source import Source

    Report = Callable[[int, Mapping[str, float]], bool]


WIDEST = 60  # characters of a value that are shown


class Stopped(BaseException):
    """A trial is not worth going on with. It is no ``Exception``, so that an evaluator's own
    ``except Exception`` does not swallow it."""


class Subject(NamedTuple):
    """What is searched: a spec, the folder whose files it may use, which architecture of it."""

    source: Source
    root: Path | None = None
    arch: str | None = None
    terms: Terms = USUAL


class Trial:
    """A design to be evaluated.

    ``number`` counts the trials of a search from 0; ``design`` is the value of each choice by path;
    ``seed`` is the search's; ``attempt`` is 2 where this trial was begun before and its process
    died. ``options`` are what the search was given for its evaluator, such as the data.
    """

    def __init__(
        self,
        subject: Subject,
        number: int,
        design: Mapping[str, Any],
        seed: int = 0,
        folder: Path | None = None,
        options: Mapping[str, Any] | None = None,
        attempt: int = 1,
        report: Report | None = None,
    ) -> None:
        self.subject = subject
        self.number = number
        self.design = dict(design)
        self.seed = seed
        self.attempt = attempt
        self.options = dict(options or {})
        self._folder = folder
        self._report = report

    @cached_property
    def compiled(self) -> Compiled:
        """The design compiled: its ``graph``, ``source``, ``params`` and ``macs``."""
        import archdsl

        source, root, arch, terms = self.subject
        return archdsl.compile(
            source.text, design=self.design, arch=arch, name=source.name, root=root, terms=terms
        )

    @property
    def spec(self) -> str:
        """The text of the spec that it is a design of; both together are the network."""
        return self.subject.source.text

    @cached_property
    def text(self) -> str:
        """The design as a spec of its own, without choices, as ``archdsl close`` writes it."""
        import archdsl

        source, root, arch, terms = self.subject
        return archdsl.close(
            source.text, design=self.design, arch=arch, name=source.name, root=root, terms=terms
        )

    @property
    def document(self) -> str:
        """The design as a line of JSON, as ``archdsl sample`` prints it."""
        from archdsl.evaluate.designs import dumps

        return dumps(self.design)

    def module(self) -> Any:
        """A new ``torch.nn.Module`` of the design, with fresh weights."""
        return self.compiled.module()

    @property
    def folder(self) -> Path:
        """Where to leave files, such as weights or what to go on from; it is there, and is the same
        for each attempt. Raises ValueError in a search that keeps nothing."""
        if self._folder is None:
            raise ValueError("this search has no folder")
        self._folder.mkdir(parents=True, exist_ok=True)
        return self._folder

    def report(self, epoch: int, metrics: Mapping[str, float]) -> None:
        """Tell the metrics at the end of an epoch. Raises :class:`Stopped` where the trial is not
        worth going on with; an evaluator lets that pass."""
        if self._report is not None and not self._report(int(epoch), numbers(metrics)):
            raise Stopped

    def __repr__(self) -> str:
        return f"Trial({self.number}, {json.dumps(self.design)})"


def numbers(metrics: Any) -> dict[str, float]:
    """Metrics as plain numbers by name. Raises TypeError for what is no mapping of numbers."""
    try:
        given = dict(metrics)
    except (TypeError, ValueError):
        message = f"an evaluator gives a mapping of metrics to numbers, not {_shown(metrics)}"
        raise TypeError(message) from None
    return {str(name): _number(name, value) for name, value in given.items()}


def _number(name: object, value: Any) -> float:
    try:
        return float(value)
    except OverflowError:
        said = "is a number beyond those of 64 bits, which end at 1.8e308"
    except (TypeError, ValueError, RuntimeError):  # the last of tensors of several numbers
        said = f"is {_shown(value)}"
    raise TypeError(f"the metric `{_shown(name, str)}` {said}; it has to be a number")


def _shown(value: object, spelled: Callable[[Any], str] = repr) -> str:
    """A value, cut to a length."""
    try:
        text = spelled(value)
    except Exception:  # of objects that cannot be shown
        text = f"{type(value).__name__} that cannot be shown"
    return text if len(text) <= WIDEST else f"{text[:WIDEST]}…"
