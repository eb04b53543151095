"""The texts that an editor has open, and what is known of each as it is typed.

A text that has changed is read again a moment later, in a thread, so that typing goes on meanwhile;
what takes longer, such as the check of a space, is left to another process, which is ended when the
text changes again. Requests wait until the text that they are about is read.
"""

from __future__ import annotations

import asyncio
import gc
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pygls import uris

from archdsl import api, content, stages
from archdsl.lsp.analysis import Snapshot, Stale, analyse, outer_items
from archdsl.lsp.designs import SUFFIX, choices, specs_beside
from archdsl.lsp.facts import Facts, facts_of
from archdsl.lsp.names import Names
from archdsl.lsp.positions import Positions
from archdsl.lsp.settings import Settings
from archdsl.lsp.slow import Worker
from archdsl.lsp.trees import rows
from archdsl.source import shown_path
from archdsl.space.explore.room import with_room

if TYPE_CHECKING:
    from collections.abc import Callable

    from pygls.lsp.server import LanguageServer

    from archdsl.evaluate.points import ChoicePoint
    from archdsl.lsp.analysis import Analysis
    from archdsl.space.survey import Survey

    Publish = Callable[["Session", "Document"], None]

SHORTEST, LONGEST = 0.01, 0.3  # seconds without a key before a text is read
SLOW = 0.5  # seconds of reading that are not begun at each key
IDLE = 0.25  # seconds before what takes longer is begun
SETTINGS = "pyproject.toml"
STACK = 1 << 26  # bytes of the reading thread's


class Document:
    """An open text. ``analysis`` is the last that was made, ``evaluated`` the last whose designs
    could be evaluated, and ``facts`` what these say; ``report`` what a thorough check said, with
    the text that it was of; ``surveys`` what is known of the spaces of this text."""

    def __init__(self, uri: str, text: str, version: int) -> None:
        self.uri = uri
        self.text = text.removeprefix("\ufeff")
        self.version = version
        path = uris.to_fs_path(uri) if uri.startswith("file:") else None
        self.path = None if path is None else Path(path)
        self.analysis: Analysis | None = None
        self.evaluated: Analysis | None = None
        self.facts: Facts | None = None
        self.names: Names | None = None
        self.report: tuple[str, api.Report] | None = None
        self.surveys: dict[str, asyncio.Task[Survey | None]] = {}
        self.reading: asyncio.Task[None] | None = None
        self.checking: asyncio.Task[None] | None = None
        self.wanted = asyncio.Event()  # that it is read: somebody waits
        self.check_wanted = asyncio.Event()
        self.stale = threading.Event()
        self.took = 0.0  # seconds of the last reading

    @property
    def known(self) -> Analysis:
        """What is known of the text, once it is read."""
        assert self.analysis is not None
        return self.analysis

    @property
    def is_checked(self) -> bool:
        """Whether the report is of this text."""
        return self.report is not None and self.report[0] == self.text

    def stop(self) -> None:
        """Nobody waits any more for what is under way."""
        self.stale.set()
        for task in (self.reading, self.checking, *self.surveys.values()):
            if task is not None:
                task.cancel()
        self.surveys = {}


