"""``search grid``: all sound designs in one order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.searching.strategies.base import Strategy, Unsuitable, keys

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archdsl.searching.candidates import Candidate
    from archdsl.searching.records import Tried


class Grid(Strategy):
    """Every sound design once, in an order that the seed gives: a part of it is spread over the
    whole space. Of a continuous choice one number is drawn for each design."""

    is_sequential = False
    _listed: list[Candidate]
    _more: Iterator[Candidate] | None = None

    def propose(self, number: int, trials: Sequence[Tried]) -> Candidate | None:
        seen = keys(trials)
        return next((one for one in self._every() if one.key not in seen), None)

    def _every(self) -> Iterator[Candidate]:
        """The designs in order: those listed before, then more of them."""
        if self._more is None:
            if self.candidates.count is None:
                raise Unsuitable(
                    "grid lists the designs of a space, and there are too many combinations here to"
                    " describe them: random draws them instead"
                )
            self._listed, self._more = [], self.candidates.every(self.seed)
        yield from self._listed
        for one in self._more:
            self._listed.append(one)
            yield one
