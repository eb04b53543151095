"""On which terms a spec is judged: the settings of the rules, and how much work it may take."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archdsl.evaluate.bounds import DEFAULT, Bounds
from archdsl.syntax.bounds import DEFAULT_LIMITS, Limits

if TYPE_CHECKING:
    from archdsl.rules.config import Config


class Terms(NamedTuple):
    """``config``: which principles, with which numbers (None: all, as they ship). ``bounds`` of an
    evaluation, ``limits`` of a parse."""

    config: Config | None = None
    bounds: Bounds = DEFAULT
    limits: Limits = DEFAULT_LIMITS


USUAL = Terms()