class Session:
    """All that one editor has open."""

    def __init__(self, server: LanguageServer, publish: Publish) -> None:
        self.server = server
        self.publish = publish
        self.settings = Settings()
        self.documents: dict[str, Document] = {}
        self.worker = Worker()
        self._settled = False
        self._pool = _reading_thread()

    def positions(self, text: str) -> Positions:
        """The places of a text, as this editor counts them."""
        encoding = self.server.workspace.position_encoding
        return Positions(text, str(getattr(encoding, "value", encoding) or "utf-16"))

    def changed(self, uri: str, text: str, version: int) -> None:
        """A text was opened, or is another one now."""
        old = self.documents.get(uri)
        new = self.documents[uri] = Document(uri, text, version)
        if uri.endswith(SUFFIX):  # a design, which is no spec
            return
        pause = 0.0
        if old is not None:
            old.stop()
            new.analysis, new.report, new.took = old.analysis, old.report, old.took
            new.evaluated, new.facts, new.names = old.evaluated, old.facts, old.names
            pause = LONGEST if old.took > SLOW else SHORTEST
        self._begin(new, pause)
        self._begin_users_of(new)

    def closed(self, uri: str) -> None:
        """A text was closed: what uses its file reads what is saved."""
        document = self.documents.pop(uri, None)
        if document is not None:
            document.stop()
            self._begin_users_of(document)

    def changed_on_disk(self, addresses: list[str]) -> None:
        """Files of the project are other ones now: specs that are used, or the settings."""
        changed = {os.path.realpath(path) for uri in addresses if (path := uris.to_fs_path(uri))}
        is_setting = any(Path(path).name == SETTINGS for path in changed)
        for document in self.documents.values():
            known = document.analysis
            if known is not None and (is_setting or any(_uses(known, Path(p)) for p in changed)):
                self._begin_again(document)

    async def read(self, uri: str) -> Document | None:
        """An open text once it is read; None where there is none."""
        while (document := self.documents.get(uri)) is not None and not uri.endswith(SUFFIX):
            document.wanted.set()
            if document.reading is not None:
                await asyncio.wait({document.reading})
            done = document.analysis is not None and document.analysis.snapshot.text
            if self.documents.get(uri) is document and done == document.text:
                return document
        return None

    async def checked(self, uri: str, at_once: bool = True) -> Document | None:
        """An open text once all is known that a check tells. Unless it is wanted ``at_once``, the
        check waits as it does without being asked for."""
        while (document := await self.read(uri)) is not None:
            if at_once:
                document.check_wanted.set()
            if document.checking is None:
                return document
            await asyncio.wait({document.checking})
            if self.documents.get(uri) is document:
                return document
        return None

    async def facts(self, uri: str) -> tuple[Document, Facts] | None:
        """An open text once it is read, with what its designs say of its places: of the last text
        that could be evaluated."""
        document = await self.read(uri)
        if document is None or document.evaluated is None:
            return None
        known = document.evaluated
        if document.facts is None:
            assert known.tree is not None
            work = partial(facts_of, known.source.name, rows(known.tree), known.designs)
            running = asyncio.get_running_loop().run_in_executor(self._pool, work)
            document.facts = await running
        return document, document.facts

    async def choices(self, document: Document, design: dict[str, Any]) -> dict[str, ChoicePoint]:
        """The choices that a design has beside what it chooses already, by their paths."""
        work = partial(self._choices, document, design, self.unsaved())
        return await asyncio.get_running_loop().run_in_executor(self._pool, with_room, work)

    def _choices(
        self, document: Document, design: dict[str, Any], texts: dict[str, str]
    ) -> dict[str, ChoicePoint]:
        found: dict[str, ChoicePoint] = {}
        if document.path is None:
            return found
        with content.unsaved(texts):
            for path, text in specs_beside(document.path):
                given = api.read(text, shown_path(path), api.project_root(path))
                work = stages.run(given.work(), stages.STAGES[:1])
                if work.spec is not None:
                    found.update(choices(work.spec.programs, design))
        return found

    def names(self, document: Document) -> Names | None:
        """What the names of a text mean; None of one without a tree."""
        known = document.known
        if document.names is None and known.tree is not None:
            document.names = Names(known.tree, outer_items(known))
        return document.names

    async def survey(self, uri: str, arch: str) -> Survey | None:
        """What is known of a space; None where it takes too much, or the text has changed."""
        document = await self.read(uri)
        if document is None or arch not in document.known.spaces:
            return None
        if arch not in document.surveys:
            asked = self.worker.ask("surveyed", document.known.snapshot, arch)
            document.surveys[arch] = asyncio.create_task(asked)
        task = document.surveys[arch]
        await asyncio.wait({task})
        return None if task.cancelled() else task.result()

    def unsaved(self) -> dict[str, str]:
        """The texts of open files by their paths, links followed."""
        known = self.documents.values()
        return {os.path.realpath(one.path): one.text for one in known if one.path is not None}

    def snapshot(self, document: Document) -> Snapshot:
        """A text as it is now."""
        texts = self.unsaved()
        if document.path is None:
            folder = self.server.workspace.root_path
            return Snapshot(document.text, document.uri, Path(folder) if folder else None, texts)
        texts.pop(os.path.realpath(document.path), None)
        root = api.project_root(document.path)
        return Snapshot(document.text, shown_path(document.path), root, texts)

    async def close(self) -> None:
        """End all that is under way."""
        for document in self.documents.values():
            document.stop()
        await self.worker.close()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _begin(self, document: Document, pause: float) -> None:
        document.stale = threading.Event()
        document.wanted.clear()
        document.reading = asyncio.create_task(self._read(document, pause))

    def _begin_users_of(self, used: Document) -> None:
        """Read other open texts again that use a file."""
        if used.path is None:
            return
        real = Path(os.path.realpath(used.path))
        for document in self.documents.values():
            known = document.analysis
            if document.uri != used.uri and known is not None and _uses(known, real):
                self._begin_again(document)

    def _begin_again(self, document: Document) -> None:
        document.stop()
        document.report = None
        self._begin(document, SHORTEST)

    async def _read(self, document: Document, pause: float) -> None:
        await _pause(document.wanted, pause)
        began = time.monotonic()
        work = partial(analyse, self.snapshot(document), document.stale.is_set)
        try:
            running = asyncio.get_running_loop().run_in_executor(self._pool, with_room, work)
            document.analysis = await running
        except Stale:
            return
        document.took = time.monotonic() - began
        if not self._settled:  # what was imported stays: looking for garbage in it is idle
            self._settled = True
            gc.freeze()
        if any(document.known.designs.values()):
            document.evaluated, document.facts = document.analysis, None
        document.names = None
        document.checking = None
        if not document.known.settled:
            document.check_wanted.clear()
            document.checking = asyncio.create_task(self._check(document))
        self.publish(self, document)

    async def _check(self, document: Document) -> None:
        await _pause(document.check_wanted, IDLE)
        report = await self.worker.ask("checked", document.known.snapshot)
        if report is not None:
            document.report = (document.text, report)
            self.publish(self, document)


def _reading_thread() -> ThreadPoolExecutor:
    """A thread with room for deep specs; where Python's calls are no calls in C it needs none."""
    before = threading.stack_size(STACK)
    try:
        pool = ThreadPoolExecutor(1, thread_name_prefix="reading")
        pool.submit(int).result()  # the thread is started
    finally:
        threading.stack_size(before)
    return pool


async def _pause(wanted: asyncio.Event, seconds: float) -> None:
    """Some time, or until it is wanted."""
    if seconds:
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(wanted.wait(), seconds)


def _uses(analysis: Analysis, path: Path) -> bool:
    """Whether a text uses a file, itself or through others; one that could not be resolved may."""
    if analysis.spec is None:
        return "use " in analysis.source.text
    return path in analysis.spec.used
