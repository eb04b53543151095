"""Token ids of a text file, and windows of them for ``task next_token()``."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from archdsl.runtime.extras import BadInput
from archdsl.runtime.live.room import make_room
from archdsl.spec.data.tokens import Tokens
from archdsl.spec.task import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from archdsl.runtime.live.arrays import Array
    from archdsl.spec.data import Data
    from archdsl.spec.task import Task

SUFFIXES = (".txt", ".text", ".md")
UNITS = ("bytes", "characters", "words")
SHARES = (0.8, 0.1, 0.1)  # of the text: training, validation, test
BYTES = 256
HELD = {"bytes": 9, "characters": 9, "words": 24}  # bytes in memory for each of the file, at most
BLOCK = 2**20  # characters that are read at once
WORD = re.compile(r"\w+|[^\w\s]")


class Part(NamedTuple):
    """Windows of one part of a text: ``x`` N x L ids, ``y`` the ids that follow each (int64)."""

    x: Array
    y: Array


class Text(NamedTuple):
    """A text in windows, in three parts that follow each other and share nothing.

    ``unit`` is what an id stands for, ``symbols`` what each id is, ``unknown`` the share of the
    text that is none of them and has the id behind theirs.
    """

    name: str
    unit: str
    symbols: tuple[str, ...]
    unknown: float
    training: Part
    validation: Part
    test: Part


def is_text(where: str) -> bool:
    """Whether ``--data`` names a text file: by its suffix, or as ``words:FILE``."""
    unit, colon, _ = where.partition(":")
    return Path(where).suffix.lower() in SUFFIXES or bool(colon and unit in UNITS)


def read_text(where: str, data: Data, task: Task | None) -> Text:
    """The text that ``--data`` names, in windows of the spec's length.

    Its unit is said before the file (``bytes:``, ``characters:`` or ``words:``), or follows from
    the spec's vocabulary: 256 are the bytes of the file; fewer are characters, all of which must
    have an id; more are words and signs, the commonest of the training part, those left over
    sharing the last id. Eight tenths of the text are for training, the next tenth for validation,
    the last for testing; a window lies in one part with all that it predicts, and the windows of a
    part do not overlap.

    Raises :class:`BadInput` for a file that is no text, another task or kind of data, more
    symbols than the spec has ids, or too short a text.
    """
    if not isinstance(data, Tokens) or task is None or task.answer is not Answer.TOKEN:
        said = f"{task} of {data.tensor().kind}" if task is not None else "without a task"
        raise BadInput(
            f"{where} is text, which `task next_token()` of tokens takes; the spec is {said}"
        )
    if data.padded:
        raise BadInput(
            f"{where} is text, whose windows are all of one length: leave out `padded=true`"
        )
    unit, path = _named(where, data.vocab)
    try:
        size = path.stat().st_size
        make_room(HELD[unit] * size, f"holding the {size:,} bytes of {path}")
        ids, symbols = _READERS[unit](path, data.vocab)
    except UnicodeDecodeError as error:
        raise BadInput(f"{path} is no text in UTF-8: {error}") from None
    except OSError as error:
        raise BadInput(f"cannot read {path}: {error.strerror or error}") from None
    parts = _parts(str(path), unit, ids, data.length)
    unknown = float((ids == len(symbols)).mean())
    return Text(str(path), unit, symbols, unknown, *parts)


def _named(where: str, vocab: int) -> tuple[str, Path]:
    unit, colon, rest = where.partition(":")
    if colon and unit in UNITS:
        return unit, Path(rest)
    usual = "bytes" if vocab == BYTES else "characters" if vocab < BYTES else "words"
    return usual, Path(where)


def _bytes(path: Path, vocab: int) -> tuple[Array, tuple[str, ...]]:
    import numpy as np

    found = np.fromfile(path, dtype="uint8")
    if len(found) and found.max() >= vocab:
        raise BadInput(
            f"{path} has bytes up to {found.max()}; the spec takes ids below {vocab}: "
            f"`tokens(…, vocab={BYTES})` takes all bytes"
        )
    return found.astype("int64"), tuple(map(chr, range(min(vocab, BYTES))))


def _characters(path: Path, vocab: int) -> tuple[Array, tuple[str, ...]]:
    seen: set[str] = set()
    for block in _blocks(path):
        seen.update(block)
    if len(seen) > vocab:
        raise BadInput(
            f"{path} has {len(seen)} different characters; the spec takes ids below {vocab}: "
            f"`tokens(…, vocab={len(seen)})` takes them all"
        )
    symbols = tuple(sorted(seen))
    place = {symbol: number for number, symbol in enumerate(symbols)}
    return _ids(map(place.__getitem__, block) for block in _blocks(path)), symbols


def _words(path: Path, vocab: int) -> tuple[Array, tuple[str, ...]]:
    """The commonest words of the training part, of equally common ones the first by alphabet."""
    total = sum(1 for words in _word_blocks(path) for _ in words)
    learned, counts = int(SHARES[0] * total), Counter[str]()
    for words in _word_blocks(path):
        counts.update(words[:learned])
        learned = max(learned - len(words), 0)
    order = sorted(counts, key=lambda word: (-counts[word], word))
    symbols = tuple(order[: vocab - 1])
    place = {word: number for number, word in enumerate(symbols)}
    get: Callable[[str, int], int] = place.get
    unknown = len(symbols)
    return _ids((get(word, unknown) for word in words) for words in _word_blocks(path)), symbols


_READERS = {"bytes": _bytes, "characters": _characters, "words": _words}


def _ids(blocks: Iterator[Iterator[int]]) -> Array:
    import numpy as np

    held = array("q")
    for block in blocks:
        held.extend(block)
    return np.frombuffer(held, dtype="int64") if held else np.zeros(0, dtype="int64")


def _blocks(path: Path) -> Iterator[str]:
    """The text of a file, some at a time, its ends of lines as they are."""
    with path.open(encoding="utf-8", newline="") as file:
        while block := file.read(BLOCK):
            yield block


def _word_blocks(path: Path) -> Iterator[list[str]]:
    """The words and signs of a file, some at a time; what a block ends in goes on in the next."""
    rest = ""
    for block in _blocks(path):
        *whole, last = WORD.findall(rest + block) or [""]
        ends_in_word = block[-1:].isalnum() or block[-1:] == "_"
        rest = last if ends_in_word and len(last) < BLOCK else ""
        yield whole if rest or not last else [*whole, last]
    if rest:
        yield [rest]


def _parts(name: str, unit: str, ids: Array, length: int) -> list[Part]:
    borders = [round(share * len(ids)) for share in (0, SHARES[0], SHARES[0] + SHARES[1], 1)]
    parts = [_windows(ids[a:b], length) for a, b in pairwise(borders)]
    if not all(len(part.x) for part in parts):
        least = round((length + 1) / min(SHARES)) + 1
        raise BadInput(
            f"{name} has {len(ids):,} {unit}; windows of {length} in three parts take at least "
            f"{least:,}"
        )
    return parts


def _windows(ids: Array, length: int) -> Part:
    """Windows side by side, views of one array; what is left over at the end is left out."""
    count = (len(ids) - 1) // length if len(ids) else 0
    used = count * length
    return Part(ids[:used].reshape(-1, length), ids[1 : used + 1].reshape(-1, length))
