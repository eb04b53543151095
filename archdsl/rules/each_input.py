"""Principles about one kind of data, of models with several inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.rules.base import Rule
from archdsl.rules.facts_towers import each_tower

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.rules.base import Finding
    from archdsl.rules.case import Case


class OfEachInput(Rule):
    """A rule that is asked of each input as if it were the only one."""

    def check(self, case: Case) -> Iterable[Finding]:
        for tower in each_tower(case):
            yield from self.check_input(tower)

    def check_input(self, case: Case) -> Iterable[Finding]:
        """The findings of one input, and of what reads it alone."""
        raise NotImplementedError
