"""Weights of others by our names: the rows of a ``weights`` clause, applied to their tensors."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from archdsl.spec.key_map import WILDCARD, KeyMap, Row, wildcards

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from torch import Tensor

COUNTER = "num_batches_tracked"  # of batch norms: older files have none, and nothing is read of it
OWN = KeyMap("", ())  # whose names are those of the module

Wildcards = tuple[tuple[str, str], ...]  # what each stands for


class Renamed(NamedTuple):
    """Tensors by our names. ``origin`` is whose names the file has, empty for ours; ``lacking``
    are weights of the module that the file has not, ``unfit`` those of other sizes there, each with
    both; ``unused`` the names in the file that lead nowhere."""

    origin: str
    tensors: dict[str, Tensor]
    lacking: tuple[str, ...]
    unfit: tuple[str, ...]
    unused: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Whether the file and the module have just the same weights."""
        return not (self.lacking or self.unfit or self.unused)


def best(
    maps: Iterable[KeyMap], tensors: Mapping[str, Tensor], own: Mapping[str, Tensor]
) -> Renamed:
    """The tensors of a file by the names of a module, read by the map, or none, that gives most
    weights of it; ``own`` is the module's state dict."""
    tried = [renamed(one, tensors, own) for one in (OWN, *maps)]
    return max(tried, key=lambda found: (len(found.tensors), -len(found.unused)))


def renamed(key_map: KeyMap, tensors: Mapping[str, Tensor], own: Mapping[str, Tensor]) -> Renamed:
    """The tensors of a file by the names that a map, and else their own, give them."""
    made, unused = _made(key_map, tensors, own)
    fitting: dict[str, Tensor] = {}
    unfit: list[str] = []
    for name, tensor in made.items():
        here = own[name].shape
        if _without_ones(tensor) == _without_ones(own[name]):
            fitting[name] = tensor.reshape(here)
        else:
            unfit.append(f"{name} ({_sizes(tensor.shape)} there, {_sizes(here)} here)")
    lacking = [n for n in own if n not in made and not n.endswith(COUNTER)]
    return Renamed(key_map.origin, fitting, tuple(lacking), tuple(unfit), tuple(sorted(unused)))


def _made(
    key_map: KeyMap, tensors: Mapping[str, Tensor], own: Mapping[str, Tensor]
) -> tuple[dict[str, Tensor], list[str]]:
    """What the rows make of the tensors, and the names that none leads from."""
    ways = [(row, name, _pattern(name)) for row in key_map.rows for name in row.theirs]
    parts: dict[tuple[Row, Wildcards], dict[str, Tensor]] = {}
    in_none: dict[str, Tensor] = {}
    for name, tensor in tensors.items():
        found = _rows_of(name, ways)
        if not found:
            in_none[name] = tensor
        for row, pattern, stands_for in found:
            parts.setdefault((row, stands_for), {})[pattern] = tensor
    made = {name: tensor for name, tensor in in_none.items() if name in own}
    unused = [name for name in in_none if name not in own]
    for (row, stands_for), given in parts.items():
        ours = row.ours and _filled(row.ours, stands_for)
        if ours is None:
            continue
        if ours in own and len(given) == len(row.theirs):
            made[ours] = _joined(row, given)
        else:
            unused += [_filled(pattern, stands_for) for pattern in given]
    return made, unused


def _rows_of(
    name: str, ways: list[tuple[Row, str, re.Pattern[str]]]
) -> list[tuple[Row, str, Wildcards]]:
    """Of the rows that a name is in, the first; with all others that take parts of one tensor."""
    found = [
        (row, pattern, _found(pattern, match))
        for row, pattern, regex in ways
        if (match := regex.fullmatch(name))
    ]
    if not found or found[0][0].many == 1:
        return found[:1]
    return [one for one in found if one[0].many > 1]


def _joined(row: Row, given: Mapping[str, Tensor]) -> Tensor:
    import torch

    tensors = [given[name] for name in row.theirs]
    if row.transposed:
        tensors = [one.mT if one.dim() == 2 else one for one in tensors]
    whole = torch.cat(tensors) if len(tensors) > 1 else tensors[0]
    if row.many == 1 or not whole.dim() or len(whole) % row.many:
        return whole
    chunks = whole.chunk(row.many)
    return torch.cat([chunks[part - 1] for part in row.parts])


def _pattern(name: str) -> re.Pattern[str]:
    """What finds names like this one; each wildcard is a group."""
    end, parts = 0, list[str]()
    for match in WILDCARD.finditer(name):
        parts += [re.escape(name[end : match.start()]), "(.+?)" if match[0] == "*" else r"(\d+)"]
        end = match.end()
    return re.compile("".join((*parts, re.escape(name[end:]))))


def _found(pattern: str, match: re.Match[str]) -> Wildcards:
    """What the wildcards of a name stand for in another."""
    pairs = zip(wildcards(pattern), match.groups(), strict=True)
    return tuple(
        sorted(
            (wild.name, text if wild.name.startswith("*") else str(int(text) - wild.more))
            for wild, text in pairs
        )
    )


def _filled(pattern: str, stands_for: Wildcards) -> str:
    """A name with what its wildcards stand for."""
    known = dict(stands_for)
    texts = iter(
        known[wild.name] if wild.name.startswith("*") else str(int(known[wild.name]) + wild.more)
        for wild in wildcards(pattern)
    )
    return WILDCARD.sub(lambda _: next(texts), pattern)


def _without_ones(tensor: Tensor) -> tuple[int, ...]:
    """Sizes but those of 1: a 1x1 convolution has the weights of a linear layer."""
    return tuple(size for size in tensor.shape if size != 1)


def _sizes(shape: Iterable[int]) -> str:
    return "×".join(map(str, shape)) or "one number"
