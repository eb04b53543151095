"""Pairs on disk: a subfolder for each input of a spec, and what belongs together called alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl import types
from archdsl.runtime.extras import BadInput
from archdsl.runtime.live.data.folder import FORMATS, Decoder
from archdsl.runtime.live.room import make_room

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from archdsl.types import TensorType

BYTES = 256  # the vocabulary of a text that is read as the bytes of its file
ARRAY, TEXT = ".npy", ".txt"


def arrays_in(folder: Path, wanted: Mapping[str, TensorType]) -> dict[str, Any]:
    """What each subfolder holds for the input of its name, sample by sample in the order of their
    names: pictures, texts as bytes, or arrays. Raises :class:`BadInput`."""
    files = {name: _files(folder, name, takes) for name, takes in wanted.items()}
    first, *others = files
    for other in others:
        alone = sorted(files[first].keys() ^ files[other].keys())
        if alone:
            there, lacking = (first, other) if alone[0] in files[first] else (other, first)
            raise BadInput(
                f"{folder} holds {there}/{alone[0]} and no {lacking} of that name: what belongs "
                "together is called alike"
            )
    names = sorted(files[first])
    size = sum(map(types.numel, wanted.values()))
    make_room(4 * size * len(names), f"reading {len(names):,} pairs of {folder}")
    return {n: _read([files[n][one] for one in names], wanted[n]) for n in wanted}


def _files(folder: Path, name: str, takes: TensorType) -> dict[str, Path]:
    """The files for an input by their names without suffixes. Raises :class:`BadInput`."""
    inside, suffixes = folder / name, _suffixes(takes)
    listed = sorted(inside.rglob("*")) if inside.is_dir() else []
    found: dict[str, Path] = {}
    for path in listed:
        if path.suffix.lower() not in suffixes or not path.is_file():
            continue
        stem = path.relative_to(inside).with_suffix("").as_posix()
        if stem in found:
            raise BadInput(f"{path} and {found[stem]} are called alike")
        found[stem] = path
    if not found:
        raise BadInput(
            f"{folder} needs a subfolder {name!r} with a file for each sample, of "
            f"{', '.join(suffixes)}: the spec takes {types.said(takes)}"
        )
    return found


def _suffixes(takes: TensorType) -> tuple[str, ...]:
    """What files there may be of an input."""
    if isinstance(takes, types.Image) and takes.channels in (1, 3):
        return (*FORMATS, ARRAY)
    if isinstance(takes, types.Tokens) and takes.vocab == BYTES:
        return (TEXT, ARRAY)
    return (ARRAY,)


def _read(paths: list[Path], takes: TensorType) -> Any:
    """A row for each file: an array, or a list where they may be of different lengths."""
    import numpy as np

    pictures = [path for path in paths if path.suffix.lower() in FORMATS]
    if len(pictures) == len(paths) and isinstance(takes, types.Image):
        decoder = Decoder(paths)
        decoder.size, decoder.channels = (takes.height, takes.width), takes.channels
        return decoder(np.arange(len(paths)))
    if pictures:
        raise BadInput(f"{pictures[0].parent} holds pictures beside {ARRAY} files")
    rows = [_row(path, takes) for path in paths]
    if types.padding(takes) is None and len({row.shape for row in rows}) == 1:
        return np.stack(rows)
    if types.padding(takes) is None:
        odd = next(n for n, row in enumerate(rows) if row.shape != rows[0].shape)
        shapes = " and ".join("×".join(map(str, rows[n].shape)) for n in (0, odd))
        raise BadInput(
            f"{paths[0]} and {paths[odd]} are of different sizes, {shapes}; rows of different "
            "lengths take `padded=true`"
        )
    return rows


def _row(path: Path, takes: TensorType) -> Any:
    import numpy as np

    try:
        if path.suffix.lower() == TEXT:
            return np.frombuffer(path.read_bytes(), "uint8")[: types.shape(takes)[0]].astype(
                "int64"
            )
        return np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise BadInput(f"cannot read {path}: {error}") from None
