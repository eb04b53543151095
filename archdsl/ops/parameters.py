"""The parameters of ops: what each accepts, as dataclass fields.

``channels: int = whole()`` in an op's class makes a required integer of at least 1. Each function
returns a dataclass field whose metadata holds the :class:`Accepts` that binds arguments to it.
"""

from __future__ import annotations

from dataclasses import MISSING, dataclass, field
from typing import Any

AUTO = "auto"  # an argument that is left to itself


@dataclass(frozen=True)
class Accepts:
    """What an argument may be: ``what`` says it to people, ``kind`` to the binder.

    Kinds: ``whole``, ``real``, ``flag``, ``word``, ``extent`` (an int, or ``size(h, w)``),
    ``tensor`` (the name of a ``let`` of the same body, given to the op as a :class:`Bound`).
    """

    kind: str
    what: str
    minimum: float | None = None
    maximum: float | None = None
    words: tuple[str, ...] = ()
    optional: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The words it may be: its own, and ``auto`` where it may be left to itself."""
        return (*self.words, AUTO) if self.optional and self.kind != "tensor" else self.words


@dataclass(frozen=True)
class Bound:
    """A ``let`` of the same body, named by an argument: its name, and the op that made it."""

    name: str
    op: Any
    inputs: tuple[Any, ...]


def _parameter(accepts: Accepts, default: Any) -> Any:
    metadata = {"accepts": accepts}
    if default is MISSING:
        return field(metadata=metadata)
    return field(default=default, metadata=metadata)


def whole(default: Any = MISSING, *, minimum: int = 1, maximum: int | None = None) -> Any:
    """An integer; ``default=None`` lets it be left out."""
    what = f"a whole number of at least {minimum}"
    if maximum is not None:
        what = f"a whole number from {minimum} to {maximum}"
    accepts = Accepts("whole", what, minimum, maximum, optional=default is None)
    return _parameter(accepts, default)


def real(
    default: Any = MISSING, *, minimum: float | None = None, maximum: float | None = None
) -> Any:
    """A number."""
    what = "a number"
    if minimum is not None:
        what += f" of at least {minimum:g}"
    if maximum is not None:
        what += f"{' and' if minimum is not None else ' of'} at most {maximum:g}"
    accepts = Accepts("real", what, minimum, maximum, optional=default is None)
    return _parameter(accepts, default)


def flag(default: bool) -> Any:
    """``true`` or ``false``."""
    return _parameter(Accepts("flag", "true or false"), default)


def word(*words: str, default: Any = MISSING) -> Any:
    """One of some words."""
    what = f"one of {', '.join(words)}"
    return _parameter(Accepts("word", what, words=words, optional=default is None), default)


def extent(default: Any = MISSING, *, minimum: int | None = 1) -> Any:
    """A size for each spatial axis: one int for all, or ``size(h, w)``."""
    least = "" if minimum is None else f" of at least {minimum}"
    what = f"a whole number{least}, or size(h, w)"
    return _parameter(Accepts("extent", what, minimum, optional=default is None), default)


def padding() -> Any:
    """What is put around: an extent, ``same``, or left out."""
    what = "a whole number of at least 0, size(h, w) or same"
    accepts = Accepts("extent", what, 0, words=("same",), optional=True)
    return _parameter(accepts, None)


def tensor(default: Any = MISSING) -> Any:
    """The name of a ``let`` of the same body whose weights the op uses."""
    accepts = Accepts("tensor", "the name of a `let` of this body", optional=default is None)
    return _parameter(accepts, default)
