"""What becomes of the tensors of a state dict, and the ``weights`` rows that lead to the new names.

Names are compared first, as ``load_state_dict`` does. What stands on one side alone is paired by
its place: two tensors that come in the same order, have the same sizes and the same last word
(``weight``, ``bias``) were renamed.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from archdsl.comparing.changes import Resized, Row, WeightChanges

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    Sizes = Mapping[str, tuple[int, ...]]
    Renaming = Sequence[tuple[str, str]]

LETTERS = "ijk"  # what numbers in names are called in a row


def weight_changes(
    old: Sizes, new: Sizes, leads: Callable[[tuple[Row, ...]], bool], origin: str = ""
) -> WeightChanges:
    """The changes between two state dicts, each the sizes of its tensors by name, in their order.
    ``leads`` tells whether a new module loads old weights whole by some rows; ``origin`` names the
    clause by which it does already."""
    both = [name for name in old if name in new]
    kept = tuple(name for name in both if old[name] == new[name])
    resized = tuple(Resized(n, old[n], new[n]) for n in both if old[n] != new[n])
    renamed = _renamed(old, new)
    sources, targets = {one for one, _ in renamed}, {one for _, one in renamed}
    lost = tuple(name for name in old if name not in new and name not in sources)
    gained = tuple(name for name in new if name not in old and name not in targets)
    changes = WeightChanges(kept, renamed, resized, lost, gained, origin=origin)
    if changes.loads or resized or gained:
        return changes
    return replace(changes, rows=next(filter(leads, _ways(renamed, lost, old)), ()))


def _renamed(old: Sizes, new: Sizes) -> tuple[tuple[str, str], ...]:
    gone = [name for name in old if name not in new]
    come = [name for name in new if name not in old]
    before = [(_last(name), old[name]) for name in gone]
    after = [(_last(name), new[name]) for name in come]
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    return tuple((gone[a + i], come[b + i]) for a, b, size in blocks for i in range(size))


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def parts(names: Sequence[str], others: Sequence[str]) -> dict[str, int]:
    """Names by the parts that none of the others is in, with how many they are: ``head.*``."""
    return dict(Counter(_part(name, others) for name in names))


def renamed_parts(renamed: Renaming) -> dict[tuple[str, str], int]:
    """Renamed tensors by the parts of them that have other names, with how many they are."""
    apart = ((_apart(*pair), pair) for pair in renamed)
    return dict(Counter((f"{p[0]}.*", f"{p[1]}.*") if p else pair for p, pair in apart))


def _ways(renamed: Renaming, lost: Sequence[str], old: Sizes) -> Iterator[tuple[Row, ...]]:
    """Rows that may lead from old names to new ones, the shortest first."""
    staying = [name for name in old if name not in set(lost)]
    dropped = tuple(Row(name, None) for name in parts(lost, staying))
    yield (*dict.fromkeys(Row(*_numbered(*pair)) for pair in renamed_parts(renamed)), *dropped)
    yield (*(Row(*pair) for pair in renamed_parts(renamed)), *dropped)
    yield (*(Row(*pair) for pair in renamed), *(Row(name, None) for name in lost))


def _apart(old: str, new: str) -> tuple[str, str] | None:
    """Two names without the end that they share; None where they share none, or are no longer."""
    before, after = old.split("."), new.split(".")
    while len(before) > 1 and len(after) > 1 and before[-1] == after[-1]:
        before, after = before[:-1], after[:-1]
    is_shared = len(before) < len(old.split("."))
    return (".".join(before), ".".join(after)) if is_shared else None


def _numbered(old: str, new: str) -> tuple[str, str]:
    """Two names in which the numbers that they begin with in common are open: of
    ``blocks.3.norm`` and ``blocks.3.ln`` it is ``blocks.{i}.norm`` and ``blocks.{i}.ln``."""
    before, after = old.split("."), new.split(".")
    letters = iter(LETTERS)
    for place, (one, other) in enumerate(zip(before, after, strict=False)):
        if one.isdecimal() and one == other and (letter := next(letters, "")):
            before[place] = after[place] = f"{{{letter}}}"
    return ".".join(before), ".".join(after)


def _part(name: str, others: Sequence[str]) -> str:
    """The largest part that a name is in and none of the others; the name itself where there is
    none."""
    words = name.split(".")
    for count in range(1, len(words)):
        part = ".".join(words[:count]) + "."
        if not any(other.startswith(part) for other in others):
            return f"{part}*"
    return name
