"""How queries and keys are compared: what may be asked of it, which positions are read, what is
kept of it."""

from __future__ import annotations

from typing import Protocol

from archdsl.ops.attending import Band, Compared, Comparing, From
from archdsl.ops.base import OpError
from archdsl.ops.plumbing._kinds import wrong_kind
from archdsl.ops.reads import ALL, OWN, Along, Axis, Before, Nearby, Reads, Repeated
from archdsl.ops.sequence._scores_text import Scores
from archdsl.types import Image, TensorType, shape


class Scoring(Protocol):
    """The options that attention of all kinds has."""

    @property
    def causal(self) -> bool: ...
    @property
    def reach(self) -> int | None: ...
    @property
    def global_tokens(self) -> int: ...
    @property
    def scale(self) -> float | None: ...
    @property
    def softcap(self) -> float | None: ...
    @property
    def cosine(self) -> bool: ...
    @property
    def sinks(self) -> bool: ...
    @property
    def dropout(self) -> float: ...


def scores_of(op: Scoring, *, grouped: bool, biased: bool, padded: bool) -> Scores:
    """The form of the emitted text."""
    local = op.reach is not None
    return Scores(
        *(grouped, op.causal, local, op.global_tokens > 0, biased, op.cosine),
        *(op.scale is not None, op.softcap is not None, op.sinks, op.dropout > 0, padded),
    )


def arguments_of(op: Scoring) -> dict[str, int | float | None]:
    """What the constructor of an emitted class is given."""
    told = {
        "reach": op.reach,
        "global_tokens": op.global_tokens or None,
        "scale": op.scale,
        "softcap": op.softcap,
        "dropout": op.dropout or None,
    }
    return {name: value for name, value in told.items() if value is not None}


def weights_of(op: Scoring, heads: int) -> int:
    """Learned numbers: a temperature and a sink for each head."""
    return heads * (op.cosine + op.sinks)


def along(op: Scoring, length: int) -> Along:
    """The positions that a position reads, of so many."""
    far = op.reach is None or op.reach >= length - 1
    if op.causal:
        far = far or op.global_tokens >= length - 1
        if far:
            return Before()
        return _band(op) if op.global_tokens else Nearby((op.reach or 0) + 1, before=op.reach or 0)
    if far or op.global_tokens >= length - 1:
        return ALL
    reach = op.reach or 0
    return _band(op) if op.global_tokens else Nearby(2 * reach + 1, before=reach)


def _band(op: Scoring) -> Band:
    return Band(op.reach, op.causal, op.global_tokens)


def compared(read: Along, sinks: bool) -> tuple[Along, Along]:
    """Of queries, and of keys: what makes a difference to a position that reads so."""
    if read == ALL:
        return OWN, ALL
    return (From(0), read) if sinks else (Comparing(read), Compared(read))


def reads_bias(read: Along, sinks: bool, per_head: int, source: int) -> Reads:
    """Of a bias: the rows of the head that a feature of the result is of."""
    queries, keys = compared(read, sinks)
    last = Axis(None, ALL) if read == ALL else Axis(0, keys)
    return Reads((Axis(1, Repeated(per_head)), Axis(0, queries), last), source)


def check_options(op: Scoring, length: int, span: int) -> None:
    """Raises where options contradict each other, or ask positions that cannot be compared."""
    if op.cosine and op.scale is not None:
        raise OpError(
            "cosine=true learns its scale, so that scale= has nothing to say",
            needed="cosine, or scale",
            argument="scale",
        )
    if op.global_tokens and op.reach is None:
        raise OpError(
            f"every position is read by all, so that global_tokens={op.global_tokens} adds none",
            needed="reach= beside global_tokens=",
            argument="global_tokens",
            replacement="0",
        )
    for argument in ("causal", "reach"):
        if length != span and getattr(op, argument):
            raise OpError(
                f"{argument} compares positions, and {length} queries stand at others than"
                f" {span} keys",
                needed="as many keys as queries",
                argument=argument,
                replacement="false" if argument == "causal" else None,
            )


def check_bias(word: str, bias: TensorType, heads: int, length: int, span: int) -> None:
    """A bias has a number for each head, query and key."""
    if not isinstance(bias, Image):
        help = f"relative_position_bias({heads}) gives one"
        raise wrong_kind(f"position_bias= of {word}", bias, (Image,), help=help)
    if bias != Image(heads, length, span):
        found = "×".join(map(str, shape(bias)))
        raise OpError(
            f"position_bias is {found}, and there are {heads} heads, {length} queries and"
            f" {span} keys",
            needed=f"{heads}×{length}×{span}",
        )
