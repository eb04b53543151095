"""What ``archdsl compile`` writes where: one output for each architecture asked for."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from archdsl.cli.inputs import STDIN, specs_in
from archdsl.cli.refused import Refused, refused
from archdsl.rendering.escape import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

UNCHANGED, WRITTEN, STALE, MISSING = "unchanged", "written", "stale", "missing"


class Target(NamedTuple):
    """A spec, and the file that its module goes to; None is stdout."""

    path: str
    output: Path | None

    def of(self, arch: str) -> Target:
        """The output of one of several architectures: ``model_Name.py``."""
        assert self.output is not None
        name = f"{self.output.stem}_{arch}{self.output.suffix}"
        return Target(self.path, self.output.with_name(name))


class Written(NamedTuple):
    """An output, what became of it, and the files it was made of."""

    output: Path
    state: str
    origins: tuple[str, ...]


def targets(
    paths: Sequence[str],
    output: str | None,
    out_dir: str | None,
    suffix: str,
    refusals: list[Refused],
) -> list[Target]:
    """The specs of paths with their outputs, which end in ``suffix`` in a folder of outputs.
    Raises UsageError where it is not clear which."""
    if out_dir is None:
        return [_single(paths, output)]
    if output is not None:
        raise click.UsageError("-o names one file, --out-dir a folder: give one of them")
    found = [
        Target(file, Path(out_dir, _below(file, path)).with_suffix(suffix))
        for path in paths
        for file in specs_in([path], refusals)
    ]
    _refuse_stdin(found)
    return list(dict.fromkeys(found))


def _single(paths: Sequence[str], output: str | None) -> Target:
    if len(paths) > 1:
        raise click.UsageError("several specs need --out-dir DIR, the folder of their modules")
    if paths[0] != STDIN and Path(paths[0]).is_dir():
        raise click.UsageError(f"{visible(paths[0])} is a folder: give --out-dir DIR, too")
    return Target(paths[0], None if output in (None, STDIN) else Path(str(output)))


def _below(file: str, path: str) -> Path:
    """A file's place in the folder that stood for it."""
    return Path(file).relative_to(path) if file != path else Path(Path(file).name)


def _refuse_stdin(found: Iterable[Target]) -> None:
    if any(target.path == STDIN for target in found):
        raise click.UsageError("--out-dir takes the names of specs, and stdin has none")


def claim(target: Target, taken: dict[Path, str]) -> None:
    """Keep two specs from being written over each other. Raises Refused."""
    assert target.output is not None
    place = Path(os.path.realpath(target.output))
    if taken.setdefault(place, target.path) != target.path:
        both = f"{visible(taken[place])} and {visible(target.path)}"
        raise Refused(f"{both} would both be written to {visible(str(target.output))}")


def put(path: Path, text: str, only_check: bool, force: bool) -> str:
    """Bring a file up to date unless told not to; what it is now.

    One that says what it should is touched, so that make need not ask again.
    """
    from archdsl.cli.outputs import text_at, write
    from archdsl.emit.stamp import is_stamped, is_untouched, says_the_same

    old = text_at(path)
    if old is not None and (old == text or says_the_same(old, text)):
        if not only_check:
            with suppress(OSError):  # of somebody else: then make asks again
                os.utime(path)
        return UNCHANGED
    if only_check:
        return MISSING if old is None else STALE
    if old and not force and not is_untouched(old):
        why = "was edited by hand" if is_stamped(old) else "is no file that archdsl wrote"
        raise Refused(f"{visible(str(path))} {why}; --force overwrites it")
    write(path, text)
    return WRITTEN


def make_folder(folder: Path) -> None:
    """A folder below the one for outputs, where it is missing. Raises Refused."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise refused("create", folder, error) from None


def depfile(written: Iterable[Written]) -> str:
    """The rules of make: each output with the files it was made of, which may be gone one day."""
    rules, origins = [], dict[str, None]()
    for one in written:
        names = " ".join(map(_escaped, one.origins))
        rules.append(f"{_escaped(str(one.output))}: {names}\n")
        origins.update(dict.fromkeys(one.origins))
    return "".join((*rules, *(f"{_escaped(origin)}:\n" for origin in origins)))


def _escaped(name: str) -> str:
    """A file's name as make reads it."""
    for sign in " #:":
        name = name.replace(sign, f"\\{sign}")
    return name.replace("$", "$$")
