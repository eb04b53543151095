"""A process for what takes longer: it is told a task, and tells what comes of it.

It is ended as soon as nobody waits for it, so that no check of an older text keeps a newer one
waiting. Both ends are this package's own, so that they speak in pickles.
"""

from __future__ import annotations

import os
import pickle
import sys
from typing import TYPE_CHECKING, Any, BinaryIO

from archdsl import api, content
from archdsl.diagnostics import SpecError
from archdsl.space.explore.room import with_room

if TYPE_CHECKING:
    from collections.abc import Callable

    from archdsl.lsp.analysis import Snapshot
    from archdsl.space.survey import Survey

LENGTH = 8  # bytes that tell how long a message is


def checked(snapshot: Snapshot) -> api.Report:
    """All findings of a text, with the fixes that were tried."""
    return api.check(snapshot.text, name=snapshot.name, root=snapshot.root)


def fixed(snapshot: Snapshot) -> str:
    """A text after all fixes that cannot change what it means."""
    from archdsl.fixing import fix

    return fix(snapshot.text, name=snapshot.name, root=snapshot.root).text


def surveyed(snapshot: Snapshot, arch: str) -> Survey | None:
    """A space, and how many parameters its designs have; None where it takes too much."""
    from archdsl.space.explore.explorer import Unexplorable

    try:
        space = api.read_space(snapshot.text, arch=arch, name=snapshot.name, root=snapshot.root)
        return api.survey(space, ("params",))
    except (SpecError, Unexplorable):
        return None


TASKS: dict[str, Callable[..., Any]] = {
    "checked": checked,
    "fixed": fixed,
    "surveyed": surveyed,
}


def message(content: Any) -> bytes:
    """What is written to the other end."""
    packed = pickle.dumps(content)
    return len(packed).to_bytes(LENGTH, "big") + packed


def _read(stream: BinaryIO) -> Any:
    """The next message, or None at the end of all."""
    length = stream.read(LENGTH)
    if len(length) < LENGTH:
        return None
    return pickle.loads(stream.read(int.from_bytes(length, "big")))  # noqa: S301 - our own


def _serve(given: BinaryIO, told: BinaryIO) -> None:
    while (asked := _read(given)) is not None:
        task, snapshot, *rest = asked
        with content.unsaved(snapshot.unsaved):
            try:
                answer = TASKS[task](snapshot, *rest)
            except Exception as error:  # a bug, which must not end what others wait for
                answer = error
        told.write(message(answer))
        told.flush()


def main() -> None:
    """Serve until the other end leaves. What is printed must not come among the messages."""
    told = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    with_room(lambda: _serve(sys.stdin.buffer, told))


if __name__ == "__main__":
    main()
